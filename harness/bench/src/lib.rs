//! What a hardware interface costs a component, and what the conformance suite costs, measured side by side.
//!
//! Every figure is a difference or a ratio of two things that were measured in turns, in one run, with its spread
//! ([`measure`]), or says what one process took. Nothing here is a test: a test asserts no time.

mod board;
pub mod calls;
pub mod engines;
pub mod footprint;
pub mod growth;
mod guest;
pub mod measure;
pub mod process;
pub mod protocol;
pub mod published;
pub mod suite;
mod table;
pub mod throughput;

use measure::Effort;
use process::Program;
use serde::Serialize;
use wasi_hw_harness::suite::Suite;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// [`calls`].
    Calls,
    /// [`throughput`].
    Throughput,
    /// [`protocol`].
    Protocol,
    /// [`suite`](mod@suite).
    Suite,
    /// [`growth`].
    Growth,
    /// [`footprint`].
    Footprint,
}

impl Table {
    /// All of them, in their order.
    pub const ALL: [Table; 6] =
        [Table::Calls, Table::Throughput, Table::Protocol, Table::Suite, Table::Growth, Table::Footprint];

    /// As a command line names it.
    pub fn name(self) -> &'static str {
        match self {
            Table::Calls => "calls",
            Table::Throughput => "throughput",
            Table::Protocol => "protocol",
            Table::Suite => "suite",
            Table::Growth => "growth",
            Table::Footprint => "footprint",
        }
    }
}

/// What was measured. `Display` writes tables.
#[derive(Debug, Default, Serialize)]
pub struct Figures {
    /// Whether as little was done as shows that everything runs: the figures say nothing then.
    pub quick: bool,
    /// What a call costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<calls::Call>>,
    /// How many instructions a USB transfer takes in ours and in the published host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<Vec<published::Instructions>>,
    /// How much passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throughput: Option<Vec<throughput::Flow>>,
    /// What an operation costs an adapter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Vec<protocol::RoundTrip>>,
    /// What a run takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suite: Option<Vec<suite::Run>>,
    /// How that grows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<Vec<growth::Growth>>,
    /// What a guest takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footprint: Option<Vec<footprint::Footprint>>,
    /// What a host's process takes, on each engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Vec<engines::Memory>>,
}

/// Measures. `tell` is told what is measured.
pub fn run(program: &Program, tables: &[Table], quick: bool, tell: &dyn Fn(&str)) -> anyhow::Result<Figures> {
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let mut figures = Figures { quick, ..Figures::default() };
    for table in tables {
        tell(table.name());
        match table {
            Table::Calls => {
                figures.calls = Some(calls::measure(effort)?);
                figures.instructions = Some(published::measure(program)?);
            }
            Table::Throughput => figures.throughput = Some(throughput::measure(effort)?),
            Table::Protocol => figures.protocol = Some(protocol::measure(program, quick)?),
            Table::Suite => figures.suite = Some(suite::measure(program, quick, tell)?),
            Table::Growth => figures.growth = Some(growth::measure(program, quick, tell)?),
            Table::Footprint => {
                figures.footprint = Some(footprint::measure(&Suite::discover(&program.root))?);
                figures.memory = Some(engines::measure(program, quick, tell)?);
            }
        }
    }
    Ok(figures)
}
