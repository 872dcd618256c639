//! What a site remembers of a run: a line a case. The rest is on the pages when the record has passed.

use crate::html::case::class;
use crate::html::head::World;
use crate::{junit, run, safe};
use std::collections::BTreeMap;
use wasi_hw_harness::report::{Header, Record};
use wasi_hw_harness::suite::requirement::Level;

/// The most bytes of a name in a name of a file.
const MOST_NAME: usize = 60;

/// A run.
pub(crate) struct Summary {
    /// What its pages are below.
    pub(crate) slug: String,
    /// The page of its runtime.
    pub(crate) runtime: String,
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) day: String,
    pub(crate) suite: String,
    pub(crate) platform: String,
    pub(crate) caveats: Vec<String>,
    pub(crate) worlds: Vec<World>,
    pub(crate) cases: BTreeMap<String, Line>,
    pub(crate) failing: usize,
}

/// A case of a run.
pub(crate) struct Line {
    pub(crate) verdict: String,
    pub(crate) class: &'static str,
    pub(crate) expectation: String,
    /// A failure in a line.
    pub(crate) first: String,
    pub(crate) failed: bool,
    pub(crate) scored: bool,
}

/// A case, from the runs that have it.
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) level: Level,
    pub(crate) proves: Vec<String>,
    pub(crate) fixture: String,
}

impl Summary {
    pub(crate) fn new(header: &Header) -> Summary {
        let name = safe::name(&header.runtime.name);
        let version = safe::name(&header.runtime.version);
        let platform = safe::name(&format!("{} {}", header.platform.os, header.platform.arch));
        let suite = safe::name(&header.suite.version);
        let slug = [&name, &version, &suite, &platform].map(|part| part_of_a_name(part)).join("_");
        Summary {
            slug,
            runtime: part_of_a_name(&name),
            host: if version.is_empty() { name.clone() } else { format!("{name} {version}") },
            name,
            day: header.date.as_deref().map_or("not recorded".to_owned(), safe::name),
            suite,
            platform,
            caveats: Vec::new(),
            worlds: Vec::new(),
            cases: BTreeMap::new(),
            failing: 0,
        }
    }

    pub(crate) fn add(&mut self, record: &Record) {
        let failed = run::failed(record);
        self.failing += usize::from(failed);
        let line = Line {
            verdict: record.verdict.to_string(),
            class: class(record),
            expectation: record.expectation.to_string(),
            first: if failed { safe::name(&junit::message(record)) } else { String::new() },
            failed,
            scored: record.scored(),
        };
        self.cases.insert(record.case.clone(), line);
    }

    /// What it comes to in a world, if it has that.
    pub(crate) fn world(&self, name: &str) -> Option<&World> {
        self.worlds.iter().find(|world| world.name == name)
    }
}

/// A text as a part of a file's name, with nothing but letters, digits, `.`, `-`, `~`, and no dot at its beginning.
fn part_of_a_name(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            ' ' => out.push('-'),
            '.' if !out.is_empty() => out.push('.'),
            c if c.is_ascii_alphanumeric() || c == '-' => out.push(c),
            c => out.push_str(&format!("~{:x}", u32::from(c))),
        }
        if out.len() >= MOST_NAME {
            break;
        }
    }
    if out.is_empty() { "none".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::part_of_a_name;

    #[test]
    fn a_name_stays_readable_and_leads_nowhere() {
        assert_eq!(part_of_a_name("wasmtime 48.0.1"), "wasmtime-48.0.1");
        assert_eq!(part_of_a_name("../x"), "~2e.~2fx");
        assert_eq!(part_of_a_name(""), "none");
        assert!(part_of_a_name(&"\u{1f321}".repeat(99)).len() < 70);
    }
}
