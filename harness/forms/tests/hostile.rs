//! Whatever a record says stays text, in every form; and a report that was ended, or has a filter, claims nothing.

use std::sync::{Arc, LazyLock};
use wasi_hw_forms::badge::Badge;
use wasi_hw_forms::diagram::Diagram;
use wasi_hw_forms::diff::Diff;
use wasi_hw_forms::{Run, html, junit, markdown, pcapng, vcd};
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::report::github::Annotations;
use wasi_hw_harness::report::{Channel, Entry, Header, Listed, Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::expect::{Expect, Line};
use wasi_hw_harness::text::is_plain;

const EVIL: &str = "</text></code>\"'><script>alert(1)</script>\u{1b}]0;x\u{7}\u{9b}\u{202e}\r\n::error::x ``` ]]> <!-- & @you";

/// The reference host's run of two cases of each bus: made once, as compiling the guests takes longest.
fn made() -> &'static (Header, Vec<Record>) {
    static MADE: LazyLock<(Header, Vec<Record>)> = LazyLock::new(|| {
        let suite = Arc::new(Suite::discover(&Suite::default_root()));
        let runtime = Runtimes::known().start(None, &suite.root).unwrap();
        let session = Arc::new(Session::new(Arc::clone(&suite), runtime));
        let of = |bus: &'static str| {
            suite.cases.iter().filter(move |case| case.proposal == bus && !case.trace.is_empty()).take(2)
        };
        let cases = ["gpio", "i2c", "spi", "usb"].into_iter().flat_map(of);
        (session.header(8), cases.map(|case| session.run(case)).collect())
    });
    &MADE
}

/// The same, each record given to `change` first.
fn run(change: impl Fn(&mut Record)) -> Run {
    let (header, records) = made();
    let records = records.iter().cloned().map(|mut record| {
        change(&mut record);
        Ok(Entry::Record(Box::new(record)))
    });
    let entries = [Ok(Entry::Header(Box::new(header.clone())))].into_iter().chain(records);
    Run::collect(entries, "run.jsonl".to_owned()).unwrap()
}

fn evil(record: &mut Record) {
    let text = format!("{EVIL}{}", "x".repeat(1 << 20));
    let line = Line { at: u64::MAX, text: text.clone() };
    record.title = text.clone();
    record.stderr = Some(text.clone());
    record.lenient = vec![text.clone()];
    let known = Listed {
        verdict: Verdict::Crash,
        reason: text.clone(),
        link: Some("javascript:alert(1)".to_owned()),
    };
    record.known = Some(known);
    record.guests[0].transcript.push(line.clone());
    record.guests[0].expected.push(Expect::Line(EVIL.to_owned()));
    record
        .trace
        .insert(EVIL.to_owned(), Channel { expected: vec![Expect::Line(EVIL.to_owned())], seen: vec![line] });
}

/// Every form of a run, by name.
fn forms(run: Run) -> Vec<(&'static str, String)> {
    let svg = run.records.iter().filter_map(|record| Some(Diagram::new(record)?.standalone().svg().unwrap()));
    let svg = svg.collect::<String>();
    let mut badge = Badge::new(&run, Some("i2c")).unwrap().svg().unwrap();
    badge.push_str(&Badge::new(&run, Some("usb")).unwrap().endpoint());
    let mut github = Vec::new();
    let mut annotations = Annotations::new(&mut github, &run.header);
    run.records.iter().for_each(|record| annotations.add(record));
    annotations.end().unwrap();
    let github = String::from_utf8(github).unwrap();
    let junit = junit::junit(&run).unwrap();
    let runs = [run];
    let html = html::html(&runs, &Default::default(), ".".as_ref()).unwrap();
    let (well, worse) = (self::run(|_| {}), &runs[0]);
    let diff = Diff::new(&well, worse, false);
    let diff = format!("{diff}{}\n", serde_json::to_string(&diff).unwrap());
    vec![
        ("svg", svg),
        ("badge", badge),
        ("junit", junit),
        ("github", github),
        ("markdown", markdown::markdown(&runs)),
        ("html", html),
        ("diff", diff),
    ]
}

