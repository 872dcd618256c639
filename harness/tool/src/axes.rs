//! What the cases vary, function by function: `proposals/axes.toml` has the axes, and
//! `proposals/<proposal>/axes.toml` says of each function and axis which cases walk it, or why none does.
//!
//! ```toml
//! version = 1
//!
//! [wrong-host]                       # for each axis, a seeded defect that the proposal's cases along it notice
//! errors = "i2c/an-absent-address-is-other"
//!
//! [function."i2c.i2c.read"]
//! errors = ["i2c/absent-target"]     # cases
//! threshold = "there is none: a read of one byte and one of a hundred differ in length alone"
//! ```
//!
//! A case that varies one thing and keeps still in all others misses the fault that waits behind a second thing. The
//! table has no empty cell, so that it shows what nobody thought of.

use crate::wit::Wit;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use toml::Spanned;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::problem::{Problem, Source, Versioned};

/// The axes of all proposals.
const FILE: &str = "proposals/axes.toml";

/// How short a reason cannot be.
const LEAST_REASON: usize = 12;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AxesFile {
    version: u32,
    axis: Vec<Axis>,
}

impl Versioned for AxesFile {
    fn version(&self) -> u32 {
        self.version
    }
}

/// Something that faults vary in.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Its name.
    pub id: String,
    /// What is varied.
    pub text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TableFile {
    version: u32,
    wrong_host: BTreeMap<String, Spanned<String>>,
    function: BTreeMap<Spanned<String>, BTreeMap<String, Spanned<Cell>>>,
}

impl Versioned for TableFile {
    fn version(&self) -> u32 {
        self.version
    }
}

/// What there is of one axis for one function.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(untagged, expecting = "a list of cases, or the reason why there is none")]
pub enum Cell {
    /// The cases.
    Cases(Vec<String>),
    /// Why there is none.
    Reason(String),
}

/// The table of one proposal.
#[derive(Debug, serde::Serialize)]
pub struct Table {
    /// The proposal.
    pub proposal: String,
    /// By axis, the wrong host that is noticed along it.
    pub wrong_host: BTreeMap<String, String>,
    /// By function and axis.
    pub function: BTreeMap<String, BTreeMap<String, Cell>>,
}

/// Reads the axes and every proposal's table, and holds them against the packages, the cases and the wrong hosts,
/// whose names are `defects`. What is wrong is added to `problems`.
pub fn read(
    root: &Path,
    wit: &Wit,
    suite: &Suite,
    defects: &[&str],
    problems: &mut Vec<Problem>,
) -> (Vec<Axis>, Vec<Table>) {
    let parsed = Source::read(root, FILE).and_then(|source| source.parse_versioned::<AxesFile>());
    let axes = match parsed {
        Ok(file) => file,
        Err(problem) => {
            problems.push(problem);
            return (Vec::new(), Vec::new());
        }
    };
    let known: BTreeSet<_> = axes.axis.iter().map(|axis| axis.id.as_str()).collect();
    let mut tables = Vec::new();
    for proposal in &suite.proposals {
        let file = PathBuf::from("proposals").join(&proposal.name).join("axes.toml");
        let parsed =
            Source::read(root, file).and_then(|source| Ok((source.parse_versioned::<TableFile>()?, source)));
        let (table, source) = match parsed {
            Ok(parsed) => parsed,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let functions = functions(wit, &proposal.name);
        let mut check = Check { source: &source, proposal: &proposal.name, suite, known: &known, problems };
        check.wrong_hosts(&table, defects);
        check.functions(&table, &functions);
        let function = table.function.into_iter().map(|(name, cells)| {
            (name.into_inner(), cells.into_iter().map(|(axis, cell)| (axis, cell.into_inner())).collect())
        });
        tables.push(Table {
            proposal: proposal.name.clone(),
            wrong_host: table.wrong_host.into_iter().map(|(axis, id)| (axis, id.into_inner())).collect(),
            function: function.collect(),
        });
    }
    (axes.axis, tables)
}

struct Check<'a> {
    source: &'a Source,
    proposal: &'a str,
    suite: &'a Suite,
    known: &'a BTreeSet<&'a str>,
    problems: &'a mut Vec<Problem>,
}

