//! `cargo hw run`.

use super::Context;
use super::progress::Progress;
use anyhow::Context as _;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::interrupt;
use wasi_hw_harness::report::console::Color;
use wasi_hw_harness::report::github::{self, Annotations};
use wasi_hw_harness::report::{Console, Sinks, Writer};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::run::{self, Options as RunOptions, Shard};
use wasi_hw_harness::runtime::{Isolate, Limits};
use wasi_hw_harness::say;

/// Run cases against a host, and say for each world what came of it
///
/// Exit codes: 0, every scored case did as expected; 1, one did not, none was scored, or the machine did not let the host
/// run; 2, wrong usage, the suite's files have a problem, so that the run is incomplete, or an output could not be written;
/// 130, Ctrl-C ended the run (143: SIGTERM), and the report has what there was.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Run only cases whose id contains one of these
    filter: Vec<String>,

    /// Take the filters for whole ids
    #[arg(long)]
    exact: bool,

    /// The runtime under test: a name (`list --runtimes` has them all); 'cmd:COMMAND', an adapter; or 'cli:COMMAND', a command
    /// line that runs components (conformance/COMMAND.md). A command runs in the suite's folder, or in the current one if the
    /// suite is inside this program [default: WASI_HW_RUNTIME, or wasmtime]
    #[arg(long, value_name = "NAME")]
    runtime: Option<String>,

    /// The suite to run: a release such as 0.1.0, or `next`, which is all that stands in the tree and counts it [default:
    /// WASI_HW_SUITE, or the newest release, with what came later unscored]
    #[arg(long, value_name = "VERSION")]
    suite: Option<String>,

    /// Run only the Kth of N parts of the cases, such as 2/8; `merge` puts the reports together
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,

    /// What the runtime is known to fail, and lacks [default: its file in conformance/runtimes]
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,

    /// Rewrite the runtime's list of known failures; reasons that are there stay
    #[arg(long)]
    update: bool,

    /// Write the report to this file: JSON lines, one record a case, with header and footer
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Run the host in processes of its own, so that one that aborts, hangs or takes all memory costs one case
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, num_args = 0..=1, default_missing_value = "always", require_equals = true)]
    isolate: Isolate,

    /// Run nothing more once a case did otherwise than expected
    #[arg(long)]
    fail_fast: bool,

    /// Give a case up after so many seconds: those of processors that the host used, and those in which it waited for nobody
    /// but itself
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().watchdog_s, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,

    /// Whether what is told of failures has colours; NO_COLOR takes them away from a terminal
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    color: Color,

    /// Write the report to the standard output instead of the summary
    #[arg(long)]
    json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    interrupt::listen().context("signals cannot be listened to")?;
    let environment = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let named = environment("WASI_HW_RUNTIME").map(|name| name.to_string_lossy().into_owned());
    let runtime = Runtimes::known().start_in(
        options.runtime.as_deref().or(named.as_deref()),
        context.place.folder(),
        options.isolate,
    )?;
    let suite = Arc::new(context.selected(options.suite.as_deref())?);
    let mut session = match &options.known {
        Some(file) => Session::with_known(suite, runtime, Some(std::env::current_dir()?.join(file))),
        None => Session::new(suite, runtime),
    };
    session.limits.watchdog_s = options.timeout;
    let session = Arc::new(session);
    session.problems.iter().for_each(say::error);
    session.ensure_known().context("nothing was run")?;
    let matches = |id: &str, f: &String| if options.exact { id == f } else { id.contains(f.as_str()) };
    let chosen = |id: &str| options.filter.is_empty() || options.filter.iter().any(|f| matches(id, f));
    let mut cases: Vec<_> = session.suite.cases.iter().filter(|case| chosen(&case.id)).cloned().collect();
    if let Some(shard) = options.shard {
        cases = shard.of(cases);
    }
    for filter in &options.filter {
        if !session.suite.cases.iter().any(|case| matches(&case.id, filter)) {
            anyhow::bail!("no case matches `{filter}`; `cargo hw list` lists them");
        }
    }
    let header = session.header(cases.len());
    let mut sinks = Sinks::default();
    if let Some(path) = options.report.clone().or(environment("WASI_HW_REPORT").map(PathBuf::from)) {
        sinks = sinks.with(Writer::create(&path, &header)?);
    }
    let progress = Progress::new(&cases);
    let paint = options.color.of(&io::stdout());
    let out = progress.above(context.out);
    sinks = match (options.json, options.update) {
        (true, _) => sinks.with(Writer::new(out, "the report on the standard output", &header)?),
        // What fails goes into the list.
        (false, true) => sinks.with(Console::painted(out, &header, paint).summary_only()),
        (false, false) => sinks.with(Console::painted(out, &header, paint)),
    };
    if github::is_here() && !options.json {
        sinks = sinks.with(Annotations::new(io::stdout(), &header));
    }
    let update = RunOptions { update: options.update, fail_fast: options.fail_fast };
    let finished = run::run(&session, &cases, sinks, update, &|_, record| progress.case(record))?;
    progress.end();
    if options.update {
        context.place.keep_lists()?;
    }
    finished.updated.iter().for_each(say::plain);
    finished.trouble.iter().for_each(|error| say::error(format_args!("{error:#}")));
    finished.empty.iter().for_each(say::error);
    Ok(ExitCode::from(finished.code()))
}
