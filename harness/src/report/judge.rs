//! The verdict: what was seen against what the case expects.

use crate::runtime::Ending;
use crate::suite::Case;
use crate::suite::case::Ends;
use crate::suite::expect::{Comparison, Expect, Line, compare};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
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
    /// The host declares that it lacks the feature, and gave the error for that.
    Unsupported,
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
            Verdict::LinkFailure => "link-failure",
            Verdict::Trap => "trap",
            Verdict::Crash => "crash",
            Verdict::Timeout => "timeout",
            Verdict::HarnessError => "harness-error",
            Verdict::NotRun => "not-run",
        })
    }
}

/// What a run of a case left behind: all that a verdict is made of.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The guests, in the case's order.
    pub guests: Vec<(Ending, Vec<Line>)>,
    /// The wires, by channel.
    pub trace: BTreeMap<String, Vec<Line>>,
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

/// Judges a case. `scored` says that it counts for this runtime: its level does, and at the runtime's seam
/// a wrong host could fail it. `declared` says that the runtime declares a requirement of the case as unsupported.
pub fn judge(case: &Case, seen: &Seen, scored: bool, declared: bool) -> Judgement {
    let ended = |verdict, why: &str| Judgement {
        verdict,
        differences: Vec::new(),
        lenient: Vec::new(),
        why: Some(why.to_owned()),
    };
    let mut trap = None;
    let mut worst: Option<Judgement> = None;
    for (ending, _) in &seen.guests {
        let this = match ending {
            Ending::Returned => continue,
            Ending::Trap(why) => {
                trap = trap.or(Some(why));
                continue;
            }
            Ending::LinkFailure(why) => ended(Verdict::LinkFailure, why),
            Ending::Crash(why) => ended(Verdict::Crash, why),
            Ending::Timeout(why) => ended(Verdict::Timeout, why),
            Ending::HarnessError(why) => ended(Verdict::HarnessError, why),
            Ending::NotRun(why) => ended(Verdict::NotRun, why),
        };
        // One guest's crash may leave another waiting: what weighs most is told.
        if worst.as_ref().is_none_or(|worst| weight(this.verdict) > weight(worst.verdict)) {
            worst = Some(this);
        }
    }
    if seen.guests.len() != case.instances.len() {
        return ended(Verdict::HarnessError, "the runtime did not account for every guest");
    }
    if let Some(worst) = worst {
        let (differences, _) = differences(case, seen, None);
        return Judgement { differences, ..worst };
    }
    let (differences, lenient) = differences(case, seen, None);
    let why = trap.cloned();
    let ended_well = match case.ends {
        Ends::Returned => trap.is_none(),
        Ends::Trap => trap.is_some(),
        Ends::Either => true,
    };
    if !ended_well {
        let verdict = match (trap, scored) {
            (_, false) => Verdict::Observed,
            (Some(_), true) => Verdict::Trap,
            (None, true) => Verdict::Fail,
        };
        let why = why.or(Some("returned, where the contract asks for a trap".to_owned()));
        return Judgement { verdict, differences, lenient, why };
    }
    if declared && let Some(unsupported) = &case.unsupported {
        let (differences, lenient) =
            self::differences(case, seen, Some((&unsupported.transcript, &unsupported.trace)));
        let verdict = if differences.is_empty() { Verdict::Unsupported } else { Verdict::Fail };
        return Judgement { verdict, differences, lenient, why };
    }
    let verdict = match (scored, differences.is_empty(), lenient.is_empty()) {
        (false, ..) => Verdict::Observed,
        (true, false, _) => Verdict::Fail,
        (true, true, false) => Verdict::PassLenient,
        (true, true, true) => Verdict::Pass,
    };
    Judgement { verdict, differences, lenient, why }
}

/// Which of two guests' endings is told, when both went wrong.
fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::HarnessError => 5,
        Verdict::Crash => 4,
        Verdict::LinkFailure => 3,
        Verdict::Timeout => 2,
        _ => 1,
    }
}

type Alternative<'a> = (&'a Vec<Expect>, &'a BTreeMap<String, Vec<Expect>>);

fn differences(case: &Case, seen: &Seen, instead: Option<Alternative<'_>>) -> (Vec<Difference>, Vec<String>) {
    let mut found = Vec::new();
    let mut all_lenient = Vec::new();
    let mut side = |side: String, expected: &[Expect], lines: &[Line]| match compare(expected, lines) {
        Comparison::Same { mut lenient } => all_lenient.append(&mut lenient),
        Comparison::Different { at, expected } => found.push(Difference { side, at, expected }),
    };
    for (instance, (_, lines)) in case.instances.iter().zip(&seen.guests) {
        let transcript = instead.map_or(&instance.transcript, |(transcript, _)| transcript);
        side(guest_side(&instance.name), transcript, lines);
    }
    let trace = instead.map_or(&case.trace, |(_, trace)| trace);
    let channels: BTreeSet<_> = trace.keys().chain(seen.trace.keys()).collect();
    for channel in channels {
        let expected = trace.get(channel).map_or(&[][..], Vec::as_slice);
        let lines = seen.trace.get(channel).map_or(&[][..], Vec::as_slice);
        side(channel.clone(), expected, lines);
    }
    (found, all_lenient)
}

/// The name of a guest's side in differences.
pub(crate) fn guest_side(name: &str) -> String {
    if name.is_empty() { "guest".to_owned() } else { format!("guest {name}") }
}
