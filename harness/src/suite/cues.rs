//! Scripts of cues: when what a fixture lets happen by name happens where nobody asks for it.
//!
//! A line is a time on the board's clock and the name of a cue, `20 ms press`; behind `#` stands what is for people. Each takes the
//! next cue of its name that the fixture has.

use super::problem::{Problem, Source};
use std::path::Path;
use wasi_hw_mock::{BoardConfig, ScheduledAction};

/// Makes events of a board's cues, one for each line of the script in a file. What is wrong is told with the file and the line.
pub fn schedule(device: &mut BoardConfig, script: &Path) -> Result<(), Problem> {
    let script = Source::read(Path::new(""), script)?;
    let mut start = 0;
    for line in script.text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let wrong = |why: String| script.problem(Some(at), why);
        let said = line.split('#').next().unwrap_or_default();
        let words: Vec<_> = said.split_whitespace().collect();
        let (time, unit, name) = match words[..] {
            [] => continue,
            [time, unit, name] => (time, unit, name),
            _ => {
                return Err(wrong(
                    "is not like `20 ms press`: a time in ns, us, ms or s, and a cue".to_owned(),
                ));
            }
        };
        let scale = match unit {
            "ns" => 1,
            "us" | "µs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            other => return Err(wrong(format!("`{other}` is no unit; ns, us, ms and s are"))),
        };
        let time = time.parse::<u64>().ok().and_then(|time| time.checked_mul(scale));
        let at_ns =
            time.ok_or_else(|| wrong("the time is no whole number, or beyond 584 years".to_owned()))?;
        let Some(next) = device.cue.iter().position(|cue| cue.name == name) else {
            let left: Vec<_> = device.cue.iter().map(|cue| cue.name.as_str()).collect();
            return Err(wrong(format!("no cue `{name}` is left; left are: [{}]", left.join(", "))));
        };
        let action = device.cue.remove(next).action;
        device.event.push(ScheduledAction { at_ns, action });
    }
    Ok(())
}
