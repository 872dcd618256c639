//! `cargo hw doctor`.

use super::Context;
use anyhow::{anyhow, bail};
use std::process::ExitCode;
use wasi_hw_harness::runtime::adapter::{Command, child, doctor};
use wasi_hw_harness::runtime::start::RuntimeFile;
use wasi_hw_harness::runtime::start::{no_program, not_set_up, program_is_missing};
use wasi_hw_harness::text;

/// Talks the adapter protocol through with a runtime, step by step, and says what to mend.
///
/// It is started, asked who it is, given a case of each proposal that it speaks, and stopped. Each message is
/// checked; for each proposal the imports of the guests are listed, with whether they link.
///
/// Exit codes: 0, the adapter speaks the protocol and links; 1, not so; 2, wrong usage.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The runtime: a name in conformance/runtimes, or 'cmd:COMMAND'
    #[arg(long, value_name = "NAME")]
    runtime: String,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let suite = context.suite();
    let name = &options.runtime;
    let file = RuntimeFile::find(&context.root, name).map_err(|problem| anyhow!("{problem}"))?;
    let command = match (name.strip_prefix("cmd:"), &file) {
        (Some(command), _) => Command::parse(command, &context.root)?,
        (None, Some(file)) if !file.command.is_empty() => {
            Command { words: file.command.clone(), folder: context.root.clone() }
        }
        _ if name == "wasmtime-child" => child::command()?,
        _ => bail!(
            "`{name}` is no runtime behind the adapter protocol: name a file of conformance/runtimes, or 'cmd:COMMAND'"
        ),
    };
    if let Some(why) = file.as_ref().and_then(|file| not_set_up(name, file, &context.root)) {
        writeln!(context.out, "MEND  {why}")?;
        return Ok(ExitCode::from(1));
    }
    writeln!(context.out, "      $ {}", command.words.join(" "))?;
    let mut well = true;
    // What an adapter says of itself and of its guests stands in all of them.
    let shown = |what: &str| text::block(what, text::MOST_MESSAGE).replace('\n', "\n      ");
    let mut say = |step: doctor::Step| -> anyhow::Result<()> {
        match step {
            doctor::Step::Well(what) => writeln!(context.out, "ok    {}", shown(&what))?,
            doctor::Step::Note(what) => writeln!(context.out, "      {}", shown(&what))?,
            doctor::Step::Mend(what) => {
                well = false;
                writeln!(context.out, "MEND  {}", shown(&what))?;
            }
        }
        Ok(())
    };
    match doctor::examine(&suite, command, &mut say) {
        Err(error) if program_is_missing(&error) && file.is_some() => {
            let file = file.unwrap_or_default();
            say(doctor::Step::Mend(no_program(name, &file)))?;
        }
        Err(error) => say(doctor::Step::Mend(format!("{error:#}")))?,
        Ok(()) => {}
    }
    Ok(ExitCode::from(if well { 0 } else { 1 }))
}
