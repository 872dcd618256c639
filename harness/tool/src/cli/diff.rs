//! `cargo hw diff`.

use super::Context;
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_forms::Run;
use wasi_hw_forms::diff::Diff;

/// Compare two runs: regressions first, then repairs, and what else is otherwise
///
/// OLD and NEW are reports, as `--report` writes them. Every verdict is made again from the records. A case is worse if it is
/// scored, passed in OLD, and fails in NEW or has no verdict there though NEW's suite has it: a filter hides nothing. Where the
/// two are of different suites, hosts or platforms, that is said first, and each case that was edited is marked.
///
///   cargo hw run --report old.jsonl
///   cargo hw run --report new.jsonl
///   cargo hw diff old.jsonl new.jsonl
///
/// Exit codes: 0, nothing is worse, whatever else changed; 1, something is; 2, wrong usage, or a report cannot be read: file
/// and line are named.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Options {
    /// The earlier run
    old: PathBuf,

    /// The later run
    new: PathBuf,

    /// Compare only cases of which both runs have a record: for a run with a filter
    #[arg(long)]
    common: bool,

    /// One JSON object with all of it
    #[arg(long)]
    json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let (old, new) = (Run::open(&options.old)?, Run::open(&options.new)?);
    let diff = Diff::new(&old, &new, options.common);
    match options.json {
        true => writeln!(context.out, "{}", serde_json::to_string(&diff)?)?,
        false => write!(context.out, "{diff}")?,
    }
    Ok(ExitCode::from(u8::from(diff.is_worse())))
}
