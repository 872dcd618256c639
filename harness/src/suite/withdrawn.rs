//! What was withdrawn: `conformance/releases/withdrawn.toml`, written by `cargo hw withdraw`.
//!
//! ```toml
//! version = 1
//!
//! [[withdrawn]]
//! id = "i2c/read-one-frame"      # a case, or a release, such as "0.1.0"
//! date = "2026-11-30"
//! reason = "the fixture holds SCL for longer than the standard allows"
//! ```
//!
//! A withdrawal holds for every release that has the case. Its id is not used again, and its file stays as it was
//! released, so that old reports can be read.

use super::problem::{Problem, Source, Versioned};
use super::release::FOLDER;
use crate::text::is_plain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;

/// The file's name, beside the locks.
pub const FILE: &str = "withdrawn.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WithdrawnFile {
    version: u32,
    #[serde(default)]
    withdrawn: Vec<toml::Spanned<Withdrawn>>,
}

impl Versioned for WithdrawnFile {
    fn version(&self) -> u32 {
        self.version
    }
}

/// A case that counts no more, or a release none of whose results do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Withdrawn {
    /// The case's id, or the release's version.
    pub id: String,
    /// The day: `2026-11-30`.
    pub date: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Withdrawn {
    /// What is wrong with the entry itself.
    pub fn wrong(&self) -> Option<String> {
        let Withdrawn { id, date, reason } = self;
        let named = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        let day = date.len() == 10
            && date.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
            && matches!(date[5..7].parse(), Ok(1..=12))
            && matches!(date[8..].parse(), Ok(1..=31));
        if id.is_empty() || !id.chars().all(named) {
            return Some("`id` is that of a case, such as i2c/read-one-frame, or of a release".to_owned());
        }
        if !day {
            return Some("`date` is a day, such as 2026-11-30".to_owned());
        }
        if reason.trim().is_empty() || !reason.chars().all(is_plain) {
            return Some("`reason` says on one line what is wrong with it".to_owned());
        }
        None
    }
}

/// Reads the list. A suite without one has withdrawn nothing.
pub fn read(root: &Path) -> Result<Vec<Withdrawn>, Problem> {
    let file = Path::new(FOLDER).join(FILE);
    if !root.join(&file).exists() {
        return Ok(Vec::new());
    }
    let source = Source::read(root, file)?;
    let (mut all, mut ids) = (Vec::new(), BTreeSet::new());
    for entry in source.parse_versioned::<WithdrawnFile>()?.withdrawn {
        let at = Some(entry.span().start);
        let entry = entry.into_inner();
        if let Some(wrong) = entry.wrong() {
            return Err(source.problem(at, wrong));
        }
        if !ids.insert(entry.id.to_lowercase()) {
            return Err(source.problem(at, format!("{} is withdrawn twice", entry.id)));
        }
        all.push(entry);
    }
    Ok(all)
}
