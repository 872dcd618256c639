//! Reads the process and the sheets, and checks what types cannot say.

use super::{Citations, Origin, Pointer, Process, Published, Sheet, State, Text, days, page, questions};
use crate::markdown;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::Spanned;
use wasi_hw_harness::suite::files::Files;
use wasi_hw_harness::suite::problem::{Problem, Source};
use wasi_hw_harness::suite::proposal;

const PROCESS: &str = "proposals/process.toml";

/// The requirements that speak of dependencies, with the phase that they ask of each.
const OF_DEPENDENCIES: [(&str, u8); 2] = [("2d", 2), ("3b", 3)];

/// The names of the proposals that this repository has, in their order.
pub fn proposals(root: &Path) -> Result<Vec<String>, Vec<Problem>> {
    let mut problems = Vec::new();
    let (proposals, _) = proposal::read(root, Path::new(""), &mut Files::default(), &mut problems);
    if problems.is_empty() { Ok(proposals.into_iter().map(|p| p.name).collect()) } else { Err(problems) }
}

/// Reads `proposals/process.toml`.
pub fn read_process(root: &Path) -> Result<Process, Vec<Problem>> {
    let source = Source::read(root, PROCESS).map_err(|problem| vec![problem])?;
    let process: Process = source.parse_versioned().map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let entries = process.phase.iter().flat_map(|phase| &phase.requirement).map(|entry| &entry.id);
    for id in entries.chain(process.topic.iter().map(|topic| &topic.id)) {
        if !seen.insert(id.get_ref().as_str()) {
            problems.push(at(
                &source,
                id,
                format!("the id `{}` is there twice; ids are permanent", id.get_ref()),
            ));
        }
    }
    let mut last = 0;
    for phase in &process.phase {
        let number = *phase.number.get_ref();
        if number <= last {
            problems.push(at(
                &source,
                &phase.number,
                format!("phase {number} comes after phase {last}; they count up"),
            ));
        }
        last = number;
        if process.undefined.iter().any(|undefined| undefined.number == *phase.number.get_ref()) {
            let message =
                format!("phase {} is defined and undefined; take out one of the two", phase.number.get_ref());
            problems.push(at(&source, &phase.number, message));
        }
    }
    if problems.is_empty() { Ok(process) } else { Err(problems) }
}

/// Reads `proposals/<name>/phase.toml` and the open questions beside it, and checks them against the
/// process, the days of what is cited, and the files that are pointed to.
pub fn read_sheet(
    root: &Path,
    process: &Process,
    citations: &Citations,
    name: &str,
) -> Result<Sheet, Vec<Problem>> {
    let file = PathBuf::from("proposals").join(name).join("phase.toml");
    let source = Source::read(root, file).map_err(|problem| vec![problem])?;
    let mut sheet: Sheet = source.parse_versioned().map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    head(root, &source, process, &sheet, name, &mut problems);
    answers(&source, process, &sheet, &mut problems);
    entered(&source, process, &sheet, &mut problems);
    judgements(root, &source, &sheet, &mut problems);
    criteria(&source, process, &sheet, &mut problems);
    facts(root, &source, &sheet, &mut problems);
    days::check(&source, citations, &sheet, &mut problems);
    match questions::read(root, name) {
        Ok(questions) => sheet.questions = questions,
        Err(found) => problems.extend(found),
    }
    if problems.is_empty() { Ok(sheet) } else { Err(problems) }
}

fn at<T>(source: &Source, value: &Spanned<T>, message: impl Into<String>) -> Problem {
    source.problem(Some(value.span().start), message)
}

fn head(
    root: &Path,
    source: &Source,
    process: &Process,
    sheet: &Sheet,
    name: &str,
    problems: &mut Vec<Problem>,
) {
    if sheet.proposal.get_ref().as_str() != name {
        problems.push(at(
            source,
            &sheet.proposal,
            format!("`proposal` is \"{name}\", as the folder is called"),
        ));
    }
    let package = sheet.package.get_ref().as_str();
    let version = package.split_once('@').map_or("", |(_, version)| version);
    if version.is_empty() || !root.join("wit").join(name).join(version).is_dir() {
        let message = format!(
            "`{package}` is not there; `package` names a version, and wit/{name}/<version>/ holds it"
        );
        problems.push(at(source, &sheet.package, message));
    }
    let (phase, next) = (*sheet.phase.get_ref(), *sheet.next.get_ref());
    if Some(next) != phase.checked_add(1) || process.phase.iter().all(|p| *p.number.get_ref() != next) {
        let message = format!("`next` is the phase after {phase}, and {PROCESS} defines it");
        problems.push(at(source, &sheet.next, message));
    }
    if sheet.stated_phase.is_empty() {
        problems.push(source.problem(None, "has no [[stated-phase]]; say which phase upstream's pages name"));
    }
    for stated in sheet.stated_phase.iter().filter(|stated| stated.phase.is_none() && stated.note.is_none()) {
        problems.push(at(
            source,
            &stated.source,
            "states no phase and has no note; say in one what the page has instead",
        ));
    }
}

