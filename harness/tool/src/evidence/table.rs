//! The implementation table, as the W3C draws it: requirement by runtime and case by runtime, required and optional apart.

use super::Released;
use super::run::{Outcome, Run};
use serde::Serialize;
use std::fmt::Write as _;
use wasi_hw_harness::report::Verdict;
use wasi_hw_harness::runtime::Form;
use wasi_hw_harness::suite::requirement::Level;

/// The table of one proposal.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Table {
    /// The proposal.
    pub proposal: String,
    /// The release.
    pub release: String,
    /// The columns.
    pub runs: Vec<Column>,
    /// Requirements of level must.
    pub required: Vec<Row>,
    /// Requirements of levels should and may.
    pub optional: Vec<Row>,
    /// Required cases.
    pub required_cases: Vec<Row>,
    /// Optional cases.
    pub optional_cases: Vec<Row>,
    /// Cases that are reported and never count.
    pub reported_cases: Vec<Row>,
    /// Requirements that one case alone shows.
    pub single_witness: Vec<String>,
}

/// A run.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Column {
    /// The host.
    pub runtime: String,
    /// Its version.
    pub version: String,
    /// The package that it implements.
    pub package: String,
    /// In which form it runs guests.
    pub form: Form,
    /// The seam.
    pub seam: String,
    /// What it lacks.
    pub lacks: Vec<String>,
    /// What the run comes to.
    pub outcome: String,
}

/// A requirement or a case.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    /// Its id.
    pub id: String,
    /// What it says.
    pub text: String,
    /// What came of it in each run.
    pub cells: Vec<Cell>,
    /// Whether one host passes and another fails.
    pub differs: bool,
}

/// What came of a row in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// It passed where it was judged, and was not judged everywhere.
    Partial,
    /// What the host did was recorded.
    Observed,
    /// No host can break it at this seam.
    NotObservable,
    /// The host lacks what it needs, and says so as the contract asks.
    Unsupported,
    /// The host lacks what it needs.
    NotApplicable,
    /// It was not run, or ended without a word on the host.
    NotRun,
    /// No case that still counts shows it.
    NoCase,
}

impl Cell {
    fn of(outcome: &Outcome) -> Cell {
        match outcome.verdict {
            Verdict::Pass | Verdict::PassLenient => Cell::Pass,
            verdict if verdict.failed() => Cell::Fail,
            Verdict::NotLacking => Cell::Fail,
            Verdict::Observed => Cell::Observed,
            Verdict::Unsupported => Cell::Unsupported,
            Verdict::NotApplicable => Cell::NotApplicable,
            _ => Cell::NotRun,
        }
    }

    fn shown(self) -> &'static str {
        match self {
            Cell::Pass => "pass",
            Cell::Fail => "**fail**",
            Cell::Partial => "partial",
            Cell::Observed => "observed",
            Cell::NotObservable => "not observable",
            Cell::Unsupported => "unsupported",
            Cell::NotApplicable => "not applicable",
            Cell::NotRun => "not run",
            Cell::NoCase => "no case",
        }
    }
}

impl Table {
    /// The table of some runs of a release.
    pub fn of(released: &Released, proposal: &str, runs: &[Run]) -> Table {
        let suite = &released.suite;
        let columns = runs.iter().map(|run| {
            let world = run.worlds.get(proposal);
            Column {
                runtime: run.about.name.clone(),
                version: run.about.version.clone(),
                package: world.map_or("-", |world| &world.package).to_owned(),
                form: run.about.form,
                seam: run.about.seams.get(proposal).map_or("-", String::as_str).to_owned(),
                lacks: world.map(|world| world.lacks.clone()).unwrap_or_default(),
                outcome: world.map_or("-".to_owned(), |world| world.claim.to_string()),
            }
        });
        let mut table = Table {
            proposal: proposal.to_owned(),
            release: released.lock.release.clone(),
            runs: columns.collect(),
            required: Vec::new(),
            optional: Vec::new(),
            required_cases: Vec::new(),
            optional_cases: Vec::new(),
            reported_cases: Vec::new(),
            single_witness: Vec::new(),
        };
        let cases = suite.cases.iter().filter(|case| case.proposal == proposal);
        let cases: Vec<_> = cases.filter(|case| !released.is_withdrawn(&case.id)).collect();
        for requirement in suite.requirements.values().filter(|r| r.proposal == proposal && r.level.scored())
        {
            let proving: Vec<_> =
                cases.iter().filter(|case| case.proves.contains(&requirement.id)).map(|c| &c.id).collect();
            let cell = |run: &Run| of_requirement(run, &requirement.id, &proving);
            let row = Row::new(&requirement.id, &requirement.text, runs.iter().map(cell).collect());
            if proving.len() == 1 {
                table.single_witness.push(requirement.id.clone());
            }
            (if requirement.level == Level::Must { &mut table.required } else { &mut table.optional })
                .push(row);
        }
        for case in cases {
            let cell = |run: &Run| match run.cases.get(&case.id) {
                Some(outcome) if outcome.not_observable.len() == case.proves.len() => Cell::NotObservable,
                Some(outcome) => Cell::of(outcome),
                None => Cell::NotRun,
            };
            let row = Row::new(&case.id, &case.title, runs.iter().map(cell).collect());
            let rows = match case.level {
                Level::Must => &mut table.required_cases,
                level if level.scored() => &mut table.optional_cases,
                _ => &mut table.reported_cases,
            };
            rows.push(row);
        }
        table
    }
}

