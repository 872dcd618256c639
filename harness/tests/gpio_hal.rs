//! The reference host of `wasi:gpio` over `embedded-hal` pins, which have no edges and no analog inputs.

use std::sync::Arc;
use wasi_hw_harness::report::Record;
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::engine::{Embedding, InProcess};
use wasi_hw_harness::runtime::reference::{Reference, gpio};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::expect::{Comparison, Expect, Line, compare};

fn records() -> Vec<Record> {
    let suite = Arc::new(Suite::discover(&Suite::default_root()));
    let mut host = Reference { gpio_line: gpio::request_hal, ..Reference::default() };
    host.about.name = "wasmtime-hal".to_owned();
    host.about.seams.insert("gpio".to_owned(), "hal".to_owned());
    assert_eq!(host.about().seams["gpio"], "hal");
    let session = Arc::new(Session::new(suite, Box::new(InProcess::new(host).expect("an engine"))));
    let cases: Vec<_> = session.suite.cases.iter().filter(|case| case.proposal == "gpio").cloned().collect();
    session.run_all(&cases, |_, _| {})
}

/// What the traits lack, the host says; and whatever they have, it does as over a kernel's lines.
#[test]
fn a_case_fails_only_where_a_pin_has_no_means_for_it() {
    let records = records();
    let lacks = |record: &Record| {
        let lines = record.guests.iter().flat_map(|guest| &guest.transcript);
        lines.map(|line| &line.text).any(|line| {
            line.ends_with("err operation-not-supported") || line.ends_with("err pin-mode-not-available")
        })
    };
    for record in &records {
        let well = !record.scored() || record.verdict.passed() || lacks(record);
        assert!(well, "{}: {} {:?}", record.case, record.verdict, record.differences);
    }
    let passed = records.iter().filter(|record| record.scored() && record.verdict.passed()).count();
    assert!(passed >= 20, "only {passed} cases pass");
}

/// A case about waiting says what a host gives that declares that it cannot wait. The traits without edges make
/// the reference host such a one.
#[test]
fn a_host_that_cannot_wait_gives_what_its_declaration_says() {
    let suite = Suite::discover(&Suite::default_root());
    let mut compared = 0;
    for record in records() {
        let case = suite.cases.iter().find(|case| case.id == record.case).expect("the case of the record");
        let lines = record.guests.iter().flat_map(|guest| &guest.transcript);
        let opened = !lines.map(|line| &line.text).any(|line| line.ends_with("err pin-mode-not-available"));
        let Some(without) = case.without.as_ref().filter(|_| opened) else { continue };
        let same =
            |expected: &[Expect], seen: &[Line]| matches!(compare(expected, seen), Comparison::Same { .. });
        assert!(
            same(&without.transcript, &record.guests[0].transcript),
            "{}: {:#?}",
            record.case,
            record.guests
        );
        for (name, channel) in &record.trace {
            let expected = without.trace.get(name).map_or(&[][..], Vec::as_slice);
            assert!(same(expected, &channel.seen), "{} {name}: {:?}", record.case, channel.seen);
        }
        compared += 1;
    }
    assert!(compared >= 20, "only {compared} cases say what such a host gives");
}
