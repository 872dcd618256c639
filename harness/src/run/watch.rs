//! Waits for the end of a case, and gives it up when its host has consumed its limit.

use crate::interrupt;
use crate::runtime::limit::{Account, LOOK, Look, State};
use crate::runtime::meter::Meter;
use crate::runtime::{Ending, Limits};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

/// What the thread of a case says.
pub(super) enum Said {
    /// It has begun, with making the component ready; this measures the thread. Where the runtime makes threads of its own
    /// for the guests, it sleeps meanwhile, and a look counts for a tenth of a second however late it comes.
    Begun(Box<dyn Meter>),
    /// The component is ready: the time of the case begins, unless the runtime keeps the limit itself.
    Loaded { keeps_limits: bool },
    /// The guests have ended.
    Over(Vec<Ending>),
}

/// How the guests ended; nothing if the thread is gone. The flag says that the case was given up: its thread goes on.
pub(super) fn until_over(said: &Receiver<Said>, limits: Limits) -> Option<(Vec<Ending>, bool)> {
    let mut seconds = limits.load_s;
    let mut account = Account::new(seconds);
    let mut meter: Option<Box<dyn Meter>> = None;
    let mut last = Instant::now();
    loop {
        match said.recv_timeout(LOOK) {
            Ok(Said::Over(endings)) => return Some((endings, false)),
            Ok(Said::Begun(of_the_case)) => meter = Some(of_the_case),
            Ok(Said::Loaded { keeps_limits: false }) => {
                seconds = limits.watchdog_s;
                account = Account::new(seconds);
                last = Instant::now();
            }
            Ok(Said::Loaded { keeps_limits: true }) => return over(said),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if interrupt::is_asked() => return None,
            Err(RecvTimeoutError::Timeout) => {
                let elapsed = last.elapsed();
                last += elapsed;
                let reading = meter.as_mut().and_then(|meter| meter.read());
                match account.charge(&Look { elapsed, reading, messages: 0 }) {
                    State::Within { .. } => {}
                    State::Spent => return Some((vec![Ending::spent(seconds)], true)),
                    State::Starved => return Some((vec![Ending::starved(seconds)], true)),
                }
            }
        }
    }
}

/// Waits for as long as the runtime takes, unless the process is asked to end.
fn over(said: &Receiver<Said>) -> Option<(Vec<Ending>, bool)> {
    loop {
        match said.recv_timeout(LOOK) {
            Ok(Said::Over(endings)) => return Some((endings, false)),
            Err(RecvTimeoutError::Timeout) if !interrupt::is_asked() => {}
            Ok(Said::Begun(_) | Said::Loaded { .. }) | Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, until_over};
    use crate::runtime::meter::{Meter, Reading};
    use crate::runtime::{Ending, Limits};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    /// Has used so many seconds at its first reading, and twice as many at its second.
    struct Burns(u64, u64);

    impl Meter for Burns {
        fn read(&mut self) -> Option<Reading> {
            self.1 += self.0;
            Some(Reading { used: Duration::from_secs(self.1), wants_to_run: true })
        }
    }

    const LIMITS: Limits = Limits { fuel: 0, memory: 0, watchdog_s: 60, load_s: 600 };

    #[test]
    fn loading_has_a_limit_of_its_own() {
        let (say, said) = channel();
        say.send(Said::Begun(Box::new(Burns(61, 0)))).unwrap();
        let spent = |seconds| Some((vec![Ending::spent(seconds)], true));
        assert_eq!(until_over(&said, LIMITS), spent(600));
        say.send(Said::Begun(Box::new(Burns(61, 0)))).unwrap();
        say.send(Said::Loaded { keeps_limits: false }).unwrap();
        assert_eq!(until_over(&said, LIMITS), spent(60));
    }

    #[test]
    fn who_keeps_its_limits_is_waited_for() {
        let (say, said) = channel();
        say.send(Said::Begun(Box::new(Burns(61, 0)))).unwrap();
        say.send(Said::Loaded { keeps_limits: true }).unwrap();
        say.send(Said::Over(vec![Ending::Returned])).unwrap();
        assert_eq!(until_over(&said, LIMITS), Some((vec![Ending::Returned], false)));
        drop(say);
        assert_eq!(until_over(&said, LIMITS), None);
    }
}
