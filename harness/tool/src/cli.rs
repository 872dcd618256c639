//! The tool `wasi-hw`: `cargo hw` in this repository.

mod build_guests;
mod coverage;
mod defects;
mod doctor;
mod explain;
mod judge;
mod list;
mod pages;
mod phase;
mod run;
mod setup;
mod wit;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasi_hw_harness::runtime::adapter::child;
use wasi_hw_harness::say;
use wasi_hw_harness::suite::Suite;

/// Conformance of hosts for WASI hardware interfaces: wasi:i2c, wasi:spi, wasi:gpio and wasi:usb.
///
/// Exit codes: 0, all is well; 1, what was checked is not; 2, wrong usage, or an error of the
/// suite or the harness.
#[derive(Parser)]
#[command(name = "wasi-hw", version)]
struct Tool {
    /// The suite's folder [default: the one that the tool was built with, or WASI_HW_ROOT]
    #[arg(long, value_name = "DIR", global = true)]
    root: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the cases
    List(list::Options),
    /// Run cases against a host
    Run(run::Options),
    /// Judge a report again, and name each verdict and claim that is written otherwise
    Judge(judge::Options),
    /// Install or build what a runtime needs
    Setup(setup::Options),
    /// Talk the adapter protocol through with a runtime, and say what to mend
    Doctor(doctor::Options),
    /// Say what a requirement or a case is about, and what proves it
    Explain(explain::Options),
    /// Say what the cases vary, function by function
    Coverage(coverage::Options),
    /// Build the guests into conformance/components
    BuildGuests(build_guests::Options),
    /// Run every seeded defect, and show which cases notice it
    Defects(defects::Options),
    /// Check or renew the parts of documents that are made from the suite
    Pages(pages::Options),
    /// Say where a proposal stands in the WASI phase process
    Phase(phase::Options),
    /// Check, document and publish the WIT packages
    #[command(subcommand)]
    Wit(wit::Command),
}

/// What a command's `main` needs: where the suite is, and where to write.
struct Context<'a> {
    root: PathBuf,
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

    /// The suite; its problems go to the error stream.
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
    if let Some(code) = child::if_asked_for() {
        return code;
    }
    let tool = Tool::parse();
    let context = Context { root: tool.root.unwrap_or_else(Suite::default_root), out };
    let result = match tool.command {
        Command::List(options) => list::main(context, &options),
        Command::Run(options) => run::main(context, &options),
        Command::Judge(options) => judge::main(context, &options),
        Command::Setup(options) => setup::main(context, &options),
        Command::Doctor(options) => doctor::main(context, &options),
        Command::Explain(options) => explain::main(context, &options),
        Command::Coverage(options) => coverage::main(context, &options),
        Command::BuildGuests(options) => build_guests::main(context, &options),
        Command::Defects(options) => defects::main(context, &options),
        Command::Pages(options) => pages::main(context, &options),
        Command::Phase(options) => phase::main(context, &options),
        Command::Wit(command) => wit::main(context, &command),
    };
    result.unwrap_or_else(|error| {
        // Whoever reads this through `head` has seen enough.
        let closed = error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe);
        if closed {
            return ExitCode::SUCCESS;
        }
        say::error(format_args!("{error:#}"));
        ExitCode::from(2)
    })
}
