//! JUnit's XML, as CI systems read it: a test suite for each world, a test case for each case.
//!
//! A failure that the runtime's list knows, and a case that was not run or does not apply, is *skipped* with its reason:
//! neither a pass nor a reason for a build to fail, as in the run itself.

use crate::{Run, safe};
use anyhow::Context;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use wasi_hw_harness::report::{Expectation, Record, Verdict, console};

/// The file of a run.
pub fn junit(run: &Run) -> anyhow::Result<String> {
    let mut report =
        Report::new(format!("wasi-hw {} on {}", safe::name(&run.header.suite.version), run.host()));
    let mut worlds: BTreeMap<&str, TestSuite> = BTreeMap::new();
    for record in &run.records {
        let suite = worlds.entry(&record.proposal).or_insert_with(|| world(run, &record.proposal));
        suite.add_test_case(case(run, record));
    }
    report.add_test_suites(worlds.into_values());
    report.to_string().context("the JUnit file cannot be made")
}

fn world(run: &Run, proposal: &str) -> TestSuite {
    let mut suite = TestSuite::new(safe::name(proposal));
    let properties = [
        ("host", run.host()),
        ("suite", safe::name(&run.header.suite.version)),
        ("suite-sha256", safe::name(&run.header.suite.sha256)),
        ("platform", safe::name(&format!("{} {}", run.header.platform.os, run.header.platform.arch))),
        ("claim", run.footer.worlds.get(proposal).map(|world| world.claim.to_string()).unwrap_or_default()),
        ("whole-run", run.footer.complete.to_string()),
    ];
    for (name, value) in &properties {
        suite.add_property((*name, value.as_str()));
    }
    suite
}

fn case(run: &Run, record: &Record) -> TestCase {
    let mut case = TestCase::new(safe::name(&record.case), status(run, record));
    case.set_classname(safe::name(&record.proposal));
    let ids: Vec<_> = record.proves.iter().map(|id| safe::name(id)).collect();
    case.add_property(("requirements", ids.join(" ").as_str()));
    case.add_property(("verdict", record.verdict.to_string().as_str()));
    case
}

fn status(run: &Run, record: &Record) -> TestCaseStatus {
    let first = message(record);
    if record.fails_the_run() {
        let kind = match record.verdict {
            Verdict::Fail => NonSuccessKind::Failure,
            verdict if verdict.passed() => NonSuccessKind::Failure,
            _ => NonSuccessKind::Error,
        };
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(record.verdict.to_string()).set_message(first);
        status.set_description(safe::block(&console::failure(record, &run.header.requirements)));
        return status;
    }
    match record.verdict {
        Verdict::NotRun | Verdict::NotApplicable => {}
        _ if record.expectation == Expectation::Known => {}
        _ => return TestCaseStatus::success(),
    }
    let mut status = TestCaseStatus::skipped();
    status.set_type(record.verdict.to_string()).set_message(first);
    status
}

/// A failure on one line: what a list of them shows.
pub fn message(record: &Record) -> String {
    safe::line(&record.first_difference())
}
