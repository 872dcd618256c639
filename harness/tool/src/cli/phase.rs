//! `cargo hw phase`.

use super::Context;
use crate::phase::page::{self, answer, missing, newer, stated};
use crate::phase::{self, Pointer, Process, Sheet};
use serde::Serialize;
use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use toml::Spanned;
use wasi_hw_harness::say;
use wasi_hw_harness::suite::problem::Problem;

/// Report where a proposal stands in the WASI phase process
///
/// Each entry requirement of the process with its state and its evidence, and what is missing for the next vote.
///
/// It works offline. What the sheets and the pages beside them cite of other repositories is held to
/// proposals/citations.toml, where each page and thread has the day on which somebody opened it.
///
/// Exit codes: 0, whatever the states are; 2, wrong usage, or a document is wrong: a requirement has no answer, or one
/// that is met points to a file or heading that does not exist; a citation has no row in the table; a day lies before
/// the commit that it is given to; "none was found" stands without the day of the search; an open question does not
/// say whether it blocks the next vote.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The proposal, such as i2c [default: all of them]
    proposal: Option<String>,

    /// Print one JSON object per proposal
    #[arg(long)]
    json: bool,

    /// Write proposals/<PROPOSAL>/PHASE.md
    #[arg(long, conflicts_with = "json")]
    write: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let report = |problems: Vec<Problem>| problems.iter().for_each(say::error);
    let mut names = match phase::proposals(&context.root) {
        Ok(names) => names,
        Err(problems) => {
            report(problems);
            return Ok(ExitCode::from(2));
        }
    };
    if let Some(wanted) = &options.proposal {
        if !names.contains(wanted) {
            anyhow::bail!("no proposal `{wanted}`; there are {}", names.join(", "));
        }
        names.retain(|name| name == wanted);
    }
    let process = match phase::read_process(&context.root) {
        Ok(process) => process,
        Err(problems) => {
            report(problems);
            return Ok(ExitCode::from(2));
        }
    };
    let citations = match phase::read_citations(&context.root) {
        Ok(citations) => citations,
        Err(problems) => {
            report(problems);
            return Ok(ExitCode::from(2));
        }
    };
    let mut broken = false;
    if let Err(problems) = phase::check_documents(&context.root, &process, &citations) {
        report(problems);
        broken = true;
    }
    for (index, name) in names.iter().enumerate() {
        let sheet = match phase::read_sheet(&context.root, &process, &citations, name) {
            Ok(sheet) => sheet,
            Err(problems) => {
                report(problems);
                broken = true;
                continue;
            }
        };
        if options.write {
            write_page(&context.root, &process, &sheet, context.out)?;
        } else if options.json {
            writeln!(context.out, "{}", serde_json::to_string(&json(&process, &sheet))?)?;
        } else {
            if index > 0 {
                writeln!(context.out)?;
            }
            print(context.out, &process, &sheet)?;
        }
    }
    Ok(ExitCode::from(if broken { 2 } else { 0 }))
}

fn write_page(root: &Path, process: &Process, sheet: &Sheet, out: &mut dyn Write) -> anyhow::Result<()> {
    let file = page::file(sheet.proposal.get_ref().as_str());
    let next_vote = root.join(&file).with_file_name("next-vote.md").exists();
    let page = page::page(process, sheet, next_vote);
    let changed = super::write_if_changed(&root.join(&file), page.as_bytes())?;
    writeln!(out, "{}: {}", file.display(), if changed { "written" } else { "is current" })?;
    Ok(())
}

