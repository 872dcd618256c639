//! A check of one adapter, message by message, for the person who writes it.

use super::adapters::{Adapters, greet, proposal_of};
use super::command::Command;
use crate::runtime::{Ending, Job, Limits, Runtime, Stderr, Transcript};
use crate::suite::manifest::Component;
use crate::suite::proposal;
use crate::suite::{Case, Suite};
use anyhow::Context;
use wasi_hw_mock::Board;
use wasi_hw_protocol::Clock;
use wasmparser::{Parser, Payload};

/// How long an adapter may take for each step, in seconds.
const PATIENCE_S: u64 = 20;

/// One thing that was seen.
pub enum Step {
    /// As it should be.
    Well(String),
    /// Neither good nor bad.
    Note(String),
    /// Wrong, with how to fix it.
    Fix(String),
}

/// Goes through the protocol with an adapter. An error is that it cannot be started, or does not say who it is.
pub fn examine(
    suite: &Suite,
    command: Command,
    say: &mut dyn FnMut(Step) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (mut process, started) = greet(&command, PATIENCE_S)?;
    say(Step::Well(format!("start: {} {}, protocol {}", started.name, started.version, started.protocol)))?;
    let instances = if started.features.instances { "several at once" } else { "one at a time" };
    let clock = if started.clock == Clock::Own { "its own" } else { "the board's" };
    say(Step::Note(format!("instances: {instances}; clock: {clock}; form of guests: {}", started.form)))?;
    say(match process.stop() {
        true => Step::Well("stop: it exits when it is asked to".to_owned()),
        false => Step::Fix(
            "stop: it did not exit in 2 s; leave the loop at `stop`, and at the end of the input".to_owned(),
        ),
    })?;
    let adapters = Adapters::start_within(command, PATIENCE_S)?;
    let mut about = adapters.about();
    about.seams = proposal::seams(&suite.proposals, &about.packages, &about.seams);
    for wrong in about.unknown(suite) {
        say(Step::Fix(format!("started: {wrong}")))?;
    }
    for package in &started.packages {
        let Some(component) = suite.component(proposal_of(package), package, started.form) else { continue };
        let mut cases = suite.cases.iter().filter(|c| c.proposal == proposal_of(package));
        match cases.find(|case| case.instances.len() == 1) {
            Some(case) => one_case(suite, &adapters, component, case, say)?,
            None => say(Step::Note(format!("{package}: the suite has no case of it")))?,
        }
    }
    Ok(())
}

fn one_case(
    suite: &Suite,
    adapters: &Adapters,
    component: &Component,
    case: &Case,
    say: &mut dyn FnMut(Step) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let bytes = suite.read_component(component).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let board = Board::new(&case.board.device).map_err(|why| anyhow::anyhow!("{why}"))?;
    let (stderr, transcript) = (Stderr::default(), Transcript::default());
    let job = Job {
        case: &case.id,
        component,
        bytes: &bytes,
        path: &suite.component_path(component),
        guests: vec![(&case.instances[0].test, transcript.clone())],
        host: &case.board.host,
        board: &board,
        limits: Limits { watchdog_s: PATIENCE_S, ..Limits::default() },
        stderr: &stderr,
    };
    let ending = adapters.run(&job).into_iter().next().context("no guest ended")?;
    let package = &component.package;
    let imports = imports(&bytes)?;
    let said = stderr.text().map(|text| format!("\nit said: {}", text.trim())).unwrap_or_default();
    if let Ending::LinkFailure(why) = &ending {
        say(Step::Fix(format!("{package}: {} does not link: {why}{said}", component.file)))?;
        for import in imports {
            let named = names(why, &import);
            say(Step::Note(format!("{} {import}", if named { "does not link " } else { "imported      " })))?;
        }
        return say(Step::Note(format!(
            "add the missing item to the imports that the adapter gives to {}",
            component.file
        )));
    }
    let fix = match &ending {
        Ending::Returned | Ending::LinkFailure(_) => None,
        Ending::Trap(why) => Some(format!("the guest trapped: {why}")),
        Ending::Crash(why) => Some(format!(
            "{why}\nharness/PROTOCOL.md says what is allowed; nothing but messages may go to standard output"
        )),
        Ending::Timeout(why) => {
            Some(format!("{why}; does the guest wait for an answer that the adapter has read already?"))
        }
        Ending::HarnessError(why) => Some(format!("the fault is the harness's: {why}")),
        Ending::NotRun(why) => Some(format!("it was not run: {why}")),
    };
    let ran = format!("{package}: run, done and sync of {}", case.id);
    say(match fix {
        None => Step::Well(ran),
        Some(fix) => Step::Fix(format!("{ran}: {fix}{said}")),
    })?;
    let (lines, traffic) = (transcript.lines().len(), board.trace().entries().len());
    // Nothing of a component runs before all that it imports is there. Until a guest has said something it may not have run.
    let linked = if lines > 0 { "links" } else { "imported" };
    for import in imports {
        say(Step::Note(format!("{linked} {import}")))?;
    }
    say(match (&ending, lines) {
        (Ending::Returned, 0) => {
            Step::Fix("the guest wrote nothing down; `board.saw` is the operation `saw`".to_owned())
        }
        (_, 0) => {
            Step::Note("whether that links is not known: the guest has not said anything yet".to_owned())
        }
        _ => Step::Note(format!("{lines} lines of transcript, {traffic} of bus trace")),
    })
}

/// Whether a reason names an import; not every engine knows the version.
fn names(why: &str, import: &str) -> bool {
    let bare = |name: &str| name.split(['@', '#']).next().unwrap_or(name).trim_end_matches(':').to_owned();
    why.split(|c: char| c.is_whitespace() || "`'\",;()".contains(c)).any(|word| bare(word) == bare(import))
}

/// The names of what a component imports.
fn imports(bytes: &[u8]) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    names.push(import?.name.name.to_owned());
                }
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_reason_names_an_import_with_or_without_its_version() {
        let why = "wasi:i2c/i2c@0.2.0-draft#[method]i2c.read: found nothing";
        assert!(names(why, "wasi:i2c/i2c@0.2.0-draft"));
        assert!(names("the host lacks `wasi:i2c/i2c`", "wasi:i2c/i2c@0.2.0-draft"));
        assert!(!names("wasi-hw:conformance/board-i2c: nobody has it", "wasi-hw:conformance/board@0.1.0"));
    }
}
