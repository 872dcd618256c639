//! `cargo hw run`.

use super::Context;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::report::{Entry, Record, Writer, console};
use wasi_hw_harness::run::session::Session;

/// Run cases against a host, and say for each world what came of it
///
/// Exit codes: 0, every scored case did as expected; 1, one did not; 2, wrong usage, or the
/// suite's files have a problem, so that the run is incomplete.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Run only cases whose id contains one of these
    filter: Vec<String>,

    /// Take the filters for whole ids
    #[arg(long)]
    exact: bool,

    /// The runtime under test: a name, or 'cmd:COMMAND' [default: WASI_HW_RUNTIME, or wasmtime]
    #[arg(long, value_name = "NAME")]
    runtime: Option<String>,

    /// Rewrite the runtime's list of known failures in conformance/runtimes; reasons that are there stay
    #[arg(long)]
    update: bool,

    /// Write the report to this file: JSON lines, one record a case, with header and footer
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Write the report to the standard output instead of the summary
    #[arg(long)]
    json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let environment = std::env::var("WASI_HW_RUNTIME").ok().filter(|name| !name.is_empty());
    let runtime =
        Runtimes::known().start(options.runtime.as_deref().or(environment.as_deref()), &context.root)?;
    let session = Arc::new(Session::new(Arc::new(context.suite()), runtime));
    for problem in &session.problems {
        eprintln!("error: {problem}");
    }
    let matches = |id: &str, f: &String| if options.exact { id == f } else { id.contains(f.as_str()) };
    let chosen = |id: &str| options.filter.is_empty() || options.filter.iter().any(|f| matches(id, f));
    let cases: Vec<_> = session.suite.cases.iter().filter(|case| chosen(&case.id)).cloned().collect();
    for filter in &options.filter {
        if !session.suite.cases.iter().any(|case| matches(&case.id, filter)) {
            anyhow::bail!("no case matches `{filter}`; `cargo hw list` lists them");
        }
    }
    let report = std::env::var_os("WASI_HW_REPORT").filter(|path| !path.is_empty()).map(PathBuf::from);
    let report = options.report.clone().or(report);
    let writer = report.map(|path| Writer::create(&path, session.header())).transpose()?;
    let (writer, trouble) = (Mutex::new(writer), Mutex::new(None));
    let done = AtomicUsize::new(0);
    let records = session.run_all(&cases, |place, record| {
        let done = 1 + done.fetch_add(1, Ordering::Relaxed);
        Context::progress(&format!("{done}/{} {}", cases.len(), record.case));
        if let Some(writer) = &mut *writer.lock().unwrap_or_else(PoisonError::into_inner)
            && let Err(error) = writer.record(place, record.clone())
        {
            *trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    });
    Context::progress("");
    let footer = session.footer(&records);
    if options.update {
        let updated = wasi_hw_harness::run::known::update(&context.root, &session.about.name, &records)?;
        eprintln!("{updated}");
    }
    if options.json {
        let mut entry = |entry: &Entry| -> anyhow::Result<()> {
            writeln!(context.out, "{}", serde_json::to_string(entry)?)?;
            Ok(())
        };
        entry(&Entry::Header(session.header()))?;
        for record in &records {
            entry(&Entry::Record(Box::new(record.clone())))?;
        }
        entry(&Entry::Footer(footer.clone()))?;
    } else {
        for record in records.iter().filter(|record| record.fails_the_run() && !options.update) {
            writeln!(context.out, "{}", console::failure(record, &session.suite.requirements))?;
        }
        write!(context.out, "{}", console::summary(&footer))?;
    }
    if let Some(writer) = writer.into_inner().unwrap_or_else(PoisonError::into_inner) {
        writer.finish(footer.clone())?;
    }
    if let Some(error) = trouble.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let failed = !options.update && records.iter().any(Record::fails_the_run);
    Ok(ExitCode::from(match (footer.problems.is_empty(), failed) {
        (false, _) => 2,
        (true, true) => 1,
        (true, false) => 0,
    }))
}
