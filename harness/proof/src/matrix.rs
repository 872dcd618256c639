//! The kill matrix: which cases notice which defect.

use super::{Defect, catalogue};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::engine::{Compiler, InProcess};
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::suite::requirement::Level;
use wasi_hw_harness::suite::{Case, Suite};

/// Which cases notice which defect.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Matrix {
    /// Each defect with the cases that notice it.
    pub defects: Vec<Killed>,
    /// Requirements of level must that no defect breaks.
    pub musts_without_defect: Vec<String>,
}

/// A defect with the cases that notice it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Killed {
    /// The defect.
    pub id: String,
    /// The requirements that it breaks.
    pub violates: Vec<String>,
    /// The scored cases that fail and cite one of those requirements.
    pub killed_by: Vec<String>,
    /// All scored cases that fail.
    pub failed: Vec<String>,
    /// The scored cases that do not.
    #[serde(skip)]
    pub not_failed: Vec<String>,
    /// How many cases its world has.
    pub cases: usize,
}

impl Matrix {
    /// The defects that no case notices which cites what they break.
    pub fn survivors(&self) -> impl Iterator<Item = &Killed> {
        self.defects.iter().filter(|defect| defect.killed_by.is_empty())
    }

    /// Whether every MUST has a defect and every defect is noticed.
    pub fn holds(&self) -> bool {
        self.musts_without_defect.is_empty() && self.survivors().next().is_none()
    }
}

/// Runs the cases of its world against each defect. `progress` is told of each defect before it runs.
pub fn matrix(
    suite: &Arc<Suite>,
    proposal: Option<&str>,
    progress: impl Fn(usize, usize, &str),
) -> anyhow::Result<Matrix> {
    let defects: Vec<_> =
        catalogue().into_iter().filter(|d| proposal.is_none_or(|p| d.proposal() == p)).collect();
    if let Some(proposal) = proposal.filter(|_| defects.is_empty()) {
        let names: Vec<_> = suite.proposals.iter().map(|p| p.name.as_str()).collect();
        anyhow::bail!("no defect is of `{proposal}`; the proposals are {}", names.join(", "));
    }
    let compiler = Compiler::new().map_err(|error| anyhow::anyhow!("wasmtime does not start: {error:#}"))?;
    healthy(suite, &compiler, proposal)?;
    let mut killed = Vec::new();
    for (n, defect) in defects.iter().enumerate() {
        progress(n, defects.len(), defect.id);
        killed.push(run_one(suite, &compiler, defect));
    }
    // Worlds that have no case yet prove nothing, and claim nothing.
    let worlds: BTreeSet<_> = suite.cases.iter().map(|case| case.proposal.as_str()).collect();
    let musts = suite.requirements.values().filter(|r| r.level == Level::Must);
    let missing = musts.filter(|r| {
        let asked = worlds.contains(&*r.proposal) && proposal.is_none_or(|p| p == r.proposal);
        asked && !defects.iter().any(|d| d.violates.contains(&r.id.as_str()))
    });
    Ok(Matrix { defects: killed, musts_without_defect: missing.map(|r| r.id.clone()).collect() })
}

/// A case that fails on every host notices nothing: an error names those that fail on the host without a defect.
fn healthy(suite: &Arc<Suite>, compiler: &Arc<Compiler>, proposal: Option<&str>) -> anyhow::Result<()> {
    let host = InProcess::with(Arc::clone(compiler), Reference::default());
    let session = Arc::new(Session::new(Arc::clone(suite), Box::new(host)));
    let asked = |case: &&Arc<Case>| proposal.is_none_or(|proposal| case.proposal == proposal);
    let cases: Vec<_> = suite.cases.iter().filter(asked).cloned().collect();
    let records = session.run_all(&cases, |_, _| {});
    let failed: Vec<_> =
        records.iter().filter(|r| r.scored() && r.verdict.failed()).map(|r| &*r.case).collect();
    anyhow::ensure!(
        failed.is_empty(),
        "the reference host itself fails {}; `cargo hw run` shows how, and until it passes no defect can be told from it",
        failed.join(", ")
    );
    Ok(())
}

/// Runs the cases of its world against one wrong host.
pub fn run_one(suite: &Arc<Suite>, compiler: &Arc<Compiler>, defect: &Defect) -> Killed {
    let session = Arc::new(Session::new(Arc::clone(suite), defect.start(compiler)));
    let cases: Vec<_> =
        suite.cases.iter().filter(|case| case.proposal == defect.proposal()).cloned().collect();
    let records = session.run_all(&cases, |_, _| {});
    let scored = records.iter().filter(|record| record.scored());
    let (failed, not_failed): (Vec<_>, Vec<_>) = scored.partition(|record| record.verdict.failed());
    let cites = |proves: &[String]| proves.iter().any(|id| defect.violates.contains(&id.as_str()));
    Killed {
        id: defect.id.to_owned(),
        violates: defect.violates.iter().map(|id| (*id).to_owned()).collect(),
        killed_by: failed.iter().filter(|r| cites(&r.proves)).map(|r| r.case.clone()).collect(),
        failed: failed.iter().map(|r| r.case.clone()).collect(),
        not_failed: not_failed.iter().map(|r| r.case.clone()).collect(),
        cases: cases.len(),
    }
}
