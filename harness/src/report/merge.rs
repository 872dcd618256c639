//! Puts the reports of one run's parts together, and proves that they are one run: every case once, one suite, one host.

use super::read::{self, Reader};
use super::{Entry, Footer, Header, Record, Sink, Totals};
use crate::text::{self, MOST_ADDRESS};
use anyhow::{Context, bail, ensure};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The most parts of a run: as many as a report can have cases.
const MOST_PARTS: usize = 100_000;

/// Parts that were looked at and are one run.
#[derive(Debug)]
pub struct Parts {
    header: Header,
    /// By case: the part, where its record begins in it, and its line.
    places: BTreeMap<String, Place>,
    files: Vec<PathBuf>,
    problems: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    part: usize,
    at: u64,
    line: usize,
}

impl Parts {
    /// Reads every part once. Each error names the file, and the line where there is one.
    pub fn read(files: Vec<PathBuf>) -> anyhow::Result<Parts> {
        ensure!(files.len() <= MOST_PARTS, "{} reports; {MOST_PARTS} are the most", files.len());
        let mut parts: Option<Parts> = None;
        for (number, file) in files.iter().enumerate() {
            let name = name(file);
            let (mut at, mut line) = (0, 0);
            let mut reader = read::open(file)?;
            while let Some(entry) = reader.next() {
                let begins = at;
                (at, line) = (reader.bytes(), line + 1);
                match (entry?, &mut parts) {
                    (Entry::Header(header), None) => {
                        let places = BTreeMap::new();
                        let (files, problems) = (files.clone(), Vec::new());
                        parts = Some(Parts { header: *header, places, files, problems });
                    }
                    (Entry::Header(header), Some(parts)) => parts.same_run(&header, &name)?,
                    (Entry::Record(record), Some(parts)) => {
                        let place = Place { part: number, at: begins, line };
                        if let Some(first) = parts.places.insert(record.case.clone(), place) {
                            let other = self::name(&files[first.part]);
                            let (case, first) = (record.case, first.line);
                            bail!(
                                "{name}:{line}: the case {case} has a record in {other}:{first} already; each part of a run has \
                                 cases of its own"
                            );
                        }
                    }
                    (Entry::Footer(footer), Some(parts)) => {
                        let new = footer.problems.into_iter().filter(|new| !parts.problems.contains(new));
                        let new: Vec<_> = new.collect();
                        parts.problems.extend(new);
                    }
                    // The reader sees to it that the header comes first.
                    (_, None) => {}
                }
            }
        }
        let parts = parts.context("no report; name the parts, or the folder that they lie in")?;
        parts.complete()?;
        Ok(parts)
    }

    /// Whether another part is of the same run: all but how many cases it has, and the day, of which the first counts.
    fn same_run(&mut self, other: &Header, name: &str) -> anyhow::Result<()> {
        let first = self::name(&self.files[0]);
        let (ours, theirs) = (&self.header, other);
        let said = |what: &str, a: &str, b: &str| {
            let (a, b) = (text::line(a, 200), text::line(b, 200));
            anyhow::anyhow!(
                "{name}:1: is of {what} {b}, and {first} of {a}; parts of one run have one suite and one host"
            )
        };
        if ours.suite != theirs.suite {
            let shown = |header: &Header| format!("{} ({})", header.suite.version, header.suite.sha256);
            return Err(said("suite", &shown(ours), &shown(theirs)));
        }
        if ours.runtime != theirs.runtime {
            let shown = |header: &Header| format!("{} {}", header.runtime.name, header.runtime.version);
            let (a, b) = (shown(ours), shown(theirs));
            if a == b {
                bail!(
                    "{name}:1: {} declares something else of itself than in {first}; parts of one run have one host",
                    text::line(&b, 200)
                );
            }
            return Err(said("runtime", &a, &b));
        }
        if ours.platform != theirs.platform {
            let shown = |header: &Header| format!("{} on {}", header.platform.os, header.platform.arch);
            return Err(said("platform", &shown(ours), &shown(theirs)));
        }
        ensure!(
            Header { chosen: ours.chosen, date: ours.date.clone(), ..theirs.clone() } == *ours,
            "{name}:1: has another header than {first}; parts of one run have one suite and one host"
        );
        // A part without a day says nothing of it.
        self.header.date = [&ours.date, &theirs.date].into_iter().flatten().min().cloned();
        Ok(())
    }

    /// Every case of the suite has its record.
    fn complete(&self) -> anyhow::Result<()> {
        const SHOWN: usize = 5;
        let missing: Vec<_> = self.header.cases.keys().filter(|id| !self.places.contains_key(*id)).collect();
        let more = if missing.len() > SHOWN { ", …" } else { "" };
        let shown: Vec<_> = missing.iter().take(SHOWN).map(|id| text::line(id, 200)).collect();
        ensure!(
            missing.is_empty(),
            "{} of {} cases have no record in any part: {}{more}; a part is missing, or a filter was on",
            missing.len(),
            self.header.cases.len(),
            shown.join(", ")
        );
        Ok(())
    }

    /// The header of the whole run.
    pub fn header(&self) -> Header {
        Header { chosen: self.header.cases.len(), ..self.header.clone() }
    }

    /// Hands the records to a sink, in the order of the listing, and then the footer of the whole run.
    pub fn write(&self, mut sink: impl Sink) -> anyhow::Result<Footer> {
        let mut totals = Totals::new(&self.header());
        // At most one file is open at a time: there may be one for each case.
        let mut open: Option<(usize, BufReader<File>)> = None;
        for (number, (case, place)) in self.places.iter().enumerate() {
            let record = self.record(case, *place, &mut open)?;
            totals.add(&record);
            sink.record(number, &record)?;
        }
        let footer = totals.footer(self.problems.clone());
        Box::new(sink).finish(&footer)?;
        Ok(footer)
    }

    fn record(
        &self,
        case: &str,
        place: Place,
        open: &mut Option<(usize, BufReader<File>)>,
    ) -> anyhow::Result<Record> {
        let (file, name) = (&self.files[place.part], name(&self.files[place.part]));
        let from = match open.take() {
            Some((part, from)) if part == place.part => from,
            _ => BufReader::new(File::open(file).with_context(|| format!("{name} cannot be opened"))?),
        };
        let (_, from) = open.insert((place.part, from));
        from.seek(SeekFrom::Start(place.at)).with_context(|| name.clone())?;
        let mut line = Vec::new();
        from.take(read::MOST_LINE as u64 + 1).read_until(b'\n', &mut line).with_context(|| name.clone())?;
        match serde_json::from_slice(&line) {
            Ok(Entry::Record(record)) if record.case == case => Ok(*record),
            _ => bail!("{name}:{}: was changed while it was read", place.line),
        }
    }
}

/// The reports that are meant by paths: a folder means those in it, in the order of their names.
pub fn reports(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).with_context(|| name(path))?;
        let mut inside = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
        inside.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
        ensure!(!inside.is_empty(), "{} has no report, which ends in .jsonl", name(path));
        inside.sort();
        files.append(&mut inside);
    }
    Ok(files)
}

fn name(path: &Path) -> String {
    text::line(&path.display().to_string(), MOST_ADDRESS)
}

impl<R: BufRead> Reader<R> {
    /// How many bytes were read so far: where the next entry begins.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}
