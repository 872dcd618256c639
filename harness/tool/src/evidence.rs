//! Evidence: a folder of fixed files with what several hosts did in a release, which anybody can compute again.
//!
//! | path | what |
//! |---|---|
//! | `README.md` | what this is, and how it is checked |
//! | `evidence.json` | proposal, release, and each run: host, version, package, seam, clock, lacks, platform, command |
//! | `table.md`, `table.json` | requirement by runtime and case by runtime |
//! | `claims.txt` | what may be said of each host |
//! | `earl.jsonld`, `in-toto.json` | the same results in the forms that others read |
//! | `runs/*.jsonl` | the reports, as they were written |
//! | `known/*.toml` | each runtime's file, with its known failures |
//! | `suite/` | the release: lock, components, WIT, requirements, cases, fixtures; a folder for `--root` |
//! | `SHA256SUMS` | the hash of every other file, in the form of `sha256sum` |
//!
//! The fingerprint is SHA-256 of `SHA256SUMS`, and so covers every file. Of these files only the reports and the known
//! failures say anything new: all others follow from them and the release, and [`verify`] makes them again.

mod claims;
mod derived;
mod earl;
mod in_toto;
mod layout;
mod make;
mod run;
mod table;
pub mod verify;

pub use claims::{Refusal, claim};
pub use make::make;
pub use run::{Outcome, Run, examine};
pub(crate) use table::of_requirement;
pub use table::{Cell, Row, Table};

use anyhow::{anyhow, bail};
use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::release::{Lock, Version};
use wasi_hw_harness::suite::withdrawn::{self, Withdrawn};
use wasi_hw_harness::text;

/// A release as the tool has it.
pub struct Released {
    /// The suite's folder.
    pub root: PathBuf,
    /// Its lock.
    pub lock: Lock,
    /// All its cases, those too that were withdrawn since.
    pub suite: Suite,
    /// What was withdrawn, of any release.
    pub withdrawn: Vec<Withdrawn>,
}

impl Released {
    /// Reads a release of the suite below `root`. An error is that there is none, or that it is not whole.
    pub fn read(root: &Path, release: &str) -> anyhow::Result<Released> {
        let versions = Lock::versions(root);
        let version = release.parse::<Version>().ok().filter(|version| versions.contains(version));
        let Some(version) = version else {
            let known: Vec<_> = versions.iter().map(Version::to_string).collect();
            let known = if known.is_empty() { "no release".to_owned() } else { known.join(", ") };
            bail!("the release `{}` is unknown here; this tool has {known}", text::line(release, 64));
        };
        let lock = Lock::read(root, version).map_err(|problem| anyhow!("{problem}"))?;
        let withdrawn = withdrawn::read(root).map_err(|problem| anyhow!("{problem}"))?;
        let suite = Suite::of_release(root, version, true);
        if let Some(problem) = suite.problems.first() {
            bail!("the tool's own copy of release {version} is not whole: {problem}");
        }
        Ok(Released { root: root.to_owned(), lock, suite, withdrawn })
    }

    /// Whether a case was withdrawn.
    pub fn is_withdrawn(&self, case: &str) -> bool {
        self.withdrawn.iter().any(|withdrawn| withdrawn.id == case)
    }
}
