//! Whether a report is of the cases that it names: header and records against the suite itself.

use super::header::proposal_of;
use super::{Header, Record, Verdict};
use crate::runtime::About;
use crate::suite::{Case, Suite};
use std::collections::BTreeMap;

impl Header {
    /// The header of a run of all cases of a suite on a runtime that says this of itself. Components are not opened: their
    /// hashes are those that the manifest says.
    pub fn expected(suite: &Suite, runtime: About) -> Header {
        let (mut files, mut packages) = (BTreeMap::new(), BTreeMap::new());
        for case in &suite.cases {
            let mut found = runtime.packages.iter().filter_map(|p| suite.component_of(case, p, runtime.form));
            let component = found.next();
            files.extend(component.map(|component| (component.file.clone(), component.sha256.clone())));
            let package = component.map(|component| component.package.clone());
            packages.entry(case.proposal.clone()).or_insert(package);
        }
        Header::new(suite, runtime, files, packages)
    }

    /// What of it is not as a run of `suite` on the same runtime has it, in a few words each. `may_lack` says of a case that
    /// it may be left out, because it was withdrawn.
    pub fn differs_from(&self, suite: &Suite, may_lack: &dyn Fn(&str) -> bool) -> Vec<String> {
        let mut wrong = self.runtime.unknown(suite);
        let expected = Header::expected(suite, self.runtime.clone());
        let mut differs = |what: &str| wrong.push(format!("{what} are not those of {}", suite.version()));
        if self.suite.version != expected.suite.version {
            differs("the suite's version and so its cases");
        }
        if self.components != expected.components {
            differs("the components");
        }
        if self.requirements != expected.requirements {
            differs("the requirements");
        }
        if self.capabilities != expected.capabilities {
            differs("the capabilities");
        }
        let packages = |header: &Header| -> BTreeMap<_, _> {
            header.worlds.iter().map(|(name, scope)| (name.clone(), scope.package.clone())).collect()
        };
        if packages(self) != packages(&expected) {
            differs("the packages of its worlds");
        }
        let gone = |id: &&String| !self.cases.contains_key(*id);
        let (mut cases, mut files) = (expected.cases.clone(), expected.suite.files.clone());
        for id in expected.cases.keys().filter(gone).filter(|id| may_lack(id)) {
            cases.remove(id);
            files.remove(&format!("conformance/cases/{id}.toml"));
        }
        for (id, case) in &expected.cases {
            let file = format!("fixtures/{}", case.fixture);
            if !cases.contains_key(id) && !cases.values().any(|other| other.fixture == case.fixture) {
                files.remove(&file);
            }
        }
        if self.cases != cases {
            let other = cases.iter().find(|(id, case)| self.cases.get(*id) != Some(case)).map(|(id, _)| id);
            let other = other.or(self.cases.keys().find(|id| !cases.contains_key(*id)));
            let other = crate::text::line(other.map_or("", String::as_str), 200);
            differs(&format!("the cases ({other} is one) and what is said of them"));
        }
        if self.suite.files != files {
            differs("the files");
        }
        wrong
    }
}

impl Record {
    /// What of it is not as the case asks for it, in a word or two each.
    pub fn differs_from(&self, case: &Case, header: &Header) -> Vec<&'static str> {
        let package = header.worlds.get(proposal_of(&case.id)).and_then(|scope| scope.package.as_deref());
        let ran = self.guests.iter().map(|guest| (&guest.name, &guest.test, &guest.expected));
        let asked = case.instances.iter().map(|i| (&i.name, &i.test, &i.transcript));
        let mut expected: BTreeMap<_, _> =
            case.trace.iter().map(|(name, lines)| (name, &lines[..])).collect();
        let mut channels = true;
        for (name, channel) in &self.trace {
            channels &= expected.remove(name).unwrap_or_default() == channel.expected;
        }
        let lines = self.guests.iter().map(|guest| &guest.transcript);
        let mut lines = lines.chain(self.trace.values().map(|channel| &channel.seen));
        let in_time = |lines: &Vec<crate::suite::expect::Line>| {
            lines.is_sorted_by_key(|line| line.at) && lines.last().is_none_or(|line| line.at <= self.board_ns)
        };
        let was_run = self.verdict != Verdict::NotRun || self.package != "-";
        [
            ("title", self.title == case.title),
            ("group", self.group == case.group),
            ("ends", self.ends == case.ends),
            ("without", self.without == case.without),
            ("guests and what they are to write", ran.eq(asked)),
            ("what the wires are to see", channels && expected.is_empty()),
            ("package", !was_run || package == Some(&*self.package)),
            ("times", lines.all(in_time)),
        ]
        .into_iter()
        .filter_map(|(what, same)| (!same).then_some(what))
        .collect()
    }
}
