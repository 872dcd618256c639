//! What is fed with anything at all, and has to stand it: no panic, no hang, no memory without end, and what each target
//! says of its own.
//!
//! `harness/fuzz/run` looks for new inputs. Those that were worth keeping lie in `corpus/`, one folder a target, and the tests
//! of the workspace feed them again, with the suite's own files and what a little damage makes of those.

mod calls;
mod cases;
mod choices;
mod descriptors;
mod fixtures;
mod manifests;
mod protocol;
mod requirements;

use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::problem::Source;

/// Something to be fed.
pub struct Target {
    /// Its name, and that of its folder in `corpus/`.
    pub name: &'static str,
    /// Feeds it. What is wrong is a panic.
    pub feed: fn(&[u8]),
    /// Where in the suite inputs lie, from its root.
    pub seeds: &'static [&'static str],
}

/// All targets.
pub const TARGETS: [Target; 7] = [
    Target { name: "fixtures", feed: fixtures::feed, seeds: &["fixtures"] },
    Target { name: "cases", feed: cases::feed, seeds: &["conformance/cases"] },
    Target { name: "requirements", feed: requirements::feed, seeds: &["proposals"] },
    Target {
        name: "manifests",
        feed: manifests::feed,
        seeds: &["conformance/components", "conformance/runtimes", "conformance/releases"],
    },
    Target { name: "protocol", feed: protocol::feed, seeds: &["harness/protocol/golden"] },
    Target { name: "descriptors", feed: descriptors::feed, seeds: &[] },
    Target { name: "calls", feed: calls::feed, seeds: &[] },
];

impl Target {
    /// The folders with inputs that are there: what was kept, then what the suite has.
    pub fn folders(&self) -> Vec<PathBuf> {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(self.name);
        let root = Suite::default_root();
        let seeds = self.seeds.iter().map(|seed| root.join(seed));
        [kept].into_iter().chain(seeds).filter(|folder| folder.is_dir()).collect()
    }
}

/// An input as a file of the suite, if it is text, as every file of the suite has to be.
fn source(input: &[u8]) -> Option<Source> {
    let text = std::str::from_utf8(input).ok()?.to_owned();
    Some(Source { file: "input.toml".into(), text })
}
