//! The results in EARL 1.0, the W3C's Evaluation and Report Language, as JSON-LD. It has five outcomes, and no place for
//! transcripts, seams and alternatives; so it is made from the record, and never the other way round.

use super::Released;
use super::run::Run;
use serde_json::{Value, json};
use wasi_hw_harness::report::Verdict;
use wasi_hw_harness::suite::requirement::Level;

/// The outcome of a case. What was not shown is never `passed`.
fn outcome(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass | Verdict::PassLenient => "earl:passed",
        Verdict::Fail | Verdict::Trap | Verdict::Crash | Verdict::Timeout | Verdict::LinkFailure => {
            "earl:failed"
        }
        Verdict::Observed | Verdict::HarnessError | Verdict::NotLacking => "earl:cantTell",
        Verdict::Unsupported | Verdict::NotApplicable => "earl:inapplicable",
        Verdict::NotRun => "earl:untested",
    }
}

/// The document: an assertion for each case of each run.
pub(super) fn document(released: &Released, proposal: &str, runs: &[Run]) -> Value {
    let release = &released.lock.release;
    let suite = format!("urn:wasi-hw:suite:{release}");
    let mut graph = vec![json!({
        "@id": suite, "@type": ["earl:Software", "earl:Assertor"],
        "dct:title": format!("WASI hardware conformance suite {release}"), "dct:hasVersion": release,
    })];
    let cases = released.suite.cases.iter().filter(|case| case.proposal == proposal);
    let cases: Vec<_> = cases.filter(|case| !released.is_withdrawn(&case.id)).collect();
    for case in &cases {
        let kind = if case.level == Level::Must { "earl:TestRequirement" } else { "earl:TestCase" };
        graph.push(json!({
            "@id": format!("{suite}:case:{}", case.id), "@type": ["earl:TestCriterion", kind],
            "dct:identifier": case.id, "dct:title": case.title, "dct:references": case.proves,
            "dct:isPartOf": { "@id": suite },
        }));
    }
    for (n, run) in (1..).zip(runs) {
        let subject = format!("urn:wasi-hw:run:{n}");
        graph.push(json!({
            "@id": subject, "@type": ["earl:TestSubject", "earl:Software"],
            "dct:title": run.about.name, "dct:hasVersion": run.about.version,
        }));
        for case in &cases {
            let Some(done) = run.cases.get(&case.id) else { continue };
            let shown: Vec<_> = case.proves.iter().filter(|id| !done.not_observable.contains(id)).collect();
            graph.push(json!({
                "@type": "earl:Assertion",
                "earl:assertedBy": { "@id": suite },
                "earl:subject": { "@id": subject },
                "earl:test": { "@id": format!("{suite}:case:{}", case.id) },
                "earl:mode": { "@id": "earl:automatic" },
                "earl:result": {
                    "@type": "earl:TestResult",
                    "earl:outcome": { "@id": outcome(done.verdict) },
                    "dct:description": done.verdict.to_string(),
                    "dct:references": shown,
                },
            }));
        }
    }
    json!({
        "@context": { "earl": "http://www.w3.org/ns/earl#", "dct": "http://purl.org/dc/terms/" },
        "@graph": graph,
    })
}
