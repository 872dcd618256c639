//! The folder of a package: which files it has, and the list of their hashes. A package comes from anybody: no link is
//! followed, no name is used that is not plain, and nothing is read whole that may be large.

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use wasi_hw_harness::suite::release::is_inside;
use wasi_hw_harness::text;

/// The list of hashes.
pub(super) const SUMS: &str = "SHA256SUMS";

/// The most files, and how deep a folder may lie.
const MOST_FILES: usize = 20_000;
const MOST_DEPTH: usize = 16;

/// The most bytes of a file that is read whole.
const MOST_BYTES: u64 = 64 << 20;

/// The files of a folder with their sizes, by path with `/`. What is no plain file in a plain place is told, and left out.
pub(super) fn files(
    root: &Path,
    find: &mut dyn FnMut(String) -> anyhow::Result<()>,
) -> anyhow::Result<BTreeMap<String, u64>> {
    let meta = fs::symlink_metadata(root).with_context(|| format!("{} cannot be read", shown(root)))?;
    ensure!(meta.is_dir(), "{} is no folder; name the package's folder", shown(root));
    let (mut all, mut folders) = (BTreeMap::new(), vec![(String::new(), 0)]);
    while let Some((folder, depth)) = folders.pop() {
        let entries =
            fs::read_dir(root.join(&folder)).with_context(|| format!("{folder} cannot be listed"))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let meta = entry.metadata()?;
            let told = text::line(&path, 400);
            if !is_inside(&path) {
                find(format!("{told}: no file of a package is called so"))?;
            } else if meta.is_symlink() {
                find(format!("{told}: is a link; a package has plain files alone"))?;
            } else if meta.is_dir() && depth < MOST_DEPTH {
                folders.push((path, depth + 1));
            } else if !meta.is_file() {
                find(format!("{told}: is no plain file"))?;
            } else {
                all.insert(path, meta.len());
            }
            ensure!(all.len() <= MOST_FILES, "the package has more than {MOST_FILES} files");
        }
    }
    Ok(all)
}

fn shown(path: &Path) -> String {
    text::line(&path.display().to_string(), text::MOST_ADDRESS)
}

/// The SHA-256 of a file, read in pieces.
pub(super) fn hash(path: &Path) -> io::Result<String> {
    let mut from = Hashing::new(File::open(path)?);
    io::copy(&mut from, &mut io::sink())?;
    Ok(from.finish())
}

/// Reads a file whole that is small; `size` is the one that is expected, and the most that is read.
pub(super) fn read(path: &Path, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(size.min(MOST_BYTES) + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What is read through it is hashed.
pub(super) struct Hashing<R> {
    from: R,
    sha: Sha256,
}

impl<R: Read> Hashing<R> {
    pub(super) fn new(from: R) -> Hashing<R> {
        Hashing { from, sha: Sha256::new() }
    }

    /// Reads the rest, and gives the hash of it all.
    pub(super) fn finish(mut self) -> String {
        let _ = io::copy(&mut self.from, &mut Sink(&mut self.sha));
        hex(&self.sha.finalize())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.sha.update(&into[..read]);
        Ok(read)
    }
}

struct Sink<'s>(&'s mut Sha256);

impl io::Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The list as it is written: a line for each file, sorted by path.
pub(super) fn sums(hashes: &BTreeMap<String, String>) -> String {
    hashes.iter().map(|(path, hash)| format!("{hash}  {path}\n")).collect()
}

/// Reads such a list. The error says what is wrong.
pub(super) fn parse_sums(bytes: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    let mut all = BTreeMap::new();
    for (n, line) in (1..).zip(text.lines()) {
        let hex =
            |hash: &str| hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let parts =
            line.split_once("  ").filter(|(hash, path)| hex(hash) && is_inside(path) && *path != SUMS);
        let Some((hash, path)) = parts else {
            return Err(format!("line {n} is not `SHA-256  path` with a plain path inside the package"));
        };
        all.insert(path.to_owned(), hash.to_owned());
    }
    // One list for one package: sorted, nothing twice, an end to each line.
    if sums(&all) != text { Err("is not sorted by path, or names a file twice".to_owned()) } else { Ok(all) }
}
