//! Requirements: the rows of `proposals/<proposal>/requirements.toml`.

use super::capability::Bound;
use super::problem::Versioned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// The file of one proposal; [`super::proposal`] describes its head, and checks it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RequirementsFile {
    pub(super) version: u32,
    pub(super) proposal: Spanned<String>,
    pub(super) order: u32,
    pub(super) prefix: Spanned<String>,
    pub(super) package: String,
    #[serde(default)]
    pub(super) variants: Vec<String>,
    pub(super) over_protocol: Spanned<String>,
    #[serde(default)]
    pub(super) one_text: bool,
    pub(super) seams: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) group: Vec<Spanned<Group>>,
    pub(super) requirement: Vec<Spanned<Requirement>>,
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

/// One normative statement about a host.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Requirement {
    /// Permanent; never given to another statement.
    pub id: String,
    /// The proposal in whose file it stands.
    #[serde(skip_deserializing)]
    pub proposal: String,
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
    /// What a host that lacks it cannot keep.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Bound>,
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
