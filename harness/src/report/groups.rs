//! Many cases may fail of one fault: where they part first from what was expected, and which requirement to begin with.

use super::{Record, Verdict};
use crate::suite::expect::{Block, Expect};
use crate::suite::requirement::Level;
use crate::text;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

/// The most places that are named, and requirements.
const MOST_PLACES: usize = 3;
const MOST_FIRST: usize = 3;

/// How many failures of one place are told in full, and how many of all.
const FULL_OF_ONE: usize = 3;
const FULL: usize = 30;

/// How much of a place is told, in bytes.
const MOST: usize = 60;

/// The failing cases so far. It grows with the number of places and of requirements, each of a bounded length.
#[derive(Debug, Default)]
pub struct Groups {
    places: BTreeMap<Place, Cases>,
    requirements: BTreeMap<String, Proof>,
    failing: usize,
}

/// Where a case parts first from what was expected: the call or the event, by its first two words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    side: String,
    words: String,
}

#[derive(Debug, Default)]
struct Cases {
    cases: usize,
    /// What stands there, while it is the same in all of them.
    whole: Option<String>,
}

/// What became of the cases of one requirement.
#[derive(Debug)]
struct Proof {
    cases: usize,
    failing: usize,
    must: bool,
    /// The shortest that fails, and how many lines it has.
    shortest: Option<(usize, String)>,
}

/// How much is to be told of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tell {
    /// All of it.
    Whole,
    /// A line: enough was told of others that part at the same place, or of others at all.
    Line,
    /// Nothing: it does not link, for the same reason as another of its world.
    Nothing,
}

impl Groups {
    /// Adds a record, and says how much is to be told of it. Of one that does as expected there is nothing to tell.
    pub fn add(&mut self, record: &Record) -> Tell {
        let fails = record.fails_the_run();
        if record.scored() && record.verdict != Verdict::NotRun {
            for id in &record.proves {
                self.requirements.entry(id.clone()).or_insert(Proof::new(record.level)).add(record, fails);
            }
        }
        if !fails {
            return Tell::Nothing;
        }
        self.failing += 1;
        let (place, whole) = Place::of(record);
        let cases = self.places.entry(place).or_default();
        match &cases.whole {
            None if cases.cases == 0 => cases.whole = Some(whole),
            Some(other) if *other != whole => cases.whole = None,
            _ => {}
        }
        cases.cases += 1;
        match record.verdict {
            Verdict::LinkFailure if cases.cases > 1 => Tell::Nothing,
            _ if cases.cases > FULL_OF_ONE || self.failing > FULL => Tell::Line,
            _ => Tell::Whole,
        }
    }

    /// The requirements to look at first: those whose cases fail all, before others; of those the one with the shortest case
    /// that fails, which leaves least to look at. With that case, and how many of how many fail.
    pub fn first(&self) -> Vec<(&str, &str, usize, usize)> {
        let failing = self.requirements.iter().filter_map(|(id, proof)| {
            let (lines, case) = proof.shortest.as_ref()?;
            Some((
                Reverse((proof.failing == proof.cases, proof.must)),
                *lines,
                proof.cases,
                id,
                case,
                proof.failing,
            ))
        });
        let mut failing: Vec<_> = failing.collect();
        failing.sort();
        failing
            .into_iter()
            .map(|(_, _, cases, id, case, failing)| (id.as_str(), case.as_str(), failing, cases))
            .collect()
    }
}

impl Proof {
    fn new(level: Level) -> Proof {
        Proof { cases: 0, failing: 0, must: level == Level::Must, shortest: None }
    }

    fn add(&mut self, record: &Record, fails: bool) {
        self.cases += 1;
        if !fails {
            return;
        }
        self.failing += 1;
        let sides = record.guests.iter().map(|guest| &guest.expected);
        let sides = sides.chain(record.trace.values().map(|channel| &channel.expected));
        let this = (sides.map(|side| lines(side)).sum(), record.case.clone());
        if self.shortest.as_ref().is_none_or(|shortest| this < *shortest) {
            self.shortest = Some(this);
        }
    }
}

/// How many lines an expectation names.
fn lines(expected: &[Expect]) -> usize {
    let block = |block: &Block| match block {
        Block::One(_) => 1,
        Block::Many(list) => list.len(),
    };
    let element = |element: &Expect| match element {
        Expect::Line(_) => 1,
        Expect::OneOf { one_of: blocks } | Expect::AnyOrder { any_order: blocks } => {
            blocks.iter().map(block).sum()
        }
        Expect::Maybe { maybe: of } | Expect::AtLeast { of, .. } => block(of),
        Expect::AtLeastNs { .. } => 0,
    };
    expected.iter().map(element).sum()
}