#[test]
fn text_of_a_record_stays_text_in_what_is_exported() {
    let run = run(evil);
    for record in &run.records {
        if record.proposal == "usb" {
            assert!(vcd::vcd(&run, record).is_err());
            let capture = pcapng::pcapng(&run, record).unwrap();
            assert!(capture.len() < 1 << 20, "{} bytes", capture.len());
            // Blocks are as long as they say, up to the end.
            let mut rest = &capture[..];
            while !rest.is_empty() {
                let length = u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize;
                assert_eq!(rest[4..8], rest[length - 4..length]);
                rest = &rest[length..];
            }
            let text = String::from_utf8_lossy(&capture);
            assert!(!text.contains("\u{1b}]0;x") && !text.contains('\u{202e}'), "{}", record.case);
            continue;
        }
        assert!(pcapng::pcapng(&run, record).is_err());
        let file = String::from_utf8(vcd::vcd(&run, record).unwrap()).unwrap();
        assert!(file.len() < 1 << 20, "{} bytes", file.len());
        assert!(file.chars().all(|c| c == '\n' || is_plain(c)), "{}", record.case);
        // One comment, whatever it says, and behind the definitions nothing but times and values.
        assert_eq!(file.matches("$comment").count(), 1, "{}", record.case);
        let (head, values) = file.split_once("$enddefinitions $end\n").unwrap();
        let names = head.lines().filter(|line| line.starts_with("$var") || line.starts_with("$scope"));
        let plain = |c: char| c.is_ascii_graphic() || c == ' ';
        names.for_each(|line| assert!(line.chars().all(plain) && line.len() < 120, "{line}"));
        let value = |line: &str| line.starts_with(['#', '0', '1', 'z', 'r']) && line.len() < 40;
        assert!(values.lines().all(value), "{}", record.case);
    }
}

#[test]
fn bytes_without_end_are_not_drawn_without_end() {
    let run = run(|record| {
        let text = match record.proposal.as_str() {
            "i2c" => "00*262144 ACK",
            "spi" => "OUT [00*262144] IN [ff*262144]",
            "usb" => "IN 0x81 [00*262144]",
            _ => return,
        };
        let line = Line { at: 1_000, text: text.to_owned() };
        // A file is cut above 64 KiB that are drawn bit by bit, and above 32 MiB of a capture.
        let lines = if record.proposal == "usb" { 140 } else { 3 };
        record.trace.values_mut().next().unwrap().seen = vec![line; lines];
    });
    for record in run.records.iter().filter(|record| record.proposal != "gpio") {
        let bytes = match record.proposal.as_str() {
            "usb" => pcapng::pcapng(&run, record).unwrap(),
            _ => vcd::vcd(&run, record).unwrap(),
        };
        assert!(bytes.len() < 48 << 20, "{}: {} bytes", record.case, bytes.len());
    }
}

#[test]
fn text_of_a_record_stays_text_in_every_form() {
    for (form, text) in forms(run(evil)) {
        assert!(text.chars().all(|c| c == '\n' || is_plain(c)), "{form} has what a terminal obeys");
        assert!(
            ["markdown", "github", "diff"].contains(&form) || !text.contains("<script>alert"),
            "{form} has markup"
        );
        assert!(
            !text.contains("javascript:alert(1)\"") && !text.contains("](javascript"),
            "{form} links to a script"
        );
        assert!(text.len() < 3 << 20, "{form} has {} bytes", text.len());
        if form == "github" {
            assert!(
                text.lines()
                    .all(|line| line.starts_with("::error file=") || line.starts_with("::error title=")),
                "{text}"
            );
        }
        if form == "markdown" {
            // Within a fence everything is text; the fence is longer than any that the text has.
            let outside: Vec<_> = text.split("````").step_by(2).collect();
            assert!(!outside.concat().contains("<script>"), "{outside:?}");
        }
    }
}

