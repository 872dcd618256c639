//! A static site of many runs: what runtimes implement, where they differ, and what came of each case everywhere.
//!
//! | page | what |
//! |---|---|
//! | `index.html` | the runs, each with its claims |
//! | `differ.html` | requirements and cases on which the runtimes differ |
//! | `runtimes/NAME.html` | a runtime: its runs, and what changed from one to the next |
//! | `requirements/ID.html` | a requirement: text, WIT item, and its cases everywhere |
//! | `cases/ID.html` | a case: what came of it everywhere |
//! | `runs/RUN/index.html` | a run; `runs/RUN/ID.html` is a case of it with both sides and the wires, `runs/RUN/run.jsonl` its records |
//!
//! The names of pages are made of ids and of what a run says of itself, so that links stay. Records are read once, one after
//! the other, and only a line of each is kept.

mod folder;
mod pages;
pub(crate) mod summary;

use crate::html::Items;
use crate::html::case::Case as Detail;
use crate::html::head::World;
use crate::{run, safe};
use anyhow::{Context, bail, ensure};
use folder::Folder;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use summary::{Case, Summary};
use wasi_hw_harness::report::{self, Entry, Header, Statement, Totals};

/// The most runs of a site.
const MOST_RUNS: usize = 500;

/// The most bytes of a report.
const MOST_BYTES: u64 = 256 << 20;

/// What a site was made of.
pub struct Made {
    /// Runs.
    pub runs: usize,
    /// Files.
    pub files: usize,
}

/// Everything that the pages are made of.
#[derive(Default)]
pub(crate) struct Site {
    /// By runtime, and then in the order of their days.
    runs: Vec<Summary>,
    cases: BTreeMap<String, Case>,
    requirements: BTreeMap<String, Statement>,
    /// The package that a case was run with.
    packages: BTreeMap<String, String>,
}

/// Makes the site of these reports in a folder: a new one, or that of an earlier site. An error in a report names the line;
/// the folder is then half of a site, which the next call makes whole.
pub fn site(reports: &[PathBuf], items: &Items, out: &Path) -> anyhow::Result<Made> {
    ensure!(reports.len() <= MOST_RUNS, "{} reports; {MOST_RUNS} are the most", reports.len());
    let mut folder = Folder::open(out)?;
    let mut site = Site::default();
    let mut named: BTreeMap<String, &Path> = BTreeMap::new();
    for report in reports {
        let summary = site.read(report, items, &mut folder, &mut named)?;
        folder.copy(report, &format!("runs/{}/run.jsonl", summary.slug))?;
        site.runs.push(summary);
    }
    site.runs.sort_by(|a, b| (&a.name, &a.day, &a.slug).cmp(&(&b.name, &b.day, &b.slug)));
    pages::write(&site, items, &mut folder)?;
    Ok(Made { runs: site.runs.len(), files: folder.finish()? })
}

impl Site {
    /// Reads a run, and writes the pages of its cases.
    fn read<'a>(
        &mut self,
        report: &'a Path,
        items: &Items,
        folder: &mut Folder,
        named: &mut BTreeMap<String, &'a Path>,
    ) -> anyhow::Result<Summary> {
        let bytes = std::fs::metadata(report).map(|file| file.len()).unwrap_or_default();
        ensure!(
            bytes <= MOST_BYTES,
            "{} has {bytes} bytes, and a report at most {MOST_BYTES}",
            report.display()
        );
        let mut state: Option<(Header, Summary, Totals)> = None;
        let (mut problems, mut complete) = (Vec::new(), true);
        let mut line = 0;
        for entry in report::open(report)? {
            line += 1;
            match (entry, &mut state) {
                (Ok(Entry::Header(header)), state) => {
                    let summary = Summary::new(&header);
                    if let Some(other) = named.insert(summary.slug.clone(), report) {
                        bail!(
                            "{} and {} are runs of one host and release on one platform; a site has one of them",
                            other.display(),
                            report.display()
                        );
                    }
                    let requirements = header.requirements.iter();
                    self.requirements.extend(requirements.map(|(id, text)| (id.clone(), text.clone())));
                    let totals = Totals::new(&header);
                    *state = Some((*header, summary, totals));
                }
                (Ok(Entry::Record(record)), Some((header, summary, totals))) => {
                    let (record, _) = run::judged(*record);
                    totals.add(&record);
                    summary.add(&record);
                    self.packages.insert(record.case.clone(), record.package.clone());
                    let mut detail = Detail::of(header, summary.host.clone(), &record, items)?;
                    detail.record = format!("run.jsonl, line {line}");
                    detail.href = Some("run.jsonl".to_owned());
                    let page = pages::detail(summary, detail)?;
                    folder
                        .write(&format!("runs/{}/{}.html", summary.slug, safe::slug(&record.case)), page)?;
                    self.cases.entry(record.case.clone()).or_insert_with(|| Case {
                        title: safe::line(&record.title),
                        level: record.level,
                        proves: record.proves.clone(),
                        fixture: safe::name(&record.fixture),
                    });
                }
                (Ok(Entry::Footer(footer)), _) => problems = footer.problems,
                (Err(error), Some((_, summary, _))) if error.unfinished => {
                    complete = false;
                    summary.caveats.push(format!("The run did not end: {}.", safe::line(&error.message)));
                }
                (Err(error), _) => return Err(error.into()),
                (_, None) => {}
            }
        }
        let (header, mut summary, totals) = state.context("the report has no header")?;
        let footer = totals.footer(problems);
        summary.worlds = footer.worlds.iter().map(|(name, world)| World::new(name, world)).collect();
        if complete && !footer.complete {
            let all = header.cases.len();
            summary
                .caveats
                .push(format!("The run is not whole: {} of {all} cases have a record.", summary.cases.len()));
        }
        Ok(summary)
    }

    /// The last run of each runtime.
    fn last(&self) -> Vec<&Summary> {
        let mut last: Vec<&Summary> = Vec::new();
        for run in &self.runs {
            match last.last_mut() {
                Some(other) if other.name == run.name => *other = run,
                _ => last.push(run),
            }
        }
        last
    }
}
