//! The parts of documents that are made from the suite: counts, what a run prints, and the README's timing diagram.
//!
//! Such a part stands between two comments, and is renewed by `cargo hw pages --write`:
//!
//! ```text
//! <!-- made by `cargo hw pages --write`: counts -->
//! …
//! <!-- end -->
//! ```

use anyhow::{Context, anyhow, bail};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use wasi_hw_forms::diagram::Diagram;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::report::{Record, console};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::engine::Compiler;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::requirement::Level;
use wasi_hw_proof::catalogue;

const BEGIN: &str = "<!-- made by `cargo hw pages --write`: ";
const END: &str = "<!-- end -->";

/// The diagram that the README shows.
const PICTURE: &str = "harness/forms/pictures/write-read.svg";

/// The documents with such parts, and the picture, whose text should be another; with that text.
pub fn stale(suite: &Arc<Suite>) -> anyhow::Result<Vec<(String, String)>> {
    let mut stale = Vec::new();
    let mut pages = vec!["README.md".to_owned(), "harness/BENCHMARKS.md".to_owned()];
    for world in worlds(suite) {
        pages.extend(["README.md", "test.md"].map(|page| format!("proposals/{world}/{page}")));
    }
    for page in pages {
        let path = suite.root.join(&page);
        let text = fs::read_to_string(&path).with_context(|| format!("{page} cannot be read"))?;
        let renewed = renew(&text, |part| made(suite, part, &page)).with_context(|| page.clone())?;
        if renewed != text {
            stale.push((page, renewed));
        }
    }
    let picture = picture(suite)?;
    if fs::read_to_string(suite.root.join(PICTURE)).is_ok_and(|there| there == picture) {
        return Ok(stale);
    }
    stale.push((PICTURE.to_owned(), picture));
    Ok(stale)
}

fn renew(text: &str, make: impl Fn(&str) -> anyhow::Result<String>) -> anyhow::Result<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (part, after) =
            after.split_once(" -->\n").context("a part's first line does not end with ` -->`")?;
        let (_, after) =
            after.split_once(END).with_context(|| format!("the part `{part}` does not end with `{END}`"))?;
        write!(out, "{before}{BEGIN}{part} -->\n{}\n{END}", make(part)?.trim_end())?;
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn made(suite: &Arc<Suite>, part: &str, page: &str) -> anyhow::Result<String> {
    match part {
        "summary" => summary(&suite.root),
        "failure" => failure(suite),
        "counts" => counts(suite, worlds(suite)),
        "components" => components(suite),
        "counts of this proposal" => {
            let proposal = page.split('/').nth(1).unwrap_or_default();
            counts(suite, worlds(suite).filter(|world| *world == proposal))
        }
        "groups" => groups(suite, page.split('/').nth(1).unwrap_or_default()),
        _ => bail!("nobody makes a part `{part}`"),
    }
}

/// The proposals that have cases.
fn worlds(suite: &Suite) -> impl Iterator<Item = &str> {
    let has_cases = |world: &&str| suite.cases.iter().any(|case| case.proposal == *world);
    suite.proposals.iter().map(|proposal| &*proposal.name).filter(has_cases)
}

fn code(text: &str) -> String {
    format!("```\n{}\n```", text.trim_end())
}

/// What the main command prints for the reference host.
fn summary(root: &Path) -> anyhow::Result<String> {
    let suite = Arc::new(Suite::usual(root));
    let session = Arc::new(Session::new(Arc::clone(&suite), Runtimes::known().start(None, root)?));
    let records = session.run_all(&suite.cases, |_, _| {});
    Ok(code(&console::summary(&session.footer(&records))))
}

/// What a host gets that sends a STOP between the halves of a write-read.
fn failure(suite: &Arc<Suite>) -> anyhow::Result<String> {
    let (session, record) = failed(suite)?;
    Ok(code(&console::failure(&record, &session.header(1).requirements)))
}

/// The same as a timing diagram.
fn picture(suite: &Arc<Suite>) -> anyhow::Result<String> {
    let diagram = Diagram::new(&failed(suite)?.1).context("the case that the README shows has no wires")?;
    Ok(diagram.standalone().svg()? + "\n")
}

/// The record of that failure.
fn failed(suite: &Arc<Suite>) -> anyhow::Result<(Arc<Session>, Record)> {
    let defect = catalogue().into_iter().find(|defect| defect.id == "i2c/write-read-with-a-stop-between");
    let compiler = Compiler::new().map_err(|error| anyhow!("wasmtime does not start: {error:#}"))?;
    let runtime = defect.context("the catalogue lost the defect that the README shows")?.start(&compiler);
    let session = Arc::new(Session::new(Arc::clone(suite), runtime));
    let case = suite.cases.iter().find(|case| case.id == "i2c/write-read-repeated-start");
    let record = session.run(case.context("the suite lost the case that the README shows")?);
    Ok((session, record))
}

