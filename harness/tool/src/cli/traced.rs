//! `cargo hw coverage RUN…`.

use super::coverage::Options;
use super::{Context, write_if_changed};
use crate::traced::{self, SNAPSHOT, Snapshot, Traced};
use anyhow::Context as _;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasi_hw_harness::report::merge::reports;
use wasi_hw_harness::say;
use wasi_hw_harness::text;

pub(super) fn main(
    context: Context<'_>,
    options: &Options,
    runs: &[PathBuf],
    proposals: &[String],
) -> anyhow::Result<ExitCode> {
    let mut traced = traced::read(&reports(runs)?, options.defects.as_deref())?;
    if options.check || options.write {
        return snapshot(context, options, &traced);
    }
    if !proposals.is_empty() {
        // The cases say of which proposal a requirement is; one without cases is of all.
        let of = |case: &String| proposals.iter().any(|name| case.starts_with(&format!("{name}/")));
        traced.requirements.retain(|_, trace| trace.cases.iter().any(of));
    }
    if options.wit {
        return wit(context, &traced, proposals);
    }
    let out = context.out;
    for (id, trace) in &traced.requirements {
        if options.json {
            writeln!(out, "{}", json!({ "requirement": id, "trace": trace }))?;
            continue;
        }
        writeln!(out, "{} ({})  {}", text::line(id, 200), trace.level, text::line(&trace.mark(), 4_000))?;
        for (seam, hosts) in &trace.seams {
            for (host, cell) in hosts {
                let cell = serde_json::to_value(cell)?.as_str().unwrap_or_default().to_owned();
                writeln!(out, "  at {}, {}: {cell}", text::line(seam, 200), text::line(host, 200))?;
            }
        }
        for case in &trace.cases {
            writeln!(out, "  case: {}", text::line(case, 200))?;
        }
        for kills in trace.kills.iter().flatten() {
            writeln!(out, "  notices: {}", text::line(kills, 200))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn snapshot(context: Context<'_>, options: &Options, traced: &Traced) -> anyhow::Result<ExitCode> {
    let file = context.root.join(SNAPSHOT);
    let before = Snapshot::read(&file)?;
    let now = Snapshot::of(traced, &before);
    if options.write {
        let changed = write_if_changed(&file, now.text().as_bytes())?;
        writeln!(context.out, "{SNAPSHOT}: {}", if changed { "renewed" } else { "current" })?;
        return Ok(ExitCode::SUCCESS);
    }
    let lost = before.lost(&now);
    for what in &lost {
        writeln!(context.out, "{}", text::line(what, 4_000))?;
    }
    if !lost.is_empty() {
        say::error(format_args!(
            "coverage was lost; put it back, or write under [lost] in {SNAPSHOT} why, and renew it with --write"
        ));
    } else if now != before {
        say::note(format_args!("more is covered than {SNAPSHOT} says; renew it with --write"));
    }
    Ok(ExitCode::from(u8::from(!lost.is_empty())))
}

/// The packages as they stand in the suite, marked.
fn wit(context: Context<'_>, traced: &Traced, proposals: &[String]) -> anyhow::Result<ExitCode> {
    let mut files = Vec::new();
    let mut folders = vec![context.root.join("wit")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "wit") {
                files.push(path);
            }
        }
    }
    files.sort();
    for file in files {
        let name = file.strip_prefix(&context.root).unwrap_or(&file);
        let wanted = |proposal: &String| name.starts_with(Path::new("wit").join(proposal));
        if !proposals.is_empty() && !proposals.iter().any(wanted) {
            continue;
        }
        let source = fs::read_to_string(&file).with_context(|| name.display().to_string())?;
        let marked = traced::marked(&source, traced);
        if marked != source {
            writeln!(context.out, "// {}\n{}", name.display(), text::block(&marked, usize::MAX))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
