//! What is wrong with a file of the suite: where, what, and how to fix it.

use crate::text::{self, MOST_ADDRESS, MOST_LINE};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use toml::Spanned;

/// One thing that is wrong with one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the suite's root.
    pub file: PathBuf,
    /// The line, from 1, where one is known.
    pub line: Option<usize>,
    /// What is wrong, and what to do.
    pub message: String,
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files and keys in them may be anything.
        f.write_str(&text::line(&self.file.to_string_lossy(), MOST_ADDRESS))?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", text::block(&self.message, MOST_LINE))
    }
}

/// The version of every format of the suite's files.
pub const VERSION: u32 = 1;

/// A format of the suite's files. Each has a key `version`, so that a later harness can tell an older file.
pub trait Versioned: DeserializeOwned {
    /// The value of the key.
    fn version(&self) -> u32;
}

/// A file of the suite as text, with what it takes to say where something stands in it.
pub struct Source {
    /// Relative to the suite's root.
    pub file: PathBuf,
    /// The whole text.
    pub text: String,
}

/// The largest file of the suite that is read; the largest real one has some 50 KiB.
const MOST_BYTES: u64 = 4 << 20;

/// Reads a file that has at most so many bytes; None if it has more. A pipe or a device may never end, so only what is a
/// file is opened.
pub(super) fn bounded(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    // With a byte more than there are, whoever reads sees the end without asking for more room.
    let length = metadata.len().min(most).saturating_add(1);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

impl Source {
    /// Reads `root/file`.
    pub fn read(root: &Path, file: impl Into<PathBuf>) -> Result<Source, Problem> {
        let file = file.into();
        let problem = |message: String| Problem { file: file.clone(), line: None, message };
        let path = root.join(&file);
        let bytes =
            bounded(&path, MOST_BYTES).map_err(|error| problem(format!("cannot be read: {error}")))?;
        let Some(bytes) = bytes else {
            return Err(problem(format!(
                "has more than {MOST_BYTES} bytes; no file of the suite has so many"
            )));
        };
        let text = String::from_utf8(bytes).map_err(|_| problem("is not UTF-8".to_owned()))?;
        Ok(Source { file, text })
    }

    /// Parses the file as TOML, in the one version of its format that there is.
    pub fn parse_versioned<T: Versioned>(&self) -> Result<T, Problem> {
        #[derive(Deserialize)]
        struct Only {
            version: Spanned<u32>,
        }
        let parsed = self.parse::<T>();
        if parsed.as_ref().is_ok_and(|file| file.version() == VERSION) {
            return parsed;
        }
        // What a later version has, this one does not know; so of such a file nothing else is said.
        match toml::from_str(&self.text) {
            Ok(Only { version }) if *version.get_ref() != VERSION => {
                let message =
                    format!("has version {}; this harness reads version {VERSION}", version.get_ref());
                Err(self.problem(Some(version.span().start), message))
            }
            _ => parsed,
        }
    }

    /// Parses the file as TOML.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        toml::from_str(&self.text).map_err(|error| {
            let message = error.message().trim_end();
            // What serde says of it where the kind of a value is open names no range.
            let beyond = message.contains(" as i128, ") || message.contains(" as u128, ");
            let range = if beyond { "; a whole number is at least -2^63 and below 2^63" } else { "" };
            let message = text::line(&format!("{message}{range}"), MOST_LINE);
            self.problem(error.span().map(|span| span.start), message)
        })
    }

    /// A problem at a byte offset of the text.
    pub fn problem(&self, offset: Option<usize>, message: impl Into<String>) -> Problem {
        let line = |offset: usize| 1 + self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
        Problem { file: self.file.clone(), line: offset.map(line), message: message.into() }
    }
}
