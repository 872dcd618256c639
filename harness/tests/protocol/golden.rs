//! Whole conversations, in `harness/protocol/golden/`: what the harness says to an adapter that says its part.
//!
//! `> ` is the harness, `< ` the adapter; `# fixture:` names the board. In the harness's lines `*` stands for what
//! differs between machines and builds; in the adapter's lines `SHA256` for the hash that `load` names.

#![expect(clippy::print_stderr, reason = "an adapter's error stream, which the harness escapes")]

use super::{GOLDEN, ensure, started};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;
use wasi_hw_harness::runtime::adapter::Adapters;
use wasi_hw_harness::runtime::{Ending, Job, Limits, Runtime, Stderr, Transcript};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::fixture::{Fixture, HostConfig};
use wasi_hw_mock::Board;
use wasi_hw_protocol::{Form, FromAdapter, Run, ToAdapter};

fn folder() -> std::path::PathBuf {
    Suite::default_root().join("harness/protocol/golden")
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut names: Vec<_> = std::fs::read_dir(folder())
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let trial =
        |name: String| Trial::test(format!("golden::{name}"), move || conversation(&folder().join(&name)));
    names.into_iter().map(trial).collect()
}

/// Says the adapter's lines of a conversation, and sees that the harness says its own.
pub(crate) fn adapter(file: &Path) -> ExitCode {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut heard = stdin().lock().lines();
    let mut sha256 = String::new();
    for line in text.lines() {
        if let Some(say) = line.strip_prefix("< ") {
            let _ = writeln!(stdout(), "{}", say.replace("SHA256", &sha256));
        } else if let Some(expected) = line.strip_prefix("> ") {
            let said = heard.next().and_then(Result::ok).unwrap_or_default();
            let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
            if !same(&parse(expected), &parse(&said)) {
                eprintln!("the harness was to say {expected}\n               and said {said}");
                return ExitCode::FAILURE;
            }
            if let Some(hash) = parse(&said)["load"]["component"]["sha256"].as_str() {
                sha256 = hash.to_owned();
            }
        }
    }
    ExitCode::SUCCESS
}

fn same(expected: &Value, said: &Value) -> bool {
    match (expected, said) {
        (Value::String(any), _) if any == "*" => true,
        (Value::Object(expected), Value::Object(said)) => {
            expected.len() == said.len()
                && expected.iter().all(|(key, value)| said.get(key).is_some_and(|said| same(value, said)))
        }
        (Value::Array(expected), Value::Array(said)) => {
            expected.len() == said.len() && expected.iter().zip(said).all(|(a, b)| same(a, b))
        }
        (expected, said) => expected == said,
    }
}

fn conversation(file: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let mut runs = Vec::new();
    for (line, n) in text.lines().zip(1..) {
        let at = |error: serde_json::Error| Failed::from(format!("line {n}: {error}"));
        if let Some(said) = line.strip_prefix("< ") {
            let value: Value = serde_json::from_str(said).map_err(at)?;
            let message: FromAdapter = serde_json::from_str(said).map_err(at)?;
            let again = serde_json::to_value(&message).map_err(at)?;
            ensure(again == value, || format!("line {n} is written otherwise by us: {again}"))?;
        } else if let Some(said) = line.strip_prefix("> ") {
            let message: ToAdapter<HostConfig, Value> = serde_json::from_str(said).map_err(at)?;
            if let ToAdapter::Run(run) = message {
                runs.push(run);
            }
        }
    }
    let fixture = text.lines().find_map(|line| line.strip_prefix("# fixture: "));
    let fixture = fixture.ok_or("no line `# fixture: …`")?;
    let fixture: Fixture =
        toml::from_str(&std::fs::read_to_string(Suite::default_root().join("fixtures").join(fixture))?)?;
    let path = file.display().to_string();
    let adapters = Adapters::start(started(&[GOLDEN, &path])).map_err(|error| format!("{error:#}"))?;
    for run in &runs {
        let (endings, stderr) = play(&adapters, &fixture, run)?;
        let harness_lied =
            stderr.text().is_some() || endings.iter().any(|ending| matches!(ending, Ending::Crash(_)));
        ensure(!harness_lied, || format!("{endings:?}\n{}", stderr.text().unwrap_or_default()))?;
    }
    ensure(!runs.is_empty(), || "it has no `run`".to_owned())
}

fn play(
    adapters: &Adapters,
    fixture: &Fixture,
    run: &Run<HostConfig>,
) -> Result<(Vec<Ending>, Stderr), Failed> {
    let suite = Suite::discover(&Suite::default_root());
    let component = suite
        .components
        .iter()
        .find(|component| component.tests_package(&run.component.package, Form::Component));
    let component = component.ok_or("no component of this package")?;
    let board = Board::new(&fixture.device)?;
    let stderr = Stderr::default();
    let job = Job {
        case: "golden",
        component,
        bytes: &[],
        path: Path::new("component.wasm"),
        guests: run.tests.iter().map(|test| (test.as_str(), Transcript::default())).collect(),
        host: &fixture.host,
        board: &board,
        limits: Limits::default(),
        stderr: &stderr,
    };
    Ok((adapters.run(&job), stderr.clone()))
}
