//! The report for a reader at a terminal.

use super::{Footer, Header, Record, Sink, Statement, Verdict, guest_side};
use crate::suite::expect::Line;
use crate::text;
use anyhow::Context;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io;

/// The report at a terminal: each case that did not do as expected, then a line for each world.
pub struct Console<W> {
    out: W,
    requirements: BTreeMap<String, Statement>,
    failures: bool,
    told: Told,
}

impl<W: io::Write> Console<W> {
    /// On this stream.
    pub fn new(out: W, header: &Header) -> Console<W> {
        Console { out, requirements: header.requirements.clone(), failures: true, told: Told::default() }
    }

    /// Without the failures: somebody else tells of them.
    pub fn summary_only(self) -> Console<W> {
        Console { failures: false, ..self }
    }
}

impl<W: io::Write + Send> Sink for Console<W> {
    fn record(&mut self, _: usize, record: &Record) -> anyhow::Result<()> {
        if !self.failures || !record.fails_the_run() {
            return Ok(());
        }
        if !self.told.first(record) {
            return Ok(());
        }
        let written = writeln!(self.out, "{}", failure(record, &self.requirements));
        written.and_then(|()| self.out.flush()).context("the standard output cannot be written")
    }

    fn finish(mut self: Box<Self>, footer: &Footer) -> anyhow::Result<()> {
        let written = write!(self.out, "{}", summary(footer));
        written.and_then(|()| self.out.flush()).context("the standard output cannot be written")
    }
}

/// The reasons for which hosts do not link, as far as they were told: one that every case of a world has is told once.
#[derive(Default)]
pub(crate) struct Told(BTreeSet<String>);

impl Told {
    /// Whether the failure of a case says anything that was not said of another of its world.
    pub(crate) fn first(&mut self, record: &Record) -> bool {
        record.verdict != Verdict::LinkFailure
            || self.0.insert(format!("{} {}", record.proposal, record.why.as_deref().unwrap_or_default()))
    }
}

/// What is to be said of one case that did not do as expected: the requirements, both sides, and
/// where they differ.
pub fn failure(record: &Record, requirements: &BTreeMap<String, Statement>) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, record, requirements);
    // A record may come from a report that somebody else wrote.
    text::block(&out, usize::MAX)
}

fn write(out: &mut String, record: &Record, requirements: &BTreeMap<String, Statement>) -> std::fmt::Result {
    let verdict = record.verdict.to_string().to_uppercase();
    writeln!(out, "{verdict} {}   {} ({})", record.case, record.proves.join(" "), record.level)?;
    writeln!(out, "  {}", record.title)?;
    for id in &record.proves {
        if let Some(requirement) = requirements.get(id) {
            writeln!(out, "  {id}: {}", requirement.text)?;
        }
    }
    if let Some(remark) = record.remark() {
        writeln!(out, "  {remark}")?;
    }
    if let Some(why) = &record.why {
        for line in why.lines() {
            writeln!(out, "  {line}")?;
        }
    }
    if record.verdict == Verdict::LinkFailure {
        // Nothing was run, so there are no two sides.
        return writeln!(
            out,
            "  no other case of {} that does not link for this reason is shown",
            record.proposal
        );
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
    for cut in &record.cut {
        writeln!(out, "  left out of the record: {} ({} lines, {} bytes)", cut.part, cut.lines, cut.bytes)?;
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

/// One line per world; then what was not run and why, and what is wrong with the suite.
pub fn summary(footer: &Footer) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = summarize(&mut out, footer);
    text::block(&out, usize::MAX)
}

fn summarize(out: &mut String, footer: &Footer) -> std::fmt::Result {
    for (proposal, world) in &footer.worlds {
        let (claim, required, optional) = (world.claim.to_string(), world.required, world.optional);
        let lacks = world.lacks.join(", ");
        write!(
            out,
            "{proposal:<5} {:<22} {claim:<15} required {}/{} · optional {}/{} · observed {}",
            world.package, required.passed, required.all, optional.passed, optional.all, world.observed
        )?;
        if world.added_later > 0 {
            write!(out, " · added after the release, not scored: {}", world.added_later)?;
        }
        if !lacks.is_empty() {
            write!(out, " · without {lacks}: {} not applicable", world.not_applicable)?;
        }
        if !world.not_observable.is_empty() {
            write!(out, " · not observable here: {}", world.not_observable.join(" "))?;
        }
        out.push('\n');
    }
    for group in &footer.not_run {
        let more = if group.cases > group.first.len() { ", …" } else { "" };
        let named = if group.first.is_empty() {
            String::new()
        } else {
            format!(" ({}{more})", group.first.join(", "))
        };
        writeln!(out, "not run: {} case(s), because {}{named}", group.cases, group.why)?;
    }
    if footer.starved > 0 {
        writeln!(
            out,
            "{} case(s) were given up by real time alone, and say nothing of the host: the machine was busy; run them again",
            footer.starved
        )?;
    }
    if footer.left_out > 0 {
        writeln!(out, "a filter left out {} case(s) of the suite", footer.left_out)?;
    }
    let problems = footer.problems.len();
    if problems > 0 {
        writeln!(out, "the run is incomplete: {problems} problem(s) in the suite's files")?;
    }
    Ok(())
}