fn print(out: &mut dyn Write, process: &Process, sheet: &Sheet) -> anyhow::Result<()> {
    let (proposal, next) = (sheet.proposal.get_ref(), sheet.next.get_ref());
    if stated(sheet).len() > 1 {
        writeln!(out, "upstream's pages disagree about the phase of wasi:{proposal}")?;
        for stated in &sheet.stated_phase {
            let phase = stated.phase.map_or("none".to_owned(), |phase| format!("phase {phase}"));
            let note = stated.note.iter().map(|note| format!("  {note}")).collect::<String>();
            writeln!(out, "  {phase:<8} {}  {}{note}", stated.date, stated.source.get_ref())?;
        }
    }
    let upstream = &sheet.upstream;
    writeln!(out, "wasi:{proposal}: phase {}; the next vote is about phase {next}", sheet.phase.get_ref())?;
    writeln!(out, "judged: {} at {}, read up to {}", upstream.repository, upstream.commit, upstream.date)?;
    writeln!(out, "what is said not to exist was looked for on {}", sheet.searched)?;
    for phase in &process.phase {
        writeln!(out, "\nphase {}: {}; decided by {}", phase.number.get_ref(), phase.name, phase.decides)?;
        for entry in &phase.requirement {
            let Some(answer) = answer(sheet, entry) else { continue };
            line(out, entry.id.get_ref(), &answer.state, &entry.text)?;
            more(out, [&entry.note, &answer.note], answer.pointer.as_ref(), answer.draft.as_ref())?;
        }
    }
    for undefined in &process.undefined {
        writeln!(
            out,
            "\nphase {}: undefined upstream ({}, {})",
            undefined.number, process.source, process.date
        )?;
    }
    writeln!(out, "\nportability criteria")?;
    for criterion in &sheet.criterion {
        let text = format!("{}: {} ({})", criterion.topic.get_ref(), criterion.text, criterion.origin);
        line(out, criterion.id.get_ref(), &criterion.state, &text)?;
        more(out, [&None, &criterion.note], criterion.pointer.as_ref(), criterion.draft.as_ref())?;
    }
    writeln!(out, "\ndependencies")?;
    for d in &sheet.dependency {
        writeln!(out, "  {}: phase {} ({}, {})", d.package.get_ref(), d.phase.get_ref(), d.source, d.date)?;
    }
    if sheet.dependency.is_empty() {
        writeln!(out, "  none")?;
    }
    let tag = &sheet.tag;
    let upstream = tag.upstream.as_ref().map_or("none possible", |tag| tag.get_ref().as_str());
    writeln!(
        out,
        "\nregistry tag: here {}, upstream {upstream}; published: {}",
        tag.here.get_ref(),
        tag.published.get_ref()
    )?;
    writeln!(out, "  {}", tag.note)?;
    let testing = &sheet.testing;
    writeln!(out, "\nform of testing: {}", testing.state.get_ref())?;
    more(out, [&None, &testing.note], testing.pointer.as_ref(), testing.draft.as_ref())?;
    writeln!(out, "\nimplementations known")?;
    for i in &sheet.implementation {
        writeln!(out, "  {} ({}): {}; {}\n      {}", i.name.get_ref(), i.kind, i.speaks, i.platform, i.note)?;
    }
    let missing: Vec<_> = missing(process, sheet).collect();
    writeln!(out, "\nmissing for phase {next}{}", if missing.is_empty() { ": nothing" } else { "" })?;
    unmet(out, &missing)?;
    let blocking: Vec<_> = sheet.questions.iter().filter(|question| question.blocks).collect();
    if !blocking.is_empty() {
        writeln!(out, "\nopen questions that this project advises to answer before it")?;
        for question in blocking {
            writeln!(out, "  {}: {}", question.title, question.reason)?;
        }
    }
    let newer: Vec<_> = newer(process, sheet).collect();
    if !newer.is_empty() {
        writeln!(out, "\nrules made since, not asked for by that vote")?;
        unmet(out, &newer)?;
    }
    Ok(())
}

fn unmet(out: &mut dyn Write, unmet: &[(&phase::Entry, &phase::Answer)]) -> std::io::Result<()> {
    for (entry, answer) in unmet {
        let draft =
            answer.draft.iter().map(|draft| format!("  draft: {}", draft.get_ref())).collect::<String>();
        writeln!(out, "  {:<3} {:<8} {}{draft}", entry.id.get_ref(), answer.state, entry.text)?;
    }
    Ok(())
}