impl Place {
    /// With what stands there, whole.
    fn of(record: &Record) -> (Place, String) {
        if record.verdict == Verdict::LinkFailure {
            let words = format!("{} does not link", record.proposal);
            let why = record.why.clone().unwrap_or_default();
            return (Place { side: why, words: words.clone() }, words);
        }
        let at = |side: &str, at: usize| {
            record.seen_of(side).and_then(|seen| seen.get(at)).map(|line| line.text.as_str())
        };
        let Some(first) = record.differences.first() else {
            let why = record.why.as_deref().and_then(|why| why.lines().next()).unwrap_or_default();
            let words = text::line(&format!("{} {why}", record.verdict), MOST);
            return (Place { side: String::new(), words: words.clone() }, words);
        };
        let line =
            first.expected.first().map(String::as_str).or(at(&first.side, first.at)).unwrap_or_default();
        // A call stands before its result.
        let call = text::line(line.split(" -> ").next().unwrap_or_default(), MOST);
        let words: Vec<_> = call.split_whitespace().take(2).collect();
        (Place { side: record.proposal.clone(), words: words.join(" ") }, call)
    }
}

/// Says where the failing cases part and what to begin with, if there are several: a group line, then the requirements.
impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.failing < 2 {
            return Ok(());
        }
        let mut places: Vec<_> = self.places.iter().collect();
        places.sort_by_key(|(_, cases)| Reverse(cases.cases));
        let named = places.iter().take(MOST_PLACES).map(|(place, cases)| {
            let more = if cases.whole.is_none() { " …" } else { "" };
            let what = cases.whole.as_ref().unwrap_or(&place.words);
            format!("{} first at `{}{more}`", cases.cases, text::line(what, MOST))
        });
        let mut named: Vec<_> = named.collect();
        let rest: usize = places.iter().skip(MOST_PLACES).map(|(_, cases)| cases.cases).sum();
        if rest > 0 {
            named.push(format!("{rest} elsewhere"));
        }
        writeln!(f, "{} cases fail: {}", self.failing, named.join(", "))?;
        for (n, (id, case, failing, all)) in self.first().into_iter().take(MOST_FIRST).enumerate() {
            let (id, case) = (text::line(id, MOST), text::line(case, 2 * MOST));
            let begin = if n == 0 { "begin with" } else { "then" };
            writeln!(f, "  {begin:<10} {id:<8} fails in {failing} of {all}; the shortest is {case}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Groups, Tell};
    use crate::report::Record;
    use serde_json::json;

    fn record(case: &str, proves: &str, expected: &[&str], differs: Option<&str>) -> Record {
        let differences = differs.map(|line| json!({ "side": "guest", "at": 0, "expected": [line] }));
        let fails = differs.is_some();
        let record = json!({
            "case": case, "title": "", "proposal": "usb", "package": "-", "fixture": "", "clock": "board",
            "level": "must", "proves": [proves], "ends": "returned",
            "verdict": if fails { "fail" } else { "pass" },
            "expectation": if fails { "unexpected" } else { "as-expected" },
            "differences": differences.into_iter().collect::<Vec<_>>(),
            "guests": [{ "test": "t", "ending": { "how": "returned" }, "expected": expected, "transcript": [] }],
            "trace": {}, "board-ns": 0
        });
        serde_json::from_value(record).unwrap()
    }

    #[test]
    fn one_fault_of_many_cases_is_one_line_and_a_place_to_begin() {
        let mut groups = Groups::default();
        let long = ["open 1209:0001 -> ok", "control 0xc0 1 -> ok [00]", "bulk 0x81 64 -> ok []", "close"];
        for n in 0..5 {
            let call = format!("control 0xc0 {n} -> ok [00]");
            let told = groups.add(&record(&format!("usb/a{n}"), "USB-41", &long, Some(&call)));
            assert_eq!(told, if n < 3 { Tell::Whole } else { Tell::Line });
        }
        groups.add(&record("usb/narrow", "USB-38", &long[..2], Some("control 0xc0 7 -> ok [00]")));
        groups.add(&record("usb/bulk", "USB-44", &long[..1], Some("bulk 0x81 64 -> ok []")));
        // One of two cases of it does as it should: it is hardly where the fault lies.
        assert_eq!(groups.add(&record("usb/bulk-well", "USB-44", &long, None)), Tell::Nothing);
        assert_eq!(
            groups.to_string(),
            "7 cases fail: 6 first at `control 0xc0 …`, 1 first at `bulk 0x81 64`\n  \
             begin with USB-38   fails in 1 of 1; the shortest is usb/narrow\n  \
             then       USB-41   fails in 5 of 5; the shortest is usb/a0\n  \
             then       USB-44   fails in 1 of 2; the shortest is usb/bulk\n"
        );
    }

    #[test]
    fn of_one_failure_there_is_no_group() {
        let mut groups = Groups::default();
        groups.add(&record("usb/a", "USB-1", &["x"], Some("x")));
        assert_eq!(groups.to_string(), "");
    }

    #[test]
    fn of_many_places_the_first_failures_are_told_in_full() {
        let mut groups = Groups::default();
        let told = (0..40)
            .map(|n| groups.add(&record(&format!("usb/{n}"), "USB-1", &["x"], Some(&format!("c{n} x")))));
        assert_eq!(told.filter(|told| *told == Tell::Whole).count(), 30);
        assert!(
            groups.to_string().starts_with("40 cases fail: 1 first at `c0 x`, ")
                && groups.to_string().contains(", 37 elsewhere\n")
        );
    }
}
