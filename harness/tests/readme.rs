//! What the README shows is what a user sees.

use std::path::Path;
use std::sync::Arc;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::defects::catalogue;
use wasi_hw_harness::engine::Compiler;
use wasi_hw_harness::report::console;
use wasi_hw_harness::session::Session;
use wasi_hw_harness::suite::Suite;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

#[test]
fn the_failure_that_it_shows_is_what_such_a_host_gets() {
    let suite = Arc::new(Suite::discover(root()));
    let defect = catalogue().into_iter().find(|d| d.id == "i2c/write-read-with-a-stop-between").unwrap();
    let session = Arc::new(Session::new(Arc::clone(&suite), defect.start(&Compiler::new().unwrap())));
    let case = suite.cases.iter().find(|case| case.id == "i2c/write-read-repeated-start").unwrap();
    let said = console::failure(&session.run(case), &suite.requirements);
    assert!(readme().contains(&said), "README.md does not show this:\n{said}");
}

#[test]
fn the_summary_that_it_shows_is_that_of_a_run() {
    let suite = Arc::new(Suite::discover(root()));
    let session = Arc::new(Session::new(suite, Runtimes::known().start(Some("wasmtime")).unwrap()));
    let records = session.run_all(&session.suite.cases, |_, _| {});
    let said = console::summary(&session.footer(&records));
    assert!(readme().contains(&said), "README.md does not show this:\n{said}");
}
