//! What was run on what: enough to judge a report, and to draw it, without the suite beside it.

use super::day;
use crate::runtime::About;
use crate::suite::Suite;
use crate::suite::capability::Bound;
use crate::suite::requirement::{Level, Requirement};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was run on what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Header {
    /// [`super::FORMAT`].
    pub format: u32,
    /// The suite.
    pub suite: SuiteData,
    /// Where it was run.
    pub platform: Platform,
    /// The day on which the run began, in UTC, as `2026-11-30`. No verdict depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The runtime under test, with what it declares.
    pub runtime: About,
    /// How many cases this run is of: fewer than `cases` has, if a filter was on.
    pub chosen: usize,
    /// SHA-256 of the components that were run, by file.
    pub components: BTreeMap<String, String>,
    /// The proposals that have cases.
    pub worlds: BTreeMap<String, Scope>,
    /// Every requirement, by id.
    pub requirements: BTreeMap<String, Statement>,
    /// What a host may lack, by name.
    pub capabilities: BTreeMap<String, Lackable>,
    /// Every case of the suite, by id, whether it was run or not.
    pub cases: BTreeMap<String, Listing>,
}

/// The suite that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SuiteData {
    /// The release; with `+later` behind it where cases that came later were run too; `next` for what stands in the
    /// tree, released or not.
    pub version: String,
    /// SHA-256 over `files`, in the form of `sha256sum`, sorted by path.
    pub sha256: String,
    /// SHA-256 of each file that it was read from: cases, the fixtures that they use, requirements, and the manifest
    /// of the components. Line ends count as `\n`.
    pub files: BTreeMap<String, String>,
}

/// Where a run was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Platform {
    /// The operating system, such as `linux`.
    pub os: String,
    /// The processor's architecture, such as `x86_64`.
    pub arch: String,
}

/// What there is of one proposal, for this runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scope {
    /// The package that the runtime implements; absent: none that the suite has a component for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// How many cases the suite has of each level.
    pub cases: BTreeMap<Level, usize>,
}

/// A requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Statement {
    /// What a host owes.
    pub text: String,
    /// What breaking it means.
    pub level: Level,
    /// What it is about.
    pub group: String,
    /// The WIT item that it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The seams at which a wrong host can be caught.
    pub observable: Vec<String>,
}

/// Something that a host may lack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lackable {
    /// What it is.
    pub text: String,
    /// The proposals whose hosts may lack it.
    pub of: Vec<String>,
}

/// A case of the suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Listing {
    /// The level of what it proves.
    pub level: Level,
    /// The requirements.
    pub proves: Vec<String>,
    /// The fixture's path below `fixtures/`.
    pub fixture: String,
    /// What a host cannot lack and pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Bound>,
    /// Whether a host that lacks it is held to an answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without: bool,
    /// The release after which it came; until the next one it counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_after: Option<String>,
}

impl Header {
    /// The header of a run of all cases.
    pub(crate) fn new(
        suite: &Suite,
        runtime: About,
        components: BTreeMap<String, String>,
        packages: BTreeMap<String, Option<String>>,
    ) -> Header {
        let mut worlds: BTreeMap<_, _> = packages
            .into_iter()
            .map(|(proposal, package)| (proposal, Scope { package, cases: BTreeMap::new() }))
            .collect();
        let mut cases = BTreeMap::new();
        for case in &suite.cases {
            if let Some(world) = worlds.get_mut(&case.proposal) {
                *world.cases.entry(case.level).or_default() += 1;
            }
            let (proves, fixture) = (case.proves.clone(), case.fixture.clone());
            let (needs, without) = (case.needs.clone(), case.without.is_some());
            let (level, added_after) = (case.level, case.added_after.clone());
            let listing = Listing { level, proves, fixture, needs, without, added_after };
            cases.insert(case.id.clone(), listing);
        }
        let requirements = suite.requirements.iter().map(|(id, r)| (id.clone(), Statement::from(r)));
        let capabilities = suite.capabilities.iter().map(|(id, capability)| {
            let (text, of) = (capability.text.clone(), capability.of.clone());
            (id.clone(), Lackable { text, of })
        });
        Header {
            format: super::FORMAT,
            suite: SuiteData {
                version: suite.version(),
                sha256: suite.files.digest(),
                files: suite.files.0.clone(),
            },
            platform: Platform {
                os: std::env::consts::OS.to_owned(),
                arch: std::env::consts::ARCH.to_owned(),
            },
            date: Some(day::today()),
            runtime,
            chosen: suite.cases.len(),
            components,
            worlds,
            requirements: requirements.collect(),
            capabilities: capabilities.collect(),
            cases,
        }
    }

    /// Whether a filter was on.
    pub fn filtered(&self) -> bool {
        self.chosen < self.cases.len()
    }

    /// Those of a proposal's requirements that no host can break at the runtime's seam.
    pub fn not_observable(&self, proposal: &str, requirements: &[String]) -> Vec<String> {
        let seam = self.runtime.seams.get(proposal);
        let observable = |id: &&String| match (self.requirements.get(*id), seam) {
            (Some(requirement), Some(seam)) => requirement.observable.contains(seam),
            _ => true,
        };
        requirements.iter().filter(|id| !observable(id)).cloned().collect()
    }

    /// What the runtime lacks of what a case of a package needs.
    pub fn lacking(&self, package: &str, needs: &[Bound]) -> Vec<Bound> {
        let lacks = self.runtime.lacks_of(package);
        lacks.iter().filter(|lack| needs.iter().any(|need| lack.keeps_from(need))).cloned().collect()
    }

    /// What the runtime lacks that hosts of a proposal may lack, as a claim names it; not what a release does not ask for
    /// yet.
    pub fn lacks_of(&self, proposal: &str) -> Vec<String> {
        let of = |lack: &&Bound| {
            let capability = self.capabilities.get(&lack.capability);
            let mut need_it =
                self.cases.values().filter(|case| case.needs.iter().any(|n| lack.keeps_from(n))).peekable();
            let came_later = need_it.peek().is_some() && need_it.all(|case| case.added_after.is_some());
            !came_later
                && capability.is_some_and(|capability| capability.of.iter().any(|name| name == proposal))
        };
        self.runtime.lacks_of(self.package(proposal)).iter().filter(of).map(Bound::to_string).collect()
    }

    /// The package of a proposal that the runtime implements; `-` if it implements none.
    fn package(&self, proposal: &str) -> &str {
        self.worlds.get(proposal).and_then(|scope| scope.package.as_deref()).unwrap_or("-")
    }

    /// Whether a case counts for this runtime.
    pub(crate) fn scores(&self, id: &str, case: &Listing) -> bool {
        let observable = self.not_observable(proposal_of(id), &case.proves).len() < case.proves.len();
        let applies = case.without || self.lacking(self.package(proposal_of(id)), &case.needs).is_empty();
        case.added_after.is_none() && case.level.scored() && observable && applies
    }
}

/// The proposal of a case: the first part of its id.
pub(crate) fn proposal_of(id: &str) -> &str {
    id.split('/').next().unwrap_or_default()
}

impl From<&Requirement> for Statement {
    fn from(requirement: &Requirement) -> Statement {
        let Requirement { text, level, group, item, observable, .. } = requirement.clone();
        Statement { text, level, group, item, observable }
    }
}
