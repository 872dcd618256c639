//! Lines of a GPIO line.

/// What a line is at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Level {
    Low,
    High,
    /// Nobody drives it.
    Float,
    /// An analog value, or the part of the time that it is high: from 0 to 1.
    Share(f64),
}

/// The level that the line has from this event on, if it says one.
pub(crate) fn level(text: &str) -> Option<Level> {
    let word = |word: &str| match word {
        "high" => Some(Level::High),
        "low" => Some(Level::Low),
        "float" => Some(Level::Float),
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
fn share(text: &str) -> Option<Level> {
    let (value, most) = text.split_once('/')?;
    let (value, most) = (value.parse::<u32>().ok()?, most.parse::<u32>().ok()?);
    (value <= most && most > 0).then(|| Level::Share(f64::from(value) / f64::from(most)))
}

#[cfg(test)]
mod tests {
    use super::{Level, level};

    #[test]
    fn a_line_of_the_trace_gives_the_level() {
        assert_eq!(level("DRIVE high, held low"), Some(Level::Low));
        assert_eq!(level("DRIVE float"), Some(Level::Float));
        assert_eq!(level("LEVEL high by contact"), Some(Level::High));
        assert_eq!(level("VALUE 800/1000 by other"), Some(Level::Share(0.8)));
        assert_eq!(level("REQUEST digital out low"), Some(Level::Low));
        assert_eq!(level("REQUEST analog out 1/4"), Some(Level::Share(0.25)));
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
