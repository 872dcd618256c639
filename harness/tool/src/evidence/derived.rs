//! The files of a package that follow from its runs and the release. Who makes a package and who verifies one makes them
//! with this.

use super::run::Run;
use super::table::{Table, page};
use super::{Released, claim, earl, in_toto};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasi_hw_harness::report::Platform;
use wasi_hw_harness::runtime::Form;
use wasi_hw_harness::suite::capability::Bound;
use wasi_hw_harness::suite::files::sha256_of_text;
use wasi_hw_harness::suite::release::Lock;

/// The version of the package's format.
pub(super) const FORMAT: u32 = 1;

/// Their names.
pub(super) const NAMES: [&str; 7] =
    ["README.md", "evidence.json", "table.md", "table.json", "claims.txt", "earl.jsonld", "in-toto.json"];

/// `evidence.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) proposal: String,
    pub(super) release: String,
    pub(super) runs: Vec<Entry>,
}

/// A run in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Entry {
    pub(super) file: String,
    pub(super) sha256: String,
    pub(super) runtime: String,
    pub(super) version: String,
    pub(super) package: String,
    pub(super) form: Form,
    pub(super) seam: String,
    pub(super) clock: String,
    pub(super) lacks: Vec<Bound>,
    pub(super) platform: Platform,
    pub(super) command: String,
}

/// Makes them: the text of each, by its path. `files` has the path and the hash of each run's report.
pub(super) fn files(
    released: &Released,
    proposal: &str,
    runs: &[Run],
    files: &[(String, String)],
) -> anyhow::Result<BTreeMap<String, String>> {
    let table = Table::of(released, proposal, runs);
    let manifest = manifest(released, proposal, runs, files)?;
    let version = released.lock.release.parse().map_err(anyhow::Error::msg)?;
    let lock = std::fs::read_to_string(released.root.join(Lock::file(version))).context("the lock")?;
    let lock = sha256_of_text(&lock);
    let mut claims = String::new();
    for run in runs {
        let claim = claim(run, &released.suite, proposal).unwrap_or_else(|refusal| refusal.0);
        claims.push_str(&(claim + "\n\n"));
    }
    let json = |value: &serde_json::Value| -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(value)? + "\n")
    };
    Ok(BTreeMap::from([
        ("README.md".to_owned(), readme(released, proposal)),
        ("evidence.json".to_owned(), json(&serde_json::to_value(manifest)?)?),
        ("table.md".to_owned(), page(&table)),
        ("table.json".to_owned(), json(&serde_json::to_value(&table)?)?),
        ("claims.txt".to_owned(), claims),
        ("earl.jsonld".to_owned(), json(&earl::document(released, proposal, runs))?),
        ("in-toto.json".to_owned(), json(&in_toto::statement(released, proposal, runs, files, &lock))?),
    ]))
}

fn manifest(
    released: &Released,
    proposal: &str,
    runs: &[Run],
    files: &[(String, String)],
) -> anyhow::Result<Manifest> {
    let release = &released.lock.release;
    let entry = |(run, (file, sha256)): (&Run, &(String, String))| -> anyhow::Result<Entry> {
        let world = run.worlds.get(proposal);
        Ok(Entry {
            file: file.clone(),
            sha256: sha256.clone(),
            runtime: run.about.name.clone(),
            version: run.about.version.clone(),
            package: world.map_or("-", |world| &world.package).to_owned(),
            form: run.about.form,
            seam: run.about.seams.get(proposal).map_or("-", String::as_str).to_owned(),
            clock: serde_json::to_value(
                world.map_or(run.about.clock, |world| run.about.clock_of(&world.package)),
            )?
            .as_str()
            .unwrap_or_default()
            .to_owned(),
            lacks: world.map_or(&run.about.lacks[..], |world| run.about.lacks_of(&world.package)).to_vec(),
            platform: run.platform.clone(),
            command: format!("wasi-hw run --suite {release} --runtime {} --report {file}", run.about.name),
        })
    };
    let runs = runs.iter().zip(files).map(entry).collect::<Result<_, _>>()?;
    Ok(Manifest { format: FORMAT, proposal: proposal.to_owned(), release: release.clone(), runs })
}

fn readme(released: &Released, proposal: &str) -> String {
    let release = &released.lock.release;
    format!(
        "# Evidence on wasi:{proposal}, by release {release}\n\n\
         What several hosts did in release {release} of the WASI hardware conformance suite. `table.md` is where to begin; \
         `claims.txt` is what may be said of each host; `runs/` has all that was recorded; `suite/` is the release.\n\n\
         `wasi-hw verify DIR` makes every verdict, every claim and every file but `runs/` and `known/` again, and names what \
         is not as it must be. With `--fingerprint`, and the fingerprint from whoever made this, it shows that nothing was \
         edited; without it, that the package is consistent, and no more.\n\n\
         `wasi-hw --root DIR/suite run --suite {release} --runtime NAME` runs the release again.\n"
    )
}
