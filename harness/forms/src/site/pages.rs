//! The pages that look at many runs.

use super::folder::Folder;
use super::summary::{Line, Summary};
use super::{Detail, Site};
use crate::html::Items;
use crate::prose::Prose;
use crate::safe;
use askama::Template;
use std::collections::{BTreeMap, BTreeSet};

/// The most changes of a run that its runtime's page lists.
const MOST_CHANGES: usize = 500;

#[derive(Template)]
#[template(path = "site/index.html")]
struct Index<'a> {
    up: &'a str,
    title: &'a str,
    worlds: &'a BTreeSet<String>,
    runs: &'a [Summary],
    runtimes: Vec<(&'a str, &'a str)>,
    differing: usize,
    all: usize,
}

#[derive(Template)]
#[template(path = "site/matrix.html")]
struct Matrix<'a> {
    up: &'a str,
    title: &'a str,
    lead: &'a str,
    runs: &'a [&'a Summary],
    requirements: Vec<&'a Row>,
    cases: Vec<&'a Row>,
}

/// A requirement or a case, with what the last run of each runtime shows of it.
struct Row {
    id: String,
    href: String,
    text: Prose,
    level: String,
    marks: Vec<Mark>,
    differs: bool,
}

struct Mark {
    class: &'static str,
    text: String,
    href: String,
}

#[derive(Template)]
#[template(path = "site/runtime.html")]
struct Runtime<'a> {
    up: &'a str,
    title: &'a str,
    history: Vec<(&'a Summary, Vec<Change>, usize)>,
}

struct Change {
    id: String,
    href: String,
    before: String,
    after: String,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "site/requirement.html")]
struct Requirement<'a> {
    up: &'a str,
    title: &'a str,
    text: Prose,
    level: String,
    item: String,
    docs: Vec<(String, String)>,
    runs: &'a [Summary],
    cases: Vec<Row>,
}

#[derive(Template)]
#[template(path = "site/case.html")]
struct Case<'a> {
    up: &'a str,
    title: &'a str,
    about: &'a super::Case,
    statements: Vec<(String, String, Prose)>,
    verdicts: Vec<(&'a Summary, &'a Line, String)>,
}

#[derive(Template)]
#[template(path = "site/run.html")]
struct Run<'a> {
    up: &'a str,
    title: &'a str,
    run: &'a Summary,
    failing: Vec<(String, String, &'a Line)>,
    others: Vec<(String, String, &'a Line)>,
}

#[derive(Template)]
#[template(path = "site/detail.html")]
struct DetailPage<'a> {
    up: &'a str,
    title: String,
    run: &'a Summary,
    c: Detail,
}

#[derive(Template)]
#[template(path = "site/dispute.html")]
struct Dispute<'a> {
    up: &'a str,
    title: &'a str,
}

#[derive(Template)]
#[template(path = "site/style.css", escape = "none")]
struct Style;

/// The page of a case of a run.
pub(super) fn detail(run: &Summary, mut c: Detail) -> anyhow::Result<String> {
    let up = "../../";
    for statement in &mut c.statements {
        statement.href = format!("{up}requirements/{}.html", safe::slug(&statement.id));
        if statement.wit.is_some() {
            statement.wit = Some(format!("{}#wit", statement.href));
        }
    }
    c.dispute = format!("{up}dispute.html");
    Ok(DetailPage { up, title: format!("{} on {}", c.id, run.host), run, c }.render()?)
}

