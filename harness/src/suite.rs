//! Discovery: reads the suite's files and checks that they fit one another. What is wrong becomes a
//! list of problems, and everything else is still there.

pub mod capability;
pub mod case;
pub mod cues;
pub mod embedded;
pub mod expect;
pub mod files;
pub mod fixture;
pub mod manifest;
mod place;
mod plain;
pub mod problem;
pub mod proposal;
mod reading;
pub mod release;
pub mod requirement;
pub mod select;
pub mod withdrawn;

use self::capability::{Bound, Capability};
use self::case::{CaseFile, Ends, Without};
use self::expect::{Block, Expect, check};
use self::files::Files;
use self::fixture::Fixture;
use self::manifest::{COMPONENTS, Component};
use self::problem::{Problem, Source};
use self::proposal::Proposal;
use self::reading::{Boards, Read};
use self::requirement::{Level, Requirement};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;

/// Everything that a run needs, but for the runtime.
#[derive(Debug)]
pub struct Suite {
    /// The folder that holds `conformance/`, `fixtures/` and `proposals/`.
    pub root: PathBuf,
    /// The cases, by id.
    pub cases: Vec<Arc<Case>>,
    /// The proposals, in their order.
    pub proposals: Vec<Proposal>,
    /// What a host may lack, by id.
    pub capabilities: BTreeMap<String, Capability>,
    /// The requirements of all proposals, by id.
    pub requirements: BTreeMap<String, Requirement>,
    /// The built guests.
    pub components: Vec<Component>,
    /// What is wrong. A run over a suite with problems is incomplete.
    pub problems: Vec<Problem>,
    /// The fixtures that some case uses.
    pub fixtures: BTreeSet<String>,
    /// The files that it was read from, with their hashes.
    pub files: Files,
    /// The release that it is, or that it adds to; none: what stands in the tree, all of which counts.
    pub release: Option<String>,
}

/// A case, checked.
#[derive(Debug)]
pub struct Case {
    /// Its path below `conformance/cases/`, without the ending.
    pub id: String,
    /// The first part of the id.
    pub proposal: String,
    /// What it shows.
    pub title: String,
    /// The level of all requirements that it proves.
    pub level: Level,
    /// The group of the first of those requirements.
    pub group: Option<String>,
    /// The ids of the requirements.
    pub proves: Vec<String>,
    /// The fixture's path below `fixtures/`.
    pub fixture: String,
    /// The board.
    pub board: Arc<Fixture>,
    /// The guests; one, unless the case is about several.
    pub instances: Vec<Instance>,
    /// How they end.
    pub ends: Ends,
    /// What the wires see, by channel.
    pub trace: BTreeMap<String, Vec<Expect>>,
    /// What a host without the feature does.
    pub without: Option<Without>,
    /// What a host cannot lack and pass: of the case and of its requirements.
    pub needs: Vec<Bound>,
    /// The release after which it came: it is run and counts for nothing until the next one.
    pub added_after: Option<String>,
}

/// A guest of a case.
#[derive(Debug)]
pub struct Instance {
    /// What the record calls it; empty where there is only one.
    pub name: String,
    /// The guest test.
    pub test: String,
    /// What it writes down.
    pub transcript: Vec<Expect>,
}

impl Suite {
    /// The suite that `WASI_HW_ROOT` names, or the one that lies around the sources of this crate; in a packaged crate it
    /// lies in them.
    pub fn default_root() -> PathBuf {
        if let Some(root) = std::env::var_os("WASI_HW_ROOT") {
            return PathBuf::from(root);
        }
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
        let checkout = sources.join("..");
        match checkout.join(COMPONENTS).is_dir() {
            true => checkout,
            false => sources.join("suite"),
        }
    }

    /// Reads what stands in the tree below `root`, released or not, but for what was withdrawn. No component is
    /// opened. [`Suite::select`] reads a release.
    pub fn discover(root: &Path) -> Suite {
        let mut problems = Vec::new();
        let withdrawn = withdrawn::read(root).unwrap_or_else(|problem| {
            problems.push(problem);
            Vec::new()
        });
        let gone = |id: &str| withdrawn.iter().any(|withdrawn| withdrawn.id == id);
        let components = Path::new(COMPONENTS);
        let mut suite = Suite::discover_in(root, Path::new(""), components, &|id| !gone(id));
        suite.problems.splice(0..0, problems);
        suite
    }

