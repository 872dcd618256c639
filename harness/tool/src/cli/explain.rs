//! `cargo hw explain`.

use super::Context;
use crate::release::{Then, changed_since};
use anyhow::bail;
use serde_json::json;
use std::process::ExitCode;
use std::sync::Arc;
use wasi_hw_harness::suite::requirement::Requirement;
use wasi_hw_harness::suite::withdrawn::{self, Withdrawn};
use wasi_hw_harness::suite::{Case, Suite};

/// Explain a requirement or a case
///
/// Of a requirement: its text, its level and the reason for it, where it comes from, the seams at which a wrong
/// host is caught, and the cases that prove it. Of a case: its requirements, its guest tests and its fixture. A text or a level that
/// changed after a release says so.
///
/// Exit codes: 0; 2, wrong usage, no such id, or a file of the suite has a problem.
#[derive(clap::Args)]
pub(super) struct Options {
    /// A requirement such as I2C-09, or a case such as i2c/read-one-frame [default: list the requirements]
    id: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let suite = context.suite();
    let problems = !suite.problems.is_empty();
    let Some(id) = &options.id else {
        for requirement in suite.requirements.values() {
            if options.json {
                writeln!(context.out, "{}", serde_json::to_string(requirement)?)?;
            } else {
                writeln!(context.out, "{:<9} {:<7} {}", requirement.id, requirement.level, requirement.text)?;
            }
        }
        return Ok(ExitCode::from(if problems { 2 } else { 0 }));
    };
    let requirement = suite.requirements.values().find(|r| r.id.eq_ignore_ascii_case(id));
    let case = suite.cases.iter().find(|case| case.id == *id);
    match (requirement, case) {
        (Some(requirement), _) => explain_requirement(context, &suite, requirement, options.json)?,
        (None, Some(case)) => explain_case(context, &suite, case, options.json)?,
        (None, None) => {
            let gone = withdrawn::read(&context.root).map_err(|problem| anyhow::anyhow!("{problem}"))?;
            if let Some(Withdrawn { id, date, reason }) = gone.iter().find(|gone| gone.id == *id) {
                match options.json {
                    true => writeln!(context.out, "{}", json!({ "withdrawn": gone }))?,
                    false => writeln!(context.out, "{id} was withdrawn on {date}: {reason}")?,
                }
                return Ok(ExitCode::SUCCESS);
            }
            bail!("no requirement and no case `{id}`; `cargo hw explain` and `cargo hw list` list them")
        }
    }
    Ok(ExitCode::from(if problems { 2 } else { 0 }))
}

fn explain_requirement(
    context: Context<'_>,
    suite: &Suite,
    requirement: &Requirement,
    json: bool,
) -> anyhow::Result<()> {
    let out = context.out;
    let then = changed_since(&suite.root, &requirement.id, suite)?;
    let cases: Vec<_> = suite.cases.iter().filter(|case| case.proves.contains(&requirement.id)).collect();
    if json {
        let cases: Vec<_> = cases.iter().map(|case| &case.id).collect();
        let releases: Vec<_> = then
            .iter()
            .map(|then| match &then.said {
                None => json!({ "release": then.release, "changed": false }),
                Some((text, level)) => {
                    json!({ "release": then.release, "changed": true, "text": text, "level": level })
                }
            })
            .collect();
        let all = json!({ "requirement": requirement, "cases": cases, "releases": releases });
        writeln!(out, "{all}")?;
        return Ok(());
    }
    writeln!(out, "{} ({})\n  {}", requirement.id, requirement.level, requirement.text)?;
    if let Some(reason) = &requirement.reason {
        writeln!(out, "  why this level: {reason}")?;
    }
    if let Some(item) = &requirement.item {
        writeln!(out, "  item: {item}")?;
    }
    for basis in &requirement.basis {
        writeln!(out, "  basis: {}, {}", basis.source, basis.at)?;
    }
    let proposal = suite.proposals.iter().find(|proposal| proposal.name == requirement.proposal);
    for seam in &requirement.observable {
        let shows = proposal.and_then(|proposal| proposal.seams.get(seam)).map_or("", String::as_str);
        writeln!(out, "  observable at {seam}: {shows}")?;
    }
    let label = if cases.len() == 1 { "one case" } else { "case" };
    for case in cases {
        writeln!(out, "  {label}: {}  {}", case.id, case.title)?;
    }
    for Then { release, said } in then {
        match said {
            None => writeln!(out, "  in release {release}: the same")?,
            Some((text, level)) => {
                writeln!(out, "  changed after release {release}, which says ({level}): {text}")?;
            }
        }
    }
    Ok(())
}

fn explain_case(context: Context<'_>, suite: &Suite, case: &Arc<Case>, json: bool) -> anyhow::Result<()> {
    let out = context.out;
    let requirements: Vec<_> = case.proves.iter().filter_map(|id| suite.requirements.get(id)).collect();
    let guests =
        case.instances.iter().map(|i| json!({ "name": i.name, "test": i.test, "transcript": i.transcript }));
    if json {
        let case = json!({
            "case": case.id, "title": case.title, "level": case.level, "proves": requirements,
            "fixture": case.fixture, "guests": guests.collect::<Vec<_>>(), "trace": case.trace,
        });
        writeln!(out, "{case}")?;
        return Ok(());
    }
    writeln!(out, "{} ({})\n  {}", case.id, case.level, case.title)?;
    for requirement in requirements {
        writeln!(out, "  {}: {}", requirement.id, requirement.text)?;
    }
    writeln!(out, "  fixture: fixtures/{}", case.fixture)?;
    writeln!(out, "  file: conformance/cases/{}.toml", case.id)?;
    for instance in &case.instances {
        writeln!(
            out,
            "  guest {}{}",
            instance.test,
            if instance.name.is_empty() { "" } else { " (one of several)" }
        )?;
        for line in &instance.transcript {
            writeln!(out, "    {}", plain(line))?;
        }
    }
    for (channel, lines) in &case.trace {
        writeln!(out, "  {channel}")?;
        for line in lines {
            writeln!(out, "    {}", plain(line))?;
        }
    }
    Ok(())
}

fn plain(expected: &wasi_hw_harness::suite::expect::Expect) -> String {
    match expected {
        wasi_hw_harness::suite::expect::Expect::Line(line) => line.clone(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}
