//! Shapes, and wires that are drawn from left to right.

/// A text; `class` is `e` for an event of a trace, `n` for the name of a wire, `t` for a time, `l` for a lane's title.
pub(crate) struct Text {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) class: &'static str,
    pub(crate) text: String,
}

/// A line; `class` is `w` for a wire.
pub(crate) struct Path {
    pub(crate) class: &'static str,
    pub(crate) d: String,
}

/// A box; `class` says what kind of thing it is.
pub(crate) struct Rect {
    pub(crate) class: &'static str,
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) w: i32,
    pub(crate) h: i32,
}

#[derive(Default)]
pub(crate) struct Pen {
    pub(crate) rects: Vec<Rect>,
    pub(crate) paths: Vec<Path>,
    pub(crate) texts: Vec<Text>,
}

/// The width of a letter.
pub(crate) const LETTER: i32 = 6;

/// Where wires begin: left of it stand their names.
pub(crate) const BEGIN: i32 = 70;

/// The most letters of an event: the lines beside the diagram have it whole.
const MOST_LETTERS: usize = 34;

/// A text that is not longer than a diagram bears.
pub(crate) fn short(text: &str) -> String {
    let text = crate::safe::line(text);
    if text.chars().count() <= MOST_LETTERS {
        return text;
    }
    text.chars().take(MOST_LETTERS - 1).chain(['…']).collect()
}

/// How wide a text is.
pub(crate) fn width(text: &str) -> i32 {
    // Letters of other scripts may be twice as wide as those of ours.
    text.chars().map(|c| if c.is_ascii() { LETTER } else { 2 * LETTER }).sum()
}

impl Pen {
    pub(crate) fn text(&mut self, x: i32, y: i32, class: &'static str, text: impl Into<String>) {
        self.texts.push(Text { x, y, class, text: text.into() });
    }

    pub(crate) fn rect(&mut self, class: &'static str, x: i32, y: i32, w: i32, h: i32) {
        self.rects.push(Rect { class, x, y, w, h });
    }

    pub(crate) fn path(&mut self, class: &'static str, d: impl Into<String>) {
        self.paths.push(Path { class, d: d.into() });
    }

    /// All boxes and lines, those of a class in one: a page has hundreds of drawings. What marks a difference lies
    /// below everything else, and boxes below lines.
    pub(crate) fn paths(&self) -> Vec<(&'static str, String)> {
        let mut all: Vec<(&str, String)> = vec![("d", String::new())];
        let mut add = |class, d: &str| match all.iter_mut().find(|(other, _)| *other == class) {
            Some((_, whole)) => whole.push_str(d),
            None => all.push((class, d.to_owned())),
        };
        for Rect { class, x, y, w, h } in &self.rects {
            add(class, &format!("M{x} {y}h{w}v{h}h-{w}z"));
        }
        self.paths.iter().for_each(|path| add(path.class, &path.d));
        all.retain(|(_, d)| !d.is_empty());
        all
    }

    /// All texts, by class.
    pub(crate) fn texts(&self) -> Vec<(&'static str, Vec<&Text>)> {
        let mut all: Vec<(&str, Vec<&Text>)> = Vec::new();
        for text in &self.texts {
            match all.iter_mut().find(|(class, _)| *class == text.class) {
                Some((_, of)) => of.push(text),
                None => all.push((text.class, vec![text])),
            }
        }
        all
    }
}

/// A level on a wire, from 0 for low to 1000 for high.
pub(crate) const LOW: i32 = 0;
pub(crate) const HIGH: i32 = 1000;
/// Nobody drives it.
pub(crate) const FLOAT: i32 = 500;

/// A wire that is drawn from left to right. A level that is not known leaves a gap.
pub(crate) struct Wire {
    d: String,
    top: i32,
    height: i32,
    x: i32,
    level: Option<i32>,
    down: bool,
}

impl Wire {
    /// A wire whose high level is at `top`.
    pub(crate) fn new(top: i32, height: i32, level: Option<i32>) -> Wire {
        Wire { d: String::new(), top, height, x: BEGIN, level, down: false }
    }

    fn y(&self, level: i32) -> i32 {
        self.top + self.height - self.height * level / HIGH
    }

    /// Goes on at its level until `x`.
    pub(crate) fn hold(&mut self, x: i32) {
        if let Some(level) = self.level.filter(|_| x > self.x) {
            if !self.down {
                self.d.push_str(&format!("M{} {}", self.x, self.y(level)));
                self.down = true;
            }
            self.d.push_str(&format!("h{}", x - self.x));
        }
        self.x = self.x.max(x);
    }

    /// Goes on until `x`, and has another level from there.
    pub(crate) fn set(&mut self, x: i32, level: Option<i32>) {
        self.hold(x);
        match (self.level, level) {
            (Some(before), Some(level)) if before != level && self.down => {
                let v = self.y(level) - self.y(before);
                self.d.push_str(&format!("v{v}"));
            }
            (_, Some(_)) => self.down &= self.level.is_some(),
            (_, None) => self.down = false,
        }
        self.level = level;
    }

    pub(crate) fn level(&self) -> Option<i32> {
        self.level
    }

    /// Adds what was drawn.
    pub(crate) fn finish(mut self, pen: &mut Pen, x: i32) {
        self.hold(x);
        if !self.d.is_empty() {
            pen.path("w", self.d);
        }
    }
}
