//! `cargo hw list`.

use super::Context;
use serde_json::json;
use std::process::ExitCode;

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
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
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
