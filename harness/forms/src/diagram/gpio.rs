//! A line: its level or its value, and in the text who drives it.

use super::pen::{FLOAT, HIGH, LOW, Pen, Wire, short, width};

pub(crate) const HEIGHT: i32 = 46;

pub(crate) struct Lane {
    y: i32,
    wire: Wire,
}

pub(crate) fn columns(text: &str) -> i32 {
    width(&short(text)) + 10
}

impl Lane {
    pub(crate) fn new(y: i32) -> Lane {
        Lane { y, wire: Wire::new(y + 18, 22, None) }
    }

    pub(crate) fn event(&mut self, pen: &mut Pen, x: i32, text: &str) {
        pen.text(x, self.y + 11, "e", short(text));
        match level(text) {
            Some(level) => self.wire.set(x + 3, Some(level)),
            None => pen.path("f", format!("M{} {}V{}", x, self.y + 14, self.y + HEIGHT - 4)),
        }
    }

    pub(crate) fn finish(self, pen: &mut Pen, x: i32) {
        self.wire.finish(pen, x);
    }
}

/// The level that the line has from this event on, if it says one.
pub(crate) fn level(text: &str) -> Option<i32> {
    let word = |word: &str| match word {
        "high" => Some(HIGH),
        "low" => Some(LOW),
        "float" => Some(FLOAT),
        _ => None,
    };
    let (first, rest) = text.split_once(' ')?;
    match first {
        // What something stronger holds it at counts.
        "DRIVE" => match rest.split_once(", held ") {
            Some((_, held)) => word(held),
            None => word(rest),
        },
        "LEVEL" => word(rest.split(' ').next()?),
        "VALUE" | "DUTY" => share(rest.split(' ').next()?),
        "REQUEST" | "CONFIGURE" => {
            let last = rest.rsplit(' ').next()?;
            word(last).or_else(|| share(last))
        }
        _ => None,
    }
}

/// A value and the greatest, as `800/1000`.
fn share(text: &str) -> Option<i32> {
    let (value, most) = text.split_once('/')?;
    let (value, most) = (value.parse::<i64>().ok()?, most.parse::<i64>().ok()?);
    let within = most > 0 && most <= i64::from(u32::MAX) && (0..=most).contains(&value);
    within.then(|| (value * i64::from(HIGH) / most) as i32)
}

#[cfg(test)]
mod tests {
    use super::{FLOAT, HIGH, LOW, level};

    #[test]
    fn a_line_of_the_trace_gives_the_level() {
        assert_eq!(level("DRIVE high, held low"), Some(LOW));
        assert_eq!(level("DRIVE float"), Some(FLOAT));
        assert_eq!(level("LEVEL high by contact"), Some(HIGH));
        assert_eq!(level("VALUE 800/1000 by other"), Some(800));
        assert_eq!(level("REQUEST digital out low"), Some(LOW));
        assert_eq!(level("REQUEST analog out 1/4"), Some(250));
        for text in [
            "REQUEST digital in pull-up",
            "RELEASE",
            "VALUE 2/1",
            "VALUE 1/0",
            "VALUE -1/3",
            "DUTY 9/99999999999",
        ] {
            assert_eq!(level(text), None, "{text}");
        }
    }
}
