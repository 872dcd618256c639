//! What the documents show of the suite is what a user sees.

use std::sync::Arc;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::report::{Sink, Writer};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::start::RuntimeFile;
use wasi_hw_harness::suite::Suite;
use wasi_hw_tool::pages::stale;
use wasi_hw_tool::verdicts::{Verdicts, of_run};

#[test]
fn the_parts_that_are_made_from_the_suite_are_current() {
    let suite = Arc::new(Suite::discover(&Suite::default_root()));
    let stale: Vec<_> = stale(&suite).unwrap().into_iter().map(|(page, _)| page).collect();
    assert!(stale.is_empty(), "run `cargo hw pages --write`: {stale:?}");
}

/// Whoever adds a runtime says what it comes to.
#[test]
fn the_table_of_runtimes_has_each_of_them() {
    let root = Suite::default_root();
    let verdicts = Verdicts::read(&root).unwrap();
    let mut told: Vec<_> = verdicts.runtime.iter().map(|row| row.name.clone()).collect();
    let mut known = RuntimeFile::names(&root);
    known.extend(Runtimes::known().names().into_iter().map(str::to_owned));
    told.sort();
    known.sort();
    assert_eq!(told, known);
    let suite = Suite::discover(&root);
    for row in &verdicts.runtime {
        let file = RuntimeFile::find(&root, &row.name).unwrap().unwrap_or_default();
        assert_eq!(row.form, file.form, "{}", row.name);
        for proposal in row.world.keys() {
            assert!(suite.proposals.iter().any(|known| known.name == *proposal), "{proposal}");
        }
    }
}

/// A line that is not what a run came to is told, of the worlds that were run whole.
#[test]
fn a_run_is_compared_with_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("run.jsonl");
    let suite = Arc::new(Suite::discover(&Suite::default_root()));
    let session =
        Arc::new(Session::new(Arc::clone(&suite), Runtimes::known().start(None, &suite.root).unwrap()));
    let cases: Vec<_> = suite.cases.iter().filter(|case| case.proposal == "spi").cloned().collect();
    let records = session.run_all(&cases, |_, _| {});
    let mut stream: Box<dyn Sink> = Box::new(Writer::create(&report, &session.header(cases.len())).unwrap());
    for (n, record) in records.iter().enumerate() {
        stream.record(n, record).unwrap();
    }
    stream.finish(&session.footer(&records)).unwrap();
    let run = of_run(&report).unwrap();
    assert_eq!(run.world.keys().collect::<Vec<_>>(), ["spi"]);
    let mut verdicts = Verdicts::read(&suite.root).unwrap();
    verdicts.take(run.clone());
    assert_eq!(verdicts.differences(&run), [""; 0]);
    let mut other = run;
    other.world.get_mut("spi").unwrap().line = "conformant 1/1 + 0/0".to_owned();
    assert_eq!(verdicts.differences(&other).len(), 1);
    other.name = "nobody".to_owned();
    assert_eq!(verdicts.differences(&other), ["nobody is not in it"]);
}
