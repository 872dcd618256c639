//! One file that shows a run, or several beside one another: what was run, claims, failures with both sides, the matrix of
//! requirements by runtime, and each case with the wires drawn. It needs no other file and no network; without script
//! nothing is missing but the search.

pub(crate) mod case;
pub(crate) mod head;
mod link;
mod matrix;

pub(crate) use link::link;

use crate::Run;
use anyhow::Context;
use askama::Template;
use case::{Case, class};
use head::Head;
use matrix::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use wasi_hw_harness::report::{Record, Verdict};

/// The text of WIT items, by package and item; what the suite's files are there for, as a report has none.
pub type Items = BTreeMap<(String, String), String>;

/// The most different texts of failures that the search offers.
const MOST_OFFERED: usize = 100;

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    title: String,
    runs: Vec<Head>,
    worlds: Vec<String>,
    matrix: Vec<Row>,
    failing: Vec<Case>,
    others: Vec<Case>,
    items: Vec<Item>,
    offered: BTreeSet<String>,
    differing: usize,
}

struct Item {
    slug: String,
    name: String,
    package: String,
    text: String,
}

/// The page of these runs, which is to lie in `folder`. Where several runs came to the same in a case it is told once.
pub fn html(runs: &[Run], items: &Items, folder: &Path) -> anyhow::Result<String> {
    let mut cases = Vec::new();
    let places: Vec<BTreeMap<&str, &Record>> = runs
        .iter()
        .map(|run| run.records.iter().map(|record| (record.case.as_str(), record)).collect())
        .collect();
    for (n, run) in runs.iter().enumerate() {
        let from = link(folder, run);
        for (line, record) in (2..).zip(&run.records) {
            let same =
                |other: &usize| places[*other].get(&*record.case).is_some_and(|other| alike(other, record));
            if (0..n).any(|other| same(&other)) {
                continue;
            }
            let mut case = Case::new(run, record, items)?;
            // The first run that has the case has the plain anchor: a link to it stays, whatever else is shown.
            if (0..n).any(|other| places[other].contains_key(&*record.case)) {
                case.slug = format!("{}.{}", case.slug, n + 1);
            }
            case.same = (n + 1..runs.len()).filter(same).map(|other| runs[other].host()).collect();
            case.record = format!("{}, line {line}", run.file);
            case.href.clone_from(&from);
            cases.push(case);
        }
    }
    let named: BTreeSet<_> = cases.iter().flat_map(|case| &case.statements).map(|s| s.wit.clone()).collect();
    let items = items.iter().map(|((package, name), text)| Item {
        slug: case::wit_slug(package, name),
        name: name.clone(),
        package: package.clone(),
        text: text.clone(),
    });
    let (mut failing, others): (Vec<_>, Vec<_>) = cases.into_iter().partition(|case| case.failed);
    failing.sort_by_key(|case| (case.expectation == "known", case.level));
    // One failure of each world is open from the start: a reader sees what there is to see.
    let mut worlds = BTreeSet::new();
    for case in &mut failing {
        case.open = worlds.insert(case.world.clone());
    }
    let offered = failing.iter().map(|case| case.first.clone()).take(MOST_OFFERED).collect();
    let worlds: BTreeSet<_> = failing.iter().chain(&others).map(|case| case.world.clone()).collect();
    let hosts: Vec<_> = runs.iter().map(Run::host).collect();
    let matrix = matrix::rows(runs);
    let page = Page {
        title: hosts.join(", "),
        runs: runs.iter().map(|run| Head::new(run, link(folder, run))).collect(),
        worlds: worlds.into_iter().take(16).collect(),
        differing: matrix.iter().filter(|row| row.differs).count(),
        matrix,
        failing,
        others,
        items: items.filter(|item| named.contains(&Some(format!("#{}", item.slug)))).collect(),
        offered,
    };
    let page = page.render().context("the page")?;
    // In HTML this one needs no escape, beside `<`, which has its own; there is one in each line that has a result, 30 KB a page.
    Ok(page.replace("&#62;", ">"))
}

/// Whether two runs came to the same in a case, so that one of them shows both. Times may differ: a host can have a
/// clock of its own.
fn alike(a: &Record, b: &Record) -> bool {
    let absent = |record: &Record| matches!(record.verdict, Verdict::NotRun | Verdict::NotApplicable);
    if class(a) == "pass" && class(b) == "pass" || absent(a) && absent(b) {
        return true;
    }
    fn texts(record: &Record) -> impl Iterator<Item = (&str, &str)> {
        let guests = record.guests.iter().map(|guest| (&guest.name, &guest.transcript));
        let wires = record.trace.iter().map(|(name, channel)| (name, &channel.seen));
        guests.chain(wires).flat_map(|(name, lines)| lines.iter().map(move |line| (&**name, &*line.text)))
    }
    let said =
        |record: &Record| (record.verdict, record.expectation, record.known.clone(), record.why.clone());
    said(a) == said(b) && texts(a).eq(texts(b))
}
