//! How long a host may take: what it consumed counts, and not what the machine took away from it.

use super::meter::Reading;
use std::time::Duration;

/// How often a host that takes long is looked at.
pub(crate) const LOOK: Duration = Duration::from_millis(100);

/// How much a look counts for at most, however late it comes: who looks late was kept from it, as the host may have been.
const MOST_LOOK: Duration = Duration::from_millis(200);

/// What a message counts for where the system does not say what a host consumes. One takes several times as long.
const MESSAGE: Duration = Duration::from_micros(10);

/// After so many times its limit, in real time, a host is given up though it has not consumed that.
const PATIENCE: u32 = 10;

/// For each second that it consumed it has so many more: who gets a fiftieth of a processor comes to its limit in the end.
const SHARE: u32 = 50;

/// What a host has consumed of its limit.
pub(crate) struct Account {
    limit: Duration,
    spent: Duration,
    real: Duration,
    used: Option<Duration>,
    messages: u64,
}

/// What was seen of a host between two looks.
pub(crate) struct Look {
    /// Real time since the last look.
    pub(crate) elapsed: Duration,
    /// What the system says, if it does.
    pub(crate) reading: Option<Reading>,
    /// How many messages have come from it until now.
    pub(crate) messages: u64,
}

/// Whether a host is within its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It may go on. `idle` is for how long, since the last look, it had nothing to do and asked for nothing.
    Within { idle: Duration },
    /// It has consumed its limit.
    Spent,
    /// It has not, and real time is over: the machine did not let it run.
    Starved,
}

impl Account {
    /// An account of so many seconds.
    pub(crate) fn new(seconds: u64) -> Account {
        Account {
            limit: Duration::from_secs(seconds),
            spent: Duration::ZERO,
            real: Duration::ZERO,
            used: None,
            messages: 0,
        }
    }

    /// Charges what was seen. A host pays for the processors that it used; and, if it used none, was not about to and
    /// asked for nothing, for the time, since then it waits for itself.
    pub(crate) fn charge(&mut self, look: &Look) -> State {
        let asked = look.messages.saturating_sub(self.messages);
        self.messages = look.messages;
        self.real += look.elapsed;
        let wants_to_run = look.reading.as_ref().is_some_and(|reading| reading.wants_to_run);
        let idle = match asked == 0 && !wants_to_run {
            true => look.elapsed.min(MOST_LOOK),
            false => Duration::ZERO,
        };
        let used = match &look.reading {
            Some(Reading { used, .. }) => {
                // What it used before the first look is little.
                let before = self.used.replace(*used).unwrap_or(*used);
                used.saturating_sub(before)
            }
            None => MESSAGE.saturating_mul(u32::try_from(asked).unwrap_or(u32::MAX)),
        };
        self.spent += used.max(idle);
        let patience = self.limit.saturating_mul(PATIENCE) + self.spent.saturating_mul(SHARE);
        match (self.spent >= self.limit, self.real >= patience) {
            (true, _) => State::Spent,
            (false, true) => State::Starved,
            (false, false) => State::Within { idle },
        }
    }
}

/// Behind the seconds, in what is said of a host that has consumed its limit.
pub(crate) const SPENT: &str = "s of its own time";

/// What is said of a host that has consumed its limit.
pub(crate) fn spent(seconds: u64) -> String {
    format!("was not done after {seconds} {SPENT}")
}

/// What is said of a host that the machine did not let run.
pub(crate) fn starved(seconds: u64) -> String {
    format!(
        "was given up by real time alone: in {} s and more the machine did not give it its {seconds} s, and nothing is known \
         of the host; run it again when the machine is less busy",
        seconds.saturating_mul(PATIENCE.into())
    )
}