/// Every requirement is answered once, and in the process's order.
fn answers(source: &Source, process: &Process, sheet: &Sheet, problems: &mut Vec<Problem>) {
    let asked: Vec<_> =
        process.phase.iter().flat_map(|p| &p.requirement).map(|r| r.id.get_ref().as_str()).collect();
    let mut answered = Vec::new();
    for answer in &sheet.requirement {
        let id = answer.id.get_ref().as_str();
        if answered.contains(&id) {
            problems.push(at(source, &answer.id, format!("{id} is answered twice; take out one of the two")));
        } else if !asked.contains(&id) {
            let message = format!("no requirement {id}; {PROCESS} has {}", asked.join(", "));
            problems.push(at(source, &answer.id, message));
        } else {
            answered.push(id);
        }
    }
    for id in asked.iter().filter(|id| !answered.contains(id)) {
        let message =
            format!("{id} is not answered; add a [[requirement]] with id = \"{id}\", as {PROCESS} asks");
        problems.push(source.problem(None, message));
    }
    if answered.len() == asked.len() && answered != asked {
        let message = format!("answers out of order; the order is {}", asked.join(", "));
        problems.push(source.problem(None, message));
    }
}

/// A proposal meets what it was voted into a phase for: a line of such a phase that is not met is
/// younger than the vote, and the process says since when it is asked for.
fn entered(source: &Source, process: &Process, sheet: &Sheet, problems: &mut Vec<Problem>) {
    for (entry, answer) in page::newer(process, sheet).filter(|(entry, _)| entry.since.is_none()) {
        let (id, phase) = (entry.id.get_ref(), sheet.phase.get_ref());
        let message = format!(
            "{id} is {}, and the proposal is in phase {phase}; what was not asked for at its vote has `since` in {PROCESS}",
            answer.state
        );
        problems.push(at(source, &answer.id, message));
    }
}

/// What is said of a requirement, a criterion, or the form of testing.
struct Judgement<'a> {
    what: &'a str,
    offset: usize,
    state: State,
    pointer: Option<&'a Spanned<Pointer>>,
    draft: Option<&'a Spanned<Pointer>>,
    note: Option<&'a Text>,
}

fn judgements(root: &Path, source: &Source, sheet: &Sheet, problems: &mut Vec<Problem>) {
    let requirements = sheet.requirement.iter().map(|r| Judgement {
        what: r.id.get_ref().as_str(),
        offset: r.id.span().start,
        state: r.state,
        pointer: r.pointer.as_ref(),
        draft: r.draft.as_ref(),
        note: r.note.as_ref(),
    });
    let criteria = sheet.criterion.iter().map(|c| Judgement {
        what: c.id.get_ref().as_str(),
        offset: c.id.span().start,
        state: c.state,
        pointer: c.pointer.as_ref(),
        draft: c.draft.as_ref(),
        note: c.note.as_ref(),
    });
    let testing = &sheet.testing;
    let testing = Judgement {
        what: "testing",
        offset: testing.state.span().start,
        state: *testing.state.get_ref(),
        pointer: testing.pointer.as_ref(),
        draft: testing.draft.as_ref(),
        note: testing.note.as_ref(),
    };
    for said in requirements.chain(criteria).chain([testing]) {
        let Judgement { what, state, .. } = said;
        let mut wrong = |message: String| problems.push(source.problem(Some(said.offset), message));
        match (state, said.pointer, said.draft, said.note) {
            (State::Met, None, ..) => {
                wrong(format!(
                    "{what} is met and nothing shows it; add `pointer`, or say not-met or unknown"
                ));
            }
            (State::Met, _, Some(_), _) => wrong(format!("{what} is met and has a draft; take out `draft`")),
            (State::NotMet | State::Unknown, Some(_), ..) => {
                wrong(format!("{what} is {state} and has a pointer; what is only offered is a `draft`"));
            }
            (State::NotMet | State::Unknown, _, _, None) => {
                wrong(format!("{what} is {state} and does not say why; add `note`"));
            }
            _ => {}
        }
        problems
            .extend(said.pointer.into_iter().chain(said.draft).filter_map(|p| opens(root, source, what, p)));
    }
}

