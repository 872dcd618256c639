//! Releases: `conformance/releases/<version>.toml`, written by `cargo hw release`.
//!
//! A release is its lock and a folder beside it. The folder has what goes on changing elsewhere, as it was: the
//! components with their manifest, requirements, capabilities and the WIT packages. Cases and fixtures stay where they
//! are, and are never edited. The lock has a hash of each of all these files:
//!
//! ```toml
//! version = 1
//! release = "0.1.0"
//!
//! [[package]]
//! package = "wasi:i2c@0.2.0-draft"
//! proposal = "i2c"
//! component = "i2c.wasm"
//! sha256 = "…"
//!
//! [files]             # those in the folder 0.1.0
//! [fixtures]          # by their path below fixtures/
//! [requirements]      # "I2C-01" = { level = "must", sha256 = "…" }, of the text
//! [cases]             # "i2c/x" = { level = "must", sha256 = "…", fixture = "i2c/y.toml", proves = ["I2C-01"] }
//! ```
//!
//! Texts are hashed with `\n` at the end of each line, components as they are.

use super::CASES;
use super::files::sha256_of_text;
use super::manifest::{MANIFEST, sha256};
use super::problem::{Problem, Source, Versioned, bounded};
use super::requirement::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Where releases lie.
pub const FOLDER: &str = "conformance/releases";

/// The largest file of a release: a component of ours has some 100 KiB.
const MOST_BYTES: u64 = 16 << 20;

/// The number of a release: three numbers, as in Semantic Versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u32, u32, u32);

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Version, String> {
        let numbers: Vec<u32> = text.split('.').map_while(|part| part.parse().ok()).collect();
        match numbers[..] {
            [major, minor, patch] if Version(major, minor, patch).to_string() == text => {
                Ok(Version(major, minor, patch))
            }
            _ => Err("a release has three numbers, such as 0.1.0".to_owned()),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The lock of a release.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lock {
    /// The format's version: 1.
    pub version: u32,
    /// The release: its file is called so.
    pub release: String,
    /// The component of each package, variants too.
    pub package: Vec<LockedPackage>,
    /// SHA-256 of each file in the release's folder, by its path there.
    pub files: BTreeMap<String, String>,
    /// SHA-256 of each fixture, by its path below `fixtures/`.
    pub fixtures: BTreeMap<String, String>,
    /// The requirements.
    pub requirements: BTreeMap<String, LockedRequirement>,
    /// The cases that count, and those that are reported.
    pub cases: BTreeMap<String, LockedCase>,
}

impl Versioned for Lock {
    fn version(&self) -> u32 {
        self.version
    }
}

/// The component of a package.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LockedPackage {
    /// The package.
    pub package: String,
    /// The proposal whose cases it runs.
    pub proposal: String,
    /// The component's file, in the release's folder.
    pub component: String,
    /// SHA-256 of it.
    pub sha256: String,
}

/// A requirement as it was released.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LockedRequirement {
    /// Its level.
    pub level: Level,
    /// SHA-256 of its text.
    pub sha256: String,
}

/// A case as it was released.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LockedCase {
    /// The level of what it proves.
    pub level: Level,
    /// SHA-256 of its file.
    pub sha256: String,
    /// Its fixture.
    pub fixture: String,
    /// The requirements that it proves.
    pub proves: Vec<String>,
}

impl Lock {
    /// The releases of a suite, the newest first.
    pub fn versions(root: &Path) -> Vec<Version> {
        let files = std::fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        let mut versions: Vec<Version> =
            names.filter_map(|name| name.strip_suffix(".toml")?.parse().ok()).collect();
        versions.sort_by(|a, b| b.cmp(a));
        versions
    }

    /// The lock's file, from the suite's root.
    pub fn file(version: Version) -> PathBuf {
        Path::new(FOLDER).join(format!("{version}.toml"))
    }

    /// The folder beside it.
    pub fn folder(version: Version) -> PathBuf {
        Path::new(FOLDER).join(version.to_string())
    }

