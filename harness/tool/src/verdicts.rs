//! What the hosts that come with the suite come to: `conformance/verdicts.toml`, and the README's table of it.
//!
//! The numbers are those of runs. `cargo hw verdicts` compares a run with what is written, which CI does after each; so a
//! line that is out of date fails there.

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use wasi_hw_harness::report::{self, Seen};
use wasi_hw_harness::runtime::Form;
use wasi_hw_harness::suite::problem::{Source, Versioned};

/// Where it stands.
pub const FILE: &str = "conformance/verdicts.toml";

const HEAD: &str = "# Written by `cargo hw verdicts RUN… --write`, but for each `engine` and the order, which are written by hand.\n\n";

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Verdicts {
    version: u32,
    /// The runtimes, in the order of the table.
    pub runtime: Vec<Row>,
}

/// A runtime.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Whose host on which engine; in words, for a reader.
    pub engine: String,
    /// In which form it runs guests.
    pub form: Form,
    /// What each of its worlds came to.
    #[serde(default)]
    pub world: BTreeMap<String, World>,
}

/// A world of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// The seam at which the board's devices stood.
    pub seam: String,
    /// Claim and counts, as a run ends with them.
    pub line: String,
}

impl Versioned for Verdicts {
    fn version(&self) -> u32 {
        self.version
    }
}

impl Verdicts {
    /// Reads the file of a suite.
    pub fn read(root: &Path) -> anyhow::Result<Verdicts> {
        let source = Source::read(root, FILE).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        source.parse_versioned().map_err(|problem| anyhow::anyhow!("{problem}"))
    }

    /// Writes it.
    pub fn write(&self, root: &Path) -> anyhow::Result<()> {
        let text = format!("{HEAD}{}", toml::to_string(self)?);
        fs::write(root.join(FILE), text).with_context(|| format!("{FILE} cannot be written"))
    }

    /// What a run says otherwise: `wasmtime i2c: …`.
    pub fn differences(&self, run: &Row) -> Vec<String> {
        let Some(row) = self.runtime.iter().find(|row| row.name == run.name) else {
            return vec![format!("{} is not in it", run.name)];
        };
        let mut all = Vec::new();
        if row.form != run.form {
            all.push(format!("{}: written is the form {}, the run has {}", run.name, row.form, run.form));
        }
        for (world, ran) in &run.world {
            let written = row.world.get(world).map_or("nothing".to_owned(), World::to_string);
            if row.world.get(world) != Some(ran) {
                all.push(format!("{} {world}: written is {written}, the run came to {ran}", run.name));
            }
        }
        all
    }

    /// Takes over what a run came to, for the worlds that it is of.
    pub fn take(&mut self, run: Row) {
        match self.runtime.iter_mut().find(|row| row.name == run.name) {
            Some(row) => {
                row.form = run.form;
                row.world.extend(run.world);
            }
            None => self.runtime.push(run),
        }
    }

    /// The table of the README, with a column for each of these proposals.
    pub fn table<'p>(&self, proposals: impl Iterator<Item = &'p str>) -> anyhow::Result<String> {
        let proposals: Vec<_> = proposals.collect();
        let mut out = format!("| runtime | host and engine | form | {} |\n", proposals.join(" | "));
        writeln!(out, "|---|---|---|{}", "---|".repeat(proposals.len()))?;
        for row in &self.runtime {
            ensure!(!row.engine.is_empty(), "{FILE}: say in `engine` whose host `{}` is", row.name);
            let cells = proposals
                .iter()
                .map(|proposal| row.world.get(*proposal).map_or("–".to_owned(), World::to_string));
            let cells: Vec<_> = cells.collect();
            writeln!(out, "| `{}` | {} | {} | {} |", row.name, row.engine, row.form, cells.join(" | "))?;
        }
        Ok(out)
    }
}

impl std::fmt::Display for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.line, self.seam)
    }
}

/// What a run came to, judged again. A report that is not as its records give it says nothing.
pub fn of_run(report: &Path) -> anyhow::Result<Row> {
    let mut row =
        Row { name: String::new(), engine: String::new(), form: Form::default(), world: BTreeMap::new() };
    let (mut findings, mut left) = (Vec::new(), BTreeMap::new());
    let find = &mut |finding: report::Finding| {
        findings.push(finding.of.to_string());
        Ok(())
    };
    let (_, unfinished) = report::judge_with(report::open(report)?, find, &mut |seen| {
        match seen {
            Seen::Header(header) => {
                (row.name, row.form) = (header.runtime.name.clone(), header.runtime.form);
                for case in header.cases.keys() {
                    *left.entry(proposal_of(case).to_owned()).or_insert(0) += 1;
                }
            }
            Seen::Record(_, record) => {
                let proposal = proposal_of(&record.case).to_owned();
                if let Some(left) = left.get_mut(&proposal) {
                    *left -= 1;
                }
                let seam = record.seam.clone().unwrap_or_default();
                row.world.entry(proposal).or_insert(World { seam, line: String::new() });
            }
            Seen::Footer(footer) => {
                for (proposal, world) in &mut row.world {
                    let Some(ran) = footer.worlds.get(proposal).filter(|ran| ran.package != "-") else {
                        continue;
                    };
                    let (required, optional) = (ran.required, ran.optional);
                    world.line = format!(
                        "{} {}/{} + {}/{}",
                        ran.claim, required.passed, required.all, optional.passed, optional.all
                    );
                }
            }
        }
        Ok(())
    })?;
    let name = report.display();
    ensure!(unfinished.is_none(), "{name} has no end");
    ensure!(findings.is_empty(), "{name} is not as its records give it: {}", findings.join(", "));
    // A host without a package of a proposal has no world of it, and a part of a world says nothing of it.
    row.world.retain(|proposal, world| !world.line.is_empty() && left.get(proposal) == Some(&0));
    Ok(row)
}

/// The proposal of a case.
fn proposal_of(case: &str) -> &str {
    case.split('/').next().unwrap_or_default()
}
