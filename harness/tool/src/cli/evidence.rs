//! `cargo hw evidence`.

use super::Context;
use crate::evidence;
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_harness::report::merge::reports;
use wasi_hw_harness::say;

/// Make a package of runs on a release, which anybody can check with `verify`
///
/// Takes whole runs with `--suite VERSION`, of one or several hosts, and writes a folder: the reports, the release with all
/// that it names, each host's known failures, the table of implementations, the claims, EARL and an in-toto statement. The
/// fingerprint that it prints covers every file: publish it where others will look for it.
///
/// Exit codes: 0, the package is made; 1, a run is no evidence, and why is told; 2, wrong usage, or a file cannot be read
/// or written.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The proposal, such as i2c
    #[arg(long, value_name = "PROPOSAL")]
    proposal: String,

    /// The reports, or folders of them
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,

    /// The folder to make; it is new or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let files = reports(&options.runs)?;
    let made = evidence::make(&context.root, &options.proposal, &files, &options.out, &mut |what| {
        say::error(what);
        Ok(())
    })?;
    let Some(made) = made else { return Ok(ExitCode::FAILURE) };
    let hosts: Vec<_> = made.runs.iter().map(evidence::Run::name).collect();
    writeln!(
        context.out,
        "{}: evidence on {} by release {}, of {}\nfingerprint {}",
        options.out.display(),
        options.proposal,
        made.release,
        wasi_hw_harness::text::line(&hosts.join(", "), 4_000),
        made.fingerprint
    )?;
    Ok(ExitCode::SUCCESS)
}
