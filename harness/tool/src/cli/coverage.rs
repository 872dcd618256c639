//! `cargo hw coverage`.

use super::Context;
use crate::axes::{self, Axis, Cell, Table};
use crate::wit::Wit;
use anyhow::bail;
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;
use wasi_hw_harness::say;

/// Say what the cases vary, function by function
///
/// For each function of a proposal and each axis of proposals/axes.toml: which cases walk it, or why none does. A cell is the number of its cases; `-` stands where a reason says why there is none, which --reasons prints.
///
/// Exit codes: 0, every cell is filled; 2, wrong usage, or a table that does not fit the packages, the cases or the
/// seeded defects.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The proposal, such as i2c [default: all of them]
    proposal: Option<String>,

    /// Print the cases and the reasons of each cell
    #[arg(long)]
    reasons: bool,

    /// JSON instead of text
    #[arg(long, conflicts_with = "reasons")]
    json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let suite = context.suite();
    let wit = match Wit::read(&context.root) {
        Ok(wit) => wit,
        Err(problems) => {
            problems.iter().for_each(say::error);
            return Ok(ExitCode::from(2));
        }
    };
    let catalogue = wasi_hw_proof::catalogue();
    let defects: Vec<_> = catalogue.iter().map(|defect| defect.id).collect();
    let mut problems = Vec::new();
    let (axes, mut tables) = axes::read(&context.root, &wit, &suite, &defects, &mut problems);
    if let Some(wanted) = &options.proposal {
        if !suite.proposals.iter().any(|proposal| proposal.name == *wanted) {
            let known: Vec<_> = suite.proposals.iter().map(|proposal| proposal.name.as_str()).collect();
            bail!("no proposal `{wanted}`; there are {}", known.join(", "));
        }
        tables.retain(|table| table.proposal == *wanted);
    }
    problems.iter().for_each(say::error);
    if options.json {
        writeln!(context.out, "{}", json!({ "axes": axes, "tables": tables }))?;
    } else {
        for table in &tables {
            print(context.out, &axes, table, options.reasons)?;
        }
    }
    let wrong = !problems.is_empty() || !suite.problems.is_empty();
    Ok(ExitCode::from(if wrong { 2 } else { 0 }))
}

fn print(out: &mut (dyn Write + Send), axes: &[Axis], table: &Table, reasons: bool) -> anyhow::Result<()> {
    let widest = table.function.keys().map(String::len).max().unwrap_or_default();
    let heads: Vec<_> = axes.iter().map(|axis| axis.id.as_str()).collect();
    writeln!(out, "{:<widest$}  {}", table.proposal, heads.join("  "))?;
    for (function, cells) in &table.function {
        write!(out, "{function:<widest$}")?;
        for axis in axes {
            let cell = match cells.get(&axis.id) {
                Some(Cell::Cases(cases)) => cases.len().to_string(),
                Some(Cell::Reason(_)) => "-".to_owned(),
                None => "?".to_owned(),
            };
            write!(out, "  {cell:>width$}", width = axis.id.len())?;
        }
        writeln!(out)?;
        for axis in axes.iter().filter(|_| reasons) {
            match cells.get(&axis.id) {
                Some(Cell::Cases(cases)) => writeln!(out, "    {}: {}", axis.id, cases.join(" "))?,
                Some(Cell::Reason(reason)) => writeln!(out, "    {}: {reason}", axis.id)?,
                None => {}
            }
        }
    }
    let hosts: Vec<_> = table.wrong_host.iter().map(|(axis, id)| format!("{axis}: {id}")).collect();
    writeln!(out, "wrong hosts that are noticed along an axis: {}\n", hosts.join(" · "))?;
    Ok(())
}
