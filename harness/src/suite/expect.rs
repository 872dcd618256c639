//! What a case expects to see, and how it is compared with what was seen.
//!
#![doc = include_str!("../../NOTATION.md")]

use serde::{Deserialize, Serialize};

/// A line that was seen, with board time in nanoseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Board time in nanoseconds.
    pub at: u64,
    /// The line.
    pub text: String,
}

/// One element of an expectation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    rename_all_fields = "kebab-case",
    expecting = "expected a line, { one-of = […] }, { any-order = […] }, { maybe = […] }, { at-least = N, of = […] } or \
                 { at-least-ns = N }"
)]
pub enum Expect {
    /// Exactly this line.
    Line(String),
    /// One of these.
    OneOf {
        /// The first is what the contract asks for, the others are what it also allows.
        one_of: Vec<Block>,
    },
    /// All of these, in any order.
    AnyOrder {
        /// Blocks of lines; each stays whole.
        any_order: Vec<Block>,
    },
    /// A block that may be there: not at all, once, or more often.
    Maybe {
        /// What may be there.
        maybe: Block,
    },
    /// A block that repeats.
    AtLeast {
        /// The least number of times; from a file at least 1 ([`check`]).
        at_least: usize,
        /// What repeats.
        of: Block,
    },
    /// Board time between the line before and the line after.
    AtLeastNs {
        /// In nanoseconds.
        at_least_ns: u64,
    },
}

/// A line, or several lines in a row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged, expecting = "expected a line or a list of expectations")]
pub enum Block {
    /// One line.
    One(String),
    /// Several elements.
    Many(Vec<Expect>),
}

/// How what was seen compares with what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// As expected; the alternatives that were taken and are not the first of theirs.
    Same {
        /// Each as its lines.
        lenient: Vec<String>,
    },
    /// Different, from a line on.
    Different {
        /// How many lines were as expected.
        at: usize,
        /// What was expected there: each a possibility; empty if no line was.
        expected: Vec<String>,
    },
}

/// Compares lines with an expectation.
pub fn compare(expected: &[Expect], seen: &[Line]) -> Comparison {
    let mut search =
        Search { seen, furthest: 0, wanted: Vec::new(), lenient: Vec::new(), steps: 0, depth: 0 };
    let mut taken = None;
    let found = search.list(expected, At::default(), &mut |search, at| {
        let whole = at.line == seen.len();
        if whole {
            taken = Some(search.lenient.clone());
        } else {
            search.want(at.line, None);
        }
        whole
    });
    match (found, taken) {
        (true, Some(lenient)) => Comparison::Same { lenient },
        _ => Comparison::Different { at: search.furthest, expected: search.wanted },
    }
}

/// The text by which a mistake is found in the file, and what it is.
pub type Mistake = (&'static str, &'static str);

/// Finds what is wrong with an expectation although it can be read.
pub fn check(expected: &[Expect]) -> Result<(), Mistake> {
    if matches!(expected.last(), Some(Expect::AtLeastNs { .. })) {
        return Err(("at-least-ns", "at-least-ns stands between two lines; the last element is one"));
    }
    expected.iter().try_for_each(|element| match element {
        Expect::AtLeast { at_least: 0, .. } => {
            Err(("at-least = 0", "at-least = 0 asks for nothing; for what may be there write { maybe = … }"))
        }
        Expect::Line(_) | Expect::AtLeastNs { .. } => Ok(()),
        Expect::OneOf { one_of: blocks } | Expect::AnyOrder { any_order: blocks } => {
            blocks.iter().try_for_each(check_block)
        }
        Expect::Maybe { maybe: block } | Expect::AtLeast { of: block, .. } => check_block(block),
    })
}

/// A list within an expectation may end with at-least-ns: a line can follow it.
fn check_block(block: &Block) -> Result<(), Mistake> {
    match block {
        Block::One(_) => Ok(()),
        Block::Many(list) => {
            let last = list.len() - usize::from(matches!(list.last(), Some(Expect::AtLeastNs { .. })));
            check(&list[..last])
        }
    }
}

/// The most steps of one comparison: choices, and lines looked at, of which a long one counts for several. Expectations
/// are small and nearly unambiguous; one that is not ends as different rather than never.
const MOST_STEPS: usize = 10_000_000;

/// How many bytes of a line are a step.
const STEP: usize = 256;

/// The most possibilities that are told of one line, and blocks that can come in any order.
const MOST_WANTED: usize = 100;
const MOST_BLOCKS: usize = 100;

