//! A report judged again, from what was recorded and nothing else.

use super::header::proposal_of;
use super::read::{ReadError, Reader};
use super::{Entry, Footer, Header, Record, Totals};
use crate::suite::files::digest;
use crate::suite::requirement::Level;
use crate::text;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// How much of what is written is quoted, in bytes.
const MOST_QUOTED: usize = 400;

/// Something that is written otherwise than the records give it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// The case, the world, or `header` or `footer`.
    pub of: String,
    /// What is written, such as `verdict` or `claim`.
    pub what: &'static str,
    /// What stands there.
    pub written: String,
    /// What follows from the rest.
    pub judged: String,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Again {
    /// How many records were judged.
    pub records: usize,
    /// How many claims.
    pub claims: usize,
    /// How many findings there were.
    pub findings: usize,
    /// Whether the run had an end. If not, there is no claim to judge.
    pub finished: bool,
}

/// Judges each record of a report again, then adds them up to its claims. `find` is told of each thing that is
/// written otherwise. A report whose run did not end is judged as far as it goes.
pub fn judge_again<R: BufRead>(
    report: Reader<R>,
    find: &mut dyn FnMut(Finding) -> anyhow::Result<()>,
) -> anyhow::Result<(Again, Option<ReadError>)> {
    judge_with(report, find, &mut |_| Ok(()))
}

