//! The suite proves itself: what it says of a right host, and that it notices every wrong one.

use std::sync::Arc;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::report::{Claim, Record};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::engine::Compiler;
use wasi_hw_harness::suite::Suite;
use wasi_hw_proof::{liars, matrix, run_one};

fn suite() -> Arc<Suite> {
    let suite = Suite::discover(&Suite::default_root());
    assert_eq!(suite.problems, []);
    Arc::new(suite)
}

fn records(runtime: &str) -> (Arc<Session>, Vec<Record>) {
    let session = Arc::new(Session::new(
        suite(),
        Runtimes::known().start(Some(runtime), &Suite::default_root()).unwrap(),
    ));
    let records = session.run_all(&session.suite.cases, |_, _| {});
    (session, records)
}

#[test]
fn the_reference_host_passes_everything_at_every_seam() {
    // The child is the executable that starts it, which here has no part for it; tests/protocol has.
    for runtime in Runtimes::known().names().into_iter().filter(|name| *name != "wasmtime-child") {
        passes_everything(runtime);
    }
}

fn passes_everything(runtime: &str) {
    let (session, records) = records(runtime);
    for record in &records {
        let well = !record.fails_the_run() && (!record.scored() || record.verdict.passed());
        assert!(well, "{runtime}: {}: {}: {:?}", record.case, record.verdict, record.why);
    }
    let footer = session.footer(&records);
    assert!(footer.complete);
    for (proposal, world) in footer.worlds {
        assert_eq!(world.claim, Claim::Conformant, "{proposal}");
        assert_eq!(world.required.passed, world.required.all, "{proposal}");
        assert_eq!(world.optional.passed, world.optional.all, "{proposal}");
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let bytes = |records: &[Record]| serde_json::to_string(records).unwrap();
    let (_, first) = records("wasmtime");
    let (session, second) = records("wasmtime");
    let one_by_one: Vec<_> = session.suite.cases.iter().map(|case| session.run(case)).collect();
    assert!(bytes(&first) == bytes(&second), "two runs differ");
    assert!(bytes(&first) == bytes(&one_by_one), "a run on one thread differs from a run on many");
}

#[test]
fn every_liar_fails_every_scored_case() {
    let suite = suite();
    let compiler = Compiler::new().unwrap();
    for liar in liars() {
        let believed = run_one(&suite, &compiler, &liar).not_failed;
        assert!(believed.is_empty(), "{} passes {believed:?}", liar.id);
    }
}

#[test]
fn every_seeded_defect_is_noticed_by_a_case_that_cites_what_it_breaks() {
    let suite = suite();
    let matrix = matrix(&suite, None, |_, _, _| {}).unwrap();
    let survivors: Vec<_> = matrix.survivors().map(|defect| (&defect.id, &defect.failed)).collect();
    assert!(
        survivors.is_empty(),
        "defects that no citing case notices, and what else failed: {survivors:#?}"
    );
    assert!(
        matrix.musts_without_defect.is_empty(),
        "MUSTs without a defect: {:?}",
        matrix.musts_without_defect
    );
    for defect in &matrix.defects {
        let (failed, cases) = (defect.failed.len(), defect.cases);
        assert!(failed * 4 < cases, "{} fails {failed} of {cases} cases: {:?}", defect.id, defect.failed);
        for id in &defect.violates {
            assert!(suite.requirements.contains_key(id), "{} breaks {id}, which does not exist", defect.id);
        }
    }
}
