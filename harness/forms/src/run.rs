//! A report as forms need it: read to its end, and judged again.

use crate::safe;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use wasi_hw_harness::report::{self, Entry, Expectation, Footer, Header, Record, Totals, Verdict};

/// The most bytes of a report that is drawn: its records are kept. A run of the suite has one or two million.
const MOST_BYTES: u64 = 256 << 20;

/// A run, with every verdict and claim as its records give them.
pub struct Run {
    /// The report's name, for messages.
    pub file: String,
    /// Where it lies, for links to it.
    pub path: Option<PathBuf>,
    /// What was run on what.
    pub header: Header,
    /// The cases, in the order of the report.
    pub records: Vec<Record>,
    /// What they come to.
    pub footer: Footer,
    /// Why the report has no footer, if it has none: the run was ended.
    pub unfinished: Option<String>,
    /// How many verdicts are written otherwise in the report; each is shown here as the record gives it.
    pub otherwise: usize,
}

impl Run {
    /// Reads a report. A run that was ended is a run; a report that is wrong is an error, which names the line.
    pub fn open(path: &Path) -> anyhow::Result<Run> {
        let bytes = std::fs::metadata(path).map(|file| file.len()).unwrap_or_default();
        if bytes > MOST_BYTES {
            bail!(
                "{} has {bytes} bytes, and a report that can be drawn at most {MOST_BYTES}",
                path.display()
            );
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let run = Run::collect(report::open(path)?, safe::name(&name))?;
        Ok(Run { path: Some(path.to_owned()), ..run })
    }

    /// The same of entries from elsewhere. `file` is the report's name.
    pub fn collect(
        entries: impl Iterator<Item = Result<Entry, report::ReadError>>,
        file: String,
    ) -> anyhow::Result<Run> {
        let (mut header, mut records, mut written, mut unfinished) = (None, Vec::new(), None, None);
        let mut otherwise = 0;
        for entry in entries {
            match entry {
                Ok(Entry::Header(read)) => header = Some(*read),
                Ok(Entry::Record(record)) => {
                    let judged = judged(*record);
                    otherwise += usize::from(judged.1);
                    records.push(judged.0);
                }
                Ok(Entry::Footer(footer)) => written = Some(*footer),
                Err(error) if error.unfinished => unfinished = Some(error.message),
                Err(error) => return Err(error.into()),
            }
        }
        let header = header.context("the report has no header")?;
        let mut totals = Totals::new(&header);
        records.iter().for_each(|record| totals.add(record));
        if written.as_ref().is_some_and(|footer| footer.interrupted) {
            totals.interrupt();
        }
        let problems = written.map(|footer| footer.problems).unwrap_or_default();
        let mut footer = totals.footer(problems);
        footer.complete &= unfinished.is_none();
        Ok(Run { file, path: None, header, records, footer, unfinished, otherwise })
    }

    /// The host with its version, as it is called everywhere.
    pub fn host(&self) -> String {
        let (name, version) = (&self.header.runtime.name, &self.header.runtime.version);
        safe::name(&if version.is_empty() { name.clone() } else { format!("{name} {version}") })
    }

    /// The day on which it was made, if the report says.
    pub fn day(&self) -> String {
        self.header.date.as_deref().map_or("not recorded".to_owned(), safe::name)
    }

    /// The suite's release.
    pub fn suite(&self) -> String {
        safe::name(&self.header.suite.version)
    }

    /// The system and the processor that it was made on.
    pub fn platform(&self) -> String {
        safe::name(&format!("{} {}", self.header.platform.os, self.header.platform.arch))
    }

    /// The record of a case.
    pub fn record(&self, case: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.case == case)
    }

    /// The line of a case in the report: a run that was read has its header in the first.
    pub fn line(&self, case: &str) -> Option<usize> {
        self.records.iter().position(|record| record.case == case).map(|place| place + 2)
    }

    /// Those of the records that make the run fail, and known failures behind them.
    pub fn failures(&self) -> Vec<&Record> {
        let mut failures: Vec<_> = self.records.iter().filter(|record| failed(record)).collect();
        failures.sort_by_key(|record| !record.fails_the_run());
        failures
    }

    /// What a reader must know before any number, if anything: the run is a part, was ended, or is not as written.
    pub fn caveats(&self) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(why) = &self.unfinished {
            said.push(format!("The run did not end: {why}."));
        }
        let left_out = self.footer.left_out;
        if left_out > 0 {
            said.push(format!(
                "A filter was on: {left_out} of the suite's {} cases were not asked for.",
                self.header.cases.len()
            ));
        }
        for group in &self.footer.not_run {
            said.push(format!("{} case(s) were not run: {}.", group.cases, safe::line(&group.why)));
        }
        if !self.footer.problems.is_empty() {
            let problems = self.footer.problems.iter().take(5).map(|problem| safe::line(problem));
            said.push(format!(
                "The suite's files have problems: {}.",
                problems.collect::<Vec<_>>().join("; ")
            ));
        }
        if self.otherwise > 0 {
            said.push(format!(
                "{} verdict(s) are written in the report otherwise than its records give them; shown is what the records give.",
                self.otherwise
            ));
        }
        said
    }
}

/// Whether a record belongs among the failures: it makes the run fail, or fails as the runtime's list says.
pub(crate) fn failed(record: &Record) -> bool {
    record.fails_the_run() || record.expectation == Expectation::Known
}

/// The record with the verdict that it gives, and whether another was written.
pub(crate) fn judged(record: Record) -> (Record, bool) {
    let written = (record.verdict, record.expectation, record.why.clone());
    let judged = record.concluded();
    let otherwise = (judged.verdict, judged.expectation) != (written.0, written.1);
    // A verdict of the harness on itself has its reason where it was made.
    let why = judged.why.clone().or(written.2.filter(|_| judged.verdict == Verdict::HarnessError));
    (Record { why, ..judged }, otherwise)
}