/// What is seen of a report while it is judged.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'s> {
    /// The header.
    Header(&'s Header),
    /// A record as it is written, and with all that it gives.
    Record(&'s Record, &'s Record),
    /// The footer.
    Footer(&'s Footer),
}

/// Judges a report as [`judge_again`] does, and shows what is in it on the way.
pub fn judge_with<R: BufRead>(
    report: Reader<R>,
    find: &mut dyn FnMut(Finding) -> anyhow::Result<()>,
    see: &mut dyn FnMut(Seen<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<(Again, Option<ReadError>)> {
    let mut judge = Judge { find, again: Again::default(), of: String::new() };
    let mut state: Option<(Box<Header>, Totals)> = None;
    for entry in report {
        match (entry, &mut state) {
            (Ok(Entry::Header(header)), _) => {
                judge.header(&header)?;
                see(Seen::Header(&header))?;
                state = Some((header.clone(), Totals::new(&header)));
            }
            (Ok(Entry::Record(record)), Some((header, totals))) => {
                let judged = judge.record(header, &record)?;
                totals.add(&judged);
                see(Seen::Record(&record, &judged))?;
            }
            (Ok(Entry::Footer(footer)), Some((_, totals))) => {
                if footer.interrupted {
                    totals.interrupt();
                }
                judge.footer(totals, &footer)?;
                see(Seen::Footer(&footer))?;
            }
            (Err(error), _) if error.unfinished => return Ok((judge.again, Some(error))),
            (Err(error), _) => return Err(error.into()),
            // The reader sees to it that the header comes first.
            (Ok(_), None) => {}
        }
    }
    Ok((judge.again, None))
}

struct Judge<'f> {
    find: &'f mut dyn FnMut(Finding) -> anyhow::Result<()>,
    again: Again,
    of: String,
}

impl Judge<'_> {
    fn compare<T: Serialize + PartialEq>(
        &mut self,
        what: &'static str,
        written: &T,
        judged: &T,
    ) -> anyhow::Result<()> {
        if written == judged {
            return Ok(());
        }
        self.again.findings += 1;
        let finding =
            Finding { of: self.of.clone(), what, written: quoted(written)?, judged: quoted(judged)? };
        (self.find)(finding)
    }

    fn header(&mut self, header: &Header) -> anyhow::Result<()> {
        self.of = "header".to_owned();
        self.compare("digest of the suite", &header.suite.sha256, &digest(&header.suite.files))?;
        let mut counts: BTreeMap<&str, BTreeMap<Level, usize>> = BTreeMap::new();
        for (id, case) in &header.cases {
            *counts.entry(proposal_of(id)).or_default().entry(case.level).or_default() += 1;
        }
        let written: BTreeMap<_, _> =
            header.worlds.iter().map(|(w, scope)| (w.as_str(), scope.cases.clone())).collect();
        self.compare("number of cases", &written, &counts)
    }

    /// Compares a record with what it gives, and gives that back: a claim is made of what was seen, not of what is
    /// written about it.
    fn record(&mut self, header: &Header, record: &Record) -> anyhow::Result<Record> {
        self.again.records += 1;
        self.of = record.case.clone();
        let judged = Self::expected(header, record).concluded();
        self.compare("proposal", &record.proposal, &judged.proposal)?;
        self.compare("level", &record.level, &judged.level)?;
        self.compare("proves", &record.proves, &judged.proves)?;
        self.compare("fixture", &record.fixture, &judged.fixture)?;
        self.compare("seam", &record.seam, &judged.seam)?;
        self.compare("clock", &record.clock, &judged.clock)?;
        self.compare("not-observable", &record.not_observable, &judged.not_observable)?;
        self.compare("added-after", &record.added_after, &judged.added_after)?;
        self.compare("needs", &record.needs, &judged.needs)?;
        self.compare("lacks", &record.lacks, &judged.lacks)?;
        self.compare("verdict", &record.verdict, &judged.verdict)?;
        self.compare("expectation", &record.expectation, &judged.expectation)?;
        self.compare("why", &record.why, &judged.why)?;
        self.compare("differences", &record.differences, &judged.differences)?;
        self.compare("lenient", &record.lenient, &judged.lenient)?;
        Ok(judged)
    }

    /// The record with all that the header says of its case and of the runtime.
    fn expected(header: &Header, record: &Record) -> Record {
        let mut record = record.clone();
        if let Some(case) = header.cases.get(&record.case) {
            (record.level, record.proves, record.fixture) =
                (case.level, case.proves.clone(), case.fixture.clone());
            record.needs = case.needs.clone();
            record.added_after = case.added_after.clone();
        }
        let runtime = &header.runtime;
        let proposal = proposal_of(&record.case).to_owned();
        Record {
            seam: runtime.seams.get(&proposal).cloned(),
            clock: runtime.clock_of(&record.package),
            not_observable: header.not_observable(&proposal, &record.proves),
            lacks: header.lacking(&record.package, &record.needs),
            proposal,
            ..record
        }
    }

    fn footer(&mut self, totals: &Totals, footer: &Footer) -> anyhow::Result<()> {
        let judged = totals.footer(footer.problems.clone());
        (self.again.claims, self.again.finished) = (footer.worlds.len(), true);
        self.of = "footer".to_owned();
        self.compare("complete", &footer.complete, &judged.complete)?;
        self.compare("interrupted", &footer.interrupted, &judged.interrupted)?;
        self.compare("verdicts", &footer.verdicts, &judged.verdicts)?;
        self.compare("left-out", &footer.left_out, &judged.left_out)?;
        self.compare("not-run", &footer.not_run, &judged.not_run)?;
        self.compare("ran-again", &footer.ran_again, &judged.ran_again)?;
        let worlds: BTreeSet<_> = footer.worlds.keys().chain(judged.worlds.keys()).collect();
        for name in worlds {
            self.of = format!("world {name}");
            match (footer.worlds.get(name), judged.worlds.get(name)) {
                (Some(written), Some(judged)) => {
                    self.compare("claim", &written.claim, &judged.claim)?;
                    self.compare("package", &written.package, &judged.package)?;
                    self.compare("required", &written.required, &judged.required)?;
                    self.compare("optional", &written.optional, &judged.optional)?;
                    self.compare("observed", &written.observed, &judged.observed)?;
                    self.compare("added-later", &written.added_later, &judged.added_later)?;
                    self.compare("lacks", &written.lacks, &judged.lacks)?;
                    self.compare("not-applicable", &written.not_applicable, &judged.not_applicable)?;
                    self.compare("not-observable", &written.not_observable, &judged.not_observable)?;
                }
                (written, judged) => self.compare("world", &written, &judged)?,
            }
        }
        Ok(())
    }
}

/// A value as it stands in the report, without the quotation marks of a mere word.
fn quoted(value: &impl Serialize) -> anyhow::Result<String> {
    let json = serde_json::to_string(value)?;
    let word =
        json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).filter(|word| !word.contains('\\'));
    Ok(text::line(word.unwrap_or(&json), MOST_QUOTED))
}