/// The most choices that depend on one another. A thread's stack has room for more; an expectation in a report from
/// elsewhere may have any number.
const MOST_DEPTH: usize = 500;

struct Search<'a> {
    seen: &'a [Line],
    furthest: usize,
    wanted: Vec<String>,
    lenient: Vec<String>,
    steps: usize,
    depth: usize,
}

#[derive(Clone, Copy, Default)]
struct At {
    line: usize,
    /// Board time that must pass before the next line.
    gap: u64,
}

type Then<'t, 'a> = &'t mut dyn FnMut(&mut Search<'a>, At) -> bool;

impl<'a> Search<'a> {
    fn list(&mut self, expected: &[Expect], at: At, then: Then<'_, 'a>) -> bool {
        // Plain lines, of which there may be thousands, need no recursion.
        let plain = expected.iter().take_while(|e| matches!(e, Expect::Line(_))).count();
        let mut at = at;
        for element in &expected[..plain] {
            if let Expect::Line(line) = element {
                match self.line(line, at) {
                    Some(next) => at = next,
                    None => return false,
                }
            }
        }
        let Some((first, rest)) = expected[plain..].split_first() else { return then(self, at) };
        self.element(first, at, &mut |search, at| search.list(rest, at, then))
    }

    fn element(&mut self, expected: &Expect, at: At, then: Then<'_, 'a>) -> bool {
        self.within(|search| search.choice(expected, at, then))
    }

    /// Goes one choice deeper, unless there were too many.
    fn within(&mut self, choice: impl FnOnce(&mut Self) -> bool) -> bool {
        self.depth += 1;
        let found = self.may_go_on(1) && self.depth <= MOST_DEPTH && choice(self);
        self.depth -= 1;
        found
    }

    fn may_go_on(&mut self, steps: usize) -> bool {
        self.steps = self.steps.saturating_add(steps);
        self.steps <= MOST_STEPS
    }

    fn choice(&mut self, expected: &Expect, at: At, then: Then<'_, 'a>) -> bool {
        match expected {
            Expect::Line(line) => self.line(line, at).is_some_and(|at| then(self, at)),
            Expect::AtLeastNs { at_least_ns } => then(self, At { gap: *at_least_ns, ..at }),
            Expect::OneOf { one_of } => one_of.iter().enumerate().any(|(n, block)| {
                self.lenient.extend((n > 0).then(|| text(block)));
                let found = self.block(block, at, then);
                if n > 0 {
                    self.lenient.pop();
                }
                found
            }),
            Expect::AnyOrder { any_order } => self.any_order(&any_order.iter().collect::<Vec<_>>(), at, then),
            Expect::Maybe { maybe } => self.repeat(0, maybe, at, then),
            Expect::AtLeast { at_least, of } => self.repeat(*at_least, of, at, then),
        }
    }

    fn block(&mut self, block: &Block, at: At, then: Then<'_, 'a>) -> bool {
        match block {
            Block::One(line) => self.line(line, at).is_some_and(|at| then(self, at)),
            Block::Many(list) => self.list(list, at, then),
        }
    }

    fn any_order(&mut self, blocks: &[&Block], at: At, then: Then<'_, 'a>) -> bool {
        if blocks.is_empty() {
            return then(self, at);
        }
        if blocks.len() > MOST_BLOCKS {
            return false;
        }
        (0..blocks.len()).any(|n| {
            let mut rest = blocks.to_vec();
            let first = rest.remove(n);
            self.within(|search| search.block(first, at, &mut |search, at| search.any_order(&rest, at, then)))
        })
    }

    /// The block as often as it can be, and what follows; then once less, and so on.
    fn repeat(&mut self, at_least: usize, of: &Block, at: At, then: Then<'_, 'a>) -> bool {
        let Some(lines) = plain(of) else {
            let more = self.within(|search| {
                search.block(of, at, &mut |search, next| {
                    // A block without lines would repeat for ever.
                    next.line > at.line && search.repeat(at_least.saturating_sub(1), of, next, then)
                })
            });
            return more || at_least == 0 && then(self, at);
        };
        // Plain lines fit in one way, so that a host which repeats itself thousands of times needs no recursion.
        let mut ends = vec![at];
        while let Some(next) = lines.iter().try_fold(ends[ends.len() - 1], |at, line| self.line(line, at)) {
            if lines.is_empty() {
                break;
            }
            ends.push(next);
        }
        ends.iter().skip(at_least).rev().any(|end| self.may_go_on(1) && then(self, *end))
    }

