//! Reads a report, entry by entry. What is in it was written by anybody: nothing is believed, and no line is kept that
//! is longer than any of ours.

use super::{Entry, FORMAT, Header};
use crate::text::{self, MOST_ADDRESS};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The most bytes of a line: twice what the largest record of ours has.
pub const MOST_LINE: usize = 8 << 20;

/// The most seams of a requirement, and requirements of a case. Each record is compared with all of its own.
const MOST_SEAMS: usize = 32;
const MOST_PROVEN: usize = 256;

/// Opens a report. Each error names the file and the line.
pub fn open(path: &Path) -> anyhow::Result<Reader<BufReader<File>>> {
    let name = text::line(&path.display().to_string(), MOST_ADDRESS);
    let file = File::open(path).map_err(|error| anyhow::anyhow!("{name} cannot be opened: {error}"))?;
    if file.metadata().is_ok_and(|file| file.is_dir()) {
        anyhow::bail!("{name} is a folder; name the report in it");
    }
    Ok(read(BufReader::new(file), name))
}

/// Reads a report. `name` is for errors.
pub fn read<R: BufRead>(from: R, name: impl Into<String>) -> Reader<R> {
    Reader { from, name: name.into(), line: 0, bytes: 0, state: State::Start, known: BTreeMap::new() }
}

/// The entries of a report: one header, records of different cases, one footer. After the first error nothing
/// comes any more.
pub struct Reader<R> {
    from: R,
    name: String,
    line: usize,
    pub(super) bytes: u64,
    state: State,
    /// The cases of the suite, each with the line of its record.
    known: BTreeMap<String, usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Records(usize),
    Footer,
    Over,
}

/// Why a report cannot be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The report, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub message: String,
    /// Whether nothing is wrong but that the run did not end: what came before is whole.
    pub unfinished: bool,
}

impl std::error::Error for ReadError {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Over {
            return None;
        }
        let entry = self.entry().transpose();
        if !matches!(entry, Some(Ok(_))) {
            self.state = State::Over;
        }
        entry
    }
}

impl<R: BufRead> Reader<R> {
    fn entry(&mut self) -> Result<Option<Entry>, ReadError> {
        self.line += 1;
        let Some(line) = self.next_line()? else {
            return match self.state {
                State::Footer | State::Over => Ok(None),
                State::Start => Err(self.error("the file is empty; a report begins with its header")),
                State::Records(records) => Err(self.unfinished(format!(
                    "there is no footer: the run did not end. The {records} records before this are whole"
                ))),
            };
        };
        if self.state == State::Start {
            self.check_format(&line)?;
        }
        let entry = serde_json::from_str::<Entry>(&line);
        let entry =
            entry.map_err(|error| self.error(format!("is no entry of a report: {}", told(&error))))?;
        match (&entry, self.state) {
            (Entry::Header(header), State::Start) => self.begin(header)?,
            (Entry::Header(_), _) => {
                return Err(
                    self.error("a second header; a report is of one run: give each run a file of its own")
                );
            }
            (_, State::Footer | State::Over) => {
                return Err(
                    self.error("an entry after the footer; a report is of one run: take away what was added")
                );
            }
            (Entry::Record(record), State::Records(records)) => {
                self.record(&record.case)?;
                self.state = State::Records(records + 1);
            }
            (Entry::Footer(_), State::Records(_)) => self.state = State::Footer,
            (_, State::Start) => {
                return Err(self
                    .error("there is no header before this; take the whole report, as `--report` wrote it"));
            }
        }
        Ok(Some(entry))
    }

    /// The next line without its end; none at the end of the file.
    fn next_line(&mut self) -> Result<Option<String>, ReadError> {
        let mut bytes = Vec::new();
        let most = MOST_LINE as u64 + 1;
        let read = (&mut self.from).take(most).read_until(b'\n', &mut bytes);
        read.map_err(|error: io::Error| self.error(format!("cannot be read: {error}")))?;
        self.bytes += bytes.len() as u64;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.pop_if(|last| *last == b'\n').is_none() {
            return Err(match (bytes.len() > MOST_LINE, self.state) {
                (true, _) => self.error(format!("has more than {MOST_LINE} bytes, and no line of a report is so long")),
                (false, State::Records(records)) => self.unfinished(format!(
                    "the line is cut off: the run was ended while it was written. The {records} records before it are whole"
                )),
                (false, _) => self.error("the line is cut off; take the whole report, as `--report` wrote it"),
            });
        }
        String::from_utf8(bytes).map(Some).map_err(|_| self.error("is not UTF-8"))
    }

    /// What another version has in its header nobody knows but that version.
    fn check_format(&self, line: &str) -> Result<(), ReadError> {
        #[derive(Deserialize)]
        struct Probe {
            kind: Option<String>,
            format: Option<u64>,
        }
        match serde_json::from_str::<Probe>(line) {
            Ok(Probe { kind: Some(kind), format: Some(format) })
                if kind == "header" && format != u64::from(FORMAT) =>
            {
                Err(self.error(format!(
                    "the report is in format {format}, and this reads format {FORMAT}: run the cases again, or take \
                     the release of the suite that wrote it"
                )))
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, header: &Header) -> Result<(), ReadError> {
        if header.format != FORMAT {
            return Err(self.error("the header does not say its format"));
        }
        let seams = header.requirements.values().any(|requirement| requirement.observable.len() > MOST_SEAMS);
        let proves = header.cases.values().any(|case| case.proves.len() > MOST_PROVEN);
        if seams || proves {
            return Err(self.error(format!(
                "the header has a requirement with more than {MOST_SEAMS} seams, or a case that proves more than \
                 {MOST_PROVEN} requirements; no suite of ours has"
            )));
        }
        self.known = header.cases.keys().map(|id| (id.clone(), 0)).collect();
        self.state = State::Records(0);
        Ok(())
    }

    fn record(&mut self, case: &str) -> Result<(), ReadError> {
        let line = self.line;
        match self.known.get_mut(case) {
            Some(first @ 0) => {
                *first = line;
                Ok(())
            }
            Some(first) => {
                let first = *first;
                Err(self.error(format!(
                    "the case {case} has a record already, on line {first}; a run has one for each: take the report as it \
                     was written"
                )))
            }
            None => {
                let case = text::line(case, 200);
                Err(self.error(format!(
                    "the suite of the header has no case `{case}`; is this a record of another run?"
                )))
            }
        }
    }

    fn error(&self, message: impl Into<String>) -> ReadError {
        ReadError { file: self.name.clone(), line: self.line, message: message.into(), unfinished: false }
    }

    fn unfinished(&self, message: String) -> ReadError {
        ReadError { unfinished: true, ..self.error(message) }
    }
}

/// What serde says, which quotes the line.
fn told(error: &serde_json::Error) -> String {
    text::line(&error.to_string(), 400)
}
