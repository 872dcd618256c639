//! What a run comes to, added up record by record: whoever has the header and the records has the footer.

use super::footer::{Claim, Footer, NotRun, Tally, World};
use super::header::{Header, proposal_of};
use super::{Record, Verdict};
use crate::runtime::Ending;
use crate::suite::requirement::Level;
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// How many reasons for which cases were not run are told apart, how many bytes of each, and how many of its cases
/// are named.
const MOST_REASONS: usize = 8;
const MOST_REASON: usize = 400;
const MOST_NAMED: usize = 3;

/// The sums of a run so far. They do not grow with the number of records.
#[derive(Debug)]
pub struct Totals {
    /// By proposal, how many cases count for the runtime, run or not.
    scored: BTreeMap<String, (usize, usize)>,
    packages: BTreeMap<String, Option<String>>,
    lacks: BTreeMap<String, Vec<String>>,
    chosen: usize,
    interrupted: bool,
    cases: usize,
    records: usize,
    verdicts: BTreeMap<String, usize>,
    worlds: BTreeMap<String, Sums>,
    not_run: Vec<NotRun>,
    ran: usize,
    judged: usize,
    counting: usize,
    failing: usize,
    starved: usize,
    ran_again: usize,
}

#[derive(Debug, Default)]
struct Sums {
    required: usize,
    optional: usize,
    observed: usize,
    added_later: usize,
    not_applicable: usize,
    failed: bool,
    /// A declared lack was seen to be there.
    misdeclared: bool,
    not_observable: BTreeSet<String>,
}

impl Totals {
    /// Nothing yet, of a run with this header.
    pub fn new(header: &Header) -> Totals {
        let mut scored: BTreeMap<_, (usize, usize)> = BTreeMap::new();
        for (id, case) in header.cases.iter().filter(|(id, case)| header.scores(id, case)) {
            let (required, optional) = scored.entry(proposal_of(id).to_owned()).or_default();
            *(if case.level == Level::Must { required } else { optional }) += 1;
        }
        let packages = header.worlds.iter().map(|(name, world)| (name.clone(), world.package.clone()));
        Totals {
            scored,
            packages: packages.collect(),
            lacks: header.worlds.keys().map(|name| (name.clone(), header.lacks_of(name))).collect(),
            chosen: header.chosen,
            interrupted: false,
            cases: header.cases.len(),
            records: 0,
            verdicts: BTreeMap::new(),
            worlds: BTreeMap::new(),
            not_run: Vec::new(),
            ran: 0,
            judged: 0,
            counting: 0,
            failing: 0,
            starved: 0,
            ran_again: 0,
        }
    }

    /// Adds a record.
    pub fn add(&mut self, record: &Record) {
        self.records += 1;
        *self.verdicts.entry(record.verdict.to_string()).or_default() += 1;
        self.failing += usize::from(record.fails_the_run());
        let starved = record.guests.iter().any(|guest| matches!(guest.ending, Ending::Starved(_)));
        self.starved += usize::from(starved && record.verdict == Verdict::NotRun);
        self.ran_again += usize::from(record.runs_before > 0);
        let scored = record.scored();
        self.counting += usize::from(scored);
        let judged = !matches!(
            record.verdict,
            Verdict::NotRun | Verdict::HarnessError | Verdict::NotApplicable | Verdict::NotLacking
        );
        self.judged += usize::from(scored && judged);
        self.ran += usize::from(record.verdict != Verdict::NotRun);
        let world = self.worlds.entry(proposal_of(&record.case).to_owned()).or_default();
        world.not_observable.extend(record.not_observable.iter().cloned());
        let passed = usize::from(record.verdict.passed() || record.verdict == Verdict::Unsupported);
        world.not_applicable += usize::from(record.verdict == Verdict::NotApplicable);
        world.misdeclared |= record.verdict == Verdict::NotLacking;
        match (scored, record.level) {
            (true, Level::Must) => {
                world.required += passed;
                world.failed |= record.verdict.failed();
            }
            (true, _) => world.optional += passed,
            (false, _) if record.added_after.is_some() => {
                world.added_later += usize::from(record.verdict != Verdict::NotRun);
            }
            (false, _) => world.observed += usize::from(record.verdict == Verdict::Observed),
        }
        if record.verdict == Verdict::NotRun {
            let why = record.why.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
            self.not_run(&text::line(why, MOST_REASON), &record.case);
        }
    }

