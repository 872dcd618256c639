//! `cargo hw claim`.

use super::Context;
use crate::evidence::{self, Released};
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_harness::report;
use wasi_hw_harness::say;
use wasi_hw_harness::text;

/// Print what may be said of a host after a run, ready to paste
///
/// A claim is computed from the report, and never typed: host and version, package, release, seam, clock, what the host
/// lacks, the outcome, and each case that did not pass. Nothing may be claimed of a run with a filter, of a suite that was
/// edited, of what is no release, or of a report that is not as its records give it. CHARTER.md says what a claim may not
/// say.
///
/// Exit codes: 0, the claims are printed; 1, none may be made, and why is told; 2, wrong usage, or the report cannot be
/// read.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The report of the run
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// The day of the run, such as 2026-11-30: a claim says it
    #[arg(long)]
    date: Option<String>,

    /// Where the whole record can be read: a claim says it
    #[arg(long)]
    url: Option<String>,

    /// Only this proposal [default: every one that the host implements]
    #[arg(long)]
    proposal: Option<String>,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let release = match report::open(&options.run)?.next() {
        Some(Ok(report::Entry::Header(header))) => header.suite.version,
        Some(Err(error)) => anyhow::bail!("{error}"),
        _ => anyhow::bail!("{} has no header", options.run.display()),
    };
    let refuse = |why: &str| {
        say::error(format_args!("nothing may be claimed of this run: {why}"));
        Ok(ExitCode::FAILURE)
    };
    if release.parse::<wasi_hw_harness::suite::release::Version>().is_err() {
        let release = text::line(&release, 64);
        return refuse(&format!(
            "it is of `{release}`, and a claim is of a release: run with `--suite VERSION`"
        ));
    }
    let released = Released::read(&context.root, &release)?;
    if released.is_withdrawn(&release) {
        return refuse(&format!("release {release} was withdrawn"));
    }
    let mut findings = Vec::new();
    let run = evidence::examine(report::open(&options.run)?, &released, None, &mut |what| {
        findings.push(what);
        Ok(())
    })?;
    let Some(run) = run.filter(|_| findings.is_empty()) else {
        findings.iter().for_each(say::error);
        return refuse("it is not a whole run of a release as it was made");
    };
    let names = released.suite.proposals.iter().map(|proposal| proposal.name.as_str());
    let implemented = |name: &&str| run.worlds.get(*name).is_some_and(|world| world.package != "-");
    let names: Vec<_> = match &options.proposal {
        Some(only) => vec![only.as_str()],
        None => names.filter(implemented).collect(),
    };
    for name in names {
        match evidence::claim(&run, &released.suite, name) {
            Ok(claim) => {
                let date = options.date.iter().map(|date| format!(" Run on {date}."));
                let url = options.url.iter().map(|url| format!(" The whole record: {url}"));
                let more: String = date.chain(url).collect();
                writeln!(context.out, "{claim}{}\n", text::line(&more, text::MOST_ADDRESS))?;
            }
            Err(evidence::Refusal(why)) => return refuse(&why),
        }
    }
    if options.date.is_none() || options.url.is_none() {
        say::note("a claim also says the day and where the whole record can be read: --date and --url");
    }
    Ok(ExitCode::SUCCESS)
}
