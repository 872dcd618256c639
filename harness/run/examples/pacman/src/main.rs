//! Eat everything, and do not get caught: a game for a terminal and a gamepad.
//!
//! What the pad is, and how it is reached, is for the component that is plugged into this one. Cross or left stick turn, start
//! ends the round. Time goes by the board's clock, so on a mock board a round takes no time.

mod maze;

use maze::{Maze, Standing, Way};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use wasi::gpio::delay::delay_ms;
use wasi_hw::pad::pad::{self, Buttons, State};

wit_bindgen::generate!({
    path: ["../../../../wit/usb/0.2.1", "../../../../wit/gpio/0.2.0", "../wit"],
    world: "wasi-hw:pad/game",
    generate_all,
});

/// A step takes so long, and the pad has a part of it to say something.
const STEP_MS: u32 = 150;
const LISTEN_MS: u32 = 10;

/// A stick that is not pushed this far stands still.
const PUSHED: i16 = 16_000;

fn main() -> ExitCode {
    match play() {
        Ok(standing) => ExitCode::from(u8::from(standing == Standing::Lost)),
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn play() -> Result<Standing, String> {
    pad::open()?;
    let mut maze = Maze::new();
    // Another screen than the one with the shell, without a cursor.
    show("\x1b[?1049h\x1b[?25l\x1b[2J")?;
    let ended = round(&mut maze);
    let _ = pad::rumble(0, 0);
    pad::close();
    // The round is left on the screen, and the shell goes on below it.
    let last = picture(
        &maze,
        match &ended {
            Ok(Standing::Won) => "You have eaten everything.",
            Ok(Standing::Lost) => "You were caught.",
            Ok(Standing::Open) => "Until next time.",
            Err(_) => "The pad is gone.",
        },
    );
    show(&format!("\x1b[?25h\x1b[?1049l{last}\r\n"))?;
    ended
}

fn round(maze: &mut Maze) -> Result<Standing, String> {
    loop {
        show(&format!("\x1b[H{}", picture(maze, "")))?;
        delay_ms(STEP_MS - LISTEN_MS);
        // All that was pressed meanwhile, in order.
        while let Some(state) = pad::poll(LISTEN_MS)? {
            if state.buttons.contains(Buttons::START) {
                return Ok(Standing::Open);
            }
            if let Some(way) = way(&state) {
                maze.turn(way);
            }
        }
        match maze.step() {
            Standing::Open => {}
            Standing::Won => return Ok(Standing::Won),
            Standing::Lost => {
                pad::rumble(255, 255)?;
                delay_ms(3 * STEP_MS);
                return Ok(Standing::Lost);
            }
        }
    }
}

/// Where the cross points, or else the stick.
fn way(state: &State) -> Option<Way> {
    let cross = [
        (Buttons::UP, Way::Up),
        (Buttons::DOWN, Way::Down),
        (Buttons::LEFT, Way::Left),
        (Buttons::RIGHT, Way::Right),
    ];
    if let Some((_, way)) = cross.into_iter().find(|(button, _)| state.buttons.contains(*button)) {
        return Some(way);
    }
    let (x, y) = (state.left_x, state.left_y);
    match (
        x.unsigned_abs() >= y.unsigned_abs(),
        x.unsigned_abs().max(y.unsigned_abs()) >= PUSHED.unsigned_abs(),
    ) {
        (_, false) => None,
        (true, true) => Some(if x < 0 { Way::Left } else { Way::Right }),
        (false, true) => Some(if y < 0 { Way::Down } else { Way::Up }),
    }
}

fn picture(maze: &Maze, word: &str) -> String {
    let mut picture = String::new();
    for row in maze.rows() {
        let _ = write!(picture, "{row}\r\n");
    }
    let _ = write!(picture, "{} eaten  {word}\x1b[K", maze.eaten);
    picture
}

fn show(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|why| format!("the terminal: {why}"))
}
