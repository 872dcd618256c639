//! `cargo hw merge`.

use super::Context;
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_harness::report::merge::{Parts, reports};
use wasi_hw_harness::report::{Writer, console};
use wasi_hw_harness::say;

/// Put the reports of one run's parts together, and prove that nothing is missing
///
/// The parts are those of `run --shard K/N`, or the folder that a run under nextest leaves. They are one run if each has
/// the same suite, host and platform, and every case of the suite has one record in all of them. The report that comes
/// out is the one that a single run would have written.
///
/// Exit codes: 0, they are one whole run, and it is written; 1, they are not, and nothing is written; 2, wrong usage, or
/// a file cannot be read or written.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The reports, or folders of them
    #[arg(required = true, value_name = "RUN")]
    parts: Vec<PathBuf>,

    /// Write the whole report to this file
    #[arg(long, value_name = "FILE")]
    report: PathBuf,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let files = reports(&options.parts)?;
    let out = std::path::absolute(&options.report)?;
    if files.iter().any(|file| std::path::absolute(file).is_ok_and(|file| file == out)) {
        anyhow::bail!("{} is one of the parts; write the whole to another file", options.report.display());
    }
    for file in &files {
        std::fs::File::open(file)
            .map_err(|error| anyhow::anyhow!("{} cannot be opened: {error}", file.display()))?;
    }
    let parts = match Parts::read(files) {
        Ok(parts) => parts,
        Err(error) => {
            say::error(format_args!("{error:#}"));
            return Ok(ExitCode::FAILURE);
        }
    };
    let footer = parts.write(Writer::create(&options.report, &parts.header())?)?;
    write!(context.out, "{}", console::summary(&footer))?;
    Ok(ExitCode::SUCCESS)
}
