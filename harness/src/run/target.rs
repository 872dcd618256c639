//! The test target: one trial a case, run by libtest-mimic.

use super::Shard;
use super::program::{Options as RunOptions, Run, interrupted};
use crate::interrupt;
use crate::report::console::{Color, Teller};
use crate::report::github::{self, Annotations};
use crate::report::{Console, Record, Sinks, Verdict, Writer};
use crate::run::known::Place;
use crate::run::session::Session;
use crate::runtime::{Isolate, Limits, Runtimes};
use crate::say;
use crate::suite::{Case, Suite};
use anyhow::Context;
use clap::Parser;
use libtest_mimic::{Arguments, ColorSetting, Completion, Failed, FormatSetting, Trial};
use std::any::Any;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Runs the conformance suite against a host implementation.
///
/// Each test is a case. Its name is the case's id, such as `i2c/read-one-frame`; a filter is a part of
/// it. A run ends with a line for each world: conformant, partial or not conformant.
///
/// Exit codes: 0, every scored case did as expected; 101, one did not, none was scored, or the machine did not let the host
/// run; 2, wrong usage, the suite's files have a problem, so that the run is incomplete, or an output could not be written;
/// 130, Ctrl-C ended the run (143: SIGTERM), and the report has what there was.
#[derive(Parser)]
#[command(
    name = "conformance",
    help_template = "{about-with-newline}\nUsage: cargo test [FILTER] -- [OPTIONS]\n\n{all-args}{after-help}"
)]
struct Options {
    /// The runtime under test: a name, such as `wasmtime` or `node` (`cargo hw list --runtimes` has them all); 'cmd:COMMAND', an
    /// adapter; or 'cli:COMMAND', a command line that runs components (conformance/COMMAND.md). A command runs in the suite's
    /// folder [default: the host that this target embeds; of the suite's own target, wasmtime]
    #[arg(long, value_name = "NAME")]
    runtime: Option<String>,

    /// Write the report to this file: JSON lines, one record a case, with header and footer. A relative path begins in the
    /// folder of the test's package, where cargo runs it
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// The suite to run: a release such as 0.1.0, or `next`, which is all that stands in the tree and counts it [default:
    /// the newest release, with what came later unscored]
    #[arg(long, value_name = "VERSION")]
    suite: Option<String>,

    /// Run only the Kth of N parts of the cases, such as 2/8; `cargo hw merge` puts the reports together
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,

    /// What the runtime is known to fail, and lacks [default: wasi-hw.toml beside the Cargo.toml of a host outside the
    /// suite, else the runtime's file in conformance/runtimes]
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,

    /// Write the runtime's list of known failures again, keeping the reasons in it
    #[arg(long)]
    update: bool,

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

    #[command(flatten)]
    libtest: Arguments,
}

/// The `main` of a test target with `harness = false`. `runtimes` is [`Runtimes::known`], or a runtime of
/// one's own.
///
/// The environment's `WASI_HW_RUNTIME`, `WASI_HW_SUITE` and `WASI_HW_REPORT` stand in for the flags of those names, for
/// runners such as nextest that pass none. Under nextest, which starts a process for each case, the
/// report is a folder with a file for each.
pub fn main(runtimes: impl Into<Runtimes>) -> ExitCode {
    let runtimes = match runtimes.into().serve_if_asked() {
        Ok(runtimes) => runtimes,
        Err(code) => return code,
    };
    let mut options = Options::parse();
    let from_environment = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    // A dot a case, and at the end what failed: there are hundreds.
    options.libtest.format.get_or_insert(FormatSetting::Terse);
    if options.runtime.is_none() {
        options.runtime = from_environment("WASI_HW_RUNTIME").map(|name| name.to_string_lossy().into_owned());
    }
    if options.report.is_none() {
        options.report = from_environment("WASI_HW_REPORT").map(PathBuf::from);
    }
    run(options, runtimes).unwrap_or_else(|error| {
        say::error(format_args!("{error:#}"));
        ExitCode::from(interrupted().unwrap_or(2))
    })
}