    fn not_run(&mut self, why: &str, case: &str) {
        let full = self.not_run.len() >= MOST_REASONS;
        let place = match self.not_run.iter().position(|group| group.why == why) {
            Some(place) => place,
            None if full => MOST_REASONS - 1,
            None => {
                let last = self.not_run.len() + 1 == MOST_REASONS;
                let why = if last { "(other reasons)" } else { why }.to_owned();
                self.not_run.push(NotRun { why, cases: 0, first: Vec::new() });
                self.not_run.len() - 1
            }
        };
        let group = &mut self.not_run[place];
        group.cases += 1;
        if group.first.len() < MOST_NAMED {
            group.first.push(case.to_owned());
        }
    }

    /// Takes down that the run was asked to end: so it is told if a record is missing.
    pub fn interrupt(&mut self) {
        self.interrupted = true;
    }

    /// Whether the run was asked to end, and a record is missing.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted && self.records < self.chosen
    }

    /// Whether some record makes the run fail.
    pub fn failed(&self) -> bool {
        self.failing > 0
    }

    /// Why a run says nothing about its host, if it does not: no case that counts has a verdict. A filter that leaves
    /// only cases which count for no such host asks for nothing else, and that is well.
    pub fn empty(&self) -> Option<&'static str> {
        let asked_for = self.chosen < self.cases && self.ran > 0 && self.counting == 0;
        match (self.judged, self.counting) {
            (1.., _) => None,
            _ if asked_for && self.scored.values().any(|(required, optional)| required + optional > 0) => {
                None
            }
            (0, 0) => Some("no case of this run counts for this runtime"),
            (0, _) => Some("no case of this run that counts was judged"),
        }
    }

    /// The last line of a report on these records. `problems` are those of the suite's files and of the runtime.
    pub fn footer(&self, problems: Vec<String>) -> Footer {
        let mut not_run = self.not_run.clone();
        let missing = self.chosen.saturating_sub(self.records);
        if missing > 0 {
            let why = match self.interrupted {
                true => "the run was interrupted",
                false => "the run ended before they came",
            };
            not_run.push(NotRun { why: why.to_owned(), cases: missing, first: Vec::new() });
        }
        let worlds = self.worlds.iter().map(|(proposal, sums)| {
            let package = self.packages.get(proposal).cloned().flatten().unwrap_or("-".to_owned());
            (proposal.clone(), self.world(proposal, sums, package, &problems))
        });
        Footer {
            complete: problems.is_empty() && self.records == self.cases,
            interrupted: self.is_interrupted(),
            verdicts: self.verdicts.clone(),
            worlds: worlds.collect(),
            left_out: self.cases.saturating_sub(self.chosen),
            not_run,
            starved: self.starved,
            ran_again: self.ran_again,
            problems,
        }
    }

    fn world(&self, proposal: &str, sums: &Sums, package: String, problems: &[String]) -> World {
        let (required, optional) = self.scored.get(proposal).copied().unwrap_or_default();
        let declared_well = problems.is_empty() && !sums.misdeclared;
        let whole = declared_well && required > 0 && sums.required == required;
        World {
            package,
            claim: match (sums.failed, whole) {
                (true, _) => Claim::NotConformant,
                (false, true) => Claim::Conformant,
                (false, false) => Claim::Partial,
            },
            required: Tally { passed: sums.required, all: required },
            optional: Tally { passed: sums.optional, all: optional },
            observed: sums.observed,
            added_later: sums.added_later,
            lacks: self.lacks.get(proposal).cloned().unwrap_or_default(),
            not_applicable: sums.not_applicable,
            not_observable: sums.not_observable.iter().cloned().collect(),
        }
    }
}
