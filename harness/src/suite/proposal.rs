//! Proposals: what is said of one is said once, in the head of `proposals/<proposal>/requirements.toml`.
//!
//! ```toml
//! version = 1
//! proposal = "i2c"                   # as its folders are called
//! order = 1                          # its place where proposals are listed
//! prefix = "I2C"                     # the ids of its requirements are I2C-01 and so on
//! package = "wasi:i2c@0.2.0-draft"   # the canonical package
//! variants = []                      # other packages that a host may speak instead
//! over-protocol = "messages"         # where a runtime stands that names no seam
//! one-text = true                    # each sentence of the WIT with an id is that requirement's text
//!
//! [seams]                            # all there are, each with what a case can show there
//! hal = "which calls of the embedded-hal traits a host makes of an operation"
//! messages = "which list of messages it makes, as a Linux driver takes them"
//! wire = "what a probe on SDA and SCL sees"
//!
//! [[group]]                          # what its requirements are about; test.md is drawn by it
//! name = "frames"
//! title = "Frames"
//! covers = "START, address, data and STOP of each function"
//!
//! [[requirement]]                    # see [`crate::suite::requirement`]
//! id = "I2C-01"
//! ```

use super::files::Files;
use super::problem::{Problem, Source};
use super::requirement::{Group, Requirement, RequirementsFile};
use super::{folders, plain};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// As its folders are called: `i2c`.
    pub name: String,
    /// Its place where proposals are listed.
    pub order: u32,
    /// What the ids of its requirements begin with, before the hyphen.
    pub prefix: String,
    /// The canonical package.
    pub package: String,
    /// Other packages that a host may speak instead.
    pub variants: Vec<String>,
    /// The seams at which a mock device can stand, each with what a case can show there.
    pub seams: BTreeMap<String, String>,
    /// The seam of a runtime that names none; it is that of the adapter protocol.
    pub over_protocol: String,
    /// Whether each sentence of the WIT that carries an id is the text of that requirement, which is then checked.
    pub one_text: bool,
    /// What its requirements are about, in the order in which pages tell it.
    pub groups: Vec<Group>,
}

impl Proposal {
    /// Whether a package is the canonical one, or a variant of it.
    pub fn has(&self, package: &str) -> bool {
        self.package == package || self.variants.iter().any(|variant| variant == package)
    }

    /// The file that says it, from the suite's root.
    pub fn file(&self) -> PathBuf {
        Path::new("proposals").join(&self.name).join(FILE)
    }
}

const FILE: &str = "requirements.toml";

/// The seams of a runtime that speaks `packages` and `declared` some of its seams, by proposal: where it declares none,
/// that of the adapter protocol.
pub fn seams(
    proposals: &[Proposal],
    packages: &[String],
    declared: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut all = declared.clone();
    for proposal in proposals.iter().filter(|proposal| packages.iter().any(|p| proposal.has(p))) {
        all.entry(proposal.name.clone()).or_insert_with(|| proposal.over_protocol.clone());
    }
    all
}

/// Reads every proposal below `root/base/proposals`: the proposals in their order, and all requirements by id. `base` is
/// the folder of a release, or nothing.
pub fn read(
    root: &Path,
    base: &Path,
    files: &mut Files,
    problems: &mut Vec<Problem>,
) -> (Vec<Proposal>, BTreeMap<String, Requirement>) {
    let (mut proposals, mut requirements) = (Vec::new(), BTreeMap::new());
    for folder in folders(root, &base.join("proposals"), problems) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let source = Source::read(root, folder.join(FILE)).inspect(|source| files.note(source));
        match source {
            Ok(source) => proposals.extend(parse(&source, name, &proposals, &mut requirements, problems)),
            Err(problem) => problems.push(problem),
        }
    }
    proposals.sort_by(|a, b| (a.order, &a.name).cmp(&(b.order, &b.name)));
    (proposals, requirements)
}

