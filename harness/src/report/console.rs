//! The report for a reader at a terminal.

use super::{Claim, Expectation, Footer, Record};
use crate::report::judge::guest_side;
use crate::suite::expect::Line;
use crate::suite::requirement::Requirement;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What is to be said of one case that did not do as expected: the requirements, both sides, and
/// where they differ.
pub fn failure(record: &Record, requirements: &BTreeMap<String, Requirement>) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, record, requirements);
    out
}

fn write(
    out: &mut String,
    record: &Record,
    requirements: &BTreeMap<String, Requirement>,
) -> std::fmt::Result {
    let verdict = record.verdict.to_string().to_uppercase();
    writeln!(out, "{verdict} {}   {} ({})", record.case, record.proves.join(" "), record.level)?;
    writeln!(out, "  {}", record.title)?;
    for id in &record.proves {
        if let Some(requirement) = requirements.get(id) {
            writeln!(out, "  {id}: {}", requirement.text)?;
        }
    }
    match record.expectation {
        Expectation::AsExpected => {}
        Expectation::Known => writeln!(out, "  known: {}", record.known.as_deref().unwrap_or_default())?,
        Expectation::UnexpectedPass | Expectation::StaleEntry => {
            writeln!(out, "  {}", record.known.as_deref().unwrap_or_default())?;
        }
    }
    if let Some(why) = &record.why {
        for line in why.lines() {
            writeln!(out, "  {line}")?;
        }
    }
    let guests = record.guests.iter().map(|g| (guest_side(&g.name), &g.transcript));
    let wires = record.trace.iter().map(|(channel, lines)| (channel.clone(), &lines.seen));
    for (side, seen) in guests.chain(wires) {
        match record.differences.iter().find(|d| d.side == side) {
            Some(difference) => {
                let at = difference.at.min(seen.len());
                context(out, &side, &seen[..at])?;
                let label = if at > 0 { "" } else { side.as_str() };
                let expected = match &difference.expected[..] {
                    [] => "(nothing more)".to_owned(),
                    possible => possible.join("\n                      or  "),
                };
                writeln!(out, "  {label:<10} expected  {expected}")?;
                match seen.get(at) {
                    Some(line) => {
                        writeln!(out, "             saw       {}   at {}", line.text, time(line.at))?
                    }
                    None => writeln!(out, "             saw       (nothing more)")?,
                }
                if seen.len() > at + 1 {
                    context(out, "  then", &seen[at + 1..])?;
                }
            }
            None => context(out, &side, seen)?,
        }
    }
    if let Some(stderr) = &record.stderr {
        writeln!(out, "  stderr of the runtime:")?;
        for line in stderr.lines() {
            writeln!(out, "    {line}")?;
        }
    }
    if let Some(id) = record.proves.first() {
        writeln!(out, "  more: cargo hw explain {id}")?;
    }
    Ok(())
}

/// Lines that were as expected: the last few of them, on one line.
fn context(out: &mut String, side: &str, lines: &[Line]) -> std::fmt::Result {
    const SHOWN: usize = 8;
    let skipped = lines.len().saturating_sub(SHOWN);
    let shown: Vec<_> = lines[skipped..].iter().map(|l| l.text.as_str()).collect();
    if shown.is_empty() {
        return Ok(());
    }
    let before = if skipped > 0 { format!("({skipped} more) · ") } else { String::new() };
    writeln!(out, "  {side:<10}           {before}{}", shown.join(" · "))
}

/// Board time with its unit.
fn time(ns: u64) -> String {
    match ns {
        0..1_000 => format!("{ns} ns"),
        1_000..1_000_000 => format!("{} µs", ns as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{} ms", ns as f64 / 1e6),
        _ => format!("{} s", ns as f64 / 1e9),
    }
}

/// One line per world, and what is wrong with the suite.
pub fn summary(footer: &Footer) -> String {
    let mut out = String::new();
    for (proposal, world) in &footer.worlds {
        let claim = match world.claim {
            Claim::Conformant => "conformant",
            Claim::Partial => "partial",
            Claim::NotConformant => "not conformant",
        };
        let (required, optional) = (world.required, world.optional);
        let _ = write!(
            out,
            "{proposal:<5} {:<22} {claim:<15} required {}/{} · optional {}/{} · observed {}",
            world.package, required.passed, required.all, optional.passed, optional.all, world.observed
        );
        if !world.not_observable.is_empty() {
            let _ = write!(out, " · not observable here: {}", world.not_observable.join(" "));
        }
        out.push('\n');
    }
    let problems = footer.problems.len();
    if problems > 0 {
        let _ = writeln!(out, "the run is incomplete: {problems} problem(s) in the suite's files");
    }
    out
}
