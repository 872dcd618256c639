//! How a runtime of this suite is started: `conformance/runtimes/<name>.toml`.
//!
//! ```toml
//! version = 1
//! homepage = "https://example.org/host"
//! tools = "Node.js 20 or newer"   # what has to be on the machine
//! setup = [["npm", "ci", "--prefix", "harness/adapters/example"]]  # `cargo hw setup NAME` runs these
//! needs = ["harness/adapters/example/node_modules"]                # what they leave behind
//! command = ["node", "harness/adapters/example/adapter.mjs"]       # starts its adapter
//! beside = [["node", "harness/adapters/example/usb.mjs"]]          # starts more, each for packages of its own
//! form = "core"                   # in which form it runs guests; absent: components
//! lacks = ["instances"]           # what it lacks, of proposals/capabilities.toml
//!
//! [[known]]                       # see [`crate::run::known`]
//! case = "usb/transfers/submit-in-flight"
//! verdict = "crash"
//! reason = "Transfer::submit panics on a buffer that is already lent out"
//! link = "https://example.org/issue/1"
//! ```
//!
//! What a setup would install and is missing is no error of the runtime: its cases are not run, and each says which
//! command helps. Under CI it is an error, because nobody would read that there.

use super::adapter::{Adapters, Command};
use super::together::Together;
use super::{About, Ending, Form, Job, Runtime};
use crate::say;
use crate::suite::capability::Bound;
use crate::suite::problem::{Problem, Source, Versioned};
use anyhow::{Context, anyhow, bail, ensure};
use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};

/// Where the files of runtimes lie.
pub const FOLDER: &str = "conformance/runtimes";

/// The runtime of whoever has a command line: what its file starts talks with the command behind `cli:`.
const CLI: &str = "cli";

/// The file of a runtime.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuntimeFile {
    /// The format's version: 1.
    pub version: u32,
    /// Where the host implementation lives.
    #[serde(default)]
    pub homepage: Option<String>,
    /// What has to be on the machine before `setup` can work, in words.
    #[serde(default)]
    pub tools: Option<String>,
    /// The commands that `cargo hw setup` runs: a program with its arguments each, in the suite's folder.
    #[serde(default)]
    pub setup: Vec<Vec<String>>,
    /// Files or folders that are there once it was set up, relative to the suite's folder.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The program, with its arguments, that speaks the adapter protocol; it runs in the suite's folder.
    /// Absent for a host in this process.
    #[serde(default)]
    pub command: Vec<String>,
    /// More such programs: each speaks for packages of its own.
    #[serde(default)]
    pub beside: Vec<Vec<String>>,
    /// In which form it runs guests; its adapter says the same.
    #[serde(default)]
    pub form: Form,
    /// What the host lacks, of `proposals/capabilities.toml`.
    #[serde(default)]
    pub lacks: Vec<Bound>,
    /// Cases that are known to fail: [`crate::run::known`] reads them.
    #[serde(default)]
    pub known: Vec<toml::Table>,
}

impl Versioned for RuntimeFile {
    fn version(&self) -> u32 {
        self.version
    }
}

/// Where the file of a runtime lies in a suite, if its name can be a file's.
pub(crate) fn file_of(name: &str) -> Option<PathBuf> {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    plain.then(|| Path::new(FOLDER).join(format!("{name}.toml")))
}

/// The text of a file of a runtime, if it is there.
pub(crate) fn source(root: &Path, file: Option<&Path>) -> Result<Option<Source>, Problem> {
    let Some(file) = file.filter(|file| root.join(file).exists()) else { return Ok(None) };
    Source::read(root, file).map(Some)
}

impl RuntimeFile {
    /// The file of a runtime, if it has one; what it says of cases is not looked at.
    pub fn find(root: &Path, name: &str) -> Result<Option<RuntimeFile>, Problem> {
        source(root, file_of(name).as_deref())?.map(|source| source.parse_versioned()).transpose()
    }

