//! A mock board of a fixture, with cues that happen by a script.

use anyhow::{anyhow, bail};
use std::path::Path;
use wasi_hw_harness::say;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::fixture::{Fixture, HostConfig};
use wasi_hw_harness::suite::problem::Source;
use wasi_hw_mock::{Board, BoardConfig, ScheduledAction};

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
    if let Some(cues) = cues {
        let script = Source::read(Path::new(""), cues).map_err(|problem| anyhow!("{problem}"))?;
        schedule(&mut fixture.device, &script)?;
    }
    let board = Board::new(&fixture.device).map_err(|why| anyhow!("{}", source.problem(None, why)))?;
    Ok((board, fixture.host))
}

/// Makes events of cues: each line of the script takes the next cue of its name.
fn schedule(device: &mut BoardConfig, script: &Source) -> anyhow::Result<()> {
    let mut start = 0;
    for line in script.text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let wrong = |why: String| anyhow!("{}", script.problem(Some(at), why));
        let said = line.split('#').next().unwrap_or_default();
        let words: Vec<_> = said.split_whitespace().collect();
        let (time, unit, name) = match words[..] {
            [] => continue,
            [time, unit, name] => (time, unit, name),
            _ => {
                return Err(wrong(
                    "is not like `20 ms press`: a time in ns, us, ms or s, and a cue".to_owned(),
                ));
            }
        };
        let scale = match unit {
            "ns" => 1,
            "us" | "µs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            other => return Err(wrong(format!("`{other}` is no unit; ns, us, ms and s are"))),
        };
        let time = time.parse::<u64>().ok().and_then(|time| time.checked_mul(scale));
        let at_ns =
            time.ok_or_else(|| wrong("the time is no whole number, or beyond 584 years".to_owned()))?;
        let Some(next) = device.cue.iter().position(|cue| cue.name == name) else {
            let left: Vec<_> = device.cue.iter().map(|cue| cue.name.as_str()).collect();
            return Err(wrong(format!("no cue `{name}` is left; left are: [{}]", left.join(", "))));
        };
        let action = device.cue.remove(next).action;
        device.event.push(ScheduledAction { at_ns, action });
    }
    Ok(())
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
