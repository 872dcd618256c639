//! The tool `wasi-hw`: `cargo hw` in this repository.

#[cfg(target_os = "linux")]
mod bench;
mod board;
mod build_guests;
mod claim;
mod coverage;
mod defects;
mod diff;
mod doctor;
mod evidence;
mod explain;
mod export;
mod judge;
mod list;
mod merge;
mod pages;
mod phase;
mod place;
mod progress;
mod release;
mod report;
mod run;
mod setup;
mod site;
mod traced;
mod verdicts;
mod verify;
mod wit;
mod withdraw;

use self::place::Place;
use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::say;
use wasi_hw_harness::suite::Suite;

/// Conformance of hosts for WASI hardware interfaces: wasi:i2c, wasi:spi, wasi:gpio and wasi:usb.
///
/// Exit codes: 0, what was asked for holds or was done; 1, it does not hold; 2, wrong usage, or an error of
/// the suite or the harness. `wasi-hw COMMAND --help` says what that means for each command.
#[derive(Parser)]
#[command(name = "wasi-hw", version)]
struct Tool {
    /// The suite's folder [default: WASI_HW_ROOT, the checkout around the current folder, or the suite inside this program]
    #[arg(long, value_name = "DIR", global = true)]
    root: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

// The help of a command is the doc of its `Options`: a doc on the variant would hide all but itself.
#[derive(Subcommand)]
enum Command {
    List(list::Options),
    Run(run::Options),
    Judge(judge::Options),
    Report(report::Options),
    Export(export::Options),
    Site(site::Options),
    Merge(merge::Options),
    Claim(claim::Options),
    Evidence(evidence::Options),
    Verify(verify::Options),
    Verdicts(verdicts::Options),
    Setup(setup::Options),
    Doctor(doctor::Options),
    Board(board::Options),
    #[cfg(target_os = "linux")]
    Bench(bench::Options),
    Explain(explain::Options),
    Coverage(coverage::Options),
    Diff(diff::Options),
    BuildGuests(build_guests::Options),
    Defects(defects::Options),
    Pages(pages::Options),
    Phase(phase::Options),
    Release(release::Options),
    Withdraw(withdraw::Options),
    /// Check, document and publish the WIT packages
    #[command(subcommand)]
    Wit(wit::Command),
}

/// What a command's `main` needs: where the suite is, and where to write.
struct Context<'a> {
    root: PathBuf,
    place: &'a Place,
    out: &'a mut (dyn Write + Send),
}

impl Context<'_> {
    /// Says on the error stream what is being done, on one line that the next one replaces; on
    /// nothing but a terminal.
    fn progress(what: &str) {
        let mut err = io::stderr();
        if err.is_terminal() {
            // A terminal that went away is no reason to stop.
            let _ = write!(err, "\r\x1b[K{what}");
            let _ = err.flush();
        }
    }

    /// The suite that a run is of; its problems go to the error stream.
    fn selected(&self, named: Option<&str>) -> anyhow::Result<Suite> {
        let suite = Suite::select(&self.root, named)?;
        suite.problems.iter().for_each(say::error);
        Ok(suite)
    }

    /// What stands in the tree; its problems go to the error stream.
    fn suite(&self) -> Suite {
        let suite = Suite::discover(&self.root);
        suite.problems.iter().for_each(say::error);
        suite
    }
}

/// Writes a generated file unless it is current, so that its time tells when it changed.
fn write_if_changed(path: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(false);
    }
    std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(true)
}

/// Runs the tool with this process's arguments.
pub fn main(out: &mut (dyn Write + Send)) -> ExitCode {
    if let Err(code) = Runtimes::known().serve_if_asked() {
        return code;
    }
    let tool = Tool::parse();
    let place = match Place::find(tool.root) {
        Ok(place) => place,
        Err(error) => {
            say::error(format_args!("{error:#}"));
            return ExitCode::from(2);
        }
    };
    let context = Context { root: place.root.clone(), place: &place, out };
    let result = match tool.command {
        Command::List(options) => list::main(context, &options),
        Command::Run(options) => run::main(context, &options),
        Command::Judge(options) => judge::main(context, &options),
        Command::Report(options) => report::main(context, &options),
        Command::Export(options) => export::main(context, &options),
        Command::Site(options) => site::main(context, &options),
        Command::Merge(options) => merge::main(context, &options),
        Command::Claim(options) => claim::main(context, &options),
        Command::Evidence(options) => evidence::main(context, &options),
        Command::Verify(options) => verify::main(context, &options),
        Command::Verdicts(options) => verdicts::main(context, &options),
        Command::Setup(options) => setup::main(context, &options),
        Command::Doctor(options) => doctor::main(context, &options),
        Command::Board(options) => board::main(context, &options),
        #[cfg(target_os = "linux")]
        Command::Bench(options) => bench::main(context, &options),
        Command::Explain(options) => explain::main(context, &options),
        Command::Coverage(options) => coverage::main(context, &options),
        Command::Diff(options) => diff::main(context, &options),
        Command::BuildGuests(options) => build_guests::main(context, &options),
        Command::Defects(options) => defects::main(context, &options),
        Command::Pages(options) => pages::main(context, &options),
        Command::Phase(options) => phase::main(context, &options),
        Command::Release(options) => release::main(context, &options),
        Command::Withdraw(options) => withdraw::main(context, &options),
        Command::Wit(command) => wit::main(context, &command),
    };
    result.unwrap_or_else(|error| {
        // Whoever reads this through `head` has seen enough.
        let closed = error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe);
        if closed {
            return ExitCode::SUCCESS;
        }
        say::error(format_args!("{error:#}"));
        ExitCode::from(wasi_hw_harness::run::interrupted().unwrap_or(2))
    })
}

#[cfg(test)]
mod tests {
    use super::Tool;
    use clap::CommandFactory;

    fn check(command: &clap::Command, wrong: &mut Vec<String>) {
        let name = command.get_name();
        if command.has_subcommands() {
            command.get_subcommands().for_each(|command| check(command, wrong));
            return;
        }
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
        if about.is_empty() || about.len() > 100 {
            wrong.push(format!("{name} has no short help that fits a line: {about:?}"));
        }
        if !long.contains("Exit codes: 0") {
            wrong.push(format!("{name} --help names no exit codes: {long:?}"));
        }
        for argument in command.get_arguments().filter(|a| a.get_help().is_none() && !a.is_global_set()) {
            wrong.push(format!("{name} does not say what {} is", argument.get_id()));
        }
    }

    #[test]
    fn every_command_explains_itself_and_its_exit_codes() {
        let mut wrong = Vec::new();
        check(&Tool::command(), &mut wrong);
        assert_eq!(wrong, <[String; 0]>::default());
    }
}
