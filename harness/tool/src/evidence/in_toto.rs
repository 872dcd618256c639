//! The results as an in-toto statement, predicate test-result v0.1, unsigned: whoever has a key signs it with their own
//! tools. Its subjects are the reports; its configuration is the release.

use super::Released;
use super::run::Run;
use serde_json::{Value, json};
use wasi_hw_harness::report::{Claim, Verdict};

/// The statement on some runs, each with its file and that file's SHA-256.
pub(super) fn statement(
    released: &Released,
    proposal: &str,
    runs: &[Run],
    files: &[(String, String)],
    lock: &str,
) -> Value {
    let claims: Vec<_> = runs.iter().map(|run| run.worlds.get(proposal).map(|world| world.claim)).collect();
    let result = match () {
        () if claims.iter().all(|claim| *claim == Some(Claim::Conformant)) => "PASSED",
        () if claims.contains(&Some(Claim::NotConformant)) => "FAILED",
        () => "WARNED",
    };
    let (mut passed, mut warned, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    let prefix = format!("{proposal}/");
    for (run, (file, _)) in runs.iter().zip(files) {
        for (case, outcome) in run.cases.iter().filter(|(case, _)| case.starts_with(&prefix)) {
            let list = match outcome.verdict {
                Verdict::Pass | Verdict::PassLenient => &mut passed,
                verdict if verdict.failed() => &mut failed,
                // Not shown, whatever the reason.
                _ => &mut warned,
            };
            list.push(format!("{file}#{case}"));
        }
    }
    let subject: Vec<_> =
        files.iter().map(|(file, hash)| json!({ "name": file, "digest": { "sha256": hash } })).collect();
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subject,
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
        "predicate": {
            "result": result,
            "configuration": [{
                "name": format!("WASI hardware conformance suite {}", released.lock.release),
                "digest": { "sha256": lock },
            }],
            "passedTests": passed, "warnedTests": warned, "failedTests": failed,
        },
    })
}