    fn line(&mut self, expected: &str, at: At) -> Option<At> {
        let bytes = self.seen.get(at.line).map_or(0, |line| line.text.len());
        if !self.may_go_on(1 + (bytes + expected.len()) / STEP) {
            return None;
        }
        let fits = self.seen.get(at.line).is_some_and(|line| {
            let before = if at.line == 0 { 0 } else { self.seen[at.line - 1].at };
            line.at.saturating_sub(before) >= at.gap && glob(expected, &line.text)
        });
        if !fits {
            let gap = if at.gap > 0 {
                format!("{expected} (after at least {} ns)", at.gap)
            } else {
                expected.to_owned()
            };
            self.want(at.line, Some(gap));
        }
        fits.then_some(At { line: at.line + 1, gap: 0 })
    }

    fn want(&mut self, line: usize, expected: Option<String>) {
        if line > self.furthest {
            self.wanted.clear();
            self.furthest = line;
        }
        if line == self.furthest && self.wanted.len() < MOST_WANTED {
            self.wanted.extend(expected.filter(|e| !self.wanted.contains(e)));
        }
    }
}

/// The lines of a block that has nothing else.
fn plain(block: &Block) -> Option<Vec<&str>> {
    match block {
        Block::One(line) => Some(vec![line]),
        Block::Many(list) => {
            list.iter().map(|e| if let Expect::Line(line) = e { Some(line.as_str()) } else { None }).collect()
        }
    }
}

fn text(block: &Block) -> String {
    match block {
        Block::One(line) => line.clone(),
        Block::Many(list) if list.is_empty() => "(nothing)".to_owned(),
        Block::Many(list) => {
            let line = |e: &Expect| match e {
                Expect::Line(line) => line.clone(),
                other => serde_json::to_string(other).unwrap_or_default(),
            };
            list.iter().map(line).collect::<Vec<_>>().join(" · ")
        }
    }
}