impl Row {
    fn new(id: &str, text: &str, cells: Vec<Cell>) -> Row {
        let differs = cells.contains(&Cell::Pass) && cells.contains(&Cell::Fail);
        Row { id: id.to_owned(), text: text.to_owned(), cells, differs }
    }
}

/// What a run shows of a requirement: of all its cases, the worst.
pub(crate) fn of_requirement(run: &Run, id: &str, cases: &[&String]) -> Cell {
    let outcomes: Vec<_> = cases.iter().filter_map(|case| run.cases.get(*case)).collect();
    if outcomes.is_empty() {
        return if cases.is_empty() { Cell::NoCase } else { Cell::NotRun };
    }
    if outcomes.iter().all(|outcome| outcome.not_observable.iter().any(|other| other == id)) {
        return Cell::NotObservable;
    }
    let cells: Vec<_> = outcomes.into_iter().map(Cell::of).collect();
    let (all, any) = (|cell| cells.iter().all(|c| *c == cell), |cell| cells.contains(&cell));
    match () {
        () if any(Cell::Fail) => Cell::Fail,
        () if all(Cell::Pass) => Cell::Pass,
        () if any(Cell::Pass) => Cell::Partial,
        () if any(Cell::Unsupported) => Cell::Unsupported,
        () if any(Cell::NotApplicable) => Cell::NotApplicable,
        () if any(Cell::Observed) => Cell::Observed,
        () => Cell::NotRun,
    }
}

/// The table as a page.
pub(super) fn page(table: &Table) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, table);
    out
}

fn write(out: &mut String, table: &Table) -> std::fmt::Result {
    let Table { proposal, release, runs, .. } = table;
    writeln!(out, "# Implementations of wasi:{proposal}, by release {release} of the conformance suite\n")?;
    writeln!(
        out,
        "| | runtime | version | package | form | seam | lacks | outcome |\n|---|---|---|---|---|---|---|---|"
    )?;
    for (n, Column { runtime, version, package, form, seam, lacks, outcome }) in (1..).zip(runs) {
        let (form, lacks) = (form.to_string(), lacks.join(", "));
        let fields = [runtime, version, package, &form, seam, &lacks, outcome].map(|text| escaped(text));
        writeln!(out, "| {n} | {} |", fields.join(" | "))?;
    }
    let required = [&table.required, &table.required_cases];
    let optional = [&table.optional, &table.optional_cases];
    let differ = |rows: [&Vec<Row>; 2]| rows.into_iter().flatten().filter(|row| row.differs).count();
    writeln!(
        out,
        "\nA row with ≠ is one that one host passes and another fails: {} required, {} optional. One case alone shows {} of {} \
         requirements: {}.",
        differ(required),
        differ(optional),
        table.single_witness.len(),
        table.required.len() + table.optional.len(),
        table.single_witness.join(" "),
    )?;
    writeln!(
        out,
        "\nOnly `pass` is a pass: what is not observable, unsupported, not applicable or not run shows nothing."
    )?;
    for (title, rows) in [
        ("Required", &table.required),
        ("Optional", &table.optional),
        ("Required cases", &table.required_cases),
        ("Optional cases", &table.optional_cases),
        ("Reported, never scored", &table.reported_cases),
    ] {
        let numbers: Vec<_> = (1..=runs.len()).map(|n| n.to_string()).collect();
        writeln!(out, "\n## {title}\n\n| | id | {} | |", numbers.join(" | "))?;
        writeln!(out, "|---|---|{}---|", "---|".repeat(runs.len()))?;
        for Row { id, text, cells, differs } in rows {
            let cells: Vec<_> = cells.iter().map(|cell| cell.shown()).collect();
            let mark = if *differs { "≠" } else { "" };
            writeln!(out, "| {mark} | {id} | {} | {} |", cells.join(" | "), escaped(text))?;
        }
    }
    Ok(())
}

/// A cell of a page: what a host says of itself draws no other table, and no markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\n' | '\r' => out.push(' '),
            '|' | '[' | ']' | '*' | '`' | '\\' | '!' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}