/// What is wrong with a pointer, if it does not open.
fn opens(root: &Path, source: &Source, what: &str, pointer: &Spanned<Pointer>) -> Option<Problem> {
    let path = pointer.get_ref().path();
    let problem = |message: String| {
        Some(at(source, pointer, format!("{what} points to `{}`: {message}", pointer.get_ref())))
    };
    if !root.join(path).is_file() {
        return problem("no such file; write it, or point to another".into());
    }
    let heading = pointer.get_ref().heading()?;
    if path.extension().is_none_or(|ending| ending != "md") {
        return problem("only a Markdown page has headings; take out `#` and what follows".into());
    }
    let page = match Source::read(root, path) {
        Ok(page) => page,
        Err(error) => return problem(error.message),
    };
    let headings = markdown::headings(&page.text);
    match headings.iter().filter(|h| h.slug == heading).count() {
        1 => None,
        0 => {
            let slugs: Vec<_> = headings.iter().map(|h| h.slug.as_str()).collect();
            problem(format!("the page has no such heading; it has {}", slugs.join(", ")))
        }
        several => problem(format!("the page has {several} such headings; rename them until there is one")),
    }
}

fn criteria(source: &Source, process: &Process, sheet: &Sheet, problems: &mut Vec<Problem>) {
    let documented =
        sheet.requirement.iter().any(|r| r.id.get_ref().as_str() == "2a" && r.state == State::Met);
    let mut last = 0;
    for criterion in &sheet.criterion {
        let id = criterion.id.get_ref();
        let number = id.as_str().strip_prefix(sheet.proposal.get_ref().as_str());
        match number.and_then(|rest| rest.strip_prefix("-c")).and_then(|n| n.parse::<u32>().ok()) {
            Some(number) if number > last => last = number,
            _ => {
                let message = format!(
                    "`{id}` is out of order; ids are {}-c<number>, counting up, and permanent",
                    sheet.proposal.get_ref()
                );
                problems.push(at(source, &criterion.id, message));
            }
        }
        if process.topic.iter().all(|topic| topic.id.get_ref() != criterion.topic.get_ref()) {
            let topics: Vec<_> = process.topic.iter().map(|topic| topic.id.get_ref().as_str()).collect();
            let message =
                format!("no topic `{}`; {PROCESS} has {}", criterion.topic.get_ref(), topics.join(", "));
            problems.push(at(source, &criterion.topic, message));
        }
        let shown = criterion.draft.is_some() || criterion.pointer.is_some();
        let wrong = match (criterion.origin, criterion.source.is_some()) {
            (Origin::Upstream, false) => "is upstream's and has no `source`",
            (Origin::Upstream, true) if !documented => {
                "is upstream's, while 2a says that upstream documents none"
            }
            (Origin::Ours, true) => "is proposed here and has a `source`, as if upstream had it; take it out",
            (Origin::Ours, false) if !shown => "is proposed here and has neither `draft` nor `pointer`",
            _ => continue,
        };
        problems.push(at(source, &criterion.id, format!("{id} {wrong}")));
    }
}

/// Tag, dependencies and implementations.
fn facts(root: &Path, source: &Source, sheet: &Sheet, problems: &mut Vec<Problem>) {
    let tag = &sheet.tag;
    let version = |package: &Text| package.as_str().split_once('@').map(|(_, version)| version.to_owned());
    if Some(tag.here.get_ref().as_str()) != version(sheet.package.get_ref()).as_deref() {
        problems.push(at(
            source,
            &tag.here,
            format!("`here` is the version of `{}`", sheet.package.get_ref()),
        ));
    }
    match &tag.upstream {
        Some(upstream)
            if Some(upstream.get_ref().as_str()) != version(&sheet.upstream.package).as_deref() =>
        {
            let message =
                format!("a tag equals the version, and upstream's package is `{}`", sheet.upstream.package);
            problems.push(at(source, upstream, message));
        }
        None if *tag.published.get_ref() != Published::No => {
            problems.push(at(source, &tag.published, "upstream has no tag, so `published` is \"no\""));
        }
        _ => {}
    }
    for (id, least) in OF_DEPENDENCIES {
        let met = sheet.requirement.iter().any(|r| r.id.get_ref().as_str() == id && r.state == State::Met);
        for dependency in sheet.dependency.iter().filter(|d| met && *d.phase.get_ref() < least) {
            let (package, phase) = (dependency.package.get_ref(), dependency.phase.get_ref());
            let message =
                format!("{id} is met, and `{package}` is in phase {phase}; one of the two is wrong");
            problems.push(at(source, &dependency.phase, message));
        }
    }
    for known in &sheet.implementation {
        if known.source.is_some() == known.pointer.is_some() {
            let message = "has either `source` or, if it stands in this repository, `pointer`";
            problems.push(at(source, &known.name, message));
        }
        let name = known.name.get_ref().as_str();
        problems.extend(known.pointer.as_ref().and_then(|pointer| opens(root, source, name, pointer)));
    }
}
