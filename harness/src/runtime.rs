//! What it takes to be a runtime under test.

mod about;
pub mod adapter;
mod cautious;
pub mod engine;
pub(crate) mod limit;
pub mod meter;
mod named;
pub mod reference;
pub mod start;
mod together;
mod transcript;

pub use about::{About, Apart};
pub use named::{Isolate, Runtimes};
pub use transcript::{Stderr, Transcript};
pub use wasi_hw_protocol::{Clock, Form};

use crate::suite::fixture::HostConfig;
use crate::suite::manifest::Component;
use crate::text::{self, Kept, MOST_WHY};
use serde::{Deserialize, Serialize};
use std::path::Path;
use wasi_hw_mock::Board;

/// A host implementation that can run guests over a mock board.
pub trait Runtime: Send + Sync {
    /// Who it is, and what it speaks.
    fn about(&self) -> About;

    /// Why it cannot run anything here, and the command that sets it up. Its cases are then not run.
    fn missing(&self) -> Option<String> {
        None
    }

    /// Speaks the adapter protocol over the standard streams, until there is no more to say; `None` if it cannot. So the
    /// host runs in a process of its own, which is this executable, started again.
    fn serve(&self) -> Option<anyhow::Result<()>> {
        None
    }

    /// Makes ready what takes long and is done once for a component: compiles it, links it. Called when a run begins, and
    /// before the time of each case, from many threads at once; where it has nothing to do any more it returns at once.
    /// What went wrong is the ending of the case, when that is run.
    fn load(&self, component: &Component, bytes: &[u8]) {
        let _ = (component, bytes);
    }

    /// Whether it ends by itself what takes longer than its limit, as a runtime in other processes can.
    fn keeps_limits(&self) -> bool {
        false
    }

    /// A case was given up while [`Runtime::run`] had not returned: its thread goes on, with all that it holds.
    fn abandoned(&self) {}

    /// Runs the guests of one case, each in an instance of its own, and says how each ended. Called
    /// from many threads at once.
    fn run(&self, job: &Job<'_>) -> Vec<Ending>;
}

/// One case, for a runtime.
pub struct Job<'a> {
    /// The case's id, for messages.
    pub case: &'a str,
    /// Which component, by the manifest.
    pub component: &'a Component,
    /// The component.
    pub bytes: &'a [u8],
    /// Where it lies.
    pub path: &'a Path,
    /// The guests: one test each, with its transcript.
    pub guests: Vec<(&'a str, Transcript)>,
    /// What an embedder would configure.
    pub host: &'a HostConfig,
    /// The mock board: the seams, and the guests' imports `cue` and `wait`.
    pub board: &'a Board,
    /// Limits on each guest.
    pub limits: Limits,
    /// Takes what the runtime writes to its error stream meanwhile, if it has one.
    pub stderr: &'a Stderr,
}

/// Limits on each guest of a case.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Instructions, roughly.
    pub fuel: u64,
    /// Bytes of linear memory.
    pub memory: usize,
    /// What stands behind: seconds until a case is given up. They count while the host uses a processor, or waits for
    /// nobody but itself; not while the machine does not let it run.
    pub watchdog_s: u64,
    /// The same for making a component ready, before the time of its first case begins.
    pub load_s: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { fuel: 400_000_000, memory: 32 << 20, watchdog_s: 60, load_s: 600 }
    }
}

/// How a guest ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", content = "why", rename_all = "kebab-case")]
pub enum Ending {
    /// It returned.
    Returned,
    /// It trapped; the text is the engine's.
    Trap(String),
    /// It could not be instantiated on this host: the item, and what differs.
    LinkFailure(String),
    /// The host panicked, or its process died.
    Crash(String),
    /// It would never end: everybody waits, or the fuel or the watchdog ran out.
    Timeout(String),
    /// The harness or its component is at fault, never the runtime.
    HarnessError(String),
    /// It was not run, and why.
    NotRun(String),
    /// It was given up because the machine did not let it run: nothing is known of the host.
    Starved(String),
}

impl Ending {
    /// The end of a guest that waits for what can never be.
    pub(crate) fn deadlock() -> Ending {
        Ending::Timeout("everybody waits, and nothing can happen any more".to_owned())
    }

    /// The end of a guest that has consumed its limit of so many seconds.
    pub(crate) fn spent(seconds: u64) -> Ending {
        Ending::Timeout(limit::spent(seconds))
    }

    /// The end of a guest that was given up before it could.
    pub(crate) fn starved(seconds: u64) -> Ending {
        Ending::Starved(limit::starved(seconds))
    }

    /// Whether a guest was ended because it took too long, by whatever was measured.
    pub(crate) fn is_over_its_limit(&self) -> bool {
        match self {
            Ending::Starved(_) => true,
            Ending::Timeout(why) => why.contains(limit::SPENT),
            _ => false,
        }
    }

    /// The same, safe to show and to keep, and how many bytes of its reason were left out. The reason is the text of
    /// an engine, of a host that panicked, or of an adapter.
    pub(crate) fn plain(mut self) -> (Ending, usize) {
        let mut lost = 0;
        if let Some(why) = self.why_mut() {
            let kept: Kept = text::head(why, MOST_WHY, true);
            (*why, lost) = (kept.text, kept.lost);
        }
        (self, lost)
    }

    pub(crate) fn why_mut(&mut self) -> Option<&mut String> {
        match self {
            Ending::Returned => None,
            Ending::Trap(why)
            | Ending::LinkFailure(why)
            | Ending::Crash(why)
            | Ending::Timeout(why)
            | Ending::HarnessError(why)
            | Ending::NotRun(why)
            | Ending::Starved(why) => Some(why),
        }
    }
}
