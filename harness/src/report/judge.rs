//! The verdict on a record: what was seen against what was expected, from the record and nothing else. A run makes
//! its verdicts with it, and so does whoever judges a report again.

use super::{Difference, Judgement, Record, Verdict};
use crate::runtime::Ending;
use crate::suite::case::{Ends, Without};
use crate::suite::expect::{Comparison, Expect, Line, compare};
use std::collections::{BTreeMap, BTreeSet};
use wasi_hw_mock::LEFT_OPEN;

/// The most alternatives of a case that are listed. A host that repeats itself takes one of them each time.
const MOST_LENIENT: usize = 100;

impl Record {
    /// The verdict that the record gives, whatever verdict is written in it.
    pub fn judge(&self) -> Judgement {
        if self.guests.is_empty() {
            let why = Some("the record has no guest".to_owned());
            return Judgement { why, ..Judgement::of(Verdict::HarnessError) };
        }
        let whole = self.judge_whole();
        if self.lacks.is_empty() || !self.scored() || self.package == "-" {
            return whole;
        }
        let lacks: Vec<_> = self.lacks.iter().map(ToString::to_string).collect();
        let lacks = lacks.join(" and ");
        match (&self.without, whole.verdict) {
            (_, Verdict::HarnessError) => whole,
            (_, Verdict::Pass | Verdict::PassLenient) => {
                let why = format!(
                    "the runtime declares that it lacks {lacks}, and passes; take the declaration back"
                );
                Judgement { why: Some(why), ..Judgement::of(Verdict::NotLacking) }
            }
            (Some(without), _) => self.judge_without(without),
            (None, _) => {
                let why = format!("the runtime declares that it lacks {lacks}");
                Judgement { why: Some(why), ..Judgement::of(Verdict::NotApplicable) }
            }
        }
    }

    /// The verdict on a host that lacks what the case needs, where the contract names the answer of such a host.
    fn judge_without(&self, without: &Without) -> Judgement {
        let (differences, lenient) = self.differences(Some((&without.transcript, &without.trace)));
        match self.endings() {
            Err(Judgement { verdict: Verdict::NotRun, why, .. }) => {
                Judgement { why, ..Judgement::of(Verdict::NotRun) }
            }
            Err(worst) => Judgement { differences, ..worst },
            Ok(Some(trap)) => Judgement { verdict: Verdict::Trap, differences, lenient, why: Some(trap) },
            Ok(None) => {
                let verdict = if differences.is_empty() { Verdict::Unsupported } else { Verdict::Fail };
                Judgement { verdict, differences, lenient, why: None }
            }
        }
    }

    /// The verdict on a host that lacks nothing.
    fn judge_whole(&self) -> Judgement {
        let trap = match self.endings() {
            Ok(trap) => trap,
            Err(Judgement { verdict: Verdict::NotRun, why, .. }) => {
                return Judgement { why, ..Judgement::of(Verdict::NotRun) };
            }
            Err(worst) => return Judgement { differences: self.differences(None).0, ..worst },
        };
        let (differences, lenient) = self.differences(None);
        let ended_well = match self.ends {
            Ends::Returned => trap.is_none(),
            Ends::Trap => trap.is_some(),
            Ends::Either => true,
        };
        if !ended_well {
            let verdict = match (&trap, self.scored()) {
                (_, false) => Verdict::Observed,
                (Some(_), true) => Verdict::Trap,
                (None, true) => Verdict::Fail,
            };
            let why = trap.or(Some("returned, where the contract asks for a trap".to_owned()));
            return Judgement { verdict, differences, lenient, why };
        }
        let verdict = match (self.scored(), differences.is_empty(), lenient.is_empty()) {
            (false, ..) => Verdict::Observed,
            (true, false, _) => Verdict::Fail,
            (true, true, false) => Verdict::PassLenient,
            (true, true, true) => Verdict::Pass,
        };
        Judgement { verdict, differences, lenient, why: trap }
    }

