//! `cargo hw coverage`.

use super::Context;
use crate::axes::{self, Axis, Cell, Table};
use crate::wit::Wit;
use anyhow::{bail, ensure};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_harness::say;

/// Say what the cases vary, function by function, or with reports which requirement is checked where
///
/// Without a report: for each function of a proposal and each axis of proposals/axes.toml: which cases walk it, or why none does. A cell is the number of its cases; `-` stands where a reason says why there is none, which --reasons prints.
///
/// With reports of one suite: for each requirement its cases, what they came to at each seam on each host, and the wrong
/// hosts that they notice, from the runs. --wit prints the packages instead, with a mark behind each id. --check compares
/// with the snapshot in conformance/coverage.toml, and --write renews that.
///
/// Exit codes: 0, every cell is filled, or nothing was lost; 1, with --check, coverage was lost without a word; 2, wrong
/// usage, a table that does not fit the packages, the cases or the seeded defects, or a report that cannot be used.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The proposal, such as i2c [default: all of them], and reports, or folders of them
    #[arg(value_name = "PROPOSAL|RUN")]
    pub(super) what: Vec<String>,

    /// The wrong hosts, as `defects --json` prints them
    #[arg(long, value_name = "FILE")]
    pub(super) defects: Option<PathBuf>,

    /// Print the packages, each sentence with an id marked: proved and on which hosts, observed, not observable
    #[arg(long, conflicts_with_all = ["json", "check", "write"])]
    pub(super) wit: bool,

    /// Fail if something was covered in the snapshot and is not any more
    #[arg(long, conflicts_with = "write")]
    pub(super) check: bool,

    /// Renew the snapshot
    #[arg(long)]
    pub(super) write: bool,

    /// Print the cases and the reasons of each cell
    #[arg(long)]
    reasons: bool,

    /// JSON instead of text
    #[arg(long, conflicts_with = "reasons")]
    pub(super) json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let suite = context.suite();
    let is_proposal = |what: &&String| suite.proposals.iter().any(|proposal| proposal.name == **what);
    let proposals: Vec<_> = options.what.iter().filter(is_proposal).cloned().collect();
    let runs: Vec<_> = options.what.iter().filter(|what| !is_proposal(what)).map(PathBuf::from).collect();
    if let Some(none) = runs.iter().find(|run| !run.exists()) {
        let known: Vec<_> = suite.proposals.iter().map(|proposal| proposal.name.as_str()).collect();
        let none = none.display();
        bail!("no proposal and no report `{none}`; the proposals are {}", known.join(", "));
    }
    if !runs.is_empty() {
        return super::traced::main(context, options, &runs, &proposals);
    }
    let asks_for_runs = options.wit || options.check || options.write || options.defects.is_some();
    ensure!(!asks_for_runs, "--wit, --check, --write and --defects need the report of at least one run");
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
    tables.retain(|table| proposals.is_empty() || proposals.contains(&table.proposal));
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