/// Whether `text` is `pattern`, in which each `*` stands for any characters, unless a digit follows: then it
/// is the notation's "so many times". What was left open is no event of a wire: only what takes every line takes it.
fn glob(pattern: &str, text: &str) -> bool {
    let star = |at: &usize| {
        pattern[*at..].starts_with('*') && !pattern[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    };
    let stars: Vec<_> = pattern.char_indices().map(|(at, _)| at).filter(star).collect();
    let Some(first) = stars.first() else { return pattern == text };
    if pattern != "*" && text.starts_with(wasi_hw_mock::LEFT_OPEN) {
        return false;
    }
    let Some(rest) = text.strip_prefix(&pattern[..*first]) else { return false };
    let ends = stars.iter().skip(1).copied().chain([pattern.len()]);
    let mut parts: Vec<_> = stars.iter().zip(ends).map(|(at, end)| &pattern[at + 1..end]).collect();
    let last = parts.pop().unwrap_or_default();
    let mut rest = rest;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Line> {
        texts.iter().zip(1..).map(|(text, n)| Line { at: 10 * n, text: (*text).to_owned() }).collect()
    }

    fn parse(text: &str) -> Vec<Expect> {
        #[derive(Deserialize)]
        struct File {
            e: Vec<Expect>,
        }
        toml::from_str::<File>(&format!("e = {text}")).unwrap().e
    }

    fn same(expected: &str, seen: &[&str]) -> bool {
        matches!(compare(&parse(expected), &lines(seen)), Comparison::Same { .. })
    }

    #[test]
    fn lines_are_exact_and_a_star_is_any_characters() {
        assert!(same(r#"["a", "b*d"]"#, &["a", "bccd"]));
        assert!(same(r#"["b*d"]"#, &["bd"]));
        assert!(!same(r#"["b*d"]"#, &["b"]));
        assert!(!same(r#"["ab*ba"]"#, &["aba"]));
        assert!(same(r#"["ok [21+1*40]"]"#, &["ok [21+1*40]"]));
        assert!(!same(r#"["ok [21+1*40]"]"#, &["ok [21+1*140]"]));
        assert!(same(r#"["ok [00*40] *x*"]"#, &["ok [00*40] axb"]));
        assert!(!same(r#"["a"]"#, &["a", "b"]));
        assert!(!same(r#"["a", "b"]"#, &["a"]));
        assert!(same("[]", &[]));
    }

    #[test]
    fn the_first_alternative_passes_and_the_others_are_lenient() {
        let expected = parse(r#"[{ one-of = ["a", ["b", "c"]] }, "d"]"#);
        let first = compare(&expected, &lines(&["a", "d"]));
        assert_eq!(first, Comparison::Same { lenient: vec![] });
        let second = compare(&expected, &lines(&["b", "c", "d"]));
        assert_eq!(second, Comparison::Same { lenient: vec!["b · c".into()] });
        let neither = compare(&expected, &lines(&["b", "d"]));
        assert_eq!(neither, Comparison::Different { at: 1, expected: vec!["c".into()] });
    }

    #[test]
    fn any_order_keeps_blocks_whole() {
        let expected = r#"[{ any-order = ["a", ["b", "c"]] }]"#;
        assert!(same(expected, &["a", "b", "c"]));
        assert!(same(expected, &["b", "c", "a"]));
        assert!(!same(expected, &["b", "a", "c"]));
        assert!(!same(expected, &["b", "c"]));
    }

    #[test]
    fn repetition_takes_as_much_as_there_is() {
        let expected = r#"[{ at-least = 2, of = ["a", "b"] }, "a"]"#;
        assert!(same(expected, &["a", "b", "a", "b", "a"]));
        assert!(!same(expected, &["a", "b", "a"]));
        assert!(same(r#"[{ maybe = "*" }]"#, &["x", "y"]));
        assert!(!same(r#"["*CLOSE*"]"#, &["LEFT OPEN (CLOSE)"]) && same(r#"["*"]"#, &["LEFT OPEN (CLOSE)"]));
        assert!(same(r#"["a", { maybe = ["b", "c"] }, "d"]"#, &["a", "d"]));
        assert!(same(r#"["a", { maybe = ["b", "c"] }, "d"]"#, &["a", "b", "c", "b", "c", "d"]));
        assert!(!same(r#"["a", { maybe = ["b", "c"] }, "d"]"#, &["a", "b", "d"]));
    }

    #[test]
    fn a_host_that_repeats_itself_without_end_is_judged() {
        let mut seen = ["START", "10", "ARBITRATION LOST"].repeat(6_000);
        let block = r#"[{ at-least = 1, of = ["START", "10", "ARBITRATION LOST"] }]"#;
        assert!(same(block, &seen));
        seen.push("the trace is full (18000 lines)");
        let Comparison::Different { at, .. } = compare(&parse(block), &lines(&seen)) else { panic!("same") };
        assert_eq!(at, 18_000);
        assert!(same(r#"[{ at-least = 0, of = "*" }, "x"]"#, &[&["y"; 20_000][..], &["x"]].concat()));
        // A block that leaves a choice is judged as far as the stack reaches.
        let choice = r#"[{ at-least = 0, of = [{ one-of = ["a", "b"] }] }]"#;
        assert!(same(choice, &["b"; 200]));
        assert!(!same(choice, &["b"; 20_000]));
    }

    #[test]
    fn an_expectation_of_any_size_has_an_end() {
        let gaps = vec![Expect::AtLeastNs { at_least_ns: 0 }; 100_000];
        assert!(matches!(compare(&gaps, &lines(&["a"])), Comparison::Different { .. }));
        let any = |count| Expect::AnyOrder { any_order: vec![Block::One("*".to_owned()); count] };
        assert!(matches!(compare(&[any(12)], &lines(&["a"; 11])), Comparison::Different { .. }));
        assert!(matches!(compare(&[any(100_000)], &lines(&["a"; 11])), Comparison::Different { .. }));
        let one_of = (0..300_000).map(|n| Block::One(n.to_string())).collect();
        let Comparison::Different { expected, .. } = compare(&[Expect::OneOf { one_of }], &lines(&["a"]))
        else {
            panic!("same")
        };
        assert_eq!(expected.len(), MOST_WANTED);
        // What is looked at again and again, a line behind the other, has an end as well.
        let all = Expect::AtLeast { at_least: 0, of: Block::One("*".to_owned()) };
        let rest = vec![Expect::Line("a".to_owned()); 20_000];
        let expected: Vec<_> = [all].into_iter().chain(rest).chain([Expect::Line("b".to_owned())]).collect();
        assert!(matches!(compare(&expected, &lines(&["a"; 40_000])), Comparison::Different { .. }));
    }

    #[test]
    fn time_is_measured_between_neighbours() {
        assert!(same(r#"["a", { at-least-ns = 10 }, "b"]"#, &["a", "b"]));
        assert!(!same(r#"["a", { at-least-ns = 11 }, "b"]"#, &["a", "b"]));
    }
}
