//! What a process takes: real time, processor time of it and of those that it started, and memory at its peak.
//!
//! The peak of a child is known only as the greatest of all children that a process has waited for. So each is started
//! by a process of its own, the probe, which has no other.

use anyhow::{Context, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a process took.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Taken {
    /// Real time in seconds.
    pub seconds: f64,
    /// Processor time in seconds, with that of its children.
    pub cpu_seconds: f64,
    /// The most memory that it had, or one of its children, in MiB.
    pub peak_mib: f64,
}

/// This executable, which is started again to be measured.
#[derive(Clone, Debug)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// The suite's folder.
    pub root: PathBuf,
}

impl Program {
    /// Measures the tool with these arguments. What it prints is dropped. `status` is the greatest exit code that is
    /// as it must be.
    pub fn takes<S: AsRef<str>>(&self, arguments: &[S], status: i32) -> anyhow::Result<Taken> {
        let words: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
        let mut probe = self.again();
        probe.args(["bench", "--probe", &status.to_string(), "--"]).args(&words);
        let output = probe.stdin(Stdio::null()).output().context("the probe does not start")?;
        ensure!(
            output.status.success(),
            "`{}` failed: {}",
            words.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
        serde_json::from_slice(&output.stdout).context("the probe says nothing")
    }

    /// The same several times: the one of them that took the least processor time.
    pub fn takes_least<S: AsRef<str>>(
        &self,
        times: usize,
        arguments: &[S],
        status: i32,
    ) -> anyhow::Result<Taken> {
        let mut least: Option<Taken> = None;
        for _ in 0..times.max(1) {
            let taken = self.takes(arguments, status)?;
            if least.is_none_or(|least| taken.cpu_seconds < least.cpu_seconds) {
                least = Some(taken);
            }
        }
        least.context("it was not run")
    }

    /// The executable, to be given arguments.
    pub fn again(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.arg("--root").arg(&self.root);
        command
    }
}

/// The probe: runs the tool with these arguments, and says what that took.
pub fn probe(program: &Program, arguments: &[String], status: i32) -> anyhow::Result<Taken> {
    let before = Instant::now();
    let mut command = program.again();
    let output = command.args(arguments).stdin(Stdio::null()).output().context("it does not start")?;
    let seconds = before.elapsed().as_secs_f64();
    let code = output.status.code();
    ensure!(
        code.is_some_and(|code| code <= status),
        "it ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default()
    );
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let time = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(Taken {
        seconds,
        cpu_seconds: time(usage.user_time()) + time(usage.system_time()),
        peak_mib: usage.max_rss() as f64 / 1024.0,
    })
}