fn run(options: Options, runtimes: Runtimes) -> anyhow::Result<ExitCode> {
    interrupt::listen().context("signals cannot be listened to")?;
    // Another package's tests may have been meant by a filter, unless a flag of ours was given.
    let meant = options.runtime.is_some() || options.report.is_some() || options.update;
    let meant = meant || options.suite.is_some() || options.shard.is_some();
    let root = Suite::default_root();
    let ours = runtimes.are_the_suite_s(options.runtime.as_deref());
    // Cargo sets it for the tests that it runs.
    let (manifest, here) =
        (std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from), std::env::current_dir()?);
    let list = Place::find(options.known.as_deref(), ours, &root, manifest.as_deref(), &here);
    if options.update {
        list.writable(&root, manifest.as_deref(), &here)?;
    }
    let runtime = runtimes.start_in(options.runtime.as_deref(), &root, options.isolate)?;
    let suite = Arc::new(Suite::select(&root, options.suite.as_deref())?);
    let mut session = match list {
        Place::Suite => Session::new(suite, runtime),
        Place::File(file) => Session::with_known(suite, runtime, Some(file)),
        Place::Nowhere => Session::with_known(suite, runtime, None),
    };
    session.limits.watchdog_s = options.timeout;
    let session = Arc::new(session);
    session.ensure_known()?;
    let problems = session.all_problems();
    problems.iter().for_each(say::error);
    // Cases that a filter leaves out have no place in the report.
    let arguments = &options.libtest;
    let mut chosen: Vec<_> =
        session.suite.cases.iter().filter(|case| runs(arguments, &case.id)).cloned().collect();
    let mut offered = session.suite.cases.clone();
    if let Some(shard) = options.shard {
        chosen = shard.of(chosen);
        offered.clone_from(&chosen);
    }
    if chosen.is_empty() && !arguments.list && !session.suite.cases.is_empty() {
        let none = "no case matches; `cargo test -- --list` lists them";
        anyhow::ensure!(!meant, none);
        say::note(none);
    }
    let header = session.header(chosen.len());
    // What failed is written by libtest-mimic.
    let color = match arguments.color {
        // Into a file colours go only if they were asked for.
        None | Some(ColorSetting::Auto) if arguments.logfile.is_some() => Color::Never,
        None | Some(ColorSetting::Auto) => Color::Auto,
        Some(ColorSetting::Always) => Color::Always,
        Some(ColorSetting::Never) => Color::Never,
    };
    let teller = Teller::new(&header, color.of(&io::stdout()));
    let mut sinks = Sinks::default().with(Console::with(io::stdout(), teller.clone()).summary_only());
    if github::is_here() && !arguments.list {
        sinks = sinks.with(Annotations::new(io::stdout(), &header));
    }
    if let Some(path) = options.report
        && !arguments.list
    {
        sinks = sinks.with(Writer::create(&report_file(path, &chosen)?, &header)?);
    }
    let update = options.update;
    let run =
        Arc::new(Run::begin(&session, &chosen, sinks, RunOptions { update, fail_fast: options.fail_fast })?);
    let mut trials = Vec::new();
    for case in offered {
        let (run, teller) = (Arc::clone(&run), teller.clone());
        trials.push(Trial::ignorable_test(case.id.clone(), move || {
            run.case(&case, |record| complete(&teller, record, update))
        }));
    }
    for problem in problems.iter().cloned() {
        // Under a runner that starts one process a test, a problem is seen only if it is a test.
        let name = format!("suite/{}", problem.split(": ").next().unwrap_or_default());
        trials.push(Trial::test(name, move || Err(Failed::from(problem))));
    }
    let conclusion = listen(|| libtest_mimic::run(arguments, trials));
    if arguments.list {
        return Ok(ExitCode::from(if problems.is_empty() { 0 } else { 2 }));
    }
    let finished = run.finish();
    finished.updated.iter().for_each(say::plain);
    finished.trouble.iter().for_each(|error| say::error(format_args!("{error:#}")));
    let empty = finished.empty.filter(|_| !chosen.is_empty());
    empty.iter().for_each(say::error);
    Ok(match finished.code() {
        code if code == 2 || finished.footer.interrupted => ExitCode::from(code),
        1 if empty.is_some() || finished.footer.starved > 0 => ExitCode::from(FAILED),
        // Whoever was to read it does not know how it went.
        _ => conclusion.map_or(ExitCode::from(2), |conclusion| conclusion.exit_code()),
    })
}

/// What comes of `run`, which writes to the standard output; nothing if whoever reads that has left. libtest-mimic panics then,
/// once all cases have run, and that is no panic to be told of.
fn listen<T>(run: impl FnOnce() -> T) -> Option<T> {
    let before = Arc::new(panic::take_hook());
    let others = Arc::clone(&before);
    panic::set_hook(Box::new(move |info| {
        if !is_of_the_reader(info.payload()) {
            others(info);
        }
    }));
    let outcome = panic::catch_unwind(AssertUnwindSafe(run));
    panic::set_hook(Box::new(move |info| before(info)));
    match outcome {
        Ok(outcome) => Some(outcome),
        Err(payload) if is_of_the_reader(&*payload) => None,
        Err(payload) => panic::resume_unwind(payload),
    }
}

fn is_of_the_reader(payload: &(dyn Any + Send)) -> bool {
    payload.downcast_ref::<String>().is_some_and(|message| message.contains("kind: BrokenPipe"))
}

/// The exit code of a test target in which a test failed.
const FAILED: u8 = 101;

/// Where the report goes: under nextest, to a file of its own for each process.
fn report_file(path: PathBuf, chosen: &[Arc<Case>]) -> anyhow::Result<PathBuf> {
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

/// `update` says that the list of known failures is being written, so that no failure is one of the run.
fn complete(teller: &Teller, record: &Record, update: bool) -> Result<Completion, Failed> {
    let told = if update { None } else { teller.tell(record) };
    if record.fails_the_run() && !update {
        return Err(told.map_or(Failed::without_message(), Failed::from));
    }
    let reason = match record.verdict {
        Verdict::Pass | Verdict::PassLenient | Verdict::Observed => return Ok(Completion::Completed),
        verdict => {
            let known = record.known.as_ref().map(|known| known.reason.as_str());
            known.or(record.why.as_deref()).map_or(verdict.to_string(), |why| format!("{verdict}: {why}"))
        }
    };
    Ok(Completion::ignored_with(reason.lines().next().unwrap_or_default()))
}
