//! Which requirement is checked where: from runs, not from a scan. A requirement is traced to its cases, to what they came
//! to at each seam, and to the wrong hosts that they notice.

use crate::evidence::{Cell, Outcome, Run, of_requirement};
use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use wasi_hw_harness::report::{self, Header, Seen};
use wasi_hw_harness::suite::requirement::Level;
use wasi_hw_harness::text;

/// The most bytes of a matrix of defects, or of a snapshot.
const MOST_BYTES: u64 = 64 << 20;

/// What some runs show of the requirements of one suite.
#[derive(Debug)]
pub struct Traced {
    /// The header of the first run: all have one suite.
    pub header: Header,
    /// The requirements.
    pub requirements: BTreeMap<String, Trace>,
}

/// What is shown of one requirement.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Trace {
    /// Its level.
    pub level: Level,
    /// The cases that prove it.
    pub cases: Vec<String>,
    /// By seam, what each host's run shows.
    pub seams: BTreeMap<String, BTreeMap<String, Cell>>,
    /// The wrong hosts that break it and that one of its cases notices, if a matrix was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kills: Option<Vec<String>>,
}

impl Trace {
    /// The hosts, each with its seam, on which all its cases passed.
    pub fn proved(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.seams.iter().flat_map(|(seam, hosts)| hosts.iter().map(move |host| (seam, host)));
        all.filter(|(_, (_, cell))| **cell == Cell::Pass)
            .map(|(seam, (host, _))| (seam.as_str(), host.as_str()))
    }

    /// What is to be said of it in a word, for whoever reads its sentence.
    pub fn mark(&self) -> String {
        let hosts: BTreeSet<_> = self.proved().map(|(_, host)| host).collect();
        let cells: Vec<_> = self.seams.values().flat_map(BTreeMap::values).collect();
        let any = |cell| cells.iter().any(|other| **other == cell);
        let hosts = hosts.into_iter().collect::<Vec<_>>().join(", ");
        let mut mark = match () {
            () if self.cases.is_empty() => "no case".to_owned(),
            () if any(Cell::Fail) && hosts.is_empty() => "proved on none, failed".to_owned(),
            () if any(Cell::Fail) => format!("proved on {hosts}; failed elsewhere"),
            () if !hosts.is_empty() => format!("proved on {hosts}"),
            () if any(Cell::Partial) => "proved in part".to_owned(),
            () if any(Cell::Observed) => "observed".to_owned(),
            () if any(Cell::NotObservable) => "not observable".to_owned(),
            () => "not run".to_owned(),
        };
        if self.cases.len() == 1 {
            mark.push_str(" · single case");
        }
        mark
    }
}

/// Reads runs of one suite. An error names the file: it is no report, it is not as its records give it, or it is of another
/// suite than the first.
pub fn read(files: &[PathBuf], matrix: Option<&Path>) -> anyhow::Result<Traced> {
    let (mut first, mut runs): (Option<Header>, Vec<Run>) = (None, Vec::new());
    for file in files {
        let name = text::line(&file.display().to_string(), text::MOST_ADDRESS);
        let (mut header, mut cases): (Option<Header>, _) = (None, BTreeMap::new());
        let judged = report::judge_with(
            report::open(file)?,
            &mut |finding| {
                bail!(
                    "{name}: {}: {} is not as the records give it; see `judge`",
                    text::line(&finding.of, 200),
                    finding.what
                )
            },
            &mut |seen| {
                match seen {
                    Seen::Header(seen) => header = Some(seen.clone()),
                    Seen::Record(_, judged) => {
                        let outcome = Outcome {
                            verdict: judged.verdict,
                            scored: judged.scored(),
                            not_observable: judged.not_observable.clone(),
                            known: judged.known.as_ref().map(|known| known.reason.clone()),
                        };
                        cases.insert(judged.case.clone(), outcome);
                    }
                    Seen::Footer(_) => {}
                }
                Ok(())
            },
        )?;
        if let (_, Some(unfinished)) = judged {
            bail!("{unfinished}");
        }
        let header = header.with_context(|| format!("{name} has no header"))?;
        let first = first.get_or_insert_with(|| header.clone());
        ensure!(
            first.suite == header.suite,
            "{name}: is a run of suite {} ({}), and the first of {} ({}); coverage is of one suite",
            text::line(&header.suite.version, 64),
            text::line(&header.suite.sha256, 64),
            text::line(&first.suite.version, 64),
            text::line(&first.suite.sha256, 64)
        );
        let (about, platform, release) = (header.runtime, header.platform, header.suite.version);
        runs.push(Run { about, platform, release, worlds: BTreeMap::new(), cases });
    }
    let header = first.context("no run; name at least one report")?;
    let kills = matrix.map(matrix_of).transpose()?;
    let mut requirements = BTreeMap::new();
    for (id, statement) in &header.requirements {
        let cases: Vec<_> =
            header.cases.iter().filter(|(_, case)| case.proves.contains(id)).map(|(id, _)| id).collect();
        let proposal = cases.first().and_then(|case| case.split('/').next());
        let mut seams: BTreeMap<String, BTreeMap<String, Cell>> = BTreeMap::new();
        for run in &runs {
            let Some(seam) = proposal.and_then(|proposal| run.about.seams.get(proposal)) else { continue };
            let cell = of_requirement(run, id, &cases);
            seams.entry(seam.clone()).or_default().insert(run.about.name.clone(), cell);
        }
        let kills = kills.as_ref().map(|defects| {
            let noticed = |defect: &&Defect| {
                defect.violates.contains(id) && defect.killed_by.iter().any(|case| cases.contains(&case))
            };
            defects.iter().filter(noticed).map(|defect| defect.id.clone()).collect()
        });
        let cases = cases.into_iter().cloned().collect();
        requirements.insert(id.clone(), Trace { level: statement.level, cases, seams, kills });
    }
    Ok(Traced { header, requirements })
}

