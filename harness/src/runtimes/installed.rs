//! Runtimes that have to be installed first. What is missing is no error of theirs: their cases are not run,
//! and each says which command mends it. Under CI it is an error, because nobody would read that there.

use crate::known::RuntimeFile;
use crate::protocol::{Adapters, Command};
use crate::runtime::{About, Ending, Job, Runtime};
use anyhow::{Context, bail, ensure};
use std::io;
use std::path::Path;

/// Starts the runtime that a file describes.
pub(super) fn start(name: &str, file: &RuntimeFile, root: &Path) -> anyhow::Result<Box<dyn Runtime>> {
    if let Some(why) = not_set_up(name, file, root) {
        return missing(name, why);
    }
    let command = Command { words: file.command.clone(), folder: root.to_owned() };
    let adapters = match Adapters::start(command) {
        Ok(adapters) => adapters,
        Err(error) if program_is_missing(&error) => return missing(name, no_program(name, file)),
        Err(error) => {
            return Err(error).with_context(|| format!("`cargo hw doctor --runtime {name}` says more"));
        }
    };
    let says = &adapters.started().name;
    ensure!(
        says == name,
        "the adapter of conformance/runtimes/{name}.toml says that it is `{says}`; rename one of them"
    );
    Ok(Box::new(adapters))
}

/// What is missing of what its setup leaves behind.
pub(crate) fn not_set_up(name: &str, file: &RuntimeFile, root: &Path) -> Option<String> {
    let missing = file.needs.iter().find(|path| !root.join(path).exists())?;
    Some(format!("{missing} is missing; run `cargo hw setup {name}`"))
}

/// Whether an adapter could not be started because there is no such program.
pub(crate) fn program_is_missing(error: &anyhow::Error) -> bool {
    let not_found = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(not_found))
}

/// What to do about a program that is not there.
pub(crate) fn no_program(name: &str, file: &RuntimeFile) -> String {
    let program = file.command.first().map_or("", String::as_str);
    let tools = file.tools.as_ref().map(|tools| format!("install {tools}, then ")).unwrap_or_default();
    format!("`{program}` cannot be found; {tools}run `cargo hw setup {name}`")
}

fn missing(name: &str, why: String) -> anyhow::Result<Box<dyn Runtime>> {
    if std::env::var_os("CI").is_some_and(|ci| !ci.is_empty()) {
        bail!("{name} cannot run here: {why}");
    }
    eprintln!("note: {name} cannot run here: {why}");
    Ok(Box::new(Missing { about: About { name: name.to_owned(), ..About::default() }, why }))
}

/// A runtime that is not installed.
struct Missing {
    about: About,
    why: String,
}

impl Runtime for Missing {
    fn about(&self) -> About {
        self.about.clone()
    }

    fn missing(&self) -> Option<String> {
        Some(self.why.clone())
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        vec![Ending::NotRun(self.why.clone()); job.guests.len()]
    }
}
