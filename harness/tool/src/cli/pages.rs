//! `cargo hw pages`.

use super::Context;
use crate::pages::stale;
use std::process::ExitCode;
use std::sync::Arc;

/// Check or renew the parts of documents that are made from the suite
///
/// These are counts, sizes, and what a run prints. A test fails while one of them is stale.
///
/// Exit codes: 0, all are current, or were renewed; 1, some are stale; 2, a file of the suite has a problem.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Renew what is stale
    #[arg(long)]
    write: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let suite = Arc::new(context.suite());
    let stale = stale(&suite)?;
    for (page, text) in &stale {
        if options.write {
            std::fs::write(suite.root.join(page), text)?;
            writeln!(context.out, "{page}: renewed")?;
        } else {
            writeln!(context.out, "{page}: not current; run `cargo hw pages --write`")?;
        }
    }
    let fine = stale.is_empty() || options.write;
    Ok(ExitCode::from(match (suite.problems.is_empty(), fine) {
        (false, _) => 2,
        (true, false) => 1,
        (true, true) => 0,
    }))
}
