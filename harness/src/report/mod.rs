//! The report: a stream of records, one JSON line each, between a header and a footer. Every other
//! form of it is drawn from this one.

pub mod console;
mod stream;

pub use stream::Writer;

use crate::expect::{Expect, Line};
use crate::judge::{Difference, Verdict};
use crate::requirement::Level;
use crate::runtime::{About, Ending};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the stream's format.
pub const FORMAT: u32 = 1;

/// One line of a report.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Entry {
    /// The first line.
    Header(Header),
    /// One case.
    Record(Box<Record>),
    /// The last line; a report without it is the report of a run that did not end.
    Footer(Footer),
}

/// What was run on what.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Header {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of the suite.
    pub suite: String,
    /// The runtime under test.
    pub runtime: About,
    /// SHA-256 of the components that were run, by file.
    pub components: BTreeMap<String, String>,
}

/// One case: what was expected, what was seen, and the verdict. It holds all that the verdict is
/// made of, so that it can be made again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Record {
    /// The case's id.
    pub case: String,
    /// What it shows.
    pub title: String,
    /// The proposal.
    pub proposal: String,
    /// The package that the guest imported.
    pub package: String,
    /// The level of what it proves.
    pub level: Level,
    /// The group of the first requirement that it proves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The requirements.
    pub proves: Vec<String>,
    /// Those of them that no host can break at this runtime's seam: whatever the verdict, they are not
    /// shown to be met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_observable: Vec<String>,
    /// What happened.
    pub verdict: Verdict,
    /// Whether that was expected.
    pub expectation: Expectation,
    /// The reason of the runtime's list, or why the verdict is not what the list says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// Why a guest did not return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Where what was seen differs from what was expected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// Alternatives that the host took, where the contract leaves room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lenient: Vec<String>,
    /// The guests.
    pub guests: Vec<Guest>,
    /// The wires, by channel.
    pub trace: BTreeMap<String, Channel>,
    /// Board time at the end, in nanoseconds.
    pub board_ns: u64,
    /// What the runtime's process wrote to its error stream while the case ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
}

/// One guest of a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Guest {
    /// Its name, where the case has several.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The guest test.
    pub test: String,
    /// How it ended.
    pub ending: Ending,
    /// What it was to write down.
    pub expected: Vec<Expect>,
    /// What it wrote down.
    pub transcript: Vec<Line>,
}

/// One channel of the trace.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Channel {
    /// What it was to see.
    pub expected: Vec<Expect>,
    /// What it saw.
    pub seen: Vec<Line>,
}

/// Whether a verdict was expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// The runtime's list has no word on it.
    #[default]
    AsExpected,
    /// It fails as the runtime's list says.
    Known,
    /// The list says that it fails, and it passed.
    UnexpectedPass,
    /// The list says that it fails, and it failed otherwise.
    StaleEntry,
}

/// What came of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Footer {
    /// Whether every case of the suite was found and run. A filter makes a run incomplete.
    pub complete: bool,
    /// Cases by verdict.
    pub verdicts: BTreeMap<String, usize>,
    /// By proposal.
    pub worlds: BTreeMap<String, World>,
    /// What is wrong with the suite's files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// What came of one world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct World {
    /// The package.
    pub package: String,
    /// The claim that the run is evidence for.
    pub claim: Claim,
    /// Cases of level must that are scored at the runtime's seam.
    pub required: Tally,
    /// Cases of levels should and may that are.
    pub optional: Tally,
    /// Cases that were run and are not scored.
    pub observed: usize,
    /// Requirements that no host can break at this runtime's seam.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_observable: Vec<String>,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// That passed.
    pub passed: usize,
    /// In the suite, whether they were run or not.
    pub all: usize,
}

/// What a run is evidence for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// Every required case passed.
    Conformant,
    /// Some required case was not run, or ended without a verdict on the host.
    Partial,
    /// Some required case failed, known or not.
    NotConformant,
}

impl Record {
    /// Whether the case counts for this runtime: its level does, and some requirement of it can be broken at
    /// the runtime's seam.
    pub fn scored(&self) -> bool {
        self.level.scored() && self.not_observable.len() < self.proves.len()
    }

    /// Whether this record makes the run fail.
    pub fn fails_the_run(&self) -> bool {
        match self.expectation {
            Expectation::Known => false,
            Expectation::UnexpectedPass | Expectation::StaleEntry => true,
            Expectation::AsExpected => self.verdict.failed() || self.verdict == Verdict::HarnessError,
        }
    }
}
