//! One file that shows a run, or several beside one another: claims, the matrix of requirements by runtime, and each
//! case with both sides and the wires drawn. It needs no other file and no network; without script nothing is missing but
//! the search.

use crate::diagram::Diagram;
use crate::run::failed;
use crate::sides::{Side, sides};
use crate::{Run, junit, safe};
use anyhow::Context;
use askama::Template;
use std::collections::BTreeMap;
use wasi_hw_harness::report::{Claim, Record, Verdict};

/// The text of WIT items, by proposal and item; what the suite's files are there for, as a report has none.
pub type Items = BTreeMap<(String, String), String>;

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    title: String,
    runs: Vec<Head>,
    matrix: Vec<Row>,
    cases: Vec<Case>,
    total: usize,
    failing: usize,
}

struct Head {
    host: String,
    homepage: Option<String>,
    issues: Option<String>,
    suite: String,
    digest: String,
    platform: String,
    file: String,
    caveats: Vec<String>,
    worlds: Vec<World>,
}

struct World {
    package: String,
    claim: String,
    class: &'static str,
    required: String,
    optional: String,
    observed: usize,
    remarks: Vec<String>,
}

struct Row {
    id: String,
    slug: String,
    text: String,
    level: String,
    marks: Vec<Mark>,
}

struct Mark {
    class: &'static str,
    text: String,
    case: Option<String>,
}

struct Case {
    slug: String,
    id: String,
    title: String,
    world: String,
    level: String,
    host: String,
    verdict: String,
    class: &'static str,
    expectation: String,
    first: String,
    why: Option<String>,
    remark: Option<String>,
    link: Option<String>,
    statements: Vec<Statement>,
    fixture: String,
    parts: Vec<Part>,
    svg: String,
    stderr: Option<String>,
    cut: Vec<String>,
    lenient: Vec<String>,
    passed_on: String,
    failed: bool,
}

struct Statement {
    id: String,
    slug: String,
    text: String,
    item: String,
    doc: Option<String>,
}

struct Part {
    name: String,
    differs: bool,
    rows: Vec<Line>,
    more: usize,
    note: Option<String>,
}

struct Line {
    number: usize,
    at: String,
    expected: String,
    seen: String,
    class: &'static str,
}

/// The page of these runs. A case is told for each run in which it did not pass, and once for those in which it passed.
pub fn html(runs: &[Run], items: &Items) -> anyhow::Result<String> {
    let mut cases = Vec::new();
    for run in runs {
        for record in &run.records {
            let first =
                runs.iter().position(|other| other.record(&record.case).is_some_and(|r| class(r) == "pass"));
            let shown = class(record) != "pass"
                || first.is_some_and(|first| std::ptr::eq(&raw const runs[first], run));
            if shown {
                cases.push(case(runs, run, record, items)?);
            }
        }
    }
    cases.sort_by_key(|case| (!case.failed, case.expectation == "known"));
    let failing = cases.iter().filter(|case| case.failed).count();
    let hosts: Vec<_> = runs.iter().map(Run::host).collect();
    let total = cases.len();
    let page = Page {
        title: hosts.join(", "),
        runs: runs.iter().map(head).collect(),
        matrix: matrix(runs),
        cases,
        total,
        failing,
    };
    page.render().context("the page")
}

fn head(run: &Run) -> Head {
    let header = &run.header;
    let about = &header.runtime;
    let link = |address: &Option<String>| address.as_deref().and_then(safe::address).map(str::to_owned);
    let worlds = run.footer.worlds.values().map(|world| {
        let mut remarks = Vec::new();
        if !world.lacks.is_empty() {
            let lacks: Vec<_> = world.lacks.iter().map(|lack| safe::name(lack)).collect();
            remarks.push(format!("without {}: {} not applicable", lacks.join(", "), world.not_applicable));
        }
        if !world.not_observable.is_empty() {
            let ids: Vec<_> = world.not_observable.iter().map(|id| safe::name(id)).collect();
            remarks.push(format!("not observable at this seam: {}", ids.join(" ")));
        }
        World {
            package: safe::name(&world.package),
            claim: world.claim.to_string(),
            class: match world.claim {
                Claim::Conformant => "pass",
                Claim::Partial => "part",
                Claim::NotConformant => "fail",
            },
            required: format!("{}/{}", world.required.passed, world.required.all),
            optional: format!("{}/{}", world.optional.passed, world.optional.all),
            observed: world.observed,
            remarks,
        }
    });
    Head {
        host: run.host(),
        homepage: link(&about.homepage),
        issues: link(&about.issues),
        suite: safe::name(&header.suite.version),
        digest: safe::name(&header.suite.sha256).chars().take(12).collect(),
        platform: safe::name(&format!("{} {}", header.platform.os, header.platform.arch)),
        file: run.file.clone(),
        caveats: run.caveats(),
        worlds: worlds.collect(),
    }
}

fn class(record: &Record) -> &'static str {
    match record.verdict {
        Verdict::Pass | Verdict::PassLenient | Verdict::Unsupported => "pass",
        Verdict::Observed => "seen",
        verdict if verdict.failed() => "fail",
        Verdict::HarnessError | Verdict::NotLacking => "fail",
        _ => "none",
    }
}

