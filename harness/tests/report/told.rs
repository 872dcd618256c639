//! What is told of a failure: where it begins, what shifted the rest, and what its end made; and nothing that a terminal obeys.

use crate::report::reference;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use wasi_hw_harness::report::console::{Color, failure, painted, summary};
use wasi_hw_harness::report::{Footer, Groups, Record, Tell, Verdict};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::expect::Line;
use wasi_hw_harness::text::is_plain;

fn lines(texts: &[&str]) -> Value {
    texts.iter().zip(1..).map(|(text, at)| json!({ "at": at * 1_000, "text": text })).collect()
}

/// A record of one guest and one wire, each with what was expected and what was seen.
fn record(guest: [&[&str]; 2], wire: [&[&str]; 2]) -> Record {
    let record = json!({
        "case": "gpio/lamp", "title": "A lamp", "proposal": "gpio", "package": "-", "fixture": "", "clock": "board",
        "level": "must", "proves": ["GPIO-45"], "ends": "returned", "verdict": "fail", "expectation": "unexpected",
        "guests": [{ "test": "t", "ending": { "how": "returned" }, "expected": guest[0], "transcript": lines(guest[1]) }],
        "trace": { "lamp": { "expected": wire[0], "seen": lines(wire[1]) } }, "board-ns": 0
    });
    serde_json::from_value::<Record>(record).unwrap().concluded()
}

#[test]
fn the_line_that_shifted_all_others_is_told() {
    let expected = ["REQUEST", "DRIVE high", "DRIVE low", "DRIVE high", "RELEASE"];
    let seen = ["REQUEST", "DRIVE high", "DRIVE low", "DRIVE low", "DRIVE high", "RELEASE"];
    let said = failure(&record([&["set -> ok"], &["set -> ok"]], [&expected, &seen]), &BTreeMap::new());
    let part = "             expected  DRIVE high\n             saw       DRIVE low   at 4 µs\n             extra     DRIVE low   \
                at 4 µs: without it all is as expected\n    then               DRIVE high · RELEASE\n";
    assert!(said.contains(part), "{said}");
    // A glitch before what was asked for stands before the place where the two part.
    let seen = ["REQUEST", "DRIVE low", "DRIVE high", "DRIVE low", "DRIVE high", "RELEASE"];
    let said = failure(&record([&[], &[]], [&expected, &seen]), &BTreeMap::new());
    assert!(said.contains("extra     DRIVE low   at 2 µs: without it"), "{said}");
    // Where more is wrong, no line is to blame.
    let said = failure(&record([&[], &[]], [&expected[1..], &seen]), &BTreeMap::new());
    assert!(!said.contains("extra"), "{said}");
}

#[test]
fn what_follows_on_a_difference_is_told_from_its_beginning() {
    let seen: Vec<_> = (0..40).map(|n| format!("E{n}")).collect();
    let seen: Vec<_> = seen.iter().map(String::as_str).collect();
    let said = failure(&record([&["a"], &["a"]], [&["E0", "X"], &seen]), &BTreeMap::new());
    assert!(
        said.contains("    then               E2 · E3 · E4 · E5 · E6 · E7 · E8 · E9 · (30 more)\n"),
        "{said}"
    );
    // A side without a difference is shown around the time of the first one.
    let said = failure(&record([&["a", "b"], &["a", "c"]], [&seen, &seen]), &BTreeMap::new());
    assert!(said.contains("  lamp                 E0 · E1 · E2 · E3 · (36 more)\n"), "{said}");
}

/// The case of a transfer without a time limit, on a device that never answers.
fn endless() -> Arc<wasi_hw_harness::suite::Case> {
    let mut suite = Suite::discover(&Suite::default_root());
    let mut take = |id: &str| {
        let at = suite.cases.iter().position(|case| case.id == id).unwrap();
        Arc::into_inner(suite.cases.remove(at)).unwrap()
    };
    let (mut case, other) = (take("usb/transfers/no-time-limit"), take("usb/transfers/bulk-round-trip"));
    assert_eq!(other.fixture, "usb/loopback.toml");
    case.board = other.board;
    Arc::new(case)
}

#[test]
fn what_the_end_of_a_guest_makes_is_told_from_what_the_host_did() {
    let record = reference().run(&endless());
    assert_eq!(record.verdict, Verdict::Timeout, "{:?}", record.why);
    let seen: Vec<_> = record.trace["device"].seen.iter().map(|line| line.text.as_str()).collect();
    let end = ["NAK 0x81", "LEFT OPEN (CANCEL 0x81)", "LEFT OPEN (RELEASE 0)", "LEFT OPEN (CLOSE)"];
    assert!(seen.ends_with(&end), "{seen:?}");
    let said = failure(&record, &BTreeMap::new());
    let saw = "saw       (nothing until the guest had ended)\n    then               (the guest had ended) · LEFT OPEN (CANCEL 0x81) · \
               LEFT OPEN (RELEASE 0) · LEFT OPEN (CLOSE)\n";
    assert!(said.contains(saw), "{said}");
}

#[test]
fn nothing_of_a_record_is_obeyed_by_a_terminal_and_what_is_told_has_an_end() {
    let loud = format!("\u{1b}]0;x\u{7}\u{9b}\u{202e}\r\ngpio conformant{}", "x".repeat(1 << 20));
    let mut bad = record([&["a"], &["b"]], [&["a"], &["b"]]);
    for text in [&mut bad.case, &mut bad.title, &mut bad.proposal] {
        text.clone_from(&loud);
    }
    bad.proves = vec![loud.clone()];
    bad.why = Some(loud.repeat(2));
    bad.stderr = Some(format!("{loud}\n").repeat(100));
    bad.guests[0].name.clone_from(&loud);
    bad.guests[0].transcript = vec![Line { at: u64::MAX, text: loud.clone() }; 1_000];
    bad.trace.values_mut().for_each(|channel| channel.seen = vec![Line { at: 0, text: loud.clone() }; 1_000]);
    bad.differences.iter_mut().for_each(|difference| difference.expected = vec![loud.clone()]);
    let mut groups = Groups::default();
    (0..3).for_each(|_| assert_ne!(groups.add(&bad), Tell::Nothing));
    let world = reference().footer(&[]);
    let mut footer = Footer { problems: vec![loud.clone()], ..world };
    footer.worlds.insert(
        loud.clone(),
        wasi_hw_harness::report::World {
            package: loud.clone(),
            claim: wasi_hw_harness::report::Claim::Partial,
            required: Default::default(),
            optional: Default::default(),
            observed: 0,
            added_later: 0,
            lacks: vec![loud.clone()],
            not_applicable: 1,
            not_observable: vec![loud.clone()],
        },
    );
    let colours = painted(&bad, &BTreeMap::new(), Color::Always.of(&std::io::stdout()));
    assert!(colours.contains("\u{1b}[31m"), "no colour");
    // Ours are the only ones.
    let ours = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"];
    let colours = ours.iter().fold(colours, |text, code| text.replace(code, ""));
    for said in [failure(&bad, &BTreeMap::new()), colours, groups.to_string(), summary(&footer)] {
        assert!(said.chars().all(|c| c == '\n' || is_plain(c)), "{said:?}");
        assert!(said.len() < 150_000, "{} bytes", said.len());
        assert!(!said.lines().any(|line| line.starts_with("gpio conformant")), "{said}");
    }
}
