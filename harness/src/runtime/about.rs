//! Who a runtime says it is, and what can be checked of that before anything runs.

use crate::suite::Suite;
use crate::suite::capability::{self, Bound};
use crate::text::{self, MOST_ADDRESS, MOST_NAME, is_plain};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use wasi_hw_protocol::{Clock, Form};

/// The most packages of a runtime, and the most seams; there are four proposals.
const MOST_PACKAGES: usize = 32;

/// The most that it lacks.
const MOST_LACKS: usize = 64;

/// Who a runtime is, and what it speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct About {
    /// The name, as after `--runtime=`.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// Where it lives, if anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// Where its faults are reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues: Option<String>,
    /// Whether it goes by the board's clock. If not, two reports are not the same bytes.
    #[serde(default, skip_serializing_if = "is_the_board_s")]
    pub clock: Clock,
    /// In which form it runs guests. What is asked of it is the same in each.
    #[serde(default, skip_serializing_if = "Form::is_component")]
    pub form: Form,
    /// The packages that it implements, with the variant: one for each proposal at most.
    pub packages: Vec<String>,
    /// By proposal, the seam at which its mock devices stand: one of those that the proposal's requirements name.
    pub seams: BTreeMap<String, String>,
    /// What it lacks, of `proposals/capabilities.toml`. What its file in `conformance/runtimes/` says is added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<Bound>,
    /// What is otherwise for some of its packages, for which other adapters of it speak.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<Apart>,
}

/// What a runtime says of some of its packages alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Apart {
    /// The packages.
    pub packages: Vec<String>,
    /// Whether it goes by the board's clock in their cases.
    pub clock: Clock,
    /// What it lacks of what they need.
    pub lacks: Vec<Bound>,
}

fn is_the_board_s(clock: &Clock) -> bool {
    *clock == Clock::Board
}

impl About {
    /// By which clock it goes in the cases of a package.
    pub fn clock_of(&self, package: &str) -> Clock {
        self.apart(package).map_or(self.clock, |apart| apart.clock)
    }

    /// What it lacks of what the cases of a package need.
    pub fn lacks_of(&self, package: &str) -> &[Bound] {
        self.apart(package).map_or(&self.lacks, |apart| &apart.lacks)
    }

    fn apart(&self, package: &str) -> Option<&Apart> {
        self.apart.iter().find(|apart| apart.packages.iter().any(|name| name == package))
    }

    /// Each list of what it lacks.
    pub(crate) fn all_lacks(&mut self) -> impl Iterator<Item = &mut Vec<Bound>> {
        self.apart.iter_mut().map(|apart| &mut apart.lacks).chain([&mut self.lacks])
    }

    /// The same, safe to show and to keep: escaped, and cut where it is longer than any name is.
    pub(crate) fn plain(self) -> About {
        let name = |text: String| text::line(&text, MOST_NAME);
        let address = |text: Option<String>| text.map(|text| text::line(&text, MOST_ADDRESS));
        let packages = |all: Vec<String>| all.into_iter().take(MOST_PACKAGES).map(name).collect();
        let lacks = |all: Vec<Bound>| {
            let plain = all.into_iter().take(MOST_LACKS);
            plain.map(|lack| Bound { capability: name(lack.capability), ..lack }).collect()
        };
        About {
            name: name(self.name),
            version: name(self.version),
            homepage: address(self.homepage),
            issues: address(self.issues),
            clock: self.clock,
            form: self.form,
            packages: packages(self.packages),
            seams: self
                .seams
                .into_iter()
                .take(MOST_PACKAGES)
                .map(|(proposal, seam)| (name(proposal), name(seam)))
                .collect(),
            lacks: lacks(self.lacks),
            apart: self
                .apart
                .into_iter()
                .take(MOST_PACKAGES)
                .map(|apart| Apart { packages: packages(apart.packages), lacks: lacks(apart.lacks), ..apart })
                .collect(),
        }
    }

