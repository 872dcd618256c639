//! What helps a reader to see why a side differs.

use super::{Record, guest_side};
use crate::suite::expect::{Comparison, Expect, Line, compare};

impl Record {
    /// What a side was to see: a guest's by its name, or a channel of the trace. Of a host that lacks what the case needs
    /// another answer is asked, if the contract has one.
    pub fn expected_of(&self, side: &str) -> Option<&[Expect]> {
        let without = self.without.as_ref().filter(|_| !self.lacks.is_empty() && self.scored());
        match self.guests.iter().find(|guest| guest_side(&guest.name) == side) {
            Some(guest) => Some(without.map_or(&guest.expected[..], |without| &without.transcript)),
            None => match without {
                Some(without) => Some(without.trace.get(side).map_or(&[][..], |lines| &lines[..])),
                None => self.trace.get(side).map(|channel| &channel.expected[..]),
            },
        }
    }

    /// What it saw.
    pub fn seen_of(&self, side: &str) -> Option<&[Line]> {
        let guest = self.guests.iter().find(|guest| guest_side(&guest.name) == side);
        guest.map(|guest| &guest.transcript[..]).or(self.trace.get(side).map(|channel| &channel.seen[..]))
    }
}

impl Record {
    /// A failure in a few words, for a list of them: what the runtime's list says, why a guest did not return, or the first
    /// difference. It is as long as what it quotes, and not escaped.
    pub fn first_difference(&self) -> String {
        if let Some(remark) = self.remark() {
            return remark;
        }
        if let Some(why) = self.why.as_deref().and_then(|why| why.lines().next()) {
            return format!("{}: {why}", self.verdict);
        }
        let Some(difference) = self.differences.first() else { return self.verdict.to_string() };
        let expected = difference.expected.first().map_or("nothing more", String::as_str);
        let seen = self.seen_of(&difference.side).and_then(|seen| seen.get(difference.at));
        let seen = seen.map_or("nothing more", |line| line.text.as_str());
        format!("{}: expected `{expected}`, saw `{seen}`", difference.side)
    }
}

/// How far before a difference a line is looked for, and on how long a side: each try is a comparison.
const FARTHEST: usize = 64;
const LONGEST: usize = 1_000;

/// The line that shifted all others: without it, what was seen is as expected. `at` is where the two part; the line stands
/// there or before it, and is the last such.
pub fn extra_line(expected: &[Expect], seen: &[Line], at: usize) -> Option<usize> {
    if seen.len() > LONGEST || seen.is_empty() {
        return None;
    }
    let at = at.min(seen.len() - 1);
    (at.saturating_sub(FARTHEST)..=at).rev().find(|left_out| {
        let mut rest = seen.to_vec();
        rest.remove(*left_out);
        matches!(compare(expected, &rest), Comparison::Same { .. })
    })
}

#[cfg(test)]
mod tests {
    use super::extra_line;
    use crate::suite::expect::{Expect, Line};

    #[test]
    fn the_line_that_shifted_all_others_is_found() {
        let line = |text: &str| Line { at: 0, text: text.to_owned() };
        let seen: Vec<_> = ["a", "x", "b", "c"].map(line).into();
        let expected = ["a", "b", "c"].map(|text| Expect::Line(text.to_owned()));
        assert_eq!(extra_line(&expected, &seen, 1), Some(1));
        assert_eq!(extra_line(&expected[..2], &seen, 1), None);
        assert_eq!(extra_line(&expected, &seen[..1], 1), None);
        assert_eq!(extra_line(&[], &seen[..1], 0), Some(0));
        assert_eq!(extra_line(&expected, &[], 0), None);
    }
}