    /// Reads the lock of a release.
    pub fn read(root: &Path, version: Version) -> Result<Lock, Problem> {
        let source = Source::read(root, Lock::file(version))?;
        let lock = Lock::parse(&source)?;
        if lock.release != version.to_string() {
            let message = format!("is the lock of {}; its file is called so", lock.release);
            return Err(source.problem(source.text.find("release"), message));
        }
        Ok(lock)
    }

    /// Reads a lock, whatever its file is called.
    pub fn parse(source: &Source) -> Result<Lock, Problem> {
        let lock: Lock = source.parse_versioned()?;
        lock.check_paths(source)?;
        Ok(lock)
    }

    /// A path of a lock leads nowhere but into its folder.
    fn check_paths(&self, source: &Source) -> Result<(), Problem> {
        let fixtures = self.cases.values().map(|case| &case.fixture);
        let paths = self.files.keys().chain(self.fixtures.keys()).chain(self.cases.keys()).chain(fixtures);
        for path in paths {
            if !is_inside(path) {
                return Err(source.problem(source.text.find(path.as_str()), "is no path inside the release"));
            }
        }
        let unlocked = self.cases.values().find(|case| !self.fixtures.contains_key(&case.fixture));
        if let Some(case) = unlocked {
            let message = format!("has no hash of the fixture {}", case.fixture);
            return Err(source.problem(source.text.find(&case.fixture), message));
        }
        let missing = self.package.iter().find(|p| self.files.get(&p.component) != Some(&p.sha256));
        if let Some(package) = missing {
            let message = format!("[files] has another hash of {}, or none", package.component);
            return Err(source.problem(source.text.find(&package.component), message));
        }
        Ok(())
    }

    /// Every file that the release is made of, from the suite's root, with its hash.
    pub fn all_files(&self) -> BTreeMap<String, String> {
        let (folder, mut all) = (format!("{FOLDER}/{}", self.release), BTreeMap::new());
        all.extend(self.files.iter().map(|(path, hash)| (format!("{folder}/{path}"), hash.clone())));
        all.extend(self.fixtures.iter().map(|(path, hash)| (format!("fixtures/{path}"), hash.clone())));
        all.extend(self.cases.iter().map(|(id, case)| (format!("{CASES}/{id}.toml"), case.sha256.clone())));
        all
    }

    /// What of it the tree does not hold any more, each with what helps.
    pub fn broken(&self, root: &Path) -> Vec<Problem> {
        let release = &self.release;
        let mut problems = Vec::new();
        for (path, locked) in self.all_files() {
            let problem = |message: String| Problem { file: PathBuf::from(&path), line: None, message };
            match hash(&root.join(&path)) {
                Ok(found) if found == locked => {}
                Ok(found) => problems.push(problem(format!(
                    "is not what release {release} has: SHA-256 {found}, the lock says {locked}. What was released is never \
                     edited: put it back, and write a new file under a new name (a wrong case: `cargo hw withdraw`)"
                ))),
                Err(error) => problems.push(problem(format!(
                    "is part of release {release} and cannot be read: {error}. What was released stays: put it back"
                ))),
            }
        }
        problems
    }
}

/// Whether a path from a file leads into the folder that it is taken from: plain names, and `/` between them.
pub fn is_inside(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@+".contains(c);
    let part = |part: &str| !part.is_empty() && part.chars().all(plain) && !part.chars().all(|c| c == '.');
    path.len() <= 400 && path.split('/').all(part)
}

/// The hash of a file of a release: of a text with `\n` at each line's end, of anything else as it is.
pub fn hash(path: &Path) -> std::io::Result<String> {
    let too_large = || std::io::Error::other(format!("it has more than {MOST_BYTES} bytes"));
    Ok(hash_of(path, &bounded(path, MOST_BYTES)?.ok_or_else(too_large)?))
}

/// The same of bytes that were read; the path says what they are.
pub fn hash_of(path: &Path, bytes: &[u8]) -> String {
    let text = path.extension().is_some_and(|ending| ending == "toml" || ending == "wit");
    match std::str::from_utf8(bytes) {
        Ok(text_of) if text => sha256_of_text(text_of),
        _ => sha256(bytes),
    }
}

/// The manifest of a release's components, in its folder.
pub fn manifest(version: Version) -> PathBuf {
    Lock::folder(version).join(MANIFEST)
}
