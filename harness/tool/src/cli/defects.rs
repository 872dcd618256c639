//! `cargo hw defects`.

use super::Context;
use std::process::ExitCode;
use std::sync::Arc;
use wasi_hw_proof::matrix;

/// Runs every seeded defect, a host with one fault, and shows which cases notice it.
///
/// Exit codes: 0, every MUST has a defect that breaks it, and a case that cites it notices; 1, not so.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Only defects of this proposal
    proposal: Option<String>,

    /// The whole matrix as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let suite = Arc::new(context.suite());
    let matrix = matrix(&suite, options.proposal.as_deref(), |n, all, id| {
        Context::progress(&format!("{n}/{all} {id}"));
    })?;
    Context::progress("");
    let out = context.out;
    if options.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&matrix)?)?;
    } else {
        for defect in &matrix.defects {
            let by = match &defect.killed_by[..] {
                [] => "SURVIVES".to_owned(),
                [first] => first.clone(),
                [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            };
            writeln!(out, "{:<44} {:<20} {by}", defect.id, defect.violates.join(" "))?;
        }
        for id in &matrix.musts_without_defect {
            writeln!(out, "{id}: no defect breaks it")?;
        }
        let survivors = matrix.survivors().count();
        writeln!(out, "{} defects, {survivors} survive", matrix.defects.len())?;
    }
    let problems = !suite.problems.is_empty();
    Ok(ExitCode::from(match (problems, matrix.holds()) {
        (true, _) => 2,
        (false, false) => 1,
        (false, true) => 0,
    }))
}
