//! Hosts of USB over systems that lack what the contract lets them lack, as those of Windows do: each declares it, keeps
//! the contract, and is told so; one that declares more than it lacks is told that.

use std::collections::BTreeMap;
use std::sync::Arc;
use wasi_hw_harness::report::{Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::capability::Bound;
use wasi_hw_mock::BoardConfig;

/// Takes from a board what a host over it lacks then.
type Take = fn(&mut BoardConfig);

/// By capability, how a system is without it.
const LACKS: [(&str, Take); 6] = [
    ("set-configuration", |board| board.usb_system.no_set_configuration = true),
    ("port-reset", |board| board.usb_system.no_port_reset = true),
    ("second-opener", |board| board.usb_system.one_opener = true),
    ("hotplug", |board| board.usb_system.no_hotplug = true),
    ("isochronous", |board| board.usb_system.no_isochronous = true),
    ("streams", |board| board.usb.values_mut().for_each(|device| device.streams = 0)),
];

/// Runs every case of USB on the reference host, over a system without these, of which it declares some.
fn run(taken: &[(&str, Take)], declared: &[&str]) -> (Arc<Session>, Vec<Record>) {
    let mut suite = Suite::discover(&Suite::default_root());
    for case in &mut suite.cases {
        let case = Arc::get_mut(case).expect("nobody else has it yet");
        let mut board = (*case.board).clone();
        taken.iter().for_each(|(_, take)| take(&mut board.device));
        case.board = Arc::new(board);
    }
    let lacks = declared.iter().map(|name| Bound { capability: (*name).to_owned(), number: None }).collect();
    let about = About { lacks, ..Reference::default().about };
    let host = InProcess::new(Reference { about, ..Reference::default() }).unwrap();
    let session = Arc::new(Session::new(Arc::new(suite), Box::new(host)));
    let cases: Vec<_> = session.suite.cases.iter().filter(|case| case.proposal == "usb").cloned().collect();
    let records = session.run_all(&cases, |_, _| {});
    (session, records)
}

/// How many records have which verdict; those that are wrong are told.
fn verdicts(records: &[Record], lacks: &str) -> BTreeMap<String, usize> {
    let wrong = |record: &&Record| record.verdict.failed() || record.verdict == Verdict::NotLacking;
    let wrong: Vec<_> =
        records.iter().filter(wrong).map(|r| (&r.case, r.verdict, &r.why, &r.differences)).collect();
    assert!(wrong.is_empty(), "without {lacks}: {wrong:#?}");
    let mut counts = BTreeMap::new();
    for record in records {
        *counts.entry(format!("{:?}", record.verdict)).or_default() += 1;
    }
    counts
}

#[test]
fn a_host_that_declares_one_lack_keeps_the_contract() {
    for (name, take) in LACKS {
        let (_, records) = run(&[(name, take)], &[name]);
        let counts = verdicts(&records, name);
        assert!(counts.contains_key("Unsupported"), "without {name}: {counts:?}");
    }
}

#[test]
fn a_host_that_lacks_all_of_it_keeps_the_contract_and_is_called_by_its_lacks() {
    let names = LACKS.map(|(name, _)| name);
    let (session, records) = run(&LACKS, &names);
    verdicts(&records, "all");
    let world = &session.footer(&records).worlds["usb"];
    let told = serde_json::to_string(world).unwrap();
    assert!(told.contains("conformant"), "{told}");
    names.iter().for_each(|name| assert!(told.contains(name), "{name} is not in {told}"));
}

#[test]
fn a_lack_that_is_not_declared_is_a_failure_and_one_that_is_not_there_is_told() {
    let (_, records) = run(&LACKS[..1], &[]);
    assert!(records.iter().any(|record| record.verdict == Verdict::Fail));
    let (_, records) = run(&[], &["port-reset"]);
    assert!(records.iter().any(|record| record.verdict == Verdict::NotLacking));
}
