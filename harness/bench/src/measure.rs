//! Two ways to do the same, measured in turns.
//!
//! A machine's speed varies by more than what is looked for. So the two take turns, round by round, each first every
//! other time, and what is given is the median of the rounds' differences, with half the distance between their
//! quartiles as the spread. A difference that is smaller than its spread is no figure.

use serde::Serialize;
use std::time::Instant;

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rounds of a comparison.
    pub rounds: usize,
    /// About how many nanoseconds a round of one side is to last.
    pub round_ns: u64,
}

impl Effort {
    /// Enough for a figure.
    pub const FULL: Effort = Effort { rounds: 41, round_ns: 4_000_000 };
    /// Enough to see that it runs.
    pub const QUICK: Effort = Effort { rounds: 3, round_ns: 100_000 };
}

/// A median, and half the distance between the quartiles around it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// Half of what lies between the quartiles.
    pub spread: f64,
}

impl Spread {
    /// Of these values, which are put in order.
    pub fn of(values: &mut [f64]) -> Spread {
        values.sort_by(f64::total_cmp);
        let at = |part: f64| values[((values.len() - 1) as f64 * part).round() as usize];
        Spread { median: at(0.5), spread: (at(0.75) - at(0.25)) / 2.0 }
    }

    /// Whether it can be told from nothing.
    pub fn shows(&self) -> bool {
        self.median.abs() > self.spread
    }
}

/// What came of two ways to do the same; nanoseconds a call.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Compared {
    /// The one that is looked at.
    pub this: Spread,
    /// What it is compared with.
    pub that: Spread,
    /// `this` less `that`, round by round.
    pub more: Spread,
}

/// Lets two take turns. Each is given a number of calls to make; it is chosen so that a round of the slower one lasts
/// as long as asked for.
pub fn compare(effort: Effort, mut this: impl FnMut(u32), mut that: impl FnMut(u32)) -> Compared {
    let mut calls = 16;
    // The first rounds warm both up, and say how many calls a round has.
    loop {
        let slower = time(calls, &mut this).max(time(calls, &mut that));
        if slower * f64::from(calls) >= effort.round_ns as f64 || calls >= 1 << 24 {
            break;
        }
        calls *= 2;
    }
    let (mut these, mut those, mut more) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..effort.rounds {
        let (a, b);
        if round % 2 == 0 {
            a = time(calls, &mut this);
            b = time(calls, &mut that);
        } else {
            b = time(calls, &mut that);
            a = time(calls, &mut this);
        }
        these.push(a);
        those.push(b);
        more.push(a - b);
    }
    Compared { this: Spread::of(&mut these), that: Spread::of(&mut those), more: Spread::of(&mut more) }
}

fn time(calls: u32, work: &mut impl FnMut(u32)) -> f64 {
    let before = Instant::now();
    work(calls);
    before.elapsed().as_nanos() as f64 / f64::from(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_quartiles_of_a_list() {
        let spread = Spread::of(&mut [9.0, 1.0, 5.0, 3.0, 7.0]);
        assert_eq!((spread.median, spread.spread), (5.0, 2.0));
        assert!(spread.shows());
        assert!(!Spread { median: 1.0, spread: 1.5 }.shows());
    }

    #[test]
    fn each_side_makes_the_same_number_of_calls() {
        let (mut this, mut that) = (0_u64, 0_u64);
        compare(Effort::QUICK, |calls| this += u64::from(calls), |calls| that += u64::from(calls));
        assert_eq!(this, that);
        assert!(this > 0);
    }
}