fn counts<'a>(suite: &Suite, worlds: impl Iterator<Item = &'a str>) -> anyhow::Result<String> {
    let mut out = String::from(
        "| proposal | requirements: must · should · may · report · dropped | cases: required · optional · report | guest tests | seeded defects |\n\
         |---|---|---|---|---|\n",
    );
    let defects = catalogue();
    for world in worlds {
        let requirements =
            |level| suite.requirements.values().filter(|r| r.proposal == world && r.level == level).count();
        let cases = |levels: &[Level]| {
            suite.cases.iter().filter(|c| c.proposal == world && levels.contains(&c.level)).count()
        };
        let tests: BTreeSet<_> = suite
            .components
            .iter()
            .filter(|c| c.proposal.as_deref() == Some(world))
            .collect::<Vec<_>>()
            .into_iter()
            .flat_map(|c| &c.tests)
            .collect();
        writeln!(
            out,
            "| {world} | {} · {} · {} · {} · {} | {} · {} · {} | {} | {} |",
            requirements(Level::Must),
            requirements(Level::Should),
            requirements(Level::May),
            requirements(Level::Report),
            requirements(Level::Dropped),
            cases(&[Level::Must]),
            cases(&[Level::Should, Level::May]),
            cases(&[Level::Report]),
            tests.len(),
            defects.iter().filter(|defect| defect.proposal() == world).count(),
        )?;
    }
    Ok(out)
}

/// What the requirements of a proposal are about. A dropped one has no case, so it is left out.
fn groups(suite: &Suite, proposal: &str) -> anyhow::Result<String> {
    let proposal = suite.proposals.iter().find(|known| known.name == proposal);
    let proposal = proposal.context("a page of a proposal stands below proposals/")?;
    let mut out = String::from("| Group | Requirements | What a case looks at |\n|---|---|---|\n");
    for group in &proposal.groups {
        let of_group = suite
            .requirements
            .values()
            .filter(|r| r.proposal == proposal.name && r.group == group.name && r.level != Level::Dropped);
        let ids: Vec<_> = of_group.map(|r| r.id.as_str()).collect();
        writeln!(out, "| {} | {} | {} |", group.title, ranges(&ids), group.covers)?;
    }
    let cases = |id: &String| suite.cases.iter().filter(|case| case.proves.contains(id)).count();
    let musts = suite.requirements.values();
    let musts: Vec<_> =
        musts.filter(|r| r.proposal == proposal.name && r.level == Level::Must).map(|r| &r.id).collect();
    let single: Vec<_> = musts.iter().filter(|id| cases(id) == 1).map(|id| id.as_str()).collect();
    if !single.is_empty() {
        let (of, ids) = (musts.len(), single.join(", "));
        writeln!(out, "\nOf {of} requirements of level must, {} have one case: {ids}.", single.len())?;
    }
    Ok(out)
}

/// Ids in their order, shortened: three numbers or more in a row are a range, and a part of a statement
/// (`I2C-13b`) is left out beside the whole (`I2C-13`).
fn ranges(ids: &[&str]) -> String {
    let whole = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned();
    let ids: Vec<_> = ids.iter().filter(|id| **id == whole(id) || !ids.contains(&&*whole(id))).collect();
    let number = |id: &str| id.rsplit('-').next().and_then(|number| number.parse::<u32>().ok());
    let mut said = Vec::new();
    let mut rest = ids.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let follows =
            |(n, id): &(u32, &&&str)| number(first).is_some_and(|first| number(id) == Some(first + n));
        let more = (1..).zip(after).take_while(follows).count();
        match more {
            0 | 1 => said.extend(rest[..=more].iter().map(|id| (**id).to_owned())),
            _ => said.push(format!("{first} to {}", after[more - 1])),
        }
        rest = &after[more..];
    }
    said.join(", ")
}

fn components(suite: &Suite) -> anyhow::Result<String> {
    let mut out = String::from("| component | package | bytes |\n|---|---|---|\n");
    for component in suite.components.iter().filter(|c| c.proposal.is_some()) {
        writeln!(out, "| `{}` | `{}` | {} |", component.file, component.package, component.bytes)?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn ids_in_a_row_are_a_range_and_parts_are_left_out_beside_the_whole() {
        let ids = ["I2C-01", "I2C-02", "I2C-02b", "I2C-03", "I2C-07", "I2C-08", "I2C-29b", "I2C-40"];
        assert_eq!(ranges(&ids), "I2C-01 to I2C-03, I2C-07, I2C-08, I2C-29b, I2C-40");
        assert_eq!(ranges(&[]), "");
    }
}
