//! A file of sysfs: a line of text that is asked for and set as a whole.

use crate::errno;
use crate::failure::Report;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use wasi_hw_seam::Refusal;

/// No attribute that is read here needs more; sysfs itself stops at a page.
const MOST: usize = 128;

/// An open attribute. It stays with its device: if that goes, and another one gets its name, this one is [`Refusal::Gone`].
pub(super) struct Attribute {
    file: File,
    pub(super) path: PathBuf,
    report: Report,
}

impl Attribute {
    pub(super) fn to_read(path: PathBuf, report: &Report) -> Result<Attribute, Refusal> {
        Attribute::open(path, OpenOptions::new().read(true), report)
    }

    pub(super) fn to_write(path: PathBuf, report: &Report) -> Result<Attribute, Refusal> {
        Attribute::open(path, OpenOptions::new().write(true), report)
    }

    pub(super) fn to_read_and_write(path: PathBuf, report: &Report) -> Result<Attribute, Refusal> {
        Attribute::open(path, OpenOptions::new().read(true).write(true), report)
    }

    fn open(path: PathBuf, how: &OpenOptions, report: &Report) -> Result<Attribute, Refusal> {
        match how.open(&path) {
            Ok(file) => Ok(Attribute { file, path, report: report.clone() }),
            Err(error) => Err(report.refused(&path, "open", errno::SYSFS, error)),
        }
    }

    /// Takes it for this request alone: other programs that ask so, and other requests, are [`Refusal::Busy`].
    pub(super) fn lock(&self) -> Result<(), Refusal> {
        self.file.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => {
                self.wrong("flock", "another pin has it".to_owned(), Refusal::Busy)
            }
            std::fs::TryLockError::Error(error) => self.refused("flock", error),
        })
    }

    /// Its first line, without what is white before and behind.
    pub(super) fn text(&self) -> Result<String, Refusal> {
        let mut bytes = [0; MOST];
        let length = self.file.read_at(&mut bytes, 0).map_err(|error| self.refused("read", error))?;
        let line = bytes[..length].split(|byte| *byte == b'\n').next().unwrap_or_default();
        if line.len() == MOST {
            return Err(self.nonsense(format!("it has more than {MOST} bytes")));
        }
        match str::from_utf8(line) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(_) => Err(self.nonsense("it is not text".to_owned())),
        }
    }

    /// A whole number.
    pub(super) fn whole(&self) -> Result<i64, Refusal> {
        let text = self.text()?;
        text.parse().map_err(|_| self.nonsense(format!("`{}` is no whole number", text.escape_debug())))
    }

    /// A number, whole or not.
    pub(super) fn number(&self) -> Result<f64, Refusal> {
        let text = self.text()?;
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| self.nonsense(format!("`{}` is no number", text.escape_debug())))
    }

    /// Sets it, by one call, which is how the kernel takes it.
    pub(super) fn set(&self, to: &str) -> Result<(), Refusal> {
        let text = format!("{to}\n");
        match self.file.write_at(text.as_bytes(), 0) {
            Ok(length) if length == text.len() => Ok(()),
            Ok(_) => Err(self.wrong("write", format!("`{to}` was not taken whole"), Refusal::Io)),
            Err(error) => Err(self.refused("write", error)),
        }
    }

    /// What is wrong with what the file has.
    pub(super) fn nonsense(&self, why: String) -> Refusal {
        self.wrong("read", why, Refusal::Io)
    }

    fn wrong(&self, call: &'static str, why: String, refusal: Refusal) -> Refusal {
        self.report.wrong(&self.path, call, why, refusal)
    }

    fn refused(&self, call: &'static str, error: io::Error) -> Refusal {
        self.report.refused(&self.path, call, errno::SYSFS, error)
    }
}

/// Whether there is such a file; one that cannot be looked at is there, so that opening it says why.
pub(super) fn exists(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}
