//! What became otherwise from one run to another: regressions first. For a change of a host, of its list of what it
//! lacks, or of the suite; which of them it was, the difference says.

use crate::{Run, junit, safe};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use wasi_hw_harness::report::{Record, Verdict};
use wasi_hw_harness::suite::requirement::Level;

/// The most cases of a group that are named in a text; all of them stand in the JSON.
const MOST: usize = 50;

/// How two runs differ, each group in the order of the cases' ids with those of level must first.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Diff {
    /// The earlier run.
    pub old: Side,
    /// The later one.
    pub new: Side,
    /// What a reader must know before any of the rest: the runs are of two suites, hosts or platforms, or not whole.
    pub notes: Vec<String>,
    /// Worlds whose claim is another.
    pub claims: Vec<Change>,
    /// Scored cases that did as they should, and do not any more.
    pub regressions: Vec<Change>,
    /// Scored cases that did as they should and are in the later suite, and of which the later run does not say what they do.
    pub lost: Vec<Change>,
    /// Scored cases that did not, and do.
    pub repairs: Vec<Change>,
    /// Cases that are otherwise in another way: they fail otherwise, or pass in another of the ways that are allowed, or are
    /// not scored and something else was seen.
    pub changed: Vec<Change>,
    /// Cases that the earlier suite does not have or run.
    pub added: Vec<Change>,
    /// Cases that the later suite does not have.
    pub gone: Vec<Change>,
    /// How many cases are as they were.
    pub same: usize,
}

/// One of the runs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Side {
    /// The report.
    pub file: String,
    /// The host with its version.
    pub host: String,
    /// The suite's version.
    pub suite: String,
    /// SHA-256 of its files.
    pub sha256: String,
    /// How many cases have a record.
    pub cases: usize,
    /// Whether that is the whole suite.
    pub complete: bool,
}

/// One case, or one world.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Change {
    /// The case's id, or the world's name.
    pub case: String,
    /// The requirements that it proves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proves: Vec<String>,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// Whether the case itself, or its fixture, is another.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub edited: bool,
    #[serde(skip)]
    optional: bool,
}

impl Diff {
    /// Compares two runs. With `common` a case is compared only where both have a record of it.
    pub fn new(old: &Run, new: &Run, common: bool) -> Diff {
        let mut diff = Diff {
            old: Side::of(old),
            new: Side::of(new),
            notes: notes(old, new, common),
            claims: claims(old, new),
            regressions: Vec::new(),
            lost: Vec::new(),
            repairs: Vec::new(),
            changed: Vec::new(),
            added: Vec::new(),
            gone: Vec::new(),
            same: 0,
        };
        let by_case = |run: &'_ Run| -> BTreeMap<String, usize> {
            run.records.iter().enumerate().map(|(n, record)| (record.case.clone(), n)).collect()
        };
        let (earlier, later) = (by_case(old), by_case(new));
        let cases: std::collections::BTreeSet<_> = earlier.keys().chain(later.keys()).collect();
        for case in cases {
            let was = earlier.get(case).map(|n| &old.records[*n]);
            let is = later.get(case).map(|n| &new.records[*n]);
            if common && (was.is_none() || is.is_none()) {
                continue;
            }
            let edited = was.is_some() && is.is_some() && edited(old, new, was, case);
            diff.case(Change::of(case, was, is, edited), was, is, new.header.cases.contains_key(case));
        }
        diff
    }

    fn case(&mut self, change: Change, was: Option<&Record>, is: Option<&Record>, there: bool) {
        let well = |record: &Record| record.verdict.passed() || record.verdict == Verdict::Unsupported;
        let mute = |record: &Record| {
            !well(record) && !record.verdict.failed() && record.verdict != Verdict::Observed
        };
        let scored = |record: &Record| record.scored();
        let group = match (was, is) {
            (None, None) => return,
            (None, Some(_)) => &mut self.added,
            // One that does not apply to the host any more, or is not there, says as little as one that was not run.
            (Some(was), None) if there && scored(was) && well(was) => &mut self.lost,
            (Some(_), None) => &mut self.gone,
            (Some(was), Some(is)) => match (well(was), well(is)) {
                (true, false) if scored(was) && is.verdict.failed() => &mut self.regressions,
                (true, false) if scored(was) && mute(is) => &mut self.lost,
                (false, true) if scored(is) => &mut self.repairs,
                _ if told(was) == told(is) && seen(was) == seen(is) => {
                    self.same += 1;
                    return;
                }
                // What passes may do so by other times or lines that nobody asks about.
                (true, true) if was.verdict == is.verdict => {
                    self.same += 1;
                    return;
                }
                _ => &mut self.changed,
            },
        };
        // Of those that are optional and of those that are not, each in the order of the ids.
        let at =
            group.partition_point(|other| (other.optional, &other.case) < (change.optional, &change.case));
        group.insert(at, change);
    }

    /// Whether the later run is worse: something that was shown to be well is not, or is shown no more.
    pub fn is_worse(&self) -> bool {
        !self.regressions.is_empty() || !self.lost.is_empty()
    }
}

impl Side {
    fn of(run: &Run) -> Side {
        Side {
            file: run.file.clone(),
            host: run.host(),
            suite: safe::name(&run.header.suite.version),
            sha256: safe::name(&run.header.suite.sha256),
            cases: run.records.len(),
            complete: run.footer.complete,
        }
    }
}