/// What one file says, if it can be read: the proposal whose folder has this name, and its requirements, into those of all.
pub fn parse(
    source: &Source,
    name: String,
    others: &[Proposal],
    requirements: &mut BTreeMap<String, Requirement>,
    problems: &mut Vec<Problem>,
) -> Option<Proposal> {
    match source.parse_versioned::<RequirementsFile>() {
        Ok(file) => {
            check(source, &file, &name, others, problems);
            let proposal = head(name, &file);
            rows(source, file, &proposal, requirements, problems);
            Some(proposal)
        }
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

fn head(name: String, file: &RequirementsFile) -> Proposal {
    Proposal {
        name,
        order: file.order,
        prefix: file.prefix.get_ref().clone(),
        package: file.package.clone(),
        variants: file.variants.clone(),
        seams: file.seams.clone(),
        over_protocol: file.over_protocol.get_ref().clone(),
        one_text: file.one_text,
        groups: file.group.iter().map(|group| group.get_ref().clone()).collect(),
    }
}

/// What types cannot say of the head.
fn check(
    source: &Source,
    file: &RequirementsFile,
    folder: &str,
    others: &[Proposal],
    problems: &mut Vec<Problem>,
) {
    let mut say = |offset, message| problems.push(source.problem(offset, message));
    if file.proposal.get_ref() != folder {
        let at = Some(file.proposal.span().start);
        say(at, format!("`proposal` is \"{folder}\", as the folder is called"));
    }
    let prefix = file.prefix.get_ref();
    let at = Some(file.prefix.span().start);
    if prefix.is_empty() || !prefix.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        say(at, format!("the prefix `{prefix}` has other characters than A to Z and 0 to 9, or none"));
    }
    if let Some(other) = others.iter().find(|other| other.prefix == *prefix) {
        say(at, format!("the prefix `{prefix}` is that of {} already", other.name));
    }
    if let Some(other) = others.iter().find(|other| other.order == file.order) {
        say(None, format!("`order` is {}, as in {}; each has a place of its own", file.order, other.name));
    }
    let mut groups = BTreeSet::new();
    for group in &file.group {
        let (at, name) = (Some(group.span().start), &group.get_ref().name);
        if !groups.insert(name) {
            say(at, format!("the group `{name}` is there twice"));
        }
        if !file.requirement.iter().any(|requirement| requirement.get_ref().group == *name) {
            say(at, format!("no requirement is of the group `{name}`; take it out"));
        }
    }
    let over_protocol = &file.over_protocol;
    if !file.seams.contains_key(over_protocol.get_ref()) {
        let (seam, seams) = (over_protocol.get_ref(), names(&file.seams));
        say(Some(over_protocol.span().start), format!("no seam `{seam}`; [seams] has {seams}"));
    }
}

/// The requirements of one file, into those of all.
fn rows(
    source: &Source,
    file: RequirementsFile,
    proposal: &Proposal,
    all: &mut BTreeMap<String, Requirement>,
    problems: &mut Vec<Problem>,
) {
    let mut here = BTreeSet::new();
    for row in file.requirement {
        let at = Some(row.span().start);
        let requirement = Requirement { proposal: proposal.name.clone(), ..row.into_inner() };
        problems.extend(plain::requirement(&requirement).map(|what| source.problem(at, what)));
        let id = requirement.id.clone();
        let begins = id.strip_prefix(&proposal.prefix).and_then(|rest| rest.strip_prefix('-'));
        if begins.is_none_or(str::is_empty) {
            problems
                .push(source.problem(at, format!("the id `{id}` does not begin with {}-", proposal.prefix)));
        }
        for seam in requirement.observable.iter().filter(|seam| !proposal.seams.contains_key(*seam)) {
            let seams = names(&proposal.seams);
            problems.push(source.problem(at, format!("{id}: no seam `{seam}`; [seams] has {seams}")));
        }
        if !proposal.groups.iter().any(|group| group.name == requirement.group) {
            let known: Vec<_> = proposal.groups.iter().map(|group| group.name.as_str()).collect();
            let (group, known) = (&requirement.group, known.join(", "));
            problems.push(
                source.problem(at, format!("{id} is of no group `{group}`; the file's groups are {known}")),
            );
        }
        // File systems and readers disagree on whether case tells two names apart; ids must not.
        if !here.insert(id.to_ascii_lowercase()) {
            problems.push(source.problem(at, format!("{id} is there twice")));
        }
        all.insert(id, requirement);
    }
}

fn names(seams: &BTreeMap<String, String>) -> String {
    seams.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}
