//! The figures as tables, as people read them.

use crate::Figures;
use crate::calls::Call;
use crate::engines::Memory;
use crate::footprint::Footprint;
use crate::growth::Growth;
use crate::measure::Spread;
use crate::protocol::RoundTrip;
use crate::published::Instructions;
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
        if let Some(instructions) = &self.instructions {
            write(f, "Instructions of a USB transfer", &COUNTS, instructions.iter().map(count))?;
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
        if let Some(memory) = &self.memory {
            write(f, "Memory of a host's process, MiB", &MEMORY, memory.iter().map(takes))?;
        }
        Ok(())
    }
}

const CALLS: [&str; 6] = ["call", "by a guest", "without one", "more", "goal", ""];
const COUNTS: [&str; 3] = ["host", "version", "instructions a transfer"];
const FLOWS: [&str; 6] = ["what", "by a guest", "without one", "more a call", "lost of 480 Mbit/s", ""];
const TRIPS: [&str; 7] =
    ["cores", "operation", "the board alone", "echo", "operation / echo", "goal", "without the board / echo"];
const RUNS: [&str; 6] = ["what", "cases", "time", "CPU", "cases a second", "goal"];
const GROWTH: [&str; 6] =
    ["what", "how many", "CPU", "peak", "time, for each time more", "memory, for each time more"];
const FOOTPRINT: [&str; 7] =
    ["component", "bytes", "core modules", "pages", "pages at most", "to instantiate", "host memory"];
const MEMORY: [&str; 6] = ["runtime", "ready", "i2c", "spi", "gpio", "usb"];

fn call(call: &Call) -> [String; 6] {
    let cost = &call.cost;
    let (host_calls, each) = (call.host_calls, cost.more.median / f64::from(call.host_calls));
    let goal = match host_calls {
        1 => format!("{:.0} ns", call.goal_ns),
        several => format!("{several} calls of {:.0} ns", call.goal_ns),
    };
    [
        format!("{} {}", call.proposal, call.what),
        ns(cost.this),
        ns(cost.that),
        told(cost.more),
        goal,
        met(each <= call.goal_ns),
    ]
}

fn count(of: &Instructions) -> [String; 3] {
    let counted = match &of.a_transfer {
        Ok(count) => format!("{count:.0}"),
        Err(why) => why.clone(),
    };
    [of.host.to_owned(), of.version.clone(), counted]
}

fn met(so: bool) -> String {
    if so { "met" } else { "missed" }.to_owned()
}

fn flow(flow: &Flow) -> [String; 6] {
    [
        format!("{} {} of {}", flow.proposal, flow.what, size(flow.size)),
        format!("{:.2} GB/s", flow.guest_gb_s),
        format!("{:.2} GB/s", flow.bare_gb_s),
        told(flow.cost.more),
        if flow.proposal == "usb" { format!("{:.2} %", flow.loss_percent) } else { String::new() },
        if flow.proposal == "usb" { met(flow.loss_percent < 0.6) } else { String::new() },
    ]
}

fn trip(trip: &RoundTrip) -> [String; 7] {
    let us = |spread: Spread| format!("{:.1} ± {:.1} µs", spread.median, spread.spread);
    let times = |spread: Spread| format!("{:.2} ± {:.2}", spread.median, spread.spread);
    [
        trip.cores.to_string(),
        us(trip.operation_us),
        us(trip.board_us),
        us(trip.echo_us),
        times(trip.ratio),
        format!("{}, {}", trip.goal, met(trip.ratio.median <= trip.goal)),
        times(trip.own),
    ]
}

fn run(run: &Run) -> [String; 6] {
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

fn grown(growth: &Growth) -> impl Iterator<Item = [String; 6]> {
    let factor = |of: &[Option<f64>], place: usize| {
        let of = place.checked_sub(1).and_then(|place| *of.get(place)?);
        of.map(|of| format!("{of:.2}")).unwrap_or_default()
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

fn print(of: &Footprint) -> [String; 7] {
    [
        of.file.clone(),
        of.component_bytes.to_string(),
        of.core_bytes.to_string(),
        of.pages.to_string(),
        of.most_pages.map(|most| most.to_string()).unwrap_or_default(),
        format!("{:.0} µs", of.instantiate_us),
        format!("{:.0} KiB", of.host_kib),
    ]
}

fn takes(of: &Memory) -> [String; 6] {
    let more = |proposal: &str| of.more_mib.get(proposal).map(|mib| format!("{mib:+.1}")).unwrap_or_default();
    [of.runtime.clone(), format!("{:.1}", of.ready_mib), more("i2c"), more("spi"), more("gpio"), more("usb")]
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

fn write<const COLUMNS: usize>(
    f: &mut Formatter<'_>,
    title: &str,
    head: &[&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> Result {
    let rows: Vec<_> = rows.collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
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