    /// What starts its adapters, in the suite's folder: one, or several.
    pub fn commands(&self, root: &Path) -> Vec<Command> {
        let all = [&self.command].into_iter().chain(&self.beside);
        all.map(|words| Command { words: words.clone(), folder: root.to_owned() }).collect()
    }

    /// The names of the runtimes that have a file with a command.
    pub fn names(root: &Path) -> Vec<String> {
        let files = std::fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
        let names =
            files.filter_map(|file| Some(Path::new(&file.file_name()).file_stem()?.to_str()?.to_owned()));
        let started = |name: &String| {
            name != CLI && matches!(RuntimeFile::find(root, name), Ok(Some(file)) if !file.command.is_empty())
        };
        let mut names: Vec<_> = names.filter(started).collect();
        names.sort();
        names
    }
}

/// Starts the runtime that a file describes.
pub(super) fn start(name: &str, file: &RuntimeFile, root: &Path) -> anyhow::Result<Box<dyn Runtime>> {
    if let Some(why) = not_set_up(name, file, root) {
        return missing(name, file, why);
    }
    let mut all = Vec::new();
    for command in file.commands(root) {
        let adapters = match Adapters::start(command) {
            Ok(adapters) => adapters,
            Err(error) if program_is_missing(&error) => return missing(name, file, no_program(name, file)),
            Err(error) => {
                return Err(error).with_context(|| format!("`cargo hw doctor --runtime {name}` says more"));
            }
        };
        let says = &adapters.started().name;
        ensure!(
            says == name,
            "the adapter of conformance/runtimes/{name}.toml says that it is `{says}`; rename one of them"
        );
        let (says, form) = (adapters.started().form, file.form);
        ensure!(
            says == form,
            "conformance/runtimes/{name}.toml has the form `{form}`, and its adapter says `{says}`; correct one of them"
        );
        all.push(adapters);
    }
    match all.len() {
        1 => Ok(Box::new(all.swap_remove(0))),
        _ => Ok(Box::new(Together::new(all)?)),
    }
}

/// What tests the command behind `cli:`, such as `my-runtime run --usb`: an adapter that runs the guests as commands of it.
pub fn cli(command: &str, root: &Path) -> anyhow::Result<Command> {
    let file = RuntimeFile::find(root, CLI).map_err(|problem| anyhow!("{problem}"))?;
    let file =
        file.context("what runs commands is in the suite's repository, and not inside this program")?;
    if let Some(why) = not_set_up(CLI, &file, root) {
        bail!("`cli:` cannot be tested here: {why}");
    }
    ensure!(
        !command.trim().is_empty(),
        "no command behind `cli:`; write 'cli:my-runtime run --usb', for example"
    );
    let command = Command::parse(command, root)?;
    Ok(Command { words: [file.command, command.words].concat(), ..command })
}

/// What is missing of what its setup leaves behind.
pub fn not_set_up(name: &str, file: &RuntimeFile, root: &Path) -> Option<String> {
    let missing = file.needs.iter().find(|path| !root.join(path).exists())?;
    Some(format!("{missing} is missing; run `cargo hw setup {name}`"))
}

/// Whether an adapter could not be started because there is no such program.
pub fn program_is_missing(error: &anyhow::Error) -> bool {
    let not_found = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(not_found))
}

/// What to do about a program that is not there.
pub fn no_program(name: &str, file: &RuntimeFile) -> String {
    let program = file.command.first().map_or("", String::as_str);
    let tools = file.tools.as_ref().map(|tools| format!("install {tools}, then ")).unwrap_or_default();
    format!("`{program}` cannot be found; {tools}run `cargo hw setup {name}`")
}

fn missing(name: &str, file: &RuntimeFile, why: String) -> anyhow::Result<Box<dyn Runtime>> {
    if std::env::var_os("CI").is_some_and(|ci| !ci.is_empty()) {
        bail!("{name} cannot run here: {why}");
    }
    say::note(format_args!("{name} cannot run here: {why}"));
    let about = About { name: name.to_owned(), form: file.form, ..About::default() };
    Ok(Box::new(Missing { about, why }))
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
