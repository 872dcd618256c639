//! What the process of a host takes of a machine's memory, on each engine that is set up: when it is ready, and what comes
//! to that at the peak of one case of each world.

use crate::process::Program;
use anyhow::Context;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use wasi_hw_harness::runtime::adapter::{Adapters, Command};
use wasi_hw_harness::runtime::start::{RuntimeFile, not_set_up};
use wasi_hw_harness::runtime::{Clock, Job, Limits, Runtime, Stderr, Transcript};
use wasi_hw_harness::suite::Suite;
use wasi_hw_mock::Board;

/// The memory of a host's process.
#[derive(Debug, Serialize)]
pub struct Memory {
    /// Which runtime.
    pub runtime: String,
    /// MiB at the peak, before any guest.
    pub ready_mib: f64,
    /// How many MiB more at the peak of one case, by proposal.
    pub more_mib: BTreeMap<String, f64>,
}

/// Measures every runtime that is set up here as a process and keeps to the board's clock. One that does not start is left
/// out; that is what `cargo hw doctor` tells.
pub fn measure(program: &Program, quick: bool, tell: &dyn Fn(&str)) -> anyhow::Result<Vec<Memory>> {
    let suite = Suite::discover(&program.root);
    let mut all = Vec::new();
    for runtime in RuntimeFile::names(&program.root) {
        let Ok(Some(file)) = RuntimeFile::find(&program.root, &runtime) else { continue };
        if file.command.is_empty() || not_set_up(&runtime, &file, &program.root).is_some() {
            continue;
        }
        tell(&format!("memory of {runtime}"));
        let command = Command { words: file.command, folder: program.root.clone() };
        let Ok(adapters) = Adapters::start(command.clone()) else { continue };
        if adapters.about().clock != Clock::Board {
            continue;
        }
        let ready_mib = peak_mib();
        drop(adapters);
        let mut more_mib = BTreeMap::new();
        for proposal in suite.proposals.iter().map(|proposal| &proposal.name) {
            let adapters = Adapters::start(command.clone())?;
            if one_case(&suite, &adapters, proposal)? {
                more_mib.insert(proposal.clone(), peak_mib() - ready_mib);
            }
        }
        all.push(Memory { runtime, ready_mib, more_mib });
        if quick {
            break;
        }
    }
    Ok(all)
}

/// Runs the first case of a proposal, if the host has it.
fn one_case(suite: &Suite, adapters: &Adapters, proposal: &str) -> anyhow::Result<bool> {
    let about = adapters.about();
    let mut components = suite.components.iter().filter(|c| c.proposal.as_deref() == Some(proposal));
    let component = components
        .find(|component| about.packages.iter().any(|package| component.tests_package(package, about.form)));
    let case = suite.cases.iter().find(|case| case.proposal == proposal && case.instances.len() == 1);
    let (Some(component), Some(case)) = (component, case) else { return Ok(false) };
    let board = Board::new(&case.board.device).map_err(anyhow::Error::msg)?;
    let bytes = suite.read_component(component).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    adapters.run(&Job {
        case: &case.id,
        component,
        bytes: &bytes,
        path: &suite.root.join(&component.folder).join(&component.file),
        guests: vec![(&case.instances[0].test, Transcript::default())],
        host: &case.board.host,
        board: &board,
        limits: Limits::default(),
        stderr: &Stderr::default(),
    });
    Ok(true)
}

/// The most memory that the processes which this one has started, and those that they have, ever had, added up.
fn peak_mib() -> f64 {
    children(Path::new("/proc/self")).map_or(f64::NAN, |kib| kib / 1024.0)
}

fn children(process: &Path) -> anyhow::Result<f64> {
    let mut kib = 0.0;
    for thread in fs::read_dir(process.join("task")).context("no task")? {
        let of_thread = fs::read_to_string(thread?.path().join("children")).unwrap_or_default();
        for pid in of_thread.split_whitespace() {
            let child = Path::new("/proc").join(pid);
            let status = fs::read_to_string(child.join("status")).unwrap_or_default();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<f64>().ok());
            kib += peak.unwrap_or_default() + children(&child).unwrap_or_default();
        }
    }
    Ok(kib)
}