    /// Reads cases and fixtures of the tree below `root`, and what they are measured by from `base`, a folder in it: that
    /// of a release, or the tree itself. `components` holds the components with their manifest.
    fn discover_in(root: &Path, base: &Path, components: &Path, wanted: &dyn Fn(&str) -> bool) -> Suite {
        let (mut problems, mut files_read) = (Vec::new(), Files::default());
        let (proposals, requirements) = proposal::read(root, base, &mut files_read, &mut problems);
        let capabilities = capability::read(root, base, &mut files_read, &mut problems);
        let components = manifest::read(root, components, &mut files_read).unwrap_or_else(|problem| {
            problems.push(problem);
            Vec::new()
        });
        let mut suite = Suite {
            root: root.to_owned(),
            cases: Vec::new(),
            proposals,
            capabilities,
            requirements,
            components,
            problems,
            fixtures: BTreeSet::new(),
            files: files_read,
            release: None,
        };
        let mut files = files(root, Path::new(CASES), &mut suite.problems);
        files.retain(|file| wanted(&case_id(file)));
        suite.read_cases(&files);
        suite.cases.sort_by(|a, b| a.id.cmp(&b.id));
        suite
    }

    /// The case of a file.
    fn case(&mut self, read: Read<CaseFile>, boards: &mut Boards) -> Result<Case, Vec<Problem>> {
        let Read { source, sha256, parsed } = read;
        self.files.note_hashed(&source.file, sha256);
        let case = parsed.map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        let id = case_id(&source.file);
        let proposal = id.split('/').next().unwrap_or_default().to_owned();
        problems.extend(plain::case(&id, &case).map(|what| source.problem(None, what)));

        let (level, group) = self.level(&source, &case.proves, &mut problems);
        let instances = self.instances(&source, &case, &proposal, &mut problems);
        let needs = self.needs(&source, &case, &proposal, &mut problems);
        let name = case.fixture.get_ref().clone();
        // What is wrong with a fixture is said once, with its first case.
        let board = match boards.get_mut(&name) {
            Some(Ok(board)) => Some(Arc::clone(board)),
            Some(Err(wrong)) => {
                problems.extend(wrong.take());
                None
            }
            None => None,
        };
        if board.is_none() {
            let message = format!("the fixture `{name}` cannot be used; see fixtures/{name}");
            problems.push(source.problem(Some(case.fixture.span().start), message));
        }
        let lacking = case.without.iter();
        let lacking = lacking.flat_map(|lacking| lacking.trace.values().chain([&lacking.transcript]));
        for expected in instances.iter().map(|i| &i.transcript).chain(case.trace.values()).chain(lacking) {
            if let Err((text, message)) = check(expected) {
                problems.push(source.problem(source.text.rfind(text), message));
            }
        }
        if level.scored() && instances.iter().all(|i| is_free(&i.transcript)) {
            problems
                .push(source.problem(None, "a scored case whose transcript may be anything proves nothing"));
        }
        match board {
            Some(board) if problems.is_empty() => Ok(Case {
                id,
                proposal,
                title: case.title,
                level,
                group,
                proves: case.proves.into_iter().map(Spanned::into_inner).collect(),
                fixture: name,
                board,
                instances,
                ends: case.ends,
                trace: case.trace,
                without: case.without,
                needs,
                added_after: None,
            }),
            _ => Err(problems),
        }
    }

    fn level(
        &self,
        source: &Source,
        proves: &[Spanned<String>],
        problems: &mut Vec<Problem>,
    ) -> (Level, Option<String>) {
        let mut found: Option<&Requirement> = None;
        let mut seen = BTreeSet::new();
        for id in proves {
            let at = Some(id.span().start);
            if !seen.insert(id.get_ref()) {
                let message = format!("proves {} twice; name each requirement once", id.get_ref());
                problems.push(source.problem(at, message));
            }
            match (self.requirements.get(id.get_ref()), found) {
                (None, _) => {
                    let message = format!(
                        "no requirement `{}`; the ids are in proposals/*/requirements.toml, and `cargo hw explain` lists them",
                        id.get_ref()
                    );
                    problems.push(source.problem(at, message));
                }
                (Some(requirement), _) if requirement.level == Level::Dropped => {
                    problems.push(
                        source.problem(at, format!("{} is dropped; no case can prove it", requirement.id)),
                    );
                }
                (Some(requirement), Some(first)) if requirement.level != first.level => {
                    let message = format!(
                        "{} is of level {}, {} of level {}; a case proves requirements of one level: make two cases",
                        first.id, first.level, requirement.id, requirement.level
                    );
                    problems.push(source.problem(at, message));
                }
                (Some(requirement), first) => found = first.or(Some(requirement)),
            }
        }
        if proves.is_empty() {
            problems.push(source.problem(None, "proves nothing; `proves` names at least one requirement"));
        }
        found.map_or((Level::Report, None), |r| (r.level, Some(r.group.clone())))
    }