fn line(
    out: &mut dyn Write,
    id: &dyn Display,
    state: &dyn Display,
    text: &dyn Display,
) -> std::io::Result<()> {
    writeln!(out, "  {id}  {state:<7}  {text}")
}

fn more<'a>(
    out: &mut dyn Write,
    notes: [&Option<phase::Text>; 2],
    pointer: Option<&'a Spanned<Pointer>>,
    draft: Option<&'a Spanned<Pointer>>,
) -> std::io::Result<()> {
    for note in notes.into_iter().flatten() {
        writeln!(out, "      {note}")?;
    }
    for (word, place) in [("shown by", pointer), ("draft", draft)] {
        if let Some(place) = place {
            writeln!(out, "      {word}: {}", place.get_ref())?;
        }
    }
    Ok(())
}

/// The sheet with the texts of the process, for other programs.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Json<'a> {
    proposal: &'a phase::Text,
    package: &'a phase::Text,
    phase: u8,
    next: u8,
    searched: &'a phase::Date,
    upstream: &'a phase::Upstream,
    stated_phase: &'a [phase::Stated],
    phases: Vec<JsonPhase<'a>>,
    undefined: &'a [phase::Undefined],
    criteria: &'a [phase::Criterion],
    dependencies: &'a [phase::Dependency],
    tag: &'a phase::Tag,
    testing: &'a phase::Testing,
    implementations: &'a [phase::Implementation],
    missing: Vec<&'a phase::Text>,
    rules_made_since: Vec<&'a phase::Text>,
    questions: &'a [phase::Question],
}

#[derive(Serialize)]
struct JsonPhase<'a> {
    number: u8,
    name: &'a phase::Text,
    decides: &'a phase::Text,
    requirements: Vec<JsonRequirement<'a>>,
}

#[derive(Serialize)]
struct JsonRequirement<'a> {
    id: &'a phase::Text,
    text: &'a phase::Text,
    state: phase::State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a Pointer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draft: Option<&'a Pointer>,
    source: &'a phase::Citation,
    date: &'a phase::Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<&'a phase::Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a phase::Text>,
}

fn json<'a>(process: &'a Process, sheet: &'a Sheet) -> Json<'a> {
    let requirement = |entry: &'a phase::Entry| {
        let answer = answer(sheet, entry)?;
        Some(JsonRequirement {
            id: entry.id.get_ref(),
            text: &entry.text,
            state: answer.state,
            pointer: answer.pointer.as_ref().map(Spanned::get_ref),
            draft: answer.draft.as_ref().map(Spanned::get_ref),
            source: &answer.source,
            date: &answer.date,
            since: entry.since.as_ref(),
            note: answer.note.as_ref(),
        })
    };
    let phases = process.phase.iter().map(|phase| JsonPhase {
        number: *phase.number.get_ref(),
        name: &phase.name,
        decides: &phase.decides,
        requirements: phase.requirement.iter().filter_map(requirement).collect(),
    });
    Json {
        proposal: sheet.proposal.get_ref(),
        package: sheet.package.get_ref(),
        phase: *sheet.phase.get_ref(),
        next: *sheet.next.get_ref(),
        searched: &sheet.searched,
        upstream: &sheet.upstream,
        stated_phase: &sheet.stated_phase,
        phases: phases.collect(),
        undefined: &process.undefined,
        criteria: &sheet.criterion,
        dependencies: &sheet.dependency,
        tag: &sheet.tag,
        testing: &sheet.testing,
        implementations: &sheet.implementation,
        missing: missing(process, sheet).map(|(entry, _)| entry.id.get_ref()).collect(),
        rules_made_since: newer(process, sheet).map(|(entry, _)| entry.id.get_ref()).collect(),
        questions: &sheet.questions,
    }
}