#[test]
fn every_event_of_a_failing_record_is_in_its_diagram() {
    // The last line of a channel was to be another: what was seen is drawn whole, and what was expected above it.
    let failing = run(|record| {
        let channel = record.trace.values_mut().next().unwrap();
        channel.expected.push(Expect::Line("NOTE never".to_owned()));
    });
    assert_eq!(failing.records.len(), 8);
    for record in &failing.records {
        assert_eq!(
            record.verdict,
            if record.scored() { Verdict::Fail } else { Verdict::Observed },
            "{}",
            record.case
        );
        let seen: usize = record.trace.values().map(|channel| channel.seen.len()).sum();
        let first = record.trace.values().next().unwrap().seen.len();
        let diagram = Diagram::new(record).unwrap();
        assert_eq!(diagram.events(), seen + first + 1, "{}", record.case);
        let svg = diagram.svg().unwrap();
        assert_eq!(svg.matches("first difference").count(), 2, "{}", record.case);
        assert!(svg.contains("NOTE never"), "{}", record.case);
    }
}

#[test]
fn a_run_that_is_not_whole_has_no_green_badge_and_says_so_first() {
    let run = run(|_| {});
    assert!(!run.footer.complete);
    let badge = Badge::new(&run, Some("i2c")).unwrap();
    assert!(badge.endpoint().contains("not a whole run") && !badge.svg().unwrap().contains("#1a7f37"));
    assert!(Badge::new(&run, None).is_err(), "of four worlds one is to be named");
    assert!(run.caveats()[0].starts_with("A filter was on"), "{:?}", run.caveats());
}

/// The badges of I²C, image and JSON, of a run of all cases that its suite has, of a suite that is called so.
fn badge(version: &str, change: impl Fn(&mut Record)) -> (String, String) {
    let Run { mut header, records, footer, .. } = run(change);
    header.suite.version = version.to_owned();
    header.cases.retain(|id, _| records.iter().any(|record| record.case == *id));
    let entries = [Entry::Header(Box::new(header))].into_iter();
    let entries = entries.chain(records.into_iter().map(|record| Entry::Record(Box::new(record))));
    let entries = entries.chain([Entry::Footer(Box::new(footer))]).map(Ok);
    let run = Run::collect(entries, "run.jsonl".to_owned()).unwrap();
    assert!(run.footer.complete);
    let badge = Badge::new(&run, Some("i2c")).unwrap();
    (badge.svg().unwrap(), badge.endpoint())
}

#[test]
fn a_badge_is_green_for_a_release_alone_and_names_world_release_and_claim() {
    const GREEN: &str = "#1a7f37";
    let (svg, json) = badge("1.2.3", |_| {});
    let message = r#""label":"wasi:i2c@0.2.0-draft","message":"conformant · suite 1.2.3","schemaVersion":1"#;
    assert!(json.contains(message) && json.contains(GREEN), "{json}");
    assert!(
        svg.contains(GREEN)
            && svg.contains("wasi:i2c@0.2.0-draft")
            && svg.contains("conformant · suite 1.2.3")
    );
    for version in ["next", "1.2.3+later", "1.2"] {
        let (svg, json) = badge(version, |_| {});
        assert!(json.contains(&format!("not a release, suite {version}")), "{json}");
        assert!(!json.contains(GREEN) && !svg.contains(GREEN), "{json}");
    }
    let (_, json) = badge("1.2.3", |record| record.guests[0].transcript.clear());
    assert!(json.contains("not conformant · suite 1.2.3") && !json.contains(GREEN), "{json}");
}

#[test]
fn a_verdict_that_the_record_does_not_give_is_not_shown() {
    let run = run(|record| record.verdict = Verdict::Crash);
    assert_eq!(run.otherwise, 8);
    assert!(run.records.iter().all(|record| !record.verdict.failed()));
}
