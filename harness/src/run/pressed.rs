//! Hosts with a clock of their own, on a machine that is busy. For them time passes while the machine lets others run, so
//! that a host may come too late for what a case has at its time, and another order of things is no word on it.

use crate::report::{Record, Verdict};
use crate::runtime::Ending;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// For so long may something have waited for a processor, anywhere on the machine, without a doubt of a case in real time:
/// half of what cases leave between two things whose order they judge.
const SLACK: Duration = Duration::from_millis(5);

/// How often a case is run by itself before it is given up.
const TRIES: u64 = 3;

/// Tells cases that may run beside others from one that is to run by itself.
#[derive(Default)]
pub(super) struct Pressed(RwLock<()>);

impl Pressed {
    /// Runs a case, and again by itself where it did otherwise than expected on a machine that was busy. What is otherwise
    /// each time, and never on a machine that was not busy, is not run; an error of the harness stays one, with its reason: nobody takes
    /// it for the host's.
    pub(super) fn run(&self, attempt: impl Fn() -> Record) -> Record {
        self.measured(attempt, pressure)
    }

    fn measured(&self, attempt: impl Fn() -> Record, pressure: impl Fn() -> Option<Duration>) -> Record {
        let once = || {
            let before = pressure();
            let record = attempt();
            // Where the system says nothing, nothing is doubted.
            let pressed = before.zip(pressure()).is_some_and(|(before, after)| after - before > SLACK);
            let doubtful = pressed && record.fails_the_run() && record.verdict != Verdict::NotRun;
            (record, doubtful)
        };
        let (mut record, mut doubtful) = {
            let _beside_others = self.0.read().unwrap_or_else(PoisonError::into_inner);
            once()
        };
        if !doubtful {
            return record;
        }
        let _alone = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for runs_before in 1..=TRIES {
            (record, doubtful) = once();
            record.runs_before = runs_before;
            if !doubtful {
                return record;
            }
        }
        if record.verdict == Verdict::HarnessError {
            return record;
        }
        let why = format!(
            "did otherwise than expected in real time, {} times, on a machine that was busy each time, and nothing is known of the \
             host; run it again when the machine is less busy",
            TRIES + 1
        );
        record.guests.iter_mut().for_each(|guest| guest.ending = Ending::Starved(why.clone()));
        record.concluded()
    }
}

/// For how long something has waited for a processor, since some moment; `None` where the system does not say.
fn pressure() -> Option<Duration> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    // Linux, Documentation/accounting/psi.rst: `some avg10=… avg60=… avg300=… total=`, in microseconds.
    let text = std::fs::read_to_string("/proc/pressure/cpu").ok()?;
    let some = text.lines().find(|line| line.starts_with("some "))?;
    let total = some.rsplit_once("total=")?.1.parse().ok()?;
    Some(Duration::from_micros(total))
}

#[cfg(test)]
mod tests {
    use super::{Pressed, SLACK, TRIES};
    use crate::report::{Record, Verdict};
    use std::cell::Cell;
    use std::time::Duration;

    /// In the place of what the wire saw: the board broke.
    const BROKEN: &str = "broken";

    /// The record of a case whose wire saw what was expected, or something else.
    fn record(seen: &str) -> Record {
        let ending = match seen {
            BROKEN => serde_json::json!({ "how": "harness-error", "why": "the board broke" }),
            _ => serde_json::json!({ "how": "returned" }),
        };
        let record = serde_json::json!({
            "case": "gpio/lamp", "title": "A lamp", "proposal": "gpio", "package": "-", "fixture": "", "clock": "own",
            "level": "must", "proves": ["GPIO-45"], "ends": "returned", "verdict": "fail", "expectation": "unexpected",
            "guests": [{ "test": "t", "ending": ending, "expected": [], "transcript": [] }],
            "trace": { "lamp": { "expected": ["DRIVE high"], "seen": [{ "at": 1, "text": seen }] } }, "board-ns": 0
        });
        serde_json::from_value::<Record>(record).unwrap().concluded()
    }

    /// What comes of attempts that see these, in turn, each under so much pressure; and how many there were, which the record
    /// says.
    fn run(seen: &[(&str, Option<Duration>)]) -> (Verdict, usize) {
        let (attempts, waited) = (Cell::new(0), Cell::new(Some(Duration::ZERO)));
        let attempt = || {
            let (seen, more) = seen[attempts.replace(attempts.get() + 1)];
            waited.set(waited.get().zip(more).map(|(before, more)| before + more));
            record(seen)
        };
        let record = Pressed::default().measured(attempt, || waited.get());
        assert_eq!(record.runs_before + 1, attempts.get() as u64);
        (record.verdict, attempts.get())
    }

    #[test]
    fn what_a_busy_machine_made_is_no_verdict() {
        let (well, bad) = ("DRIVE high", "DRIVE low");
        let (quiet, busy) = (Some(SLACK), Some(SLACK * 2));
        assert_eq!(run(&[(bad, quiet)]), (Verdict::Fail, 1));
        assert_eq!(run(&[(well, busy)]), (Verdict::Pass, 1));
        assert_eq!(run(&[(bad, busy), (well, busy)]), (Verdict::Pass, 2));
        assert_eq!(run(&[(bad, busy), (bad, quiet)]), (Verdict::Fail, 2));
        assert_eq!(run(&[(bad, busy); TRIES as usize + 1]), (Verdict::NotRun, TRIES as usize + 1));
        assert_eq!(run(&[(bad, None)]), (Verdict::Fail, 1));
        assert_eq!(run(&[(BROKEN, busy); TRIES as usize + 1]), (Verdict::HarnessError, TRIES as usize + 1));
        assert_eq!(run(&[(BROKEN, busy), (well, busy)]), (Verdict::Pass, 2));
    }
}
