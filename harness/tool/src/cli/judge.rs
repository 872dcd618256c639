//! `cargo hw judge`.

use super::Context;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_harness::report::{self, Finding};
use wasi_hw_harness::say;

/// Judges a report again, and names what is written otherwise than its records give it.
///
/// A record holds all that its verdict is made of: what was expected, transcripts, endings, the wires with board times,
/// and what the runtime declares. From that each verdict is made again, by the very code that a run makes it with, and
/// from the verdicts the claim of each world. Neither the suite nor the host is needed.
///
/// A report that agrees is consistent; that nobody wrote other records into it is more than this can show.
///
/// Exit codes: 0, every verdict and every claim is as written; 1, some are not; 2, the report cannot be read, or
/// not to its end.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The report, as `--report` writes it
    file: PathBuf,

    /// One JSON object a finding, and one at the end that counts them
    #[arg(long)]
    json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let out = context.out;
    let (again, unfinished) = report::judge_again(report::open(&options.file)?, &mut |finding| {
        if options.json {
            writeln!(out, "{}", serde_json::to_string(&finding)?)?;
        } else {
            let Finding { of, what, written, judged } = finding;
            writeln!(out, "{of}: {what}: written is {written}, the records give {judged}")?;
        }
        Ok(())
    })?;
    if options.json {
        writeln!(out, "{}", json!({ "judged": again }))?;
    } else {
        let (records, claims, findings) = (again.records, again.claims, again.findings);
        let found =
            if findings == 0 { "all as written".to_owned() } else { format!("{findings} not as written") };
        writeln!(out, "{records} records and {claims} claims judged again: {found}")?;
    }
    if let Some(error) = unfinished {
        say::error(error);
        return Ok(ExitCode::from(2));
    }
    Ok(ExitCode::from(if again.findings == 0 { 0 } else { 1 }))
}
