//! `cargo hw withdraw`.

use super::Context;
use crate::release;
use std::process::ExitCode;
use wasi_hw_harness::suite::withdrawn::Withdrawn;

/// Withdraw a wrong case from every release that has it
///
/// Writes an entry into conformance/releases/withdrawn.toml. The case is not run any more and counts for nothing; its
/// file stays as it was released, and its id is never used again: a corrected case has a new one. A whole release is
/// withdrawn by its version.
///
/// Exit codes: 0, it is withdrawn; 2, wrong usage, or no release has it.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The case, such as i2c/read-one-frame, or the release, such as 0.1.0
    id: String,

    /// What is wrong with it, on one line
    #[arg(long)]
    reason: String,

    /// The day: 2026-11-30
    #[arg(long)]
    date: String,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let Options { id, reason, date } = options;
    let entry = Withdrawn { id: id.clone(), date: date.clone(), reason: reason.clone() };
    let of = release::withdraw(&context.root, &entry)?;
    writeln!(context.out, "{id} is withdrawn from {}", of.join(", "))?;
    Ok(ExitCode::SUCCESS)
}
