//! `cargo hw doctor`.

use super::Context;
use anyhow::{anyhow, bail};
use std::process::ExitCode;
use wasi_hw_harness::runtime::adapter::{Command, child, doctor};
use wasi_hw_harness::runtime::start::{self, RuntimeFile};
use wasi_hw_harness::runtime::start::{no_program, not_set_up, program_is_missing};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::text;

/// Check a runtime's adapter step by step, and say what to fix
///
/// The doctor starts the adapter, asks who it is, gives it one case of each package that it speaks, and stops
/// it. It checks each message, and lists what the guests import and whether that links.
///
/// Each line begins with `ok`, with `FIX` where something is wrong, or with neither.
///
/// Exit codes: 0, nothing is to be fixed; 1, something is; 2, wrong usage.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The runtime: a name in conformance/runtimes, or 'cmd:COMMAND', which runs in the suite's folder
    #[arg(long, value_name = "NAME")]
    runtime: String,
}

pub(super) fn main(mut context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let suite = context.suite();
    let name = &options.runtime;
    let file = RuntimeFile::find(&context.root, name).map_err(|problem| anyhow!("{problem}"))?;
    let commands = match (name.strip_prefix("cmd:"), &file) {
        (Some(command), _) => vec![Command::parse(command, context.place.folder())?],
        _ if name.starts_with("cli:") => vec![start::cli(&name[4..], context.place.folder())?],
        (None, Some(file)) if !file.command.is_empty() => file.commands(context.place.folder()),
        _ if name == "wasmtime-child" => vec![child::command(name)?],
        _ => bail!(
            "`{name}` is no runtime behind the adapter protocol: name a file of conformance/runtimes, or say 'cmd:COMMAND' or 'cli:COMMAND'"
        ),
    };
    if let Some(why) = file.as_ref().and_then(|file| not_set_up(name, file, &context.root)) {
        writeln!(context.out, "FIX   {why}")?;
        return Ok(ExitCode::from(1));
    }
    let mut well = true;
    for command in commands {
        well &= examined(&mut context, &suite, name, &file, command)?;
    }
    Ok(ExitCode::from(if well { 0 } else { 1 }))
}

/// Looks at one adapter of a runtime. Gives whether nothing is to be fixed.
fn examined(
    context: &mut Context<'_>,
    suite: &Suite,
    name: &str,
    file: &Option<RuntimeFile>,
    command: Command,
) -> anyhow::Result<bool> {
    writeln!(context.out, "      $ {}", command.words.join(" "))?;
    let mut well = true;
    // What an adapter says of itself and of its guests stands in all of them.
    let shown = |what: &str| text::block(what, text::MOST_MESSAGE).replace('\n', "\n      ");
    let mut say = |step: doctor::Step| -> anyhow::Result<()> {
        match step {
            doctor::Step::Well(what) => writeln!(context.out, "ok    {}", shown(&what))?,
            doctor::Step::Note(what) => writeln!(context.out, "      {}", shown(&what))?,
            doctor::Step::Fix(what) => {
                well = false;
                writeln!(context.out, "FIX   {}", shown(&what))?;
            }
        }
        Ok(())
    };
    match (doctor::examine(suite, command, &mut say), file) {
        (Err(error), Some(file)) if program_is_missing(&error) => {
            say(doctor::Step::Fix(no_program(name, file)))?;
        }
        (Err(error), _) => say(doctor::Step::Fix(format!("{error:#}")))?,
        (Ok(()), _) => {}
    }
    Ok(well)
}
