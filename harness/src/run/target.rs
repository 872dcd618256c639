//! The test target: one trial a case, run by libtest-mimic.

use crate::report::judge::Verdict;
use crate::report::{Record, Writer, console};
use crate::run::known::update as update_known;
use crate::run::session::Session;
use crate::runtime::Runtimes;
use crate::runtime::adapter::child;
use crate::suite::{Case, Suite};
use anyhow::Context;
use clap::Parser;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// Runs the conformance suite against a host implementation.
///
/// Each test is a case. Its name is the case's id, such as `i2c/read-one-frame`; a filter is a part of
/// it. A run ends with a line for each world: conformant, partial or not conformant.
///
/// Exit codes: 0, every scored case did as expected; 101, one did not; 2, wrong usage, or the
/// suite's files have a problem, so that the run is incomplete.
#[derive(Parser)]
#[command(
    name = "conformance",
    help_template = "{about-with-newline}\nUsage: cargo test [FILTER] -- [OPTIONS]\n\n{all-args}{after-help}"
)]
struct Options {
    /// The runtime under test [default: the first that is known]
    #[arg(long, value_name = "NAME")]
    runtime: Option<String>,

    /// Write the report to this file: JSON lines, one record a case, with header and footer
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Write the runtime's list of known failures again, in conformance/runtimes, keeping the reasons in it
    #[arg(long)]
    update: bool,

    #[command(flatten)]
    libtest: Arguments,
}

/// The `main` of a test target with `harness = false`. `runtimes` is [`Runtimes::known`], or a runtime of
/// one's own.
///
/// The environment's `WASI_HW_RUNTIME` and `WASI_HW_REPORT` stand in for the flags of those names, for
/// runners such as nextest that pass none. Under nextest, which starts a process for each case, the
/// report is a folder with a file for each.
pub fn main(runtimes: impl Into<Runtimes>) -> ExitCode {
    if let Some(code) = child::if_asked_for() {
        return code;
    }
    let mut options = Options::parse();
    let from_environment = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if options.runtime.is_none() {
        options.runtime = from_environment("WASI_HW_RUNTIME").map(|name| name.to_string_lossy().into_owned());
    }
    if options.report.is_none() {
        options.report = from_environment("WASI_HW_REPORT").map(PathBuf::from);
    }
    run(options, runtimes.into()).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}

fn run(options: Options, runtimes: Runtimes) -> anyhow::Result<ExitCode> {
    let runtime = runtimes.start(options.runtime.as_deref(), &Suite::default_root())?;
    let session = Arc::new(Session::new(Arc::new(Suite::discover(&Suite::default_root())), runtime));
    let problems = session.all_problems();
    for problem in &problems {
        eprintln!("error: {problem}");
    }
    // Cases that a filter leaves out have no place in the report.
    let arguments = &options.libtest;
    let chosen: Vec<_> = session.suite.cases.iter().filter(|case| runs(arguments, &case.id)).collect();
    if chosen.is_empty() && arguments.filter.is_some() && !arguments.list {
        eprintln!("note: no case matches; `cargo test -- --list` lists them");
    }
    let report = match options.report {
        Some(path) if !arguments.list => {
            Some(Writer::create(&report_file(path, &chosen)?, session.header())?)
        }
        _ => None,
    };
    let results = Arc::new(Results { records: Mutex::default(), report: Mutex::new(report) });
    let places = chosen.iter().enumerate().map(|(place, case)| (case.id.clone(), place));
    let places: std::collections::HashMap<_, _> = places.collect();
    let update = options.update;
    let mut trials = Vec::new();
    for case in &session.suite.cases {
        let (session, case, results) = (Arc::clone(&session), Arc::clone(case), Arc::clone(&results));
        let place = places.get(&case.id).copied();
        trials.push(Trial::ignorable_test(case.id.clone(), move || {
            let record = session.run(&case);
            let completion = complete(&session, &record, update);
            if let Some(place) = place {
                results.take(place, record)?;
            }
            completion
        }));
    }
    for problem in problems.iter().cloned() {
        // Under a runner that starts one process a test, a problem is seen only if it is a test.
        let name = format!("suite/{}", problem.split(": ").next().unwrap_or_default());
        trials.push(Trial::test(name, move || Err(Failed::from(problem))));
    }
    let conclusion = libtest_mimic::run(arguments, trials);
    if arguments.list {
        return Ok(ExitCode::from(if problems.is_empty() { 0 } else { 2 }));
    }
    let mut records = std::mem::take(&mut *results.records.lock().unwrap_or_else(PoisonError::into_inner));
    records.sort_by_key(|(place, _)| *place);
    let records: Vec<_> = records.into_iter().map(|(_, record)| record).collect();
    let footer = session.footer(&records);
    if update {
        println!("{}", update_known(&Suite::default_root(), &session.about.name, &records)?);
    }
    print!("{}", console::summary(&footer));
    if let Some(report) = results.report.lock().unwrap_or_else(PoisonError::into_inner).take() {
        report.finish(footer).context("the run is over, but its report is not")?;
    }
    if !problems.is_empty() {
        return Ok(ExitCode::from(2));
    }
    Ok(conclusion.exit_code())
}

/// Where the report goes: under nextest, to a file of its own for each process.
fn report_file(path: PathBuf, chosen: &[&Arc<Case>]) -> anyhow::Result<PathBuf> {
    if std::env::var_os("NEXTEST").is_none() {
        return Ok(path);
    }
    let case = chosen.first().map_or("none", |case| case.id.as_str());
    std::fs::create_dir_all(&path)
        .with_context(|| format!("the folder {} cannot be made", path.display()))?;
    Ok(path.join(format!("{}.jsonl", case.replace('/', "."))))
}

/// As libtest-mimic decides it.
fn runs(arguments: &Arguments, id: &str) -> bool {
    let matches = |pattern: &str| if arguments.exact { id == pattern } else { id.contains(pattern) };
    !arguments.ignored
        && arguments.filter.as_deref().is_none_or(matches)
        && !arguments.skip.iter().any(|s| matches(s))
}

struct Results {
    records: Mutex<Vec<(usize, Record)>>,
    report: Mutex<Option<Writer>>,
}

impl Results {
    fn take(&self, place: usize, record: Record) -> Result<(), Failed> {
        if let Some(report) = &mut *self.report.lock().unwrap_or_else(PoisonError::into_inner) {
            report.record(place, record.clone()).map_err(|error| Failed::from(format!("{error:#}")))?;
        }
        self.records.lock().unwrap_or_else(PoisonError::into_inner).push((place, record));
        Ok(())
    }
}

/// `update` says that the list of known failures is being written, so that no failure is one of the run.
fn complete(session: &Session, record: &Record, update: bool) -> Result<Completion, Failed> {
    if record.fails_the_run() && !update {
        return Err(Failed::from(console::failure(record, &session.suite.requirements)));
    }
    let reason = match record.verdict {
        Verdict::Pass | Verdict::PassLenient | Verdict::Observed => return Ok(Completion::Completed),
        verdict => record
            .known
            .clone()
            .or(record.why.clone())
            .map_or(verdict.to_string(), |why| format!("{verdict}: {why}")),
    };
    Ok(Completion::ignored_with(reason.lines().next().unwrap_or_default()))
}
