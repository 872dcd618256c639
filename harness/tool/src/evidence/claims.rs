//! What may be said of a host after a run: computed, never typed. What a claim says and may not say stands in
//! CHARTER.md.

use super::run::{Outcome, Run};
use std::fmt::Write as _;
use wasi_hw_harness::report::Verdict;
use wasi_hw_harness::runtime::{Clock, Form};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::requirement::Level;

/// Why nothing may be claimed of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

/// The claim of one world: a paragraph to paste. `suite` is the release that was run.
pub fn claim(run: &Run, suite: &Suite, proposal: &str) -> Result<String, Refusal> {
    let refuse = |why: String| Err(Refusal(why));
    let Some(world) = run.worlds.get(proposal) else {
        return refuse(format!("the run has nothing of {proposal}"));
    };
    if world.package == "-" {
        return refuse(format!("{} does not implement {proposal}", run.about.name));
    }
    let seam = run.about.seams.get(proposal).map_or("-", String::as_str);
    let clock = match run.about.clock_of(&world.package) {
        Clock::Board => "the board's clock",
        Clock::Own => "the host's own clock",
    };
    let variant = suite
        .proposals
        .iter()
        .find(|known| known.name == proposal)
        .filter(|known| known.package != world.package)
        .map(|known| format!(", a variant of {}", known.package))
        .unwrap_or_default();
    let form = match run.about.form {
        Form::Component => "",
        Form::Core => ", guests in the form `core` (as core modules)",
        Form::Command => ", guests in the form `command` (as programs of the command line)",
    };
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{} on {} {}, package {}{variant}, release {} of the WASI hardware conformance suite{form}, mock devices at the \
         seam `{seam}`, {clock}: {}.",
        run.name(),
        run.platform.os,
        run.platform.arch,
        world.package,
        run.release,
        world.claim,
    );
    if !world.lacks.is_empty() {
        let (lacks, cases) = (world.lacks.join(", "), world.not_applicable);
        let _ =
            write!(out, " It declares that it lacks {lacks}; {cases} case(s) do not apply to such a host.");
    }
    let of = |outcome: &Outcome| outcome.scored && !outcome.verdict.passed();
    let prefix = format!("{proposal}/");
    let mine = || run.cases.iter().filter(|(id, _)| id.starts_with(&prefix));
    let not_passed: Vec<_> = mine()
        .filter(|(_, outcome)| of(outcome))
        .map(|(id, Outcome { verdict, known, .. })| {
            let known = if known.is_some() { ", known" } else { "" };
            format!("{id} ({verdict}{known})")
        })
        .collect();
    let _ = match &not_passed[..] {
        [] => write!(out, " Every scored case passed."),
        all => write!(out, " Cases that did not pass: {}.", all.join(", ")),
    };
    let met = met(run, suite, proposal);
    if !met.is_empty() {
        let _ = write!(out, " Requirements met at this seam: {}.", met.join(" "));
    }
    if !world.not_observable.is_empty() {
        let _ = write!(out, " Not observable at this seam: {}.", world.not_observable.join(" "));
    }
    out.push_str(" This says nothing about hardware, and nobody vouches for it.");
    Ok(out)
}

/// The requirements that were met: observable at the seam, a required case passed, and none failed.
fn met(run: &Run, suite: &Suite, proposal: &str) -> Vec<String> {
    let mine = suite.requirements.values().filter(|requirement| requirement.proposal == proposal);
    mine.filter(|requirement| {
        let cases = suite.cases.iter().filter(|case| case.proves.contains(&requirement.id));
        let outcomes = cases.filter_map(|case| Some((case, run.cases.get(&case.id)?)));
        let (mut passed, mut other) = (false, false);
        for (case, outcome) in outcomes {
            let required = case.level == Level::Must && outcome.scored;
            passed |=
                required && outcome.verdict.passed() && !outcome.not_observable.contains(&requirement.id);
            other |= outcome.verdict.failed() || outcome.verdict == Verdict::NotLacking;
        }
        passed && !other
    })
    .map(|requirement| requirement.id.clone())
    .collect()
}
