//! `cargo hw verify`.

use super::Context;
use crate::evidence::verify::{Verified, verify};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_harness::say;

/// Verify a package of evidence, and name each thing that is not as it must be
///
/// Compares every file with the release that this tool has, judges every record again from what was recorded, and makes
/// claims, table, EARL and in-toto statement again. With --fingerprint it shows that nothing was edited since whoever made
/// the package published that; without it, that the package is consistent, and no more.
///
/// Exit codes: 0, all is as it must be; 1, something is not; 2, wrong usage, the release is unknown to this tool, or a file
/// cannot be read.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The package's folder
    dir: PathBuf,

    /// The fingerprint that `evidence` printed, from a place that you trust
    #[arg(long, value_name = "SHA256")]
    fingerprint: Option<String>,

    /// One JSON object a finding, and one at the end
    #[arg(long)]
    json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let out = context.out;
    let verified = verify(&context.root, &options.dir, options.fingerprint.as_deref(), &mut |what| {
        if options.json {
            writeln!(out, "{}", json!({ "finding": what }))?;
        } else {
            writeln!(out, "{what}")?;
        }
        Ok(())
    })?;
    let Verified { fingerprint, proposal, release, claims, notes, findings } = verified;
    notes.iter().for_each(say::note);
    let holds = findings == 0;
    if options.json {
        let all = json!({
            "fingerprint": fingerprint, "proposal": proposal, "release": release, "claims": claims, "notes": notes,
            "findings": findings, "compared-with-fingerprint": options.fingerprint.is_some(),
        });
        writeln!(out, "{all}")?;
    } else {
        if holds {
            claims.iter().try_for_each(|claim| writeln!(out, "{claim}\n"))?;
        }
        let shown = match (holds, &options.fingerprint) {
            (false, _) => format!("{findings} thing(s) are not as they must be"),
            (true, Some(_)) => "all is as it must be, and nothing was edited".to_owned(),
            (true, None) => "the package is consistent; only its fingerprint, from a place that you trust, shows that nothing \
                             was edited"
                .to_owned(),
        };
        writeln!(out, "fingerprint {fingerprint}\n{shown}")?;
    }
    Ok(ExitCode::from(u8::from(!holds)))
}
