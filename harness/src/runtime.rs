//! What it takes to be a runtime under test.

pub mod adapter;
pub mod engine;
mod named;
pub mod reference;
pub mod start;

pub use named::Runtimes;

use crate::suite::expect::Line;
use crate::suite::fixture::HostConfig;
use crate::suite::manifest::Component;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use wasi_hw_mock::Board;

/// A host implementation that can run guests over a mock board.
pub trait Runtime: Send + Sync {
    /// Who it is, and what it speaks.
    fn about(&self) -> About;

    /// Why it cannot run anything here, and the command that mends it. Its cases are then not run.
    fn missing(&self) -> Option<String> {
        None
    }

    /// Runs the guests of one case, each in an instance of its own, and says how each ended. Called
    /// from many threads at once.
    fn run(&self, job: &Job<'_>) -> Vec<Ending>;
}

/// Who a runtime is, and what it speaks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct About {
    /// The name, as after `--runtime=`.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// Where it lives, if anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// Where its faults are reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues: Option<String>,
    /// `own` if it does not go by the board's clock: two reports are then not the same bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// The packages that it implements, with the variant: one for each proposal at most.
    pub packages: Vec<String>,
    /// By proposal, the seam at which its mock devices stand: one of those in the head of the proposal's
    /// `requirements.toml`, where not `over-protocol`.
    pub seams: BTreeMap<String, String>,
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

/// What a runtime's process writes to its error stream while it runs a case.
#[derive(Clone, Default)]
pub struct Stderr(Arc<Mutex<String>>);

impl Stderr {
    /// Adds text.
    pub fn push(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
    }

    /// All of it, if there is any.
    pub fn text(&self) -> Option<String> {
        Some(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).filter(|text| !text.is_empty())
    }
}

/// Limits on each guest of a case.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Instructions, roughly.
    pub fuel: u64,
    /// Bytes of linear memory.
    pub memory: usize,
    /// What stands behind: seconds of real time until a case is given up.
    pub watchdog_s: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { fuel: 400_000_000, memory: 32 << 20, watchdog_s: 60 }
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
}

impl Ending {
    /// The end of a guest that waits for what can never be.
    pub(crate) fn deadlock() -> Ending {
        Ending::Timeout("everybody waits, and nothing can happen any more".to_owned())
    }
}

/// What a guest writes down, with board time. Clones write to the same transcript.
#[derive(Clone, Default)]
pub struct Transcript(Arc<Mutex<Vec<Line>>>);

/// The most lines of a transcript, and bytes of a line.
const MOST_LINES: usize = 4_000;
const MOST_LINE_BYTES: usize = 4_000;

impl Transcript {
    /// Adds a line. What would make it more than one line is escaped; what is too long is cut, and
    /// says so.
    pub fn push(&self, at: u64, text: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() > MOST_LINES {
            return;
        }
        let mut end = text.len().min(MOST_LINE_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut line: String = text[..end].chars().flat_map(escape).collect();
        if end < text.len() {
            line.push_str(&format!("… ({} bytes)", text.len()));
        }
        if lines.len() == MOST_LINES {
            line = format!("the transcript is full ({MOST_LINES} lines)");
        }
        lines.push(Line { at, text: line });
    }

    /// The lines until now.
    pub fn lines(&self) -> Vec<Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn escape(c: char) -> impl Iterator<Item = char> {
    let plain = (!c.is_control()).then_some(c);
    let escaped = c.is_control().then(|| c.escape_default());
    plain.into_iter().chain(escaped.into_iter().flatten())
}
