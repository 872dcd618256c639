//! One case of a run.

use super::{Difference, Judgement, Verdict};
use crate::runtime::{Clock, Ending};
use crate::suite::capability::Bound;
use crate::suite::case::{Ends, Without};
use crate::suite::expect::{Expect, Line};
use crate::suite::requirement::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One case: what was expected, what was seen, and the verdict. It holds all that the verdict is made of:
/// [`Record::judge`] makes it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Record {
    /// The case's id.
    pub case: String,
    /// What it shows.
    pub title: String,
    /// The proposal.
    pub proposal: String,
    /// The package that the guest imported; `-` if none was there that the runtime implements.
    pub package: String,
    /// The fixture's path below `fixtures/`.
    pub fixture: String,
    /// The seam at which the runtime's mock devices stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seam: Option<String>,
    /// Whose clock the host went by.
    pub clock: Clock,
    /// The level of what it proves.
    pub level: Level,
    /// The group of what it proves, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The requirements.
    pub proves: Vec<String>,
    /// Those of them that no host can break at this runtime's seam: whatever the verdict, they are not
    /// shown to be met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_observable: Vec<String>,
    /// The release after which the case came; until the next one it counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_after: Option<String>,
    /// What a host cannot lack and pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Bound>,
    /// What the runtime declares that it lacks of that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<Bound>,
    /// How the guests were to end.
    pub ends: Ends,
    /// What is to be seen of a host that lacks what the case needs, where the contract names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<Without>,
    /// What happened.
    pub verdict: Verdict,
    /// Whether that was expected.
    pub expectation: Expectation,
    /// What the runtime's list of known failures says of the case, if it says anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Listed>,
    /// Why a guest did not return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Where what was seen differs from what was expected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// Alternatives that the host took, where the contract leaves room; a hundred at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lenient: Vec<String>,
    /// The guests.
    pub guests: Vec<Guest>,
    /// The wires, by channel.
    pub trace: BTreeMap<String, Channel>,
    /// Board time at the end, in nanoseconds.
    pub board_ns: u64,
    /// How many runs of the case came before this one, because a host with a clock of its own did otherwise than expected while
    /// the machine was busy. A host that fails now and then can owe a pass to this.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub runs_before: u64,
    /// What the runtime's process wrote to its error stream while the case ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
    /// What was left out of this record, because there was too much of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<Cut>,
}

/// One guest of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Channel {
    /// What it was to see.
    pub expected: Vec<Expect>,
    /// What it saw.
    pub seen: Vec<Line>,
}

/// A case that the runtime's list has as a known failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Listed {
    /// How it fails.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Where it is reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// What was left out of one part of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cut {
    /// The part: `guest` or `guest NAME` for a transcript, `trace`, `why`, `stderr`.
    pub part: String,
    /// Whole lines of it that were left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lines: u64,
    /// Bytes that were left out, those of the lines among them.
    pub bytes: u64,
}

/// Whether a verdict was expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// Nothing was expected: the case is observed, or was not judged.
    #[default]
    None,
    /// It passed, as every scored case is to; or gave the answer for what the runtime declares that it lacks.
    AsExpected,
    /// It failed, and the runtime's list has no word on it.
    Unexpected,
    /// It failed as the runtime's list says.
    Known,
    /// The list says that it fails, and it passed.
    UnexpectedPass,
    /// The list says that it fails, and it failed otherwise.
    StaleEntry,
}

impl Expectation {
    /// Whether a verdict was expected, by what the runtime's list says of the case.
    pub fn of(verdict: Verdict, known: Option<&Listed>) -> Expectation {
        match (verdict, known) {
            (Verdict::HarnessError | Verdict::NotRun | Verdict::NotApplicable | Verdict::NotLacking, _) => {
                Expectation::None
            }
            (_, Some(known)) if known.verdict == verdict => Expectation::Known,
            (_, Some(_)) if verdict.failed() => Expectation::StaleEntry,
            (_, Some(_)) => Expectation::UnexpectedPass,
            (Verdict::Observed, None) => Expectation::None,
            (_, None) if verdict.failed() => Expectation::Unexpected,
            (_, None) => Expectation::AsExpected,
        }
    }
}

impl std::fmt::Display for Expectation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Expectation::None => "none",
            Expectation::AsExpected => "as-expected",
            Expectation::Unexpected => "unexpected",
            Expectation::Known => "known",
            Expectation::UnexpectedPass => "unexpected-pass",
            Expectation::StaleEntry => "stale-entry",
        })
    }
}

impl Record {
    /// The record with the verdict that it gives, and whether that was expected.
    pub fn concluded(self) -> Record {
        let Judgement { verdict, differences, lenient, why } = self.judge();
        let expectation = match self.added_after {
            // What came after the release is told and expected by nobody yet.
            Some(_) => Expectation::None,
            None => Expectation::of(verdict, self.known.as_ref()),
        };
        Record { verdict, expectation, differences, lenient, why, ..self }
    }

    /// Whether the case counts for this runtime: it was released, its level counts, and some requirement of it can be
    /// broken at the runtime's seam.
    pub fn scored(&self) -> bool {
        self.added_after.is_none() && self.level.scored() && self.not_observable.len() < self.proves.len()
    }

    /// Whether this record makes the run fail.
    pub fn fails_the_run(&self) -> bool {
        match self.expectation {
            Expectation::AsExpected | Expectation::Known => false,
            Expectation::Unexpected | Expectation::UnexpectedPass | Expectation::StaleEntry => true,
            Expectation::None => matches!(self.verdict, Verdict::HarnessError | Verdict::NotLacking),
        }
    }

    /// What is to be said of the runtime's list of known failures, if it has the case.
    pub fn remark(&self) -> Option<String> {
        if let Some(release) = &self.added_after {
            return Some(format!("not scored: added after {release}"));
        }
        let Listed { verdict, reason, .. } = self.known.as_ref()?;
        let what = match self.expectation {
            Expectation::Known => return Some(format!("known: {reason}")),
            Expectation::UnexpectedPass => "passes unexpectedly",
            Expectation::StaleEntry => "is a stale entry",
            _ => return None,
        };
        Some(format!("{what}: the runtime's list says {verdict} ({reason})"))
    }

    /// Roughly, how many bytes it has of what a host can make long.
    pub(crate) fn size(&self) -> usize {
        let lines = self.guests.iter().map(|guest| &guest.transcript);
        let lines = lines.chain(self.trace.values().map(|channel| &channel.seen)).flatten();
        let text = self.why.iter().chain(&self.stderr).map(String::len).sum::<usize>();
        text + lines.map(|line| size_of::<Line>() + line.text.len()).sum::<usize>()
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}
