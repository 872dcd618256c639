//! Requirements: `proposals/<proposal>/requirements.toml`.

use crate::problem::{Problem, Source, Versioned};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// The file of one proposal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RequirementsFile {
    /// The format's version: 1.
    pub version: u32,
    /// The proposal, as its folder is called.
    pub proposal: String,
    /// The package that the requirements speak of.
    pub package: String,
    /// What the requirements are about, in the order in which pages tell it.
    #[serde(default)]
    pub group: Vec<Group>,
    /// The requirements.
    pub requirement: Vec<Requirement>,
}

impl Versioned for RequirementsFile {
    fn version(&self) -> u32 {
        self.version
    }
}

/// Requirements that are about one thing.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Group {
    /// What a requirement calls it: short, in kebab-case.
    pub name: String,
    /// What a page calls it.
    pub title: String,
    /// What its cases look at.
    pub covers: String,
}

impl RequirementsFile {
    /// Reads `proposals/<proposal>/requirements.toml`, and checks what types cannot say. What is wrong with one row is a
    /// problem, and the others are still there.
    pub fn read(root: &Path, proposal: &str, problems: &mut Vec<Problem>) -> Option<RequirementsFile> {
        let file = PathBuf::from("proposals").join(proposal).join("requirements.toml");
        let read = Source::read(root, file).and_then(|source| Ok((source.parse_versioned()?, source)));
        let (file, source): (RequirementsFile, _) = match read {
            Ok(read) => read,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        };
        let mut problem = |key: &str, value: &str, message: String| {
            let at = source.text.rfind(&format!("{key} = \"{value}\""));
            problems.push(source.problem(at, message));
        };
        if file.proposal != proposal {
            problem(
                "proposal",
                &file.proposal,
                format!("`proposal` is \"{proposal}\", as the folder is called"),
            );
        }
        let mut groups = BTreeSet::new();
        for Group { name, .. } in &file.group {
            if !groups.insert(name.as_str()) {
                problem("name", name, format!("the group `{name}` is there twice"));
            }
            if !file.requirement.iter().any(|requirement| requirement.group == *name) {
                problem("name", name, format!("no requirement is of the group `{name}`; take it out"));
            }
        }
        let mut ids = BTreeSet::new();
        for Requirement { id, group, .. } in &file.requirement {
            if id.trim().is_empty() {
                problem("id", id, "an `id` is empty; give the requirement the next number".to_owned());
            }
            // File systems, and readers, disagree on whether case tells two ids apart.
            if !ids.insert(id.to_lowercase()) {
                problem(
                    "id",
                    id,
                    format!("{id} is there twice; an id is unique, whatever the case of its letters"),
                );
            }
            if !groups.contains(group.as_str()) {
                let known = file.group.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", ");
                problem(
                    "group",
                    group,
                    format!("{id} is of no group `{group}`; the file's groups are {known}"),
                );
            }
        }
        Some(file)
    }
}

/// One normative statement about a host.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Requirement {
    /// Permanent; never given to another statement.
    pub id: String,
    /// What breaking it means.
    pub level: Level,
    /// What the statement asked for before its level was decided.
    pub strength: Strength,
    /// The statement.
    pub text: String,
    /// Where it comes from.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// The WIT item that it speaks of: `interface.item`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The seams at which a wrong host can be caught.
    #[serde(default)]
    pub observable: Vec<String>,
    /// What it is about: a [`Group`] of its file.
    pub group: String,
    /// Why the level is not the strength, or what a derived MUST is derived from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What breaking a requirement means for a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Its cases are required.
    Must,
    /// Its cases are optional.
    Should,
    /// Its cases are optional.
    May,
    /// Its cases record what a host does, and are never scored.
    Report,
    /// No case proves it; the reason says why.
    Dropped,
}

impl Level {
    /// Whether cases of this level count.
    pub fn scored(self) -> bool {
        matches!(self, Level::Must | Level::Should | Level::May)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Level::Must => "must",
            Level::Should => "should",
            Level::May => "may",
            Level::Report => "report",
            Level::Dropped => "dropped",
        })
    }
}

/// What a statement asked for before its level was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// MUST.
    Must,
    /// SHOULD.
    Should,
    /// MAY.
    May,
    /// Record only.
    Report,
    /// Nothing of a host.
    None,
}

/// Where a requirement comes from.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Basis {
    /// The kind of source.
    pub source: BasisSource,
    /// The place in it.
    pub at: String,
}

/// The kinds of source, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BasisSource {
    /// The proposal's own text.
    Upstream,
    /// A bus standard.
    Standard,
    /// The Component Model.
    ComponentModel,
    /// The text of `wasi:io`.
    WasiIo,
    /// The documented contract of `embedded-hal` 1.0.
    EmbeddedHal,
    /// The documentation of libusb 1.0.
    Libusb,
    /// Linux uAPI or driver documentation.
    Linux,
    /// What an existing host does.
    Host,
    /// This project's own decision.
    Project,
}

impl fmt::Display for BasisSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            BasisSource::Upstream => "upstream",
            BasisSource::Standard => "standard",
            BasisSource::ComponentModel => "component model",
            BasisSource::WasiIo => "wasi:io",
            BasisSource::EmbeddedHal => "embedded-hal",
            BasisSource::Libusb => "libusb",
            BasisSource::Linux => "Linux",
            BasisSource::Host => "an existing host",
            BasisSource::Project => "this project",
        })
    }
}
