//! Cases of a world that were given up, one after the other: a host that hangs in each of them would take hours.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// After so many in a row nothing more of the world is run.
const MOST: u32 = 3;

/// By proposal: how many cases were given up since one was not.
#[derive(Default)]
pub(super) struct Hangs(Mutex<BTreeMap<String, u32>>);

impl Hangs {
    /// A case has ended, by itself or because it was given up.
    pub(super) fn ended(&self, proposal: &str, given_up: bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hangs = all.entry(proposal.to_owned()).or_default();
        // Where it is decided, a case that was on its way meanwhile decides nothing.
        if *hangs < MOST {
            *hangs = if given_up { *hangs + 1 } else { 0 };
        }
    }

    /// Why nothing more of a world is run, if so.
    pub(super) fn given_up(&self, proposal: &str, seconds: u64) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (all.get(proposal).copied() >= Some(MOST)).then(|| {
            format!("{MOST} cases of {proposal} in a row were not done after {seconds} s; `--timeout` sets the limit")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Hangs;

    #[test]
    fn three_in_a_row_are_the_end_of_their_world() {
        let hangs = Hangs::default();
        for given_up in [true, true, false, true, true] {
            hangs.ended("spi", given_up);
        }
        assert_eq!(hangs.given_up("spi", 7), None);
        hangs.ended("spi", true);
        hangs.ended("spi", false);
        assert!(hangs.given_up("spi", 7).unwrap().contains("spi in a row were not done after 7 s"));
        assert_eq!(hangs.given_up("i2c", 7), None);
    }
}
