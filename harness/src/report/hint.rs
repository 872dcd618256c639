//! What helps a reader to see why a side differs.

use crate::suite::expect::{Comparison, Expect, Line, compare};

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
