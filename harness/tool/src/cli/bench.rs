//! `cargo hw bench`.

use super::Context;
use anyhow::{Context as _, bail, ensure};
use clap::builder::PossibleValue;
use std::process::ExitCode;
use wasi_hw_bench::process::{self, Program};
use wasi_hw_bench::{Table, growth, protocol};

/// Measure what a call costs a component, and what the suite takes
///
/// Six tables; each figure is a difference or a ratio of two things that take turns in one run, with its spread, or says
/// what one process took. Where a difference is smaller than its spread, that is said in its place.
///
///   calls        a call by a guest, through the reference host, beside the same call of a driver without one
///   throughput   the same from 512 B to 1 MiB, and what a bus of 480 Mbit/s would lose
///   protocol     an operation of an adapter beside an echo over pipes
///   suite        a run in process, in a child, on each runtime that is set up, and with a process for each case
///   growth       10 and 100 times the cases, more devices, bytes, events, records
///   footprint    bytes, memory and time that a guest takes
///
/// It wants an optimised build, and a machine that does nothing else:
///
///   cargo run --release --package wasi-hw-tool -- bench
///
/// harness/BENCHMARKS.md has the figures of one machine, and what limits each.
///
/// Exit codes: 0, it was measured; 2, this build is not optimised, or something does not run.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Measure only these tables
    #[arg(value_enum, value_name = "TABLE")]
    tables: Vec<Named>,

    /// Do as little as shows that everything runs; the figures say nothing
    #[arg(long)]
    quick: bool,

    /// One JSON object with all figures
    #[arg(long)]
    json: bool,

    /// Does a work that is measured: of this executable, started again
    #[arg(long, hide = true, value_name = "WORK")]
    work: Option<String>,

    /// Measures the tool with the arguments behind `--`: of this executable, started again
    #[arg(long, hide = true, value_name = "MOST")]
    probe: Option<i32>,

    /// The arguments of the tool that is measured
    #[arg(last = true, hide = true)]
    arguments: Vec<String>,
}

#[derive(Clone, Copy)]
struct Named(Table);

impl clap::ValueEnum for Named {
    fn value_variants<'a>() -> &'a [Named] {
        const ALL: [Named; 6] = {
            let mut all = [Named(Table::ALL[0]); 6];
            let mut place = 0;
            while place < all.len() {
                all[place] = Named(Table::ALL[place]);
                place += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let path = std::env::current_exe().context("this executable cannot be found again")?;
    let program = Program { path, root: context.root.clone() };
    if let Some(most) = options.probe {
        let taken = process::probe(&program, &options.arguments, most)?;
        writeln!(context.out, "{}", serde_json::to_string(&taken)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    match options.work.as_deref() {
        Some("adapter") => protocol::adapter()?,
        Some("echo") => protocol::echo()?,
        Some(work) => {
            let (what, of) = work.split_once('=').context("a work is WHAT=NUMBER")?;
            growth::work(what, of.parse()?)?;
        }
        None => {
            if cfg!(debug_assertions) && !options.quick {
                bail!(
                    "this build is not optimised, and its figures would say nothing; measure with\n  \
                     cargo run --release --package wasi-hw-tool -- bench"
                );
            }
            ensure!(options.arguments.is_empty(), "nothing can stand behind `--` here");
            let named: Vec<Table> = options.tables.iter().map(|named| named.0).collect();
            let tables = if named.is_empty() { Table::ALL.to_vec() } else { named };
            let figures =
                wasi_hw_bench::run(&program, &tables, options.quick, &|what| Context::progress(what))?;
            Context::progress("");
            if options.json {
                writeln!(context.out, "{}", serde_json::to_string(&figures)?)?;
            } else {
                write!(context.out, "{figures}")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