    /// Why the first guest trapped, if one did; or what weighs most of what is no end that a case can ask for.
    fn endings(&self) -> Result<Option<String>, Judgement> {
        let mut trap = None;
        let mut worst: Option<(Verdict, &String)> = None;
        for guest in &self.guests {
            let this = match &guest.ending {
                Ending::Returned => continue,
                Ending::Trap(why) => {
                    trap = trap.or(Some(why.clone()));
                    continue;
                }
                Ending::LinkFailure(why) => (Verdict::LinkFailure, why),
                Ending::Crash(why) => (Verdict::Crash, why),
                Ending::Timeout(why) => (Verdict::Timeout, why),
                Ending::HarnessError(why) => (Verdict::HarnessError, why),
                Ending::NotRun(why) | Ending::Starved(why) => (Verdict::NotRun, why),
            };
            // One guest's crash may leave another waiting: what weighs most is told.
            if worst.is_none_or(|worst| weight(this.0) > weight(worst.0)) {
                worst = Some(this);
            }
        }
        match worst {
            None => Ok(trap),
            Some((verdict, why)) => Err(Judgement { why: Some(why.clone()), ..Judgement::of(verdict) }),
        }
    }

    fn differences(&self, instead: Option<Alternative<'_>>) -> (Vec<Difference>, Vec<String>) {
        let mut found = Vec::new();
        let (mut all_lenient, mut left_over) = (Vec::new(), Vec::new());
        let mut side = |side: String, expected: &[Expect], lines: &[Line]| match compare(expected, lines) {
            Comparison::Same { mut lenient } => all_lenient.append(&mut lenient),
            Comparison::Different { at, expected } => found.push(Difference { side, at, expected }),
        };
        for guest in &self.guests {
            let transcript = instead.map_or(&guest.expected, |(transcript, _)| transcript);
            side(guest_side(&guest.name), transcript, &guest.transcript);
        }
        let instead = instead.map(|(_, trace)| trace);
        let channels: BTreeSet<_> =
            instead.into_iter().flat_map(BTreeMap::keys).chain(self.trace.keys()).collect();
        for name in channels {
            let channel = self.trace.get(name);
            let expected = match instead {
                Some(trace) => trace.get(name),
                None => channel.map(|channel| &channel.expected),
            };
            let expected = expected.map_or(&[][..], Vec::as_slice);
            let seen = channel.map_or(&[][..], |channel| channel.seen.as_slice());
            let left =
                left_open(seen).filter(|_| compare(expected, seen) != Comparison::Same { lenient: vec![] });
            let Some((closed, left)) = left else {
                side(name.clone(), expected, seen);
                continue;
            };
            side(name.clone(), expected, &closed);
            left_over.push(format!("{name}: left open ({left})"));
        }
        all_lenient.extend(left_over);
        let surplus = all_lenient.len().saturating_sub(MOST_LENIENT);
        if surplus > 0 {
            all_lenient.truncate(MOST_LENIENT);
            all_lenient.push(format!("({surplus} more)"));
        }
        (found, all_lenient)
    }
}

/// A channel as if the host had closed what it left open, and what that was; nothing if it left nothing open. Such a case
/// passes with that remark at best. It is no failure: where a case is about closing, the guest goes on afterwards and says so,
/// and these lines, which come after all others, are out of order there; elsewhere no other row's fault decides it.
fn left_open(seen: &[Line]) -> Option<(Vec<Line>, String)> {
    let closing = |line: &Line| {
        let closing = line.text.strip_prefix(LEFT_OPEN)?.strip_prefix(" (")?.strip_suffix(')')?;
        Some(closing.to_owned())
    };
    let left: Vec<_> = seen.iter().filter_map(closing).collect();
    let closed =
        seen.iter().map(|line| Line { text: closing(line).unwrap_or(line.text.clone()), ..line.clone() });
    (!left.is_empty()).then(|| (closed.collect(), left.join(" · ")))
}

impl Judgement {
    fn of(verdict: Verdict) -> Judgement {
        Judgement { verdict, differences: Vec::new(), lenient: Vec::new(), why: None }
    }
}

type Alternative<'a> = (&'a Vec<Expect>, &'a BTreeMap<String, Vec<Expect>>);

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

/// The name of a guest's side in differences.
pub(crate) fn guest_side(name: &str) -> String {
    if name.is_empty() { "guest".to_owned() } else { format!("guest {name}") }
}
