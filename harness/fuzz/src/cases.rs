//! Cases: what they expect, compared with what a host did that does it, and with what one did that does not.

use crate::source;
use wasi_hw_harness::suite::case::CaseFile;
use wasi_hw_harness::suite::expect::{Block, Comparison, Expect, Line, check, compare};

/// The most lines that are made of an expectation: the comparison has limits of its own, far above.
const MOST_LINES: usize = 40;

/// A host that does the first thing that is expected each time, passes.
pub(crate) fn feed(input: &[u8]) {
    let Some(source) = source(input) else { return };
    let case = match source.parse_versioned::<CaseFile>() {
        Ok(case) => case,
        Err(problem) => return assert!(problem.to_string().starts_with("input.toml")),
    };
    let instances = case.instance.iter().map(|instance| &instance.transcript);
    let without = case.without.iter().flat_map(|without| without.trace.values().chain([&without.transcript]));
    let all = case.trace.values().chain([&case.transcript]).chain(instances).chain(without);
    for expected in all.filter(|expected| check(expected).is_ok()) {
        let mut seen = Seen::default();
        let whole = seen.list(expected);
        let same = matches!(compare(expected, &seen.lines), Comparison::Same { .. });
        assert!(same || !whole, "{expected:?}\n{:?}", seen.lines);
        seen.lines.push(Line { at: 0, text: "something else".to_owned() });
        compare(expected, &seen.lines);
        seen.lines.truncate(seen.lines.len() / 2);
        compare(expected, &seen.lines);
    }
}

/// What a host does of which the first thing is expected.
#[derive(Default)]
struct Seen {
    lines: Vec<Line>,
    at: u64,
}

impl Seen {
    /// Whether all of it could be done. What is cut off, and what has choices that a greedy reader may take otherwise at
    /// great length, is compared and has no answer that is known.
    fn list(&mut self, expected: &[Expect]) -> bool {
        expected.iter().all(|element| match element {
            Expect::Line(line) => self.line(line),
            Expect::OneOf { one_of } => one_of.first().is_some_and(|block| self.block(block)),
            Expect::AnyOrder { any_order } => {
                any_order.len() <= 5 && any_order.iter().all(|block| self.block(block))
            }
            Expect::Maybe { .. } => true,
            Expect::AtLeast { at_least, of } => *at_least <= 5 && (0..*at_least).all(|_| self.lines_of(of)),
            Expect::AtLeastNs { at_least_ns } => {
                let later = self.at.checked_add(*at_least_ns);
                self.at = later.unwrap_or(self.at);
                later.is_some()
            }
        })
    }

    /// A block that repeats has lines in it.
    fn lines_of(&mut self, block: &Block) -> bool {
        let before = self.lines.len();
        self.block(block) && self.lines.len() > before
    }

    fn block(&mut self, block: &Block) -> bool {
        match block {
            Block::One(line) => self.line(line),
            Block::Many(list) => self.list(list),
        }
    }

    fn line(&mut self, line: &str) -> bool {
        // What a star stands for may be nothing; what begins as what was left open does is no event.
        self.lines.push(Line { at: self.at, text: line.replace('*', "") });
        let plain = !line.contains('*') || !line.contains("LEFT OPEN");
        self.lines.len() <= MOST_LINES && plain && !counts(line)
    }
}

/// Whether a star of the line means "so many times", and so itself.
fn counts(line: &str) -> bool {
    line.match_indices('*').any(|(at, _)| line[at + 1..].starts_with(|c: char| c.is_ascii_digit()))
}
