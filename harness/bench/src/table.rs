//! The figures as tables, as people read them.

use crate::Figures;
use crate::calls::Call;
use crate::footprint::Footprint;
use crate::growth::Growth;
use crate::measure::Spread;
use crate::protocol::RoundTrip;
use crate::suite::Run;
use crate::throughput::Flow;
use std::fmt::{Display, Formatter, Result};

impl Display for Figures {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.quick {
            writeln!(f, "Everything runs. As little was done as shows it, so the figures say nothing.\n")?;
        }
        if let Some(calls) = &self.calls {
            write(f, "What a call costs", &CALLS, calls.iter().map(call))?;
        }
        if let Some(flows) = &self.throughput {
            write(f, "Throughput", &FLOWS, flows.iter().map(flow))?;
        }
        if let Some(trips) = &self.protocol {
            write(f, "An operation through the adapter protocol", &TRIPS, trips.iter().map(trip))?;
        }
        if let Some(runs) = &self.suite {
            write(f, "The suite", &RUNS, runs.iter().map(run))?;
        }
        if let Some(growth) = &self.growth {
            write(f, "Growth", &GROWTH, growth.iter().flat_map(grown))?;
        }
        if let Some(footprint) = &self.footprint {
            write(f, "Footprint", &FOOTPRINT, footprint.iter().map(print))?;
        }
        Ok(())
    }
}

const CALLS: [&str; 6] = ["call", "by a guest", "without one", "more", "goal", ""];
const FLOWS: [&str; 6] = ["what", "by a guest", "without one", "more a call", "lost of 480 Mbit/s", ""];
const TRIPS: [&str; 6] = ["cores", "operation", "echo", "ratio", "goal", ""];
const RUNS: [&str; 6] = ["what", "cases", "time", "CPU", "cases a second", "goal"];
const GROWTH: [&str; 6] =
    ["what", "how many", "CPU", "peak", "time, for each time more", "memory, for each time more"];
const FOOTPRINT: [&str; 6] = ["component", "bytes", "core modules", "pages", "to instantiate", "host memory"];

type Row = [String; 6];

fn call(call: &Call) -> Row {
    let cost = &call.cost;
    let met = if cost.more.median <= call.goal_ns { "met" } else { "missed" };
    [
        format!("{} {}", call.proposal, call.what),
        ns(cost.this),
        ns(cost.that),
        told(cost.more),
        format!("{:.0} ns", call.goal_ns),
        met.to_owned(),
    ]
}

fn flow(flow: &Flow) -> Row {
    let met = if flow.loss_percent < 0.6 { "met" } else { "missed" };
    [
        format!("{} {} of {}", flow.proposal, flow.what, size(flow.size)),
        format!("{:.2} GB/s", flow.guest_gb_s),
        format!("{:.2} GB/s", flow.bare_gb_s),
        told(flow.cost.more),
        if flow.proposal == "usb" { format!("{:.2} %", flow.loss_percent) } else { String::new() },
        if flow.proposal == "usb" { met.to_owned() } else { String::new() },
    ]
}

fn trip(trip: &RoundTrip) -> Row {
    let us = |spread: Spread| format!("{:.1} ± {:.1} µs", spread.median, spread.spread);
    let met = if trip.ratio.median <= trip.goal { "met" } else { "missed" };
    [
        trip.cores.to_string(),
        us(trip.operation_us),
        us(trip.echo_us),
        format!("{:.2} ± {:.2}", trip.ratio.median, trip.ratio.spread),
        trip.goal.to_string(),
        met.to_owned(),
    ]
}

fn run(run: &Run) -> Row {
    let taken = &run.taken;
    [
        run.what.clone(),
        run.cases.to_string(),
        format!("{:.2} s", taken.seconds),
        format!("{:.2} s", taken.cpu_seconds),
        format!("{:.0}", run.cases as f64 / taken.seconds),
        run.goal.unwrap_or_default().to_owned(),
    ]
}

fn grown(growth: &Growth) -> impl Iterator<Item = Row> {
    let factor = |of: &[f64], place: usize| {
        place.checked_sub(1).and_then(|place| of.get(place)).map(|of| format!("{of:.2}")).unwrap_or_default()
    };
    let (times, memories) = (growth.time_factors(), growth.memory_factors());
    growth.steps.iter().enumerate().map(move |(place, step)| {
        [
            growth.what.clone(),
            step.of.to_string(),
            format!("{:.2} s", step.taken.cpu_seconds),
            format!("{:.0} MiB", step.taken.peak_mib),
            // From the second step on the time of the first is taken off, so the third is the first that can be told.
            if place < 2 { String::new() } else { factor(&times, place) },
            factor(&memories, place),
        ]
    })
}

fn print(of: &Footprint) -> Row {
    [
        of.file.clone(),
        of.component_bytes.to_string(),
        of.core_bytes.to_string(),
        of.pages.to_string(),
        format!("{:.0} µs", of.instantiate_us),
        format!("{:.0} KiB", of.host_kib),
    ]
}

fn ns(spread: Spread) -> String {
    format!("{:.0} ± {:.0} ns", spread.median, spread.spread)
}

/// A difference, unless it is lost in its spread.
fn told(spread: Spread) -> String {
    if spread.shows() { ns(spread) } else { format!("less than ± {:.0} ns", spread.spread) }
}

fn size(bytes: u32) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}

fn write(f: &mut Formatter<'_>, title: &str, head: &[&str; 6], rows: impl Iterator<Item = Row>) -> Result {
    let rows: Vec<Row> = rows.collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..6).map(width).collect();
    let line = |cells: &[&str]| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    writeln!(f, "## {title}\n\n{}", line(head))?;
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    writeln!(f, "| {} |", rules.join(" | "))?;
    for row in &rows {
        writeln!(f, "{}", line(&row.each_ref().map(String::as_str)))?;
    }
    writeln!(f)
}