    /// What is wrong with what a runtime says of itself, whatever the suite. Nothing else of it is looked at then.
    pub(crate) fn malformed(&self) -> Option<String> {
        let texts = [("name", &self.name, MOST_NAME), ("version", &self.version, MOST_NAME)].into_iter();
        let addresses = [("homepage", &self.homepage), ("issues", &self.issues)];
        let addresses =
            addresses.into_iter().filter_map(|(what, text)| Some((what, text.as_ref()?, MOST_ADDRESS)));
        let packages = self.apart.iter().flat_map(|apart| &apart.packages).chain(&self.packages);
        let packages = packages.map(|package| ("packages", package, MOST_NAME));
        let seams = self.seams.iter().flat_map(|(proposal, seam)| [proposal, seam]);
        let seams = seams.map(|text| ("seams", text, MOST_NAME));
        let lacks = self.apart.iter().flat_map(|apart| &apart.lacks).chain(&self.lacks);
        let lacks = lacks.map(|lack| ("lacks", &lack.capability, MOST_NAME));
        if self.packages.len() > MOST_PACKAGES || self.seams.len() > MOST_PACKAGES {
            let (packages, seams) = (self.packages.len(), self.seams.len());
            return Some(format!(
                "it names {packages} packages and {seams} seams; {MOST_PACKAGES} are the most"
            ));
        }
        // Nothing is apart that is not among the packages, once.
        let apart: Vec<_> = self.apart.iter().flat_map(|apart| &apart.packages).collect();
        let stray = apart.iter().find(|package| !self.packages.contains(package));
        if stray.is_some() || apart.len() > self.packages.len() || self.apart.len() > self.packages.len() {
            let stray = stray.map_or("", |package| package.as_str());
            return Some(format!(
                "its `apart` has what is not among its packages: `{}`",
                text::line(stray, 64)
            ));
        }
        let most = self.apart.iter().map(|apart| apart.lacks.len()).chain([self.lacks.len()]).max();
        if let Some(lacks) = most.filter(|lacks| *lacks > MOST_LACKS) {
            return Some(format!("it lacks {lacks} things; {MOST_LACKS} are the most"));
        }
        for (what, text, most) in texts.chain(addresses).chain(packages).chain(seams).chain(lacks) {
            if text.len() > most || !text.chars().all(is_plain) {
                let text = text::line(text, 64);
                return Some(format!(
                    "its `{what}` has `{text}`: one line of at most {most} bytes is what it may be"
                ));
            }
        }
        None
    }

    /// What this suite knows nothing of: each would leave cases out, or leave out what they are scored for.
    pub fn unknown(&self, suite: &Suite) -> Vec<String> {
        let mut wrong: Vec<_> = self.malformed().into_iter().collect();
        if !wrong.is_empty() || suite.components.is_empty() {
            return wrong;
        }
        if self.packages.is_empty() {
            let known = known_packages(suite, self.form).join(", ");
            wrong.push(format!("it implements no package; the suite has {known}"));
        }
        let mut proposals = BTreeMap::new();
        for package in &self.packages {
            let component = suite.components.iter().find(|c| c.tests_package(package, self.form));
            let Some(proposal) = component.and_then(|component| component.proposal.as_deref()) else {
                let nearest = nearest(package, known_packages(suite, self.form));
                wrong.push(format!(
                    "it implements `{package}`, which no component of the suite imports; {nearest}"
                ));
                continue;
            };
            if let Some(other) = proposals.insert(proposal, package) {
                wrong.push(format!(
                    "it implements {other} and {package}; one variant of a proposal is tested at a time"
                ));
            }
        }
        for proposal in proposals.keys() {
            let known = seams(suite, proposal);
            match self.seams.get(*proposal) {
                // Nothing of it can be run.
                _ if known.is_empty() => {}
                None => {
                    wrong.push(format!("it names no seam for {proposal}; there are {}", known.join(", ")))
                }
                Some(seam) if !known.contains(&seam.as_str()) => wrong.push(format!(
                    "its devices of {proposal} stand at `{seam}`, which is no seam of {proposal}; {}",
                    nearest(seam, known)
                )),
                Some(_) => {}
            }
        }
        let known: BTreeSet<_> = suite.components.iter().filter_map(|c| c.proposal.as_deref()).collect();
        for proposal in self.seams.keys().filter(|proposal| !known.contains(proposal.as_str())) {
            let known = known.iter().copied().collect();
            wrong.push(format!("it names a seam for `{proposal}`; {}", nearest(proposal, known)));
        }
        let proposals: Vec<_> = proposals.keys().copied().collect();
        let lacks = self.apart.iter().flat_map(|apart| &apart.lacks).chain(&self.lacks);
        let lacks = lacks.filter_map(|lack| capability::unknown(&suite.capabilities, lack, &proposals));
        wrong.extend(lacks.map(|why| format!("of what it lacks: {}", text::line(&why, MOST_ADDRESS))));
        wrong
    }
}

fn known_packages(suite: &Suite, form: Form) -> Vec<&str> {
    let mut packages = Vec::new();
    for component in suite.components.iter().filter(|c| c.tests_package(&c.package, form)) {
        if !packages.contains(&&*component.package) {
            packages.push(&*component.package);
        }
    }
    packages
}

/// The seams of a proposal. Another would leave every case unscored, because nobody knows what it shows.
fn seams<'s>(suite: &'s Suite, proposal: &str) -> Vec<&'s str> {
    let proposal = suite.proposals.iter().find(|known| known.name == proposal);
    proposal.map(|proposal| proposal.seams.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn nearest(text: &str, known: Vec<&str>) -> String {
    // Of a package rather another version than another name.
    let name = |text: &str| text.split('@').next().unwrap_or_default().to_owned();
    let apart = |known: &&&str| (name(known) != name(text), strsim::levenshtein(known, text));
    let nearest = known.iter().min_by_key(apart);
    match (nearest, known.len()) {
        (None, _) => "the suite has none".to_owned(),
        (Some(nearest), 1) => format!("the suite has `{nearest}` alone"),
        (Some(nearest), _) => format!("did you mean `{nearest}`? there are {}", known.join(", ")),
    }
}
