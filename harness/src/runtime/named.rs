//! The runtimes that a program knows by name, and in which process each runs.

use super::cautious::Cautious;
use super::start::{self, RuntimeFile};
use super::{About, Clock, Runtime};
use crate::runtime::adapter::{Adapters, Command, child};
use crate::runtime::engine::{Embedding, InProcess};
use crate::runtime::reference::Reference;
use crate::say;
use anyhow::{Context, anyhow, bail};
use std::path::Path;
use std::process::ExitCode;

/// Runtimes by name.
#[derive(Default)]
pub struct Runtimes {
    list: Vec<Known>,
    ours: bool,
}

struct Known {
    name: String,
    home: Home,
    ours: bool,
    start: Start,
}

type Start = Box<dyn FnOnce() -> anyhow::Result<Box<dyn Runtime>>>;

/// Where a runtime lives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    /// In this process: it speaks no protocol.
    Here,
    /// In this process, unless asked otherwise.
    RatherHere,
    /// In processes of its own, unless asked otherwise.
    RatherApart,
    /// In processes of its own: that is what it is for.
    Apart,
}

/// Whether the host under test runs in processes of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Isolate {
    /// The suite's own hosts run in this process until one dies there, all others in processes of their own
    #[default]
    Auto,
    /// In processes of its own: one that aborts, hangs or takes all memory costs one case
    Always,
    /// In this process, which a debugger likes better
    Never,
}

impl Runtimes {
    /// Those that come with the suite; the first is the one that runs unless another is named.
    pub fn known() -> Runtimes {
        let reference = |home: Home, make: fn() -> Reference| Known {
            name: make().about.name,
            home,
            ours: true,
            start: Box::new(move || {
                let host =
                    InProcess::new(make()).map_err(|error| anyhow!("wasmtime does not start: {error:#}"))?;
                Ok(Box::new(host) as Box<dyn Runtime>)
            }),
        };
        Runtimes {
            ours: true,
            list: vec![
                reference(Home::RatherHere, Reference::default),
                reference(Home::RatherHere, Reference::kernel),
                reference(Home::RatherHere, Reference::variants),
                reference(Home::Apart, Reference::child),
            ],
        }
    }

    /// The same and one more, found by the name that it gives itself.
    pub fn and<E: Embedding>(mut self, host: InProcess<E>) -> Runtimes {
        self.list.extend(Runtimes::from(host).list);
        self
    }

    /// Whether the one of a name comes with the suite, whose files are in it; without a name, the first. So does one that is
    /// none of these, where these come with the suite.
    pub(crate) fn are_the_suite_s(&self, name: Option<&str>) -> bool {
        let known = match name {
            Some(name) => self.list.iter().find(|known| known.name == name),
            None => self.list.first(),
        };
        known.map_or(self.ours, |known| known.ours)
    }

    /// The names, the one that runs unless another is named first.
    pub fn names(&self) -> Vec<&str> {
        self.list.iter().map(|known| known.name.as_str()).collect()
    }

    /// If this process was started to be the adapter of one of these: is it, until the harness has no more to say. Called
    /// before anything else reads the arguments.
    pub fn serve_if_asked(self) -> Result<Runtimes, ExitCode> {
        let Some(name) = child::asked() else { return Ok(self) };
        Err(match self.serve(&name) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                say::error(format_args!("{why:#}"));
                ExitCode::from(2)
            }
        })
    }

    fn serve(self, name: &str) -> anyhow::Result<()> {
        let known = self.list.into_iter().find(|known| known.name == name);
        let runtime = (known.with_context(|| format!("no runtime `{name}` is in this executable"))?.start)()?;
        runtime.serve().with_context(|| format!("`{name}` cannot run in a process of its own"))?
    }

    /// Starts a runtime; without a name, the first. Others than those of the list are found by their file in
    /// `conformance/runtimes/`, or are a command behind `cmd:`, which runs in the suite's folder, or one that
    /// runs components, behind `cli:`.
    pub fn start(self, name: Option<&str>, root: &Path) -> anyhow::Result<Box<dyn Runtime>> {
        self.start_in(name, root, Isolate::Auto)
    }

    /// The same, in this process or in others.
    pub fn start_in(
        mut self,
        name: Option<&str>,
        root: &Path,
        isolate: Isolate,
    ) -> anyhow::Result<Box<dyn Runtime>> {
        let first = self.list.first().context("there is no runtime to start")?;
        let wanted = name.unwrap_or(&first.name).to_owned();
        if let Some(command) = wanted.strip_prefix("cmd:") {
            return Ok(Box::new(Adapters::start(Command::parse(command, root)?)?));
        }
        if let Some(command) = wanted.strip_prefix("cli:") {
            return Ok(Box::new(Adapters::start(start::cli(command, root)?)?));
        }
        if let Some(at) = self.list.iter().position(|known| known.name == wanted) {
            let known = self.list.swap_remove(at);
            let apart = match (known.home, isolate) {
                (Home::Here, Isolate::Always) => {
                    bail!("`{wanted}` is no embedding of wasmtime, and cannot run in a process of its own")
                }
                (Home::Here, _) => false,
                (Home::Apart, Isolate::Never) => bail!(
                    "`{wanted}` runs in processes of its own only: that is what it is for, or it has a clock of its own"
                ),
                (Home::Apart, _) | (_, Isolate::Always) | (Home::RatherApart, Isolate::Auto) => true,
                (Home::RatherHere, Isolate::Auto) | (_, Isolate::Never) => false,
            };
            let started_apart = {
                let wanted = wanted.clone();
                move || Ok(Box::new(Adapters::start(child::command(&wanted)?)?) as Box<dyn Runtime>)
            };
            return match (apart, known.home, isolate) {
                (true, ..) => started_apart(),
                (false, Home::RatherHere, Isolate::Auto) => {
                    Ok(Box::new(Cautious::new((known.start)()?, Box::new(started_apart))))
                }
                (false, ..) => (known.start)(),
            };
        }
        match RuntimeFile::find(root, &wanted).map_err(|problem| anyhow!("{problem}"))? {
            Some(file) if !file.command.is_empty() => start::start(&wanted, &file, root),
            _ => {
                let mut known: Vec<_> = self.names().into_iter().map(str::to_owned).collect();
                known.extend(RuntimeFile::names(root));
                bail!(
                    "no runtime `{wanted}`; known are: {}, 'cmd:COMMAND' and 'cli:COMMAND'",
                    known.join(", ")
                )
            }
        }
    }
}

impl<E: Embedding> From<InProcess<E>> for Runtimes {
    fn from(host: InProcess<E>) -> Runtimes {
        let About { name, clock, .. } = host.about();
        // The board's clock follows the real one for hosts in other processes only.
        let home = if clock == Clock::Own { Home::Apart } else { Home::RatherApart };
        Runtimes {
            list: vec![Known { name, home, ours: false, start: Box::new(|| Ok(Box::new(host))) }],
            ours: false,
        }
    }
}

/// A runtime of any other kind, which runs in this process.
impl From<Box<dyn Runtime>> for Runtimes {
    fn from(runtime: Box<dyn Runtime>) -> Runtimes {
        let name = runtime.about().name;
        Runtimes {
            list: vec![Known { name, home: Home::Here, ours: false, start: Box::new(|| Ok(runtime)) }],
            ours: false,
        }
    }
}
