//! The maze, and who is where in it.

/// `#` is a wall, `.` food; the player begins at `@`, the ghost at `&`.
const MAZE: [&str; 9] = [
    "#####################",
    "#.........#.........#",
    "#.###.###.#.###.###.#",
    "#...................#",
    "#.###.#.#####.#.###.#",
    "#.....#...&...#.....#",
    "#.###.###.#.###.###.#",
    "#@........#.........#",
    "#####################",
];

/// Columns and rows.
pub(crate) type Place = (usize, usize);

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    Left,
    Down,
    Right,
}

const WAYS: [Way; 4] = [Way::Up, Way::Left, Way::Down, Way::Right];

/// A round of the game.
pub(crate) struct Maze {
    cells: Vec<Vec<u8>>,
    player: Place,
    ghost: Place,
    way: Option<Way>,
    wanted: Option<Way>,
    ghost_way: Way,
    steps: u32,
    pub(crate) eaten: u32,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Open,
    Won,
    Lost,
}

impl Maze {
    pub(crate) fn new() -> Maze {
        let mut cells: Vec<Vec<u8>> = MAZE.iter().map(|row| row.as_bytes().to_vec()).collect();
        let mut take = |what| {
            for (row, line) in cells.iter_mut().enumerate() {
                if let Some(column) = line.iter().position(|cell| *cell == what) {
                    line[column] = b' ';
                    return (column, row);
                }
            }
            (1, 1)
        };
        let (player, ghost) = (take(b'@'), take(b'&'));
        Maze { cells, player, ghost, way: None, wanted: None, ghost_way: Way::Up, steps: 0, eaten: 0 }
    }

    /// Where the player wants to go, as soon as there is a way.
    pub(crate) fn turn(&mut self, way: Way) {
        self.wanted = Some(way);
    }

    /// The cell beside one, if it is no wall.
    fn beside(&self, (column, row): Place, way: Way) -> Option<Place> {
        let place = match way {
            Way::Up => (column, row - 1),
            Way::Down => (column, row + 1),
            Way::Left => (column - 1, row),
            Way::Right => (column + 1, row),
        };
        (self.cells[place.1][place.0] != b'#').then_some(place)
    }

    /// One step of both; the ghost rests at every third.
    pub(crate) fn step(&mut self) -> Standing {
        self.steps += 1;
        if let Some(wanted) = self.wanted
            && self.beside(self.player, wanted).is_some()
        {
            self.way = self.wanted.take();
        }
        let before = self.player;
        if let Some(place) = self.way.and_then(|way| self.beside(self.player, way)) {
            self.player = place;
        }
        let (column, row) = self.player;
        if self.cells[row][column] == b'.' {
            self.cells[row][column] = b' ';
            self.eaten += 1;
        }
        if !self.steps.is_multiple_of(3) && self.player != self.ghost {
            let ghost = self.ghost;
            self.chase();
            // They may not pass through each other.
            if self.ghost == before && self.player == ghost {
                self.ghost = self.player;
            }
        }
        if self.player == self.ghost {
            Standing::Lost
        } else if self.cells.iter().flatten().all(|cell| *cell != b'.') {
            Standing::Won
        } else {
            Standing::Open
        }
    }

    /// The ghost takes the way that brings it nearest, and turns round only where it must.
    fn chase(&mut self) {
        let far =
            |(column, row): Place| column.abs_diff(self.player.0).pow(2) + row.abs_diff(self.player.1).pow(2);
        let back = match self.ghost_way {
            Way::Up => Way::Down,
            Way::Down => Way::Up,
            Way::Left => Way::Right,
            Way::Right => Way::Left,
        };
        let ways = WAYS.iter().filter_map(|way| Some((*way, self.beside(self.ghost, *way)?)));
        let best = ways.min_by_key(|(way, place)| (*way == back, far(*place)));
        if let Some((way, place)) = best {
            (self.ghost_way, self.ghost) = (way, place);
        }
    }

    /// The picture: a line for each row.
    pub(crate) fn rows(&self) -> impl Iterator<Item = String> {
        self.cells.iter().enumerate().map(|(row, cells)| {
            let cell = |(column, cell): (usize, &u8)| match (column, row) {
                place if place == self.ghost => '&',
                place if place == self.player => '@',
                _ => char::from(*cell),
            };
            cells.iter().enumerate().map(cell).collect()
        })
    }
}
