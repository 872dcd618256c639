//! `cargo hw list`.

use super::Context;
use serde_json::json;
use std::process::ExitCode;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::runtime::start::{RuntimeFile, not_set_up};

/// List the cases: id, level, the requirements that they prove, title
///
/// Exit codes: 0; 2, wrong usage, no case matches, or a file of the suite has a problem.
#[derive(clap::Args)]
pub(super) struct Options {
    /// List only cases whose id contains one of these
    filter: Vec<String>,

    /// Print one JSON object per case
    #[arg(long)]
    json: bool,

    /// List what `--runtime` takes instead: the hosts that come with the suite, and those of conformance/runtimes
    #[arg(long, conflicts_with_all = ["filter", "json"])]
    runtimes: bool,
}

/// The names, and of each whether it is ready.
fn runtimes(context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
    let known = Runtimes::known();
    for name in known.names() {
        writeln!(context.out, "{name:<20}  comes with the suite")?;
    }
    let root = context.place.folder();
    for name in RuntimeFile::names(root) {
        let file = RuntimeFile::find(root, &name).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let missing = file.and_then(|file| not_set_up(&name, &file, root));
        writeln!(context.out, "{name:<20}  {}", missing.as_deref().unwrap_or("is set up"))?;
    }
    writeln!(context.out, "{:<20}  any program that speaks the adapter protocol", "'cmd:COMMAND'")?;
    writeln!(context.out, "{:<20}  any runtime with a command line that runs components", "'cli:COMMAND'")?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn main(mut context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    if options.runtimes {
        return runtimes(&mut context);
    }
    let suite = context.suite();
    let chosen =
        |id: &str| options.filter.is_empty() || options.filter.iter().any(|f| id.contains(f.as_str()));
    let cases: Vec<_> = suite.cases.iter().filter(|case| chosen(&case.id)).collect();
    let width = cases.iter().map(|case| case.id.len()).max().unwrap_or_default();
    for case in &cases {
        if options.json {
            let tests: Vec<_> = case.instances.iter().map(|i| &i.test).collect();
            let line = json!({
                "case": case.id, "level": case.level, "group": case.group, "proves": case.proves,
                "title": case.title, "tests": tests, "fixture": case.fixture,
            });
            writeln!(context.out, "{line}")?;
        } else {
            writeln!(
                context.out,
                "{:width$}  {:<6}  {}  {}",
                case.id,
                case.level,
                case.proves.join(" "),
                case.title
            )?;
        }
    }
    if cases.is_empty() && suite.problems.is_empty() {
        anyhow::bail!(
            "no case matches `{}`; without it `cargo hw list` lists all",
            options.filter.join("` or `")
        );
    }
    Ok(ExitCode::from(if suite.problems.is_empty() { 0 } else { 2 }))
}
