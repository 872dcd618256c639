//! `cargo hw defects`.

use super::Context;
use std::process::ExitCode;
use std::sync::Arc;
use wasi_hw_proof::matrix;

/// Run every seeded defect, a host with one fault, and show which cases notice it
///
/// A defect counts as noticed if a case fails that cites a requirement which the defect breaks.
///
/// Exit codes: 0, every MUST has a defect and every defect is noticed; 1, one MUST has none, or one defect
/// survives; 2, wrong usage, or a file of the suite has a problem.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Run only the defects of this proposal
    proposal: Option<String>,

    /// Print the whole matrix as JSON
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