impl Check<'_> {
    fn say(&mut self, offset: Option<usize>, message: String) {
        self.problems.push(self.source.problem(offset, message));
    }

    fn wrong_hosts(&mut self, table: &TableFile, defects: &[&str]) {
        for (axis, id) in &table.wrong_host {
            let at = Some(id.span().start);
            if !self.known.contains(axis.as_str()) {
                self.say(at, format!("no axis `{axis}`; {FILE} has {}", self.axes()));
            }
            if !defects.contains(&id.get_ref().as_str()) {
                self.say(at, format!("no seeded defect `{}`; `cargo hw defects` lists them", id.get_ref()));
            }
        }
        for axis in self.known.iter().filter(|axis| !table.wrong_host.contains_key(**axis)) {
            self.problems.push(self.source.problem(
                self.source.text.find("[wrong-host]"),
                format!("names no wrong host for the axis `{axis}`; seed one that the cases along it notice"),
            ));
        }
    }

    fn functions(&mut self, table: &TableFile, functions: &BTreeSet<String>) {
        let missing =
            functions.iter().filter(|name| !table.function.keys().any(|there| there.get_ref() == *name));
        for name in missing.collect::<Vec<_>>() {
            self.say(
                None,
                format!("has nothing on `{name}`; add [function.\"{name}\"] with a cell for each axis"),
            );
        }
        for (name, cells) in &table.function {
            let at = Some(name.span().start);
            if !functions.contains(name.get_ref()) {
                self.say(at, format!("`{}` is no function of the package", name.get_ref()));
            }
            for axis in self.known.iter().filter(|axis| !cells.contains_key(**axis)) {
                let message =
                    format!("`{}` has no cell for `{axis}`: its cases, or why there is none", name.get_ref());
                self.problems.push(self.source.problem(at, message));
            }
            for (axis, cell) in cells {
                let at = Some(cell.span().start);
                if !self.known.contains(axis.as_str()) {
                    self.say(at, format!("no axis `{axis}`; {FILE} has {}", self.axes()));
                }
                self.cell(at, cell.get_ref());
            }
        }
    }

    fn cell(&mut self, at: Option<usize>, cell: &Cell) {
        match cell {
            Cell::Cases(cases) if cases.is_empty() => {
                self.say(at, "an empty list says nothing; write the reason why there is no case".to_owned());
            }
            Cell::Cases(cases) => {
                for id in cases {
                    let case = self.suite.cases.iter().find(|case| case.id == *id);
                    if case.is_none_or(|case| case.proposal != self.proposal) {
                        self.say(
                            at,
                            format!("no case `{id}` of {}; `cargo hw list` lists them", self.proposal),
                        );
                    }
                }
            }
            Cell::Reason(reason) if reason.trim().len() < LEAST_REASON => {
                self.say(at, format!("`{reason}` is no reason; say what makes a case impossible or idle"));
            }
            Cell::Reason(_) => {}
        }
    }

    fn axes(&self) -> String {
        self.known.iter().copied().collect::<Vec<_>>().join(", ")
    }
}

/// Every function of a proposal's canonical package, and the drop of every resource, as requirements name items.
fn functions(wit: &Wit, proposal: &str) -> BTreeSet<String> {
    let Some(package) = wit.canonical(proposal) else { return BTreeSet::new() };
    let mut all = BTreeSet::new();
    for (name, id) in &wit.resolve.packages[package.id].interfaces {
        let interface = &wit.resolve.interfaces[*id];
        for function in interface.functions.values() {
            let resource = function.kind.resource().and_then(|id| wit.resolve.types[id].name.as_deref());
            let resource = resource.map(|resource| format!("{resource}.")).unwrap_or_default();
            all.insert(format!("{name}.{resource}{}", function.item_name()));
        }
        for (ty, id) in &interface.types {
            if matches!(wit.resolve.types[*id].kind, wit_parser::TypeDefKind::Resource) {
                all.insert(format!("{name}.{ty}.drop"));
            }
        }
    }
    all
}
