//! What came of a case, and where the two sides differ from what was expected.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As the contract says.
    Pass,
    /// In a way that the contract also allows; the record says which.
    PassLenient,
    /// A case that is not scored, for its level or for the runtime's seam: what the host did stands in
    /// the record.
    Observed,
    /// The guest or the wires saw something else.
    Fail,
    /// The host declares that it lacks what the case needs, and gave the answer that the contract has for that.
    Unsupported,
    /// The host declares that it lacks what the case needs, and the contract asks nothing of such a host.
    NotApplicable,
    /// The host declares that it lacks what the case needs, and passed: the declaration is wrong.
    NotLacking,
    /// The guest could not be instantiated on this host.
    LinkFailure,
    /// The guest trapped, and the case does not say so.
    Trap,
    /// The host panicked or its process died.
    Crash,
    /// It would never have ended.
    Timeout,
    /// The harness is at fault.
    HarnessError,
    /// It was not run.
    NotRun,
}

impl Verdict {
    /// Whether the host did what the case asks for.
    pub fn passed(self) -> bool {
        matches!(self, Verdict::Pass | Verdict::PassLenient)
    }

    /// Whether the host did something that it must not.
    pub fn failed(self) -> bool {
        matches!(
            self,
            Verdict::Fail | Verdict::Trap | Verdict::Crash | Verdict::Timeout | Verdict::LinkFailure
        )
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Pass => "pass",
            Verdict::PassLenient => "pass-lenient",
            Verdict::Observed => "observed",
            Verdict::Fail => "fail",
            Verdict::Unsupported => "unsupported",
            Verdict::NotApplicable => "not-applicable",
            Verdict::NotLacking => "not-lacking",
            Verdict::LinkFailure => "link-failure",
            Verdict::Trap => "trap",
            Verdict::Crash => "crash",
            Verdict::Timeout => "timeout",
            Verdict::HarnessError => "harness-error",
            Verdict::NotRun => "not-run",
        })
    }
}

/// A verdict with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What happened.
    pub verdict: Verdict,
    /// Where the two sides differ from what is expected.
    pub differences: Vec<Difference>,
    /// Alternatives that were taken and are not the first of theirs.
    pub lenient: Vec<String>,
    /// Why a guest did not return.
    pub why: Option<String>,
}

/// Where one side differs from what is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Difference {
    /// `guest`, `guest NAME`, or the channel of the trace.
    pub side: String,
    /// How many lines were as expected.
    pub at: usize,
    /// What was expected there; empty if nothing was.
    pub expected: Vec<String>,
}
