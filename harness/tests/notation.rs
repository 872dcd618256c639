//! `conformance/NOTATION.md` teaches what the suite's files really say.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::case::CaseFile;
use wasi_hw_harness::suite::expect::{Block, Comparison, Expect, Line, check, compare};
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_mock::Board;

const PAGE: &str = include_str!("../../conformance/NOTATION.md");

/// The code blocks of a kind.
fn blocks(kind: &str) -> impl Iterator<Item = &'static str> {
    let begin = format!("```{kind}\n");
    PAGE.match_indices("```").step_by(2).filter_map(move |(at, _)| {
        let block = PAGE[at..].strip_prefix(begin.as_str())?;
        block.split("```").next()
    })
}

/// Every line that some case expects in a transcript, and every one in a trace.
fn expected() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut transcripts, mut traces) = Default::default();
    for case in &Suite::discover(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))).cases {
        case.instances.iter().for_each(|instance| lines(&instance.transcript, &mut transcripts));
        case.trace.values().for_each(|expected| lines(expected, &mut traces));
    }
    (transcripts, traces)
}

fn lines(expected: &[Expect], found: &mut BTreeSet<String>) {
    let mut block = |block: &Block| match block {
        Block::One(line) => {
            found.insert(line.clone());
        }
        Block::Many(list) => lines(list, found),
    };
    for element in expected {
        match element {
            Expect::Line(line) => block(&Block::One(line.clone())),
            Expect::OneOf { one_of: blocks } | Expect::AnyOrder { any_order: blocks } => {
                blocks.iter().for_each(&mut block);
            }
            Expect::Maybe { maybe: one } | Expect::AtLeast { of: one, .. } => block(one),
            Expect::AtLeastNs { .. } => {}
        }
    }
}

#[test]
fn examples_of_files_can_be_read() {
    #[derive(Deserialize)]
    struct Expectation {
        expected: Vec<Expect>,
    }
    let (mut cases, mut fixtures, mut expectations) = (0, 0, 0);
    for text in blocks("toml") {
        if text.contains("proves = ") {
            let case: CaseFile = toml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(case.test.is_some(), case.instance.is_empty());
            cases += 1;
        } else if text.contains("[host") {
            let fixture: Fixture = toml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            Board::new(&fixture.device).unwrap_or_else(|error| panic!("{error}\n{text}"));
            fixtures += 1;
        } else {
            let read: Expectation = toml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(check(&read.expected), Ok(()));
            expectations += 1;
        }
    }
    assert_eq!((cases, fixtures, expectations), (2, 2, 1));
}

#[test]
fn every_example_line_stands_in_some_case() {
    let (transcripts, traces) = expected();
    // What matches anything at all says nothing of a line.
    let patterns: Vec<_> = transcripts.iter().chain(&traces).filter(|line| !line.starts_with('*')).collect();
    let mut examples = 0;
    for line in blocks("text").flat_map(str::lines).filter(|line| !line.starts_with(' ')) {
        let text = line.split("  ").next().unwrap_or_default().to_owned();
        let seen = [Line { at: 0, text: text.clone() }];
        let matches = |pattern: &&String| {
            matches!(compare(&[Expect::Line((*pattern).clone())], &seen), Comparison::Same { .. })
        };
        assert!(patterns.iter().any(matches), "no case has the line `{text}`");
        examples += 1;
    }
    assert!(examples > 60, "{examples}");
}

#[test]
fn every_event_of_a_trace_is_explained() {
    let mut missing = BTreeSet::new();
    for line in expected().1 {
        let word: String = line.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
        if word.len() > 1 && !PAGE.contains(&word) {
            missing.insert(word);
        }
    }
    assert_eq!(missing, BTreeSet::new());
}
