//! The report itself, as it is written.

use super::{Entry, Footer, Header, Record, Sink};
use anyhow::{Context, bail};
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::Path;

/// A report on its way to a file or to the standard output. Each line is written and flushed as a whole.
pub struct Writer<W> {
    out: W,
    name: String,
    line: Vec<u8>,
}

impl Writer<File> {
    /// Creates the file and writes the header. A file that another run is writing is left alone, which is an error.
    pub fn create(path: &Path, header: &Header) -> anyhow::Result<Writer<File>> {
        // A relative path is taken from where cargo runs the tests, which is not where the user is.
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let name = format!("the report {}", whole.display());
        let cannot = || format!("{name} cannot be written");
        let file =
            File::options().write(true).create(true).truncate(false).open(path).with_context(cannot)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => bail!("{}: another run is writing it", cannot()),
            // Where nothing can be locked, nobody else is kept out.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        // A pipe or a device has no length.
        if file.metadata().with_context(cannot)?.is_file() {
            file.set_len(0).with_context(cannot)?;
        }
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
