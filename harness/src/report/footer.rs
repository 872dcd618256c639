//! What came of a run.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What came of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Footer {
    /// Whether every case of the suite has its record, and nothing was wrong with the suite's files. A filter makes a
    /// run incomplete.
    pub complete: bool,
    /// Whether the run was asked to end before it had a record of each case that was chosen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// Cases by verdict.
    pub verdicts: BTreeMap<String, usize>,
    /// By proposal.
    pub worlds: BTreeMap<String, World>,
    /// How many cases of the suite a filter left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: usize,
    /// Why cases were not run that were to be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_run: Vec<NotRun>,
    /// How many cases were given up by real time alone, because the machine did not let the host run, or did otherwise than
    /// expected in real time while it was busy; they are among those that were not run.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub starved: usize,
    /// How many cases ran more than once, because a host with a clock of its own did otherwise than expected while the machine
    /// was busy.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ran_again: usize,
    /// What is wrong with the suite's files, or with what the runtime says of itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// Cases that were not run, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NotRun {
    /// The reason.
    pub why: String,
    /// How many cases.
    pub cases: usize,
    /// The first of them.
    pub first: Vec<String>,
}

/// What came of one world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct World {
    /// The package; `-` if the runtime implements none that the suite has.
    pub package: String,
    /// The claim that the run is evidence for.
    pub claim: Claim,
    /// Cases of level must that are scored at the runtime's seam.
    pub required: Tally,
    /// Cases of levels should and may that are.
    pub optional: Tally,
    /// Cases that were run and are not scored.
    pub observed: usize,
    /// Cases that came after the release, were run and count for nothing until the next one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub added_later: usize,
    /// What the runtime declares that it lacks of what hosts of this proposal may lack: a part of the claim.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
    /// Cases that do not apply to a host without that.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_applicable: usize,
    /// Requirements that no host can break at this runtime's seam.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_observable: Vec<String>,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Every required case passed, and there is one.
    Conformant,
    /// Some required case was not run, or ended without a verdict on the host; or there is none at this seam, or
    /// something is wrong with the suite's files, so that nobody can know.
    Partial,
    /// Some required case failed, known or not.
    NotConformant,
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Claim::Conformant => "conformant",
            Claim::Partial => "partial",
            Claim::NotConformant => "not conformant",
        })
    }
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}
