//! The runtimes that this suite knows by name.

use crate::engine::InProcess;
use crate::reference::Reference;
use crate::runtime::Runtime;
use anyhow::{anyhow, bail};

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
        let list =
            vec![reference(Reference::default), reference(Reference::kernel), reference(Reference::variants)];
        Runtimes { list }
    }

    /// The names, the one that runs unless another is named first.
    pub fn names(&self) -> Vec<&str> {
        self.list.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Starts a runtime; without a name, the first.
    pub fn start(mut self, name: Option<&str>) -> anyhow::Result<Box<dyn Runtime>> {
        let wanted = name.unwrap_or_else(|| &self.list[0].0).to_owned();
        match self.list.iter().position(|(name, _)| *name == wanted) {
            Some(at) => (self.list.swap_remove(at).1)(),
            None => bail!("no runtime `{wanted}`; known are: {}", self.names().join(", ")),
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