    /// What the case needs, and its requirements do.
    fn needs(
        &self,
        source: &Source,
        case: &CaseFile,
        proposal: &str,
        problems: &mut Vec<Problem>,
    ) -> Vec<Bound> {
        let requirements = case.proves.iter().filter_map(|id| self.requirements.get(id.get_ref()));
        let of_requirements = requirements.flat_map(|requirement| &requirement.needs);
        let mut needs: Vec<_> = case.needs.iter().chain(of_requirements).cloned().collect();
        // Several guests are several instances, and a case need not say so twice.
        if case.instance.len() > 1 && self.capabilities.contains_key(SEVERAL) {
            needs.push(Bound { capability: SEVERAL.to_owned(), number: None });
        }
        needs.sort();
        needs.dedup();
        for need in &needs {
            if let Some(wrong) = capability::unknown(&self.capabilities, need, &[proposal]) {
                let at = source.text.find(&need.capability);
                problems.push(source.problem(at, wrong));
            }
        }
        if case.without.is_some() && needs.is_empty() {
            problems.push(source.problem(
                source.text.find("[without]"),
                "has a part `without`, and neither it nor what it proves `needs` anything that a host may lack",
            ));
        }
        needs
    }

    fn instances(
        &self,
        source: &Source,
        case: &CaseFile,
        proposal: &str,
        problems: &mut Vec<Problem>,
    ) -> Vec<Instance> {
        let several = case.instance.iter().map(|i| (i.name.clone(), &i.test, &i.transcript));
        let single = case.test.iter().map(|test| (String::new(), test, &case.transcript));
        if case.test.is_some() != case.instance.is_empty()
            || case.test.is_none() && !case.transcript.is_empty()
        {
            problems.push(source.problem(None, "has either `test` and `transcript`, or `instance`"));
        }
        let components: Vec<_> =
            self.components.iter().filter(|c| c.proposal.as_deref() == Some(proposal)).collect();
        let (usual, named): (Vec<_>, Vec<_>) = components.into_iter().partition(|c| c.imports.is_empty());
        let mut instances = Vec::new();
        for (name, test, transcript) in single.chain(several) {
            let has = |component: &&Component| component.tests.contains(test.get_ref());
            // Every variant has all tests; what imports by names has some of its own.
            if !named.iter().any(has) && (usual.is_empty() || !usual.iter().all(has)) {
                let message = format!(
                    "no guest test `{}` in the component of `{proposal}`; add it to conformance/guests/{proposal} and run \
                     `cargo hw build-guests`",
                    test.get_ref()
                );
                problems.push(source.problem(Some(test.span().start), message));
            }
            let duplicate = instances.iter().any(|i: &Instance| i.name == name);
            if duplicate || !case.instance.is_empty() && name.is_empty() {
                problems.push(source.problem(Some(test.span().start), "each instance has a name of its own"));
            }
            instances.push(Instance { name, test: test.get_ref().clone(), transcript: transcript.clone() });
        }
        instances
    }
}

/// Where the cases lie.
pub(crate) const CASES: &str = "conformance/cases";

/// What a case with several guests needs.
const SEVERAL: &str = "instances";

/// Whether an expectation is met by anything at all.
fn is_free(expected: &[Expect]) -> bool {
    let free = |e: &Expect| matches!(e, Expect::Maybe { maybe: Block::One(line) } if line == "*");
    expected.iter().any(free) && expected.iter().all(free)
}

/// The id of a case, by its file.
fn case_id(file: &Path) -> String {
    let id = file.strip_prefix(CASES).unwrap_or(file).with_extension("");
    id.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Every file below a folder, sorted; anything that is not a `.toml` file is a problem.
pub(crate) fn files(root: &Path, folder: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (path, is_folder) in entries(root, folder, problems) {
        if is_folder {
            found.append(&mut files(root, &path, problems));
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            found.push(path);
        } else {
            let message = format!("is not a .toml file; {} holds nothing else", folder.display());
            problems.push(Problem { file: path, line: None, message });
        }
    }
    found
}

/// Whether an editor or a file manager leaves such files: `.x.toml.swp`, `x.toml~`, `.DS_Store`.
fn of_an_editor(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.ends_with('~')
}

fn folders(root: &Path, folder: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let entries = entries(root, folder, problems);
    entries.into_iter().filter(|(_, is_folder)| *is_folder).map(|(path, _)| path).collect()
}

fn entries(root: &Path, folder: &Path, problems: &mut Vec<Problem>) -> Vec<(PathBuf, bool)> {
    let mut found = Vec::new();
    let read = std::fs::read_dir(root.join(folder)).and_then(|entries| {
        for entry in entries {
            let entry = entry?;
            let (path, kind) = (folder.join(entry.file_name()), entry.file_type()?);
            if kind.is_symlink() && entry.path().is_dir() {
                // Two that lead back up have a path for each number in binary.
                let message = "is a link to a folder, and those are not followed".to_owned();
                problems.push(Problem { file: path, line: None, message });
            } else if kind.is_dir() || !of_an_editor(&path) {
                found.push((path, kind.is_dir()));
            }
        }
        Ok(())
    });
    if let Err(error) = read {
        let message = format!(
            "cannot be listed: {error}; is `{}` the suite's folder? `--root` of the tool, or WASI_HW_ROOT, names another",
            root.display()
        );
        problems.push(Problem { file: folder.to_owned(), line: None, message });
    }
    found.sort();
    found
}