#[derive(Deserialize)]
struct Matrix {
    defects: Vec<Defect>,
}

/// A wrong host, as `defects --json` tells of it.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Defect {
    id: String,
    violates: Vec<String>,
    killed_by: Vec<String>,
}

fn matrix_of(file: &Path) -> anyhow::Result<Vec<Defect>> {
    let text = bounded(file)?;
    let matrix: Matrix = serde_json::from_str(&text)
        .with_context(|| format!("{} is not what `defects --json` prints", file.display()))?;
    Ok(matrix.defects)
}

fn bounded(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let from = std::fs::File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    from.take(MOST_BYTES).read_to_string(&mut text).with_context(|| file.display().to_string())?;
    Ok(text)
}

/// A package with the mark of each requirement behind its id.
pub fn marked(wit: &str, traced: &Traced) -> String {
    let mut out = String::with_capacity(wit.len());
    let mut rest = wit;
    while let Some(at) = rest.find('[') {
        let (before, from) = rest.split_at(at + 1);
        out.push_str(before);
        let id = from.split(']').next().unwrap_or_default();
        match traced.requirements.get(id) {
            Some(trace) => {
                out.push_str(&format!("{id}: {}]", trace.mark()));
                rest = &from[id.len() + 1..];
            }
            None => rest = from,
        }
    }
    out.push_str(rest);
    out
}

/// What is covered, as it is checked in: `conformance/coverage.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Snapshot {
    /// The format's version: 1.
    pub version: u32,
    /// Coverage that was given up, by requirement, each with its reason. A person writes it.
    #[serde(default)]
    pub lost: BTreeMap<String, String>,
    /// By requirement.
    #[serde(default)]
    pub covered: BTreeMap<String, Covered>,
}

/// What covers a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Covered {
    /// How many cases prove it.
    pub cases: usize,
    /// The hosts on which all of them passed, each with its seam: `hal wasmtime`.
    pub proved: BTreeSet<String>,
}

/// Where the snapshot is checked in.
pub const SNAPSHOT: &str = "conformance/coverage.toml";

impl Snapshot {
    /// That of some runs. What was given up before stays so.
    pub fn of(traced: &Traced, before: &Snapshot) -> Snapshot {
        let covered = traced.requirements.iter().filter(|(_, trace)| !trace.cases.is_empty());
        let covered = covered.map(|(id, trace)| {
            let proved = trace.proved().map(|(seam, host)| format!("{seam} {host}")).collect();
            (id.clone(), Covered { cases: trace.cases.len(), proved })
        });
        Snapshot { version: 1, lost: before.lost.clone(), covered: covered.collect() }
    }

    /// Reads it; one that is not there has nothing.
    pub fn read(file: &Path) -> anyhow::Result<Snapshot> {
        if !file.exists() {
            return Ok(Snapshot { version: 1, ..Snapshot::default() });
        }
        let snapshot: Snapshot =
            toml::from_str(&bounded(file)?).with_context(|| format!("{}", file.display()))?;
        ensure!(snapshot.version == 1, "{} has version {}; this reads 1", file.display(), snapshot.version);
        Ok(snapshot)
    }

    /// The file.
    pub fn text(&self) -> String {
        let mut out =
            "# Written by `cargo hw coverage RUN… --write`; [lost] is written by hand.\n\nversion = 1\n"
                .to_owned();
        let quoted = |text: &str| toml::Value::from(text).to_string();
        out.push_str("\n[lost] # \"I2C-01\" = \"why less of it is checked than before\"\n");
        for (id, why) in &self.lost {
            out.push_str(&format!("{} = {}\n", quoted(id), quoted(why)));
        }
        out.push_str("\n[covered]\n");
        for (id, Covered { cases, proved }) in &self.covered {
            let proved: Vec<_> = proved.iter().map(|host| quoted(host)).collect();
            let proved = proved.join(", ");
            out.push_str(&format!("{} = {{ cases = {cases}, proved = [{proved}] }}\n", quoted(id)));
        }
        out
    }

    /// What was covered in it and is not in `now`, without a word on it.
    pub fn lost(&self, now: &Snapshot) -> Vec<String> {
        let mut lost = Vec::new();
        for (id, then) in self.covered.iter().filter(|(id, _)| !self.lost.contains_key(*id)) {
            let Some(now) = now.covered.get(id) else {
                lost.push(format!("{id}: no case proves it any more; {} did", then.cases));
                continue;
            };
            if now.cases < then.cases {
                lost.push(format!("{id}: {} case(s) prove it; there were {}", now.cases, then.cases));
            }
            let hosts: Vec<_> = then.proved.difference(&now.proved).map(String::as_str).collect();
            if !hosts.is_empty() {
                lost.push(format!("{id}: is not proved any more at {}", hosts.join(", ")));
            }
        }
        lost
    }
}
