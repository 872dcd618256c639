//! The sides of a case, each as it was to be and as it was: the guests' transcripts and the channels of the trace.

use wasi_hw_harness::report::{Difference, Record, extra_line};
use wasi_hw_harness::suite::expect::{Block, Expect, Line};

/// One side of a case.
pub(crate) struct Side<'a> {
    /// `guest`, `guest NAME`, or the channel.
    pub(crate) name: String,
    /// Whether it is a channel of the trace.
    pub(crate) wire: bool,
    /// What was to be seen, line by line, the first choice where there are several. Up to the difference these are the lines
    /// that were seen, as each was as expected.
    pub(crate) expected: Vec<String>,
    /// Whether more may have been expected, which nobody can say without running the case.
    pub(crate) open: bool,
    /// What was seen.
    pub(crate) seen: &'a [Line],
    /// Where the two part, if they do: so many lines are as expected.
    pub(crate) difference: Option<usize>,
    /// Everything that would have been well there.
    pub(crate) possible: &'a [String],
    /// The line before the difference without which what was seen is as expected, if there is one.
    pub(crate) extra: Option<usize>,
}

/// All sides of a record, guests first.
pub(crate) fn sides(record: &Record) -> Vec<Side<'_>> {
    // A host that lacks what the case needs is held to the answer that the contract has for that.
    let without = record.without.as_ref().filter(|_| !record.lacks.is_empty() && record.scored());
    let mut sides = Vec::new();
    for guest in &record.guests {
        let name = if guest.name.is_empty() { "guest".to_owned() } else { format!("guest {}", guest.name) };
        let expected = without.map_or(&guest.expected[..], |without| &without.transcript);
        sides.push(side(record, name, false, expected, &guest.transcript));
    }
    for (name, channel) in &record.trace {
        let expected = match without {
            Some(without) => without.trace.get(name).map_or(&[][..], |lines| &lines[..]),
            None => &channel.expected,
        };
        sides.push(side(record, name.clone(), true, expected, &channel.seen));
    }
    sides
}

fn side<'a>(record: &'a Record, name: String, wire: bool, expected: &[Expect], seen: &'a [Line]) -> Side<'a> {
    let found = record.differences.iter().find(|difference| difference.side == name);
    let Some(Difference { at, expected: possible, .. }) = found else {
        let (expected, possible) = (seen.iter().map(|line| line.text.clone()).collect(), &[][..]);
        return Side { name, wire, expected, open: false, seen, difference: None, possible, extra: None };
    };
    let at = (*at).min(seen.len());
    let mut lines: Vec<_> = seen[..at].iter().map(|line| line.text.clone()).collect();
    let mut all = Flat::default();
    all.list(expected, 0);
    let mut all = all.lines;
    let mut open = false;
    let line = |possible: &String| possible.split(" (after at least ").next().unwrap_or_default().to_owned();
    let near = |line: &String| {
        let places = all.iter().enumerate().filter(|(_, other)| *other == line).map(|(place, _)| place);
        places.min_by_key(|place| place.abs_diff(at))
    };
    // Of several possibilities the one after which the least is missing; what may be left out has no place.
    let furthest = possible.iter().map(line).filter_map(|line| near(&line)).max();
    match furthest {
        Some(place) => lines.extend(all.drain(place..)),
        None => {
            open = !possible.is_empty();
            lines.extend(possible.first().map(line));
        }
    }
    let extra = extra_line(expected, seen, at);
    Side { name, wire, expected: lines, open, seen, difference: Some(at), possible, extra }
}

/// The most lines of an expectation, how deep one may be, and how many elements are looked at: reports come from anybody.
const MOST: usize = 2_000;
const DEEPEST: usize = 64;
const STEPS: usize = 20_000;

/// An expectation as lines: the first choice, in the order of the file, nothing that may be left out.
#[derive(Default)]
struct Flat {
    lines: Vec<String>,
    steps: usize,
}

impl Flat {
    fn list(&mut self, expected: &[Expect], depth: usize) {
        for element in expected {
            if !self.goes_on(depth) {
                return;
            }
            match element {
                Expect::Line(line) => self.lines.push(line.clone()),
                Expect::OneOf { one_of } => one_of.iter().take(1).for_each(|first| self.block(first, depth)),
                Expect::AnyOrder { any_order } => any_order.iter().for_each(|one| self.block(one, depth)),
                Expect::AtLeast { at_least, of } => {
                    let mut left = *at_least;
                    while left > 0 && self.goes_on(depth) {
                        self.block(of, depth);
                        left -= 1;
                    }
                }
                Expect::Maybe { .. } | Expect::AtLeastNs { .. } => {}
            }
        }
    }

    fn block(&mut self, of: &Block, depth: usize) {
        match of {
            Block::One(line) if self.goes_on(depth) => self.lines.push(line.clone()),
            Block::One(_) => {}
            Block::Many(list) => self.list(list, depth + 1),
        }
    }

    fn goes_on(&mut self, depth: usize) -> bool {
        self.steps += 1;
        self.lines.len() < MOST && self.steps < STEPS && depth < DEEPEST
    }
}
