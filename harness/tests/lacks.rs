//! Hosts that lack what the contract lets them lack: each declares it, keeps the contract, and is told so; one that declares
//! more than it lacks is told that.

mod gpio;
mod i2c;
mod instances;
mod later;
mod usb;

use std::collections::BTreeSet;
use std::sync::Arc;
use wasi_hw_harness::report::{Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::Runtime;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::capability::Bound;
use wasi_hw_mock::BoardConfig;

/// Takes from a board what a host over it lacks then.
type Take = fn(&mut BoardConfig);

fn lack(capability: &str, number: Option<u64>) -> Bound {
    Bound { capability: capability.to_owned(), number }
}

/// Runs the cases of a proposal, or all, on a host, over boards from which something was taken.
fn run(host: Box<dyn Runtime>, proposal: Option<&str>, take: &[Take]) -> (Arc<Session>, Vec<Record>) {
    let mut suite = Suite::discover(&Suite::default_root());
    for case in &mut suite.cases {
        let case = Arc::get_mut(case).expect("nobody else has it yet");
        let mut board = (*case.board).clone();
        take.iter().for_each(|take| take(&mut board.device));
        case.board = Arc::new(board);
    }
    let session = Arc::new(Session::new(Arc::new(suite), host));
    let cases = session.suite.cases.iter().filter(|case| proposal.is_none_or(|name| case.proposal == name));
    let records = session.run_all(&cases.cloned().collect::<Vec<_>>(), |_, _| {});
    (session, records)
}

/// The cases that a host is held to and fails, or whose lack it does not have.
fn wrong(records: &[Record]) -> BTreeSet<&str> {
    let wrong =
        records.iter().filter(|record| record.verdict.failed() || record.verdict == Verdict::NotLacking);
    wrong.map(|record| record.case.as_str()).collect()
}

/// How many cases have a verdict.
fn count(records: &[Record], verdict: Verdict) -> usize {
    records.iter().filter(|record| record.verdict == verdict).count()
}

/// What a claim says of a world.
fn told(session: &Session, records: &[Record], proposal: &str) -> String {
    serde_json::to_string(&session.footer(records).worlds[proposal]).expect("a world")
}
