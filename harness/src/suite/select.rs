//! Which suite is run: a release, the newest with what came after it, or what stands in the tree.

use super::release::{Lock, Version};
use super::{Suite, capability, withdrawn};
use crate::suite::manifest::Component;
use crate::suite::problem::Problem;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// What `--suite` calls the suite that stands in the tree.
pub const NEXT: &str = "next";

/// The environment variable that stands in for `--suite`.
pub const VARIABLE: &str = "WASI_HW_SUITE";

impl Suite {
    /// The suite that is asked for: a release by its version, or `next`, which is all that stands in the tree. Without a
    /// name, `WASI_HW_SUITE` names it; without that it is the newest release that was not withdrawn, with what came later
    /// unscored, or all of the tree where there is no release. An error is that there is no such release.
    pub fn select(root: &Path, named: Option<&str>) -> anyhow::Result<Suite> {
        let environment = std::env::var(VARIABLE).ok().filter(|value| !value.is_empty());
        let versions = Lock::versions(root);
        match named.or(environment.as_deref()) {
            Some(NEXT) => Ok(Suite::discover(root)),
            Some(name) => {
                let known: Vec<_> = versions.iter().map(Version::to_string).collect();
                let version = name.parse().ok().filter(|version| versions.contains(version));
                let Some(version) = version else {
                    let name = crate::text::line(name, 64);
                    anyhow::bail!(
                        "there is no release `{name}`; there are: {}",
                        [&known[..], &[NEXT.to_owned()]].concat().join(", ")
                    );
                };
                Ok(Suite::of_release(root, version, false))
            }
            None => Ok(Suite::usual(root)),
        }
    }

    /// What runs where nobody names a suite: the newest release that was not withdrawn, with what came later unscored, or
    /// all of the tree where there is no release.
    pub fn usual(root: &Path) -> Suite {
        let gone = withdrawn::read(root).unwrap_or_default();
        let stands = |version: &Version| gone.iter().all(|w| w.id != version.to_string());
        match Lock::versions(root).into_iter().find(stands) {
            Some(newest) => Suite::of_release(root, newest, false).and_later(),
            None => Suite::discover(root),
        }
    }

    /// A release: its cases, on its components, by its requirements. A file that is not as it was released is a problem.
    /// Without `all`, the cases that were withdrawn since are left out.
    pub fn of_release(root: &Path, version: Version, all: bool) -> Suite {
        let lock = match Lock::read(root, version) {
            Ok(lock) => lock,
            Err(problem) => {
                let folder = Lock::folder(version);
                let mut suite = Suite::discover_in(root, &folder, &folder, &|_| false);
                suite.problems = vec![problem];
                return Suite { release: Some(version.to_string()), ..suite };
            }
        };
        let (mut problems, mut gone) = (lock.broken(root), Vec::new());
        match withdrawn::read(root) {
            Ok(withdrawn) => gone = withdrawn,
            Err(problem) => problems.push(problem),
        }
        let stands = |id: &str| all || gone.iter().all(|withdrawn| withdrawn.id != id);
        let folder = Lock::folder(version);
        let wanted = |id: &str| lock.cases.contains_key(id) && stands(id);
        let mut suite = Suite::discover_in(root, &folder, &folder, &wanted);
        problems.append(&mut suite.problems);
        Suite { problems, release: Some(lock.release), ..suite }
    }

    /// The same with what the tree has beyond it: cases that are run and do not count.
    fn and_later(mut self) -> Suite {
        let Some(release) = self.release.clone() else { return self };
        let lock = release.parse().map_err(drop).and_then(|v| Lock::read(&self.root, v).map_err(drop));
        // Without its lock nobody knows what came later; that is a problem already.
        let Ok(lock) = lock else { return self };
        let tree = Suite::discover(&self.root);
        let known: BTreeSet<Problem> = self.problems.iter().cloned().collect();
        let edited: BTreeSet<_> = self.problems.iter().map(|problem| problem.file.clone()).collect();
        // A released file that was edited is told of once.
        let more = tree.problems.into_iter().filter(|p| !known.contains(p) && !edited.contains(&p.file));
        self.problems.extend(more);
        let later: Vec<_> =
            tree.cases.into_iter().filter(|case| !lock.cases.contains_key(&case.id)).collect();
        if later.is_empty() {
            return self;
        }
        for case in later {
            if let Some(mut case) = Arc::into_inner(case) {
                case.added_after = Some(release.clone());
                self.fixtures.insert(case.fixture.clone());
                self.cases.push(Arc::new(case));
            }
        }
        self.cases.sort_by(|a, b| a.id.cmp(&b.id));
        for proposal in tree.proposals {
            if self.proposals.iter().all(|known| known.name != proposal.name) {
                self.proposals.push(proposal);
            }
        }
        for (id, requirement) in tree.requirements {
            self.requirements.entry(id).or_insert(requirement);
        }
        for (id, capability) in tree.capabilities {
            self.capabilities.entry(id).or_insert(capability);
        }
        // What is looked up by package finds the released one first.
        let components = tree.components.into_iter().map(|component| Component {
            // A name of its own in the header of a report.
            file: format!("components/{}", component.file),
            folder: "conformance".into(),
            ..component
        });
        self.components.extend(components);
        self.files.0.extend(tree.files.0);
        self
    }

    /// Whether a capability is one that the tree has and this release did not know yet.
    pub fn came_later(&self, capability: &str) -> bool {
        self.release.is_some()
            && !self.capabilities.contains_key(capability)
            && capability::of_tree(&self.root).contains_key(capability)
    }

    /// What a report calls it: the release; `+later` behind it where cases that came later are run too; `next` for what
    /// stands in the tree.
    pub fn version(&self) -> String {
        match &self.release {
            None => NEXT.to_owned(),
            Some(release) if self.cases.iter().all(|case| case.added_after.is_none()) => release.clone(),
            Some(release) => format!("{release}+later"),
        }
    }
}