impl Change {
    fn of(case: &str, was: Option<&Record>, is: Option<&Record>, edited: bool) -> Change {
        let any = is.or(was);
        let (mut old, mut new) = (was.map(told), is.map(told));
        if old.is_some() && old == new {
            // Not scored, or lenient in another way: what was seen is what is otherwise.
            let (before, after) = (was.map(seen).unwrap_or_default(), is.map(seen).unwrap_or_default());
            let at = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
            let line =
                |lines: &[String]| lines.get(at).map_or("nothing more".to_owned(), |line| safe::line(line));
            (old, new) = (Some(line(&before)), Some(line(&after)));
        }
        Change {
            case: safe::name(case),
            proves: any
                .map(|record| record.proves.iter().map(|id| safe::name(id)).collect())
                .unwrap_or_default(),
            old,
            new,
            edited,
            optional: any.is_some_and(|record| record.level != Level::Must || !record.scored()),
        }
    }
}

/// What is told of a case: the verdict, and of a failure the first difference.
fn told(record: &Record) -> String {
    match record.verdict.failed() {
        true => format!("{}, {}", record.verdict, junit::message(record)),
        false => record.verdict.to_string(),
    }
}

/// What the guests and the wires saw, without times: a host's own clock makes them others in each run.
fn seen(record: &Record) -> Vec<String> {
    let guests = record.guests.iter().map(|guest| (&guest.name, &guest.transcript));
    let wires = record.trace.iter().map(|(name, channel)| (name, &channel.seen));
    let lines = guests
        .chain(wires)
        .flat_map(|(name, lines)| lines.iter().map(move |line| format!("{name}: {}", line.text)));
    lines.collect()
}

/// Whether a case is another than it was, by the digests of its file and its fixture.
fn edited(old: &Run, new: &Run, was: Option<&Record>, case: &str) -> bool {
    let fixture = was.map(|record| format!("fixtures/{}", record.fixture)).unwrap_or_default();
    [format!("conformance/cases/{case}.toml"), fixture]
        .iter()
        .any(|file| old.header.suite.files.get(file) != new.header.suite.files.get(file))
}

fn claims(old: &Run, new: &Run) -> Vec<Change> {
    let claim = |run: &Run, world: &str| {
        run.footer.worlds.get(world).map(|world| format!("{} {}", safe::name(&world.package), world.claim))
    };
    let worlds: std::collections::BTreeSet<_> =
        old.footer.worlds.keys().chain(new.footer.worlds.keys()).collect();
    let changes = worlds.into_iter().map(|world| Change {
        case: safe::name(world),
        proves: Vec::new(),
        old: claim(old, world),
        new: claim(new, world),
        edited: false,
        optional: false,
    });
    changes.filter(|change| change.old != change.new).collect()
}

fn notes(old: &Run, new: &Run, common: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let (was, is) = (&old.header, &new.header);
    let suites = (safe::name(&was.suite.version), safe::name(&is.suite.version));
    if suites.0 != suites.1 {
        notes.push(format!("The suites differ: {} and {}.", suites.0, suites.1));
    } else if was.suite.sha256 != is.suite.sha256 {
        notes.push(format!("Both suites are called {}, and their files differ.", suites.0));
    }
    let components =
        was.components.iter().filter(|(file, hash)| is.components.get(*file).is_some_and(|h| h != *hash));
    if components.count() > 0 {
        notes.push("The guests differ: the same cases were run with other components.".to_owned());
    }
    if old.host() != new.host() {
        notes.push(format!("The hosts differ: {} and {}.", old.host(), new.host()));
    }
    if (&was.runtime.seams, was.runtime.clock) != (&is.runtime.seams, is.runtime.clock) {
        notes.push("The hosts stand at other seams, or go by another clock.".to_owned());
    }
    if (&was.runtime.lacks, &was.runtime.apart) != (&is.runtime.lacks, &is.runtime.apart) {
        notes.push("The hosts declare that they lack different things.".to_owned());
    }
    let platform =
        |run: &Run| safe::name(&format!("{} {}", run.header.platform.os, run.header.platform.arch));
    if platform(old) != platform(new) {
        notes.push(format!("The platforms differ: {} and {}.", platform(old), platform(new)));
    }
    if common {
        notes.push("Compared are only cases of which both runs have a record.".to_owned());
    }
    for (name, run) in [("old", old), ("new", new)] {
        notes.extend(run.caveats().into_iter().map(|caveat| format!("Of the {name} run: {caveat}")));
    }
    notes
}

/// The difference as a text: the two runs, then groups that are not empty, the worst first.
impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, side) in [("old", &self.old), ("new", &self.new)] {
            let Side { file, host, suite, cases, .. } = side;
            writeln!(f, "{name}  {file}: {host}, suite {suite}, {cases} cases")?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))?;
        let groups = [
            ("regressions", &self.regressions),
            ("not shown any more", &self.lost),
            ("repairs", &self.repairs),
            ("otherwise", &self.changed),
            ("new cases", &self.added),
            ("gone cases", &self.gone),
            ("claims", &self.claims),
        ];
        for (name, changes) in groups {
            group(f, name, changes)?;
        }
        let worse = self.regressions.len() + self.lost.len();
        writeln!(f, "\n{worse} worse, {} better, {} as before", self.repairs.len(), self.same)
    }
}

fn group(f: &mut fmt::Formatter<'_>, name: &str, changes: &[Change]) -> fmt::Result {
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{name} ({})", changes.len())?;
    for change in changes.iter().take(MOST) {
        let mut head = format!("  {}", change.case);
        if !change.proves.is_empty() {
            write!(head, "   {}", change.proves.join(" "))?;
        }
        if change.edited {
            head.push_str("   (the case itself is another)");
        }
        writeln!(f, "{head}")?;
        match (&change.old, &change.new) {
            (Some(old), Some(new)) => writeln!(f, "      was  {old}\n      is   {new}")?,
            (Some(old), None) => writeln!(f, "      was  {old}")?,
            (None, Some(new)) => writeln!(f, "      is   {new}")?,
            (None, None) => {}
        }
    }
    match changes.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(f, "  and {more} more"),
    }
}
