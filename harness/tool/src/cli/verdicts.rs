//! `cargo hw verdicts`.

use super::Context;
use crate::verdicts::{FILE, Verdicts, of_run};
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare runs of the suite's own hosts with the README's table of them
///
/// What each host comes to stands in conformance/verdicts.toml, of which `cargo hw pages --write` makes the table. A run
/// of some worlds is compared in those.
///
/// Exit codes: 0, the runs came to what is written, or it was written; 1, they did not; 2, a report cannot be read or is not
/// as its records give it.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The reports, as `--report` writes them
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<PathBuf>,

    /// Write down what they came to
    #[arg(long)]
    write: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let mut verdicts = Verdicts::read(&context.root)?;
    let mut fine = true;
    for report in &options.runs {
        let run = of_run(report)?;
        for difference in verdicts.differences(&run) {
            writeln!(context.out, "{difference}")?;
            fine = options.write;
        }
        verdicts.take(run);
    }
    if options.write {
        verdicts.write(&context.root)?;
    } else if !fine {
        writeln!(context.out, "{FILE}: not what the hosts come to; `cargo hw verdicts RUN… --write`")?;
    }
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
