//! `cargo hw site`.

use super::{Context, report};
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_forms::site;

/// Make a static site of many runs: what runtimes implement, and where they differ
///
///   cargo hw site node.jsonl wasmtime.jsonl wasmtime-old.jsonl --out site
///
/// `site/index.html` has the runs with their claims; from there lead links to where the runtimes differ, to each runtime
/// with its history, each requirement and each case with the verdicts everywhere, and each record with both sides and
/// the wires. Names of pages are made of ids, so that links stay. The site needs no server and no script.
///
/// The folder is a new or an empty one, or a site that this command made: nothing else is written over, and what the
/// earlier site had and the new one has not is removed.
///
/// Exit codes: 0, the site is made, whatever the verdicts; 2, wrong usage, a report that cannot be read or is there twice,
/// or a folder that is not a site's.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Options {
    /// The reports
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,

    /// The folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let made = site::site(&options.runs, &report::items(&context.root), &options.out)?;
    writeln!(context.out, "{}: {} files of {} runs", options.out.display(), made.files, made.runs)?;
    Ok(ExitCode::SUCCESS)
}
