//! `cargo hw release`.

use super::Context;
use crate::release;
use std::collections::BTreeSet;
use std::process::ExitCode;
use wasi_hw_harness::say;
use wasi_hw_harness::suite::release::{Lock, Version};

/// Freeze what stands in the tree as a release, or check the releases that there are
///
/// A release is conformance/releases/VERSION.toml, with a hash of every component, case, fixture and requirement, and a
/// folder beside it with what goes on changing elsewhere. What was released is never edited: --check, and every run,
/// compares. A wrong case is withdrawn (`withdraw`), and a corrected one has a new id.
///
/// Exit codes: 0, the release was made, or the tree holds every release; 1, with --check, the tree does not; 2, wrong
/// usage, or a release cannot be made.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The new release, such as 0.1.0
    #[arg(value_name = "VERSION", required_unless_present = "check")]
    version: Option<Version>,

    /// Say whether the tree still holds every release
    #[arg(long, conflicts_with = "version")]
    check: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let Some(version) = options.version else {
        let problems = release::check(&context.root);
        problems.iter().for_each(say::error);
        for version in Lock::versions(&context.root) {
            writeln!(context.out, "{version}")?;
        }
        return Ok(ExitCode::from(u8::from(!problems.is_empty())));
    };
    let lock = release::make(&context.root, version)?;
    let packages: BTreeSet<_> = lock.package.iter().map(|locked| &locked.package).collect();
    let (cases, packages) = (lock.cases.len(), packages.len());
    let scored = lock.cases.values().filter(|case| case.level.scored()).count();
    writeln!(
        context.out,
        "{version}: {packages} packages, {cases} cases of which {scored} are scored, {} requirements; commit {} and {}",
        lock.requirements.len(),
        Lock::file(version).display(),
        Lock::folder(version).display(),
    )?;
    Ok(ExitCode::SUCCESS)
}
