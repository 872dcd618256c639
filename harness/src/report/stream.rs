//! The report itself, as it is written.

use super::{Entry, Footer, Header, Record, Sink};
use anyhow::Context;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// A report on its way to a file or to the standard output. Each line is written and flushed as a whole.
pub struct Writer<W> {
    out: W,
    name: String,
    line: Vec<u8>,
}

impl Writer<File> {
    /// Creates the file and writes the header.
    pub fn create(path: &Path, header: &Header) -> anyhow::Result<Writer<File>> {
        let name = format!("the report {}", path.display());
        let file = File::create(path).with_context(|| format!("{name} cannot be written"))?;
        Writer::new(file, name, header)
    }
}

impl<W: Write> Writer<W> {
    /// Writes the header. `name` is for errors.
    pub fn new(out: W, name: impl Into<String>, header: &Header) -> anyhow::Result<Writer<W>> {
        let mut writer = Writer { out, name: name.into(), line: Vec::new() };
        writer.entry(&Entry::Header(Box::new(header.clone())))?;
        Ok(writer)
    }

    fn entry(&mut self, entry: &Entry) -> anyhow::Result<()> {
        self.line.clear();
        let written =
            serde_json::to_writer(&mut self.line, entry).map_err(std::io::Error::from).and_then(|()| {
                self.line.push(b'\n');
                self.out.write_all(&self.line)?;
                self.out.flush()
            });
        written.with_context(|| format!("{} cannot be written", self.name))
    }
}

impl<W: Write + Send> Sink for Writer<W> {
    fn record(&mut self, _: usize, record: &Record) -> anyhow::Result<()> {
        self.entry(&Entry::Record(Box::new(record.clone())))
    }

    fn finish(mut self: Box<Self>, footer: &Footer) -> anyhow::Result<()> {
        self.entry(&Entry::Footer(Box::new(footer.clone())))
    }
}
