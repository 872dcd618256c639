//! The runtimes that this suite knows by name.

use super::Runtime;
use super::start::{self, RuntimeFile};
use crate::runtime::adapter::{Adapters, Command, child};
use crate::runtime::engine::InProcess;
use crate::runtime::reference::Reference;
use anyhow::{anyhow, bail};
use std::path::Path;

/// Runtimes by name.
pub struct Runtimes {
    list: Vec<(String, Start)>,
}

type Start = Box<dyn FnOnce() -> anyhow::Result<Box<dyn Runtime>>>;

impl Runtimes {
    /// Those that come with the suite; the first is the one that runs unless another is named.
    pub fn known() -> Runtimes {
        let reference = |make: fn() -> Reference| -> (String, Start) {
            let start = move || {
                let host =
                    InProcess::new(make()).map_err(|error| anyhow!("wasmtime does not start: {error:#}"))?;
                Ok(Box::new(host) as Box<dyn Runtime>)
            };
            (make().about.name, Box::new(start))
        };
        let child: (String, Start) = ("wasmtime-child".to_owned(), Box::new(child::start));
        let [reference, kernel, variants] =
            [Reference::default, Reference::kernel, Reference::variants].map(reference);
        Runtimes { list: vec![reference, kernel, variants, child] }
    }

    /// The names, the one that runs unless another is named first.
    pub fn names(&self) -> Vec<&str> {
        self.list.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Starts a runtime; without a name, the first. Others than those of the list are found by their file in
    /// `conformance/runtimes/`, or are a command behind `cmd:`, which runs in the suite's folder.
    pub fn start(mut self, name: Option<&str>, root: &Path) -> anyhow::Result<Box<dyn Runtime>> {
        let wanted = name.unwrap_or_else(|| &self.list[0].0).to_owned();
        if let Some(command) = wanted.strip_prefix("cmd:") {
            return Ok(Box::new(Adapters::start(Command::parse(command, root)?)?));
        }
        if let Some(at) = self.list.iter().position(|(name, _)| *name == wanted) {
            return self.list.swap_remove(at).1();
        }
        match RuntimeFile::find(root, &wanted).map_err(|problem| anyhow!("{problem}"))? {
            Some(file) if !file.command.is_empty() => start::start(&wanted, &file, root),
            _ => {
                let mut known: Vec<_> = self.names().into_iter().map(str::to_owned).collect();
                known.extend(RuntimeFile::names(root));
                bail!("no runtime `{wanted}`; known are: {}, and 'cmd:COMMAND'", known.join(", "))
            }
        }
    }
}

impl<R: Runtime + 'static> From<R> for Runtimes {
    fn from(runtime: R) -> Runtimes {
        Runtimes {
            list: vec![(runtime.about().name, Box::new(|| Ok(Box::new(runtime) as Box<dyn Runtime>)))],
        }
    }
}
