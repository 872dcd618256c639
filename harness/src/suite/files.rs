//! What the suite was read from: its files, each with a hash, and one digest of them all.

use super::manifest::sha256;
use super::problem::Source;
use std::collections::BTreeMap;
use std::path::Path;

/// SHA-256 of each file that was read, by its path from the suite's root, with `/` on every system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(pub BTreeMap<String, String>);

impl Files {
    /// Remembers a file.
    pub(super) fn note(&mut self, source: &Source) {
        self.note_hashed(&source.file, sha256_of_text(&source.text));
    }

    /// Remembers a file with the hash of its text, for which see [`sha256_of_text`].
    pub(super) fn note_hashed(&mut self, file: &Path, sha256: String) {
        self.0.insert(name(file), sha256);
    }

    /// One SHA-256 of them all: that of the lines which `sha256sum` prints of them, sorted by path.
    pub fn digest(&self) -> String {
        digest(&self.0)
    }
}

/// SHA-256 of a text. A checkout may have changed its line ends: they count as `\n`.
pub fn sha256_of_text(text: &str) -> String {
    sha256(text.replace("\r\n", "\n").as_bytes())
}

/// The digest of such a list.
pub fn digest(files: &BTreeMap<String, String>) -> String {
    let lines: String = files.iter().map(|(path, hash)| format!("{hash}  {path}\n")).collect();
    sha256(lines.as_bytes())
}

fn name(file: &Path) -> String {
    file.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
