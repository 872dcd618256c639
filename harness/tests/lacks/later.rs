//! A lack of what a release does not know yet.

use super::lack;
use std::sync::Arc;
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::suite::Suite;

fn session(suite: &str, capability: &str) -> Session {
    let suite = Suite::select(&Suite::default_root(), Some(suite)).expect("there is such a suite");
    let mut host = Reference::default();
    host.about.lacks.push(lack(capability, None));
    Session::new(Arc::new(suite), Box::new(InProcess::new(host).expect("an engine")))
}

#[test]
fn what_a_release_does_not_know_cannot_be_lacked_there() {
    let session = session("0.1.0", "named-imports");
    session.ensure_known().expect("a host has one list of what it lacks, whatever suite it is run on");
    assert!(session.about.lacks.is_empty() && session.header(0).lacks_of("spi").is_empty());
}

#[test]
fn what_the_tree_knows_is_lacked_there() {
    let session = session("next", "named-imports");
    session.ensure_known().expect("a capability");
    assert_eq!(session.header(0).lacks_of("spi"), ["named-imports"]);
}

#[test]
fn what_nobody_knows_is_an_error_in_a_release_too() {
    for suite in ["0.1.0", "next"] {
        let error = session(suite, "named-inports").ensure_known().expect_err("there is no such capability");
        assert!(error.to_string().contains("no capability `named-inports`"), "{error}");
    }
}

/// Where cases that came later are run and do not count, a claim does not name what only they need.
#[test]
fn a_claim_on_a_release_names_no_lack_of_what_came_later() {
    let mut host = Reference::default();
    host.about.lacks.extend([lack("named-imports", None), lack("instances", None)]);
    let suite = Suite::usual(&Suite::default_root());
    let later =
        suite.cases.iter().filter(|case| case.needs.iter().any(|need| need.capability == "named-imports"));
    let expected: &[&str] = match later.map(|case| &case.added_after).collect::<Vec<_>>()[..] {
        [] | [Some(_), ..] => &["instances"],
        [None, ..] => &["instances", "named-imports"],
    };
    let session = Session::new(Arc::new(suite), Box::new(InProcess::new(host).expect("an engine")));
    session.ensure_known().expect("capabilities");
    assert_eq!(session.header(0).lacks_of("spi"), expected);
}
