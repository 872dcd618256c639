//! What the suite takes: in the tool's process, behind the protocol, on each runtime that is set up here; and what it
//! would take if every case had a process of its own.

use crate::process::{Program, Taken};
use anyhow::Context;
use serde::Serialize;
use std::fs;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::runtime::start::{RuntimeFile, not_set_up};
use wasi_hw_harness::suite::Suite;

/// A run, and what it took.
#[derive(Debug, Serialize)]
pub struct Run {
    /// Of what.
    pub what: String,
    /// How many cases it had; of a listing, how many it listed.
    pub cases: usize,
    /// What it took.
    pub taken: Taken,
    /// In how many seconds, or of processor time, it is to be done, if there is a goal.
    pub goal: Option<&'static str>,
}

/// A host of whose cases the twentieth part takes longer, in seconds, is not given the rest: it has a clock of its own.
const LONG_S: f64 = 3.0;

/// Measures the suite. `tell` is told what is measured.
pub fn measure(program: &Program, quick: bool, tell: &dyn Fn(&str)) -> anyhow::Result<Vec<Run>> {
    let suite = Suite::select(&program.root, Some("next"))?;
    let folder = tempfile::tempdir()?;
    let report = folder.path().join("run.jsonl").display().to_string();
    let times = if quick { 1 } else { 5 };
    let with = |more: &[&str]| -> Vec<String> {
        ["run", "--suite", "next", "--runtime"].iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    let mut runs = Vec::new();
    let mut add = |what: String, cases, taken, goal| runs.push(Run { what, cases, taken, goal });

    tell("listing");
    let taken = program.takes_least(times, &["list"], 0)?;
    add("list".to_owned(), suite.cases.len(), taken, Some("0.02 s"));

    tell("the suite on wasmtime");
    let taken = program.takes_least(times, &with(&["wasmtime", "--report", &report]), 0)?;
    add("wasmtime, in process".to_owned(), judged(&report)?, taken, Some("0.3 s, 0.5 s of CPU"));

    tell("the report's forms");
    let forms = ["html", "junit", "markdown"].map(|form| {
        let file = folder.path().join(form).display().to_string();
        [format!("--{form}"), file]
    });
    let mut drawing = vec!["report".to_owned(), report.clone()];
    drawing.extend(forms.into_iter().flatten());
    let drawn = program.takes_least(times, &drawing, 0)?;
    let all = Taken {
        seconds: taken.seconds + drawn.seconds,
        cpu_seconds: taken.cpu_seconds + drawn.cpu_seconds,
        peak_mib: taken.peak_mib.max(drawn.peak_mib),
    };
    add("wasmtime, and HTML, JUnit and Markdown of it".to_owned(), judged(&report)?, all, Some("1 s"));

    for runtime in set_up(program) {
        tell(&runtime);
        // A run on a host with known failures is as it must be, and so is one that has others: this is no judge.
        let part = program.takes(&with(&[&runtime, "--report", &report, "--shard", "1/20"]), 1);
        let Ok(part) = part else {
            tell(&format!("{runtime} does not run here; `cargo hw doctor --runtime {runtime}` says why"));
            continue;
        };
        let of_part = judged(&report)?;
        // One whose program is not there runs nothing.
        if of_part == 0 {
            continue;
        }
        if part.seconds > LONG_S || quick {
            add(format!("{runtime}, every twentieth case"), of_part, part, None);
        } else {
            let taken = program.takes_least(1, &with(&[&runtime, "--report", &report]), 1)?;
            add(runtime, judged(&report)?, taken, None);
        }
        if quick {
            break;
        }
    }

    tell("a process for each case");
    let sample: Vec<&str> =
        suite.cases.iter().step_by(suite.cases.len() / 12).map(|case| &*case.id).collect();
    let mut each = Vec::new();
    for id in sample.iter().take(if quick { 1 } else { sample.len() }) {
        each.push(program.takes(&with(&["wasmtime", "--exact", id]), 0)?);
    }
    let mean = |of: fn(&Taken) -> f64| each.iter().map(of).sum::<f64>() / each.len() as f64;
    let cases = suite.cases.len() as f64;
    let taken = Taken {
        seconds: mean(|taken| taken.seconds) * cases,
        cpu_seconds: mean(|taken| taken.cpu_seconds) * cases,
        peak_mib: each.iter().map(|taken| taken.peak_mib).fold(0.0, f64::max),
    };
    add(
        format!("wasmtime, a process for each case, one after the other (from {} cases)", each.len()),
        suite.cases.len(),
        taken,
        None,
    );
    Ok(runs)
}

/// The runtimes that are set up on this machine, but for the one in the tool's process.
fn set_up(program: &Program) -> Vec<String> {
    let known = Runtimes::known();
    let names = known.names().into_iter().filter(|name| *name != "wasmtime").map(str::to_owned);
    let others = RuntimeFile::names(&program.root).into_iter().filter(|name| {
        let file = RuntimeFile::find(&program.root, name);
        matches!(file, Ok(Some(file)) if not_set_up(name, &file, &program.root).is_none())
    });
    names.chain(others).collect()
}

/// How many cases of a report were run.
fn judged(report: &str) -> anyhow::Result<usize> {
    let text = fs::read_to_string(report).with_context(|| format!("{report} cannot be read"))?;
    let run =
        |line: &&str| line.starts_with("{\"kind\":\"record\"") && !line.contains("\"verdict\":\"not-run\"");
    Ok(text.lines().filter(run).count())
}