/// Writes all pages but those of a run's cases.
pub(super) fn write(site: &Site, items: &Items, folder: &mut Folder) -> anyhow::Result<()> {
    let worlds: BTreeSet<_> =
        site.runs.iter().flat_map(|run| &run.worlds).map(|world| world.name.clone()).collect();
    let last = site.last();
    let by_requirement = by_requirement(site);
    let requirements: Vec<_> =
        by_requirement.iter().map(|(id, cases)| requirement(site, id, cases, &last)).collect();
    let cases: Vec<_> = site.cases.iter().map(|(id, case)| of_case(id, case, &last)).collect();
    let differing: Vec<_> = requirements.iter().filter(|row| row.differs).collect();
    let index = Index {
        up: "",
        title: "Implementations",
        worlds: &worlds,
        runs: &site.runs,
        runtimes: last.iter().map(|run| (&*run.runtime, &*run.name)).collect(),
        differing: differing.len(),
        all: requirements.len(),
    };
    folder.write("index.html", index.render()?)?;
    folder.write("style.css", Style.render()?)?;
    folder.write("dispute.html", Dispute { up: "", title: "A failure that is wrong" }.render()?)?;
    let differ = Matrix {
        up: "",
        title: "Where implementations differ",
        lead: "Requirements and cases on which the last runs of the runtimes do not agree. A runtime that does not have the world \
               differs from nobody.",
        runs: &last,
        requirements: differing,
        cases: cases.iter().filter(|row| row.differs).collect(),
    };
    folder.write("differ.html", differ.render()?)?;
    let all = Matrix {
        up: "",
        title: "All requirements",
        lead: "What the last run of each runtime shows of each requirement: passed cases of those that prove it.",
        runs: &last,
        requirements: requirements.iter().collect(),
        cases: Vec::new(),
    };
    folder.write("requirements.html", all.render()?)?;
    for (id, cases) in &by_requirement {
        let page = requirement_page(site, id, cases, items)?;
        folder.write(&format!("requirements/{}.html", safe::slug(id)), page)?;
    }
    for (id, about) in &site.cases {
        let statement = |id: &String| {
            let text = site.requirements.get(id).map_or("", |requirement| &requirement.text);
            (safe::name(id), safe::slug(id), Prose::new(text))
        };
        let slug = safe::slug(id);
        let verdict = |run| {
            let line = line(run, id)?;
            Some((run, line, format!("../runs/{}/{slug}.html", run.slug)))
        };
        let page = Case {
            up: "../",
            title: &safe::name(id),
            about,
            statements: about.proves.iter().map(statement).collect(),
            verdicts: site.runs.iter().filter_map(verdict).collect(),
        };
        folder.write(&format!("cases/{slug}.html"), page.render()?)?;
    }
    for run in &site.runs {
        let lines =
            run.cases.iter().map(|(id, line)| (safe::name(id), format!("{}.html", safe::slug(id)), line));
        let (failing, others) = lines.partition(|(_, _, line)| line.failed);
        let page = Run { up: "../../", title: &run.host, run, failing, others };
        folder.write(&format!("runs/{}/index.html", run.slug), page.render()?)?;
    }
    runtimes(site, folder)
}

fn runtimes(site: &Site, folder: &mut Folder) -> anyhow::Result<()> {
    let mut by_name: BTreeMap<&str, Vec<&Summary>> = BTreeMap::new();
    site.runs.iter().for_each(|run| by_name.entry(&run.name).or_default().push(run));
    for runs in by_name.into_values() {
        let mut history = Vec::new();
        for (place, run) in runs.iter().enumerate() {
            let changed = match place.checked_sub(1) {
                Some(before) => changes(runs[before], run),
                None => Vec::new(),
            };
            let all = changed.len();
            history.push((*run, changed.into_iter().take(MOST_CHANGES).collect(), all));
        }
        history.reverse();
        let page = Runtime { up: "../", title: &runs[0].name, history };
        folder.write(&format!("runtimes/{}.html", runs[0].runtime), page.render()?)?;
    }
    Ok(())
}

/// What came otherwise in a run than in the one before it: what fails now first.
fn changes(before: &Summary, after: &Summary) -> Vec<Change> {
    let change = |(id, line): (&String, &Line)| {
        let old = before.cases.get(id)?;
        (old.verdict != line.verdict).then(|| Change {
            id: safe::name(id),
            href: format!("../runs/{}/{}.html", after.slug, safe::slug(id)),
            before: old.verdict.clone(),
            after: line.verdict.clone(),
            class: line.class,
        })
    };
    let mut changed: Vec<_> = after.cases.iter().filter_map(change).collect();
    changed.sort_by_key(|change| change.class != "fail");
    changed
}