#[cfg(test)]
mod tests {
    use super::{Account, LOOK, Look, State};
    use crate::runtime::meter::Reading;
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    /// Looks, one after the other, until the account says that it is over: what it says, and after how many.
    fn until_over(seconds: u64, looks: impl Fn(u64) -> Look) -> (State, u64) {
        let mut account = Account::new(seconds);
        for n in 1_u64.. {
            let state = account.charge(&looks(n));
            if !matches!(state, State::Within { .. }) {
                return (state, n);
            }
        }
        unreachable!()
    }

    fn reading(used: Duration, wants_to_run: bool) -> Option<Reading> {
        Some(Reading { used, wants_to_run })
    }

    #[test]
    fn who_burns_pays_for_what_it_burns() {
        let burns = |n: u64| Look {
            elapsed: LOOK,
            reading: reading(LOOK * u32::try_from(n).unwrap(), true),
            messages: 0,
        };
        assert_eq!(until_over(60, burns), (State::Spent, 601));
        // On a machine that gives it a fifth, it takes five times as long, and comes to the same.
        let slowly = |n: u64| Look {
            elapsed: LOOK,
            reading: reading(LOOK * u32::try_from(n).unwrap() / 5, true),
            messages: 0,
        };
        assert_eq!(until_over(60, slowly), (State::Spent, 3_001));
        // Nor does it help to ask.
        let asks = |n: u64| Look { messages: n * 1_000, ..slowly(n) };
        assert_eq!(until_over(60, asks), (State::Spent, 3_001));
    }

    #[test]
    fn who_waits_for_itself_pays_for_the_time_but_not_for_late_looks() {
        let hangs = |_| Look { elapsed: LOOK, reading: reading(SECOND, false), messages: 7 };
        let (state, looks) = until_over(60, hangs);
        assert!(state == State::Spent && (600..=601).contains(&looks), "{looks}");
        // A machine that lets nobody look for seconds takes them from the host as well.
        let late = |_| Look { elapsed: SECOND, reading: reading(SECOND, false), messages: 0 };
        assert_eq!(until_over(60, late), (State::Spent, 300));
        // One that wakes up now and then, to find nothing, waits all the same.
        let polls = |n: u64| Look {
            elapsed: LOOK,
            reading: reading(LOOK * u32::try_from(n).unwrap() / 100, false),
            messages: 0,
        };
        assert_eq!(until_over(60, polls), (State::Spent, 600));
    }

    #[test]
    fn who_is_not_let_run_is_starved() {
        let share = |of: u32| {
            move |n: u64| Look {
                elapsed: SECOND,
                reading: reading(SECOND * u32::try_from(n).unwrap() / of, true),
                messages: n,
            }
        };
        let (state, looks) = until_over(60, share(1_000_000));
        assert!(state == State::Starved && (600..=601).contains(&looks), "{looks}");
        // Half of the time more for what it got, and then still not enough.
        let (state, looks) = until_over(60, share(100));
        assert!(state == State::Starved && (1_190..=1_210).contains(&looks), "{looks}");
        // A little is enough, in the end.
        assert_eq!(until_over(60, share(40)), (State::Spent, 2_401));
    }

    #[test]
    fn where_the_system_says_nothing_messages_and_silence_count() {
        let hangs = |_| Look { elapsed: LOOK, reading: None, messages: 0 };
        assert_eq!(until_over(60, hangs), (State::Spent, 600));
        let asks = |n: u64| Look { elapsed: LOOK, reading: None, messages: n * 5_000 };
        assert_eq!(until_over(60, asks), (State::Spent, 1_200));
    }

    #[test]
    fn idle_is_who_neither_runs_nor_wants_to_nor_asks() {
        let mut account = Account::new(60);
        let mut look = |reading, messages| account.charge(&Look { elapsed: LOOK, reading, messages });
        let idle = |idle| State::Within { idle };
        assert_eq!(look(reading(SECOND, true), 0), idle(Duration::ZERO));
        assert_eq!(look(reading(SECOND, false), 0), idle(LOOK));
        assert_eq!(look(reading(SECOND, false), 1), idle(Duration::ZERO));
        assert_eq!(look(None, 1), idle(LOOK));
    }
}
