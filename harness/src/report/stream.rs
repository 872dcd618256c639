//! Writes records as they come, in the order of the listing.

use super::{Entry, Footer, Header, Record};
use anyhow::Context;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// A report on its way to a file. Records arrive in any order and are written in that of the
/// listing, each as soon as those before it are there.
pub struct Writer {
    out: BufWriter<File>,
    next: usize,
    waiting: BTreeMap<usize, Record>,
}

impl Writer {
    /// Creates the file and writes the header.
    pub fn create(path: &Path, header: Header) -> anyhow::Result<Writer> {
        let file =
            File::create(path).with_context(|| format!("the report {} cannot be written", path.display()))?;
        let mut writer = Writer { out: BufWriter::new(file), next: 0, waiting: BTreeMap::new() };
        writer.entry(&Entry::Header(header))?;
        Ok(writer)
    }

    /// Takes the record of the `place`th case of the run.
    pub fn record(&mut self, place: usize, record: Record) -> anyhow::Result<()> {
        self.waiting.insert(place, record);
        while let Some(record) = self.waiting.remove(&self.next) {
            self.entry(&Entry::Record(Box::new(record)))?;
            self.next += 1;
        }
        Ok(())
    }

    /// Writes what is left, and the footer.
    pub fn finish(mut self, footer: Footer) -> anyhow::Result<()> {
        for (_, record) in std::mem::take(&mut self.waiting) {
            self.entry(&Entry::Record(Box::new(record)))?;
        }
        self.entry(&Entry::Footer(footer))?;
        self.out.flush().context("the report cannot be written")
    }

    fn entry(&mut self, entry: &Entry) -> anyhow::Result<()> {
        serde_json::to_writer(&mut self.out, entry).context("the report cannot be written")?;
        self.out.write_all(b"\n").context("the report cannot be written")
    }
}