fn line<'a>(run: &'a Summary, case: &str) -> Option<&'a Line> {
    run.cases.get(case)
}

fn by_requirement(site: &Site) -> BTreeMap<&str, Vec<&str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, case) in &site.cases {
        case.proves.iter().for_each(|requirement| found.entry(requirement).or_default().push(id));
    }
    found
}

fn differs(marks: &[Mark]) -> bool {
    let mut said = marks.iter().filter(|mark| mark.class != "none").map(|mark| mark.class);
    let first = said.next();
    said.any(|other| Some(other) != first)
}

fn requirement(site: &Site, id: &str, cases: &[&str], runs: &[&Summary]) -> Row {
    let mark = |run: &&Summary| {
        let lines: Vec<_> = cases.iter().filter_map(|case| Some((*case, line(run, case)?))).collect();
        let passed = lines.iter().filter(|(_, line)| line.class == "pass").count();
        let failed = lines.iter().find(|(_, line)| line.class == "fail");
        let absent = lines.iter().all(|(_, line)| line.class == "none");
        let scored = lines.iter().any(|(_, line)| line.scored);
        let (class, text) = match failed {
            _ if absent => ("none", "not run".to_owned()),
            Some(_) => ("fail", format!("✗ {passed}/{}", lines.len())),
            None if passed == lines.len() => ("pass", format!("✓ {passed}/{passed}")),
            None if !scored => ("seen", "observed".to_owned()),
            None => ("part", format!("{passed}/{}", lines.len())),
        };
        let href = match failed {
            Some((case, _)) => format!("runs/{}/{}.html", run.slug, safe::slug(case)),
            None => format!("requirements/{}.html", safe::slug(id)),
        };
        Mark { class, text, href }
    };
    let statement = site.requirements.get(id);
    let marks: Vec<_> = runs.iter().map(mark).collect();
    Row {
        id: safe::name(id),
        href: format!("requirements/{}.html", safe::slug(id)),
        text: Prose::new(statement.map_or("", |statement| &statement.text)),
        level: statement.map(|statement| statement.level.to_string()).unwrap_or_default(),
        differs: differs(&marks),
        marks,
    }
}

fn of_case<'a>(id: &str, about: &super::Case, runs: impl IntoIterator<Item = &'a &'a Summary>) -> Row {
    let slug = safe::slug(id);
    let mark = |run: &&Summary| match line(run, id) {
        Some(line) => Mark {
            class: line.class,
            text: line.verdict.clone(),
            href: format!("runs/{}/{slug}.html", run.slug),
        },
        None => Mark { class: "none", text: "no record".to_owned(), href: format!("cases/{slug}.html") },
    };
    let marks: Vec<_> = runs.into_iter().map(mark).collect();
    Row {
        id: safe::name(id),
        href: format!("cases/{slug}.html"),
        text: Prose::new(&about.title),
        level: about.level.to_string(),
        differs: differs(&marks),
        marks,
    }
}

fn requirement_page(site: &Site, id: &str, cases: &[&str], items: &Items) -> anyhow::Result<String> {
    let statement = site.requirements.get(id);
    let item = statement.and_then(|statement| statement.item.clone()).unwrap_or_default();
    // Runs of several releases may have had several packages.
    let packages: BTreeSet<_> = cases.iter().filter_map(|case| site.packages.get(*case)).collect();
    let docs = packages.into_iter().filter_map(|package| {
        let text = items.get(&(package.clone(), item.clone()))?;
        Some((safe::name(package), safe::block(text)))
    });
    let runs: Vec<_> = site.runs.iter().collect();
    let row = |case: &&str| Some(of_case(case, site.cases.get(*case)?, &runs));
    let page = Requirement {
        up: "../",
        title: &safe::name(id),
        text: Prose::new(statement.map_or("", |statement| &statement.text)),
        level: statement.map(|statement| statement.level.to_string()).unwrap_or_default(),
        docs: docs.collect(),
        item: safe::name(&item),
        runs: &site.runs,
        cases: cases.iter().filter_map(row).collect(),
    };
    Ok(page.render()?)
}