/// A row for each requirement that a case of some run proves.
fn matrix(runs: &[Run]) -> Vec<Row> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut marks: BTreeMap<&str, Vec<Vec<&Record>>> = BTreeMap::new();
    for (n, run) in runs.iter().enumerate() {
        for record in &run.records {
            for id in &record.proves {
                marks.entry(id).or_insert_with(|| vec![Vec::new(); runs.len()])[n].push(record);
            }
        }
        for (id, statement) in &run.header.requirements {
            rows.entry(id).or_insert_with(|| Row {
                id: safe::name(id),
                slug: safe::slug(id),
                text: safe::line(&statement.text),
                level: statement.level.to_string(),
                marks: Vec::new(),
            });
        }
    }
    let row = |(id, records): (&str, Vec<Vec<&Record>>)| {
        let row = rows.remove(id)?;
        Some(Row { marks: records.iter().map(|records| mark(records)).collect(), ..row })
    };
    marks.into_iter().filter_map(row).collect()
}

fn mark(records: &[&Record]) -> Mark {
    let passed = records.iter().filter(|record| class(record) == "pass").count();
    let failed = records.iter().find(|record| class(record) == "fail");
    let scored = records.iter().filter(|record| record.scored()).count();
    let (class, text) = match (failed, records.len()) {
        (_, 0) => ("none", "not run".to_owned()),
        (Some(_), all) => ("fail", format!("✗ {passed}/{all}")),
        (None, all) if passed == all => ("pass", format!("✓ {passed}/{all}")),
        (None, _) if scored == 0 => ("seen", "observed".to_owned()),
        (None, all) => ("part", format!("{passed}/{all}")),
    };
    let case = failed.or(records.first()).map(|record| safe::slug(&record.case));
    Mark { class, text, case }
}

fn case(runs: &[Run], run: &Run, record: &Record, items: &Items) -> anyhow::Result<Case> {
    let svg = match Diagram::new(record) {
        Some(diagram) => diagram.svg()?,
        None => String::new(),
    };
    let statements = record.proves.iter().map(|id| {
        let statement = run.header.requirements.get(id);
        let item = statement.and_then(|statement| statement.item.clone()).unwrap_or_default();
        let doc = items.get(&(record.proposal.clone(), item.clone())).filter(|_| failed(record));
        let text = statement.map_or("", |statement| &statement.text);
        Statement {
            id: safe::name(id),
            slug: safe::slug(id),
            text: safe::line(text),
            item: safe::name(&item),
            doc: doc.map(|doc| safe::block(doc)),
        }
    });
    let alike =
        runs.iter().filter(|other| other.record(&record.case).is_some_and(|other| class(other) == "pass"));
    let passed_on: Vec<_> = if class(record) == "pass" { alike.map(Run::host).collect() } else { Vec::new() };
    // The first run has the plain anchor: a link to a case stays, whatever else is shown.
    let first = runs.first().is_some_and(|first| std::ptr::eq(first, run)) || class(record) == "pass";
    let slug = safe::slug(&record.case);
    let cut = record
        .cut
        .iter()
        .map(|cut| format!("{} ({} lines, {} bytes)", safe::name(&cut.part), cut.lines, cut.bytes));
    let link = record.known.as_ref().and_then(|known| known.link.as_deref()).and_then(safe::address);
    Ok(Case {
        slug: if first { slug } else { format!("{slug}.{}", safe::slug(&run.host())) },
        id: safe::name(&record.case),
        title: safe::line(&record.title),
        world: safe::name(&record.proposal),
        level: record.level.to_string(),
        host: run.host(),
        verdict: record.verdict.to_string(),
        class: class(record),
        expectation: record.expectation.to_string(),
        first: if failed(record) { junit::message(record) } else { String::new() },
        why: record.why.as_deref().map(safe::block),
        remark: record.remark().map(|remark| safe::line(&remark)),
        link: link.map(str::to_owned),
        statements: statements.collect(),
        fixture: safe::name(&record.fixture),
        parts: sides(record).iter().map(part).collect(),
        svg,
        stderr: record.stderr.as_deref().map(safe::block),
        cut: cut.collect(),
        lenient: record.lenient.iter().take(20).map(|line| safe::line(line)).collect(),
        passed_on: if runs.len() > 1 { passed_on.join(", ") } else { String::new() },
        failed: failed(record),
    })
}

fn part(side: &Side<'_>) -> Part {
    let all = side.seen.len().max(side.expected.len());
    // Lines around the difference are those that a reader came for.
    let from = side.difference.unwrap_or_default().saturating_sub(safe::MOST_LINES / 2);
    let from = if all > safe::MOST_LINES { from } else { 0 };
    let rows = (from..all).take(safe::MOST_LINES).map(|place| {
        let seen = side.seen.get(place);
        let expected = side.expected.get(place).map(|line| safe::line(line));
        let end = if side.open && place >= side.expected.len() { "…" } else { "" };
        Line {
            number: place + 1,
            at: seen.map(|line| safe::time(line.at)).unwrap_or_default(),
            expected: expected.unwrap_or(end.to_owned()),
            seen: seen.map(|line| safe::line(&line.text)).unwrap_or_default(),
            class: match (side.difference, side.extra) {
                (Some(at), _) if at == place => "d",
                (_, Some(extra)) if extra == place => "x",
                _ => "",
            },
        }
    });
    let mut note = None;
    if side.possible.len() > 1 {
        let possible: Vec<_> = side.possible.iter().take(8).map(|line| safe::line(line)).collect();
        note = Some(format!("At the difference any of these would do: {}", possible.join(" | ")));
    }
    if let Some(extra) = side.extra {
        note = Some(format!("Without line {} all is as expected.", extra + 1));
    }
    let rows: Vec<_> = rows.collect();
    Part {
        name: safe::name(&side.name),
        differs: side.difference.is_some(),
        more: all - rows.len(),
        rows,
        note,
    }
}
