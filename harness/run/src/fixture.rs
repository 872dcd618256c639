//! A mock board of a fixture, with cues that happen by a script.

use anyhow::{anyhow, bail};
use std::path::Path;
use wasi_hw_harness::say;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::cues;
use wasi_hw_harness::suite::fixture::{Fixture, HostConfig};
use wasi_hw_harness::suite::problem::Source;
use wasi_hw_mock::Board;

/// The board of a fixture of the suite, by its name, or of a file; and what its embedder configures.
pub(crate) fn read(name: &Path, cues: Option<&Path>) -> anyhow::Result<(Board, HostConfig)> {
    let root = Suite::default_root();
    let named = Path::new("fixtures").join(name).with_extension("toml");
    let source = if name.extension().is_some_and(|extension| extension == "toml") {
        Source::read(Path::new(""), name)
    } else if root.join(&named).exists() {
        Source::read(&root, &named)
    } else {
        bail!("no fixture {} in the suite; one of your own is named by its path, FILE.toml", name.display());
    };
    let source = source.map_err(|problem| anyhow!("{problem}"))?;
    let mut fixture: Fixture = source.parse_versioned().map_err(|problem| anyhow!("{problem}"))?;
    if let Some(script) = cues {
        cues::schedule(&mut fixture.device, script).map_err(|problem| anyhow!("{problem}"))?;
    }
    let board = Board::new(&fixture.device).map_err(|why| anyhow!("{}", source.problem(None, why)))?;
    Ok((board, fixture.host))
}

/// Says on the error stream what the wires saw. What the component left open was closed with it.
pub(crate) fn conclude(board: &Board) {
    board.finish();
    let trace = board.trace();
    let width = trace.entries().iter().map(|entry| entry.channel.len()).max().unwrap_or(0);
    for entry in trace.entries() {
        say::plain(format_args!("{:>12} µs  {:width$}  {}", micros(entry.at), entry.channel, entry.text));
    }
}

fn micros(ns: u64) -> String {
    match ns % 1_000 {
        0 => (ns / 1_000).to_string(),
        rest => format!("{}.{rest:03}", ns / 1_000),
    }
}
