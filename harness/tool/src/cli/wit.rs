//! `cargo hw wit`.

use super::Context;
use crate::wit::{self, Package, Wit, oci};
use anyhow::bail;
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_harness::say;
use wasi_hw_harness::suite::problem::Problem;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Check every package below wit/: shape, docs, requirement ids, version
    ///
    /// The shape is compared with harness/tool/tests/shapes, type by type. Every item must have a doc, every id
    /// in a doc must be a requirement, and every requirement that is not dropped must stand in its proposal's
    /// package. A release is compared with the one before it if its version promises compatibility.
    ///
    /// Exit codes: 0, nothing is wrong; 1, something is; 2, a package cannot be read.
    Check,
    /// Write the pages of the canonical packages' worlds: proposals/<proposal>/<world>.md
    ///
    /// Without --write nothing is written, and the output says which pages are current.
    ///
    /// Exit codes: 0, all are current, or were written; 1, one is not; 2, a package cannot be read.
    Docs(Docs),
    /// Write the packages as C headers for hosts of the core form: conformance/include/
    ///
    /// Without --write nothing is written, and the output says which headers are current.
    ///
    /// Exit codes: 0, all are current, or were written; 1, one is not; 2, a package cannot be read.
    Headers(Docs),
    /// Write the canonical packages as OCI image layouts, from which they can be pushed to a registry
    ///
    /// Each gets a layout of its own, DIR/<namespace>/<name>, with its version as the tag. A tag that
    /// exists is never changed. Any OCI client can push a layout, for example
    /// `oras cp --from-oci-layout DIR/wasi/i2c:0.2.0-draft REGISTRY/wasi/i2c:0.2.0-draft`.
    ///
    /// Exit codes: 0, written, or unchanged; 2, wrong usage, a check fails, or a tag has other content.
    Publish(Publish),
}

#[derive(clap::Args)]
pub(super) struct Docs {
    /// Write what is not current
    #[arg(long)]
    write: bool,
}

#[derive(clap::Args)]
pub(super) struct Publish {
    /// Where the layouts go: a folder that is not there, is empty, or was written by this command
    #[arg(long, value_name = "DIR")]
    oci_layout: PathBuf,

    /// Only the package of this proposal
    #[arg(long, value_name = "NAME")]
    proposal: Option<String>,
}

pub(super) fn main(context: Context<'_>, command: &Command) -> anyhow::Result<ExitCode> {
    let wit = match Wit::read(&context.root) {
        Ok(wit) => wit,
        Err(problems) => {
            report(&problems);
            return Ok(ExitCode::from(2));
        }
    };
    match command {
        Command::Check => check(context, &wit),
        Command::Docs(options) => {
            let canonical = wit.proposals.iter().filter_map(|proposal| wit.canonical(&proposal.name));
            write(context, canonical.flat_map(|package| wit::page::pages(&wit, package)), "docs", options)
        }
        Command::Headers(options) => write(context, wit::header::headers(&wit), "headers", options),
        Command::Publish(options) => publish(context, &wit, options),
    }
}

fn report(problems: &[Problem]) {
    problems.iter().for_each(say::error);
}

fn check(context: Context<'_>, wit: &Wit) -> anyhow::Result<ExitCode> {
    let mut problems = Vec::new();
    for checked in wit::check::check(&context.root, wit, &mut problems) {
        let shape = match &checked.shape {
            Some(file) => format!("shape {}", file.display()),
            None => "this project's own".into(),
        };
        let (folder, name) = (checked.folder.display(), &checked.name);
        let (items, requirements) = (checked.items, checked.requirements);
        writeln!(
            context.out,
            "{folder}: {name}\n  {items} items, {requirements} requirements named, {shape}; {}",
            checked.earlier
        )?;

        if checked.other_words > 0 {
            let (n, proposal) = (checked.other_words, "one-text = true");
            writeln!(
                context.out,
                "  {n} sentences differ from their requirements' texts (not an error without `{proposal}`)"
            )?;
        }
    }
    report(&problems);
    Ok(ExitCode::from(if problems.is_empty() { 0 } else { 1 }))
}

fn write(
    context: Context<'_>,
    files: impl IntoIterator<Item = (PathBuf, String)>,
    what: &str,
    options: &Docs,
) -> anyhow::Result<ExitCode> {
    let mut stale = false;
    for (file, text) in files {
        let path = context.root.join(&file);
        let said = if !options.write {
            let current = std::fs::read(&path).is_ok_and(|there| there == text.as_bytes());
            stale |= !current;
            if current { "is current" } else { &format!("is not current; run `cargo hw wit {what} --write`") }
        } else if super::write_if_changed(&path, text.as_bytes())? {
            "written"
        } else {
            "is current"
        };
        writeln!(context.out, "{}: {said}", file.display())?;
    }
    Ok(ExitCode::from(if stale { 1 } else { 0 }))
}

fn publish(context: Context<'_>, wit: &Wit, options: &Publish) -> anyhow::Result<ExitCode> {
    let mut problems = Vec::new();
    wit::check::check(&context.root, wit, &mut problems);
    if !problems.is_empty() {
        report(&problems);
        bail!("what is published never changes, so only what `cargo hw wit check` accepts is");
    }
    let all: Vec<_> = wit.proposals.iter().map(|proposal| &*proposal.name).collect();
    let chosen = match &options.proposal {
        Some(wanted) if !all.contains(&&**wanted) => {
            bail!("no proposal `{wanted}`; there are {}", all.join(", "))
        }
        Some(wanted) => vec![wanted.as_str()],
        None => all,
    };
    let packages: Vec<_> = chosen.iter().filter_map(|proposal| wit.canonical(proposal)).collect();
    for published in oci::publish(wit, &packages, &options.oci_layout)? {
        let (name, layout, tag) = (&published.name, published.layout.display(), &published.tag);
        let unchanged = if published.unchanged { ", unchanged" } else { "" };
        writeln!(
            context.out,
            "{name}: {layout}:{tag}, {} bytes, {}{unchanged}",
            published.bytes, published.digest
        )?;
    }
    let others =
        |p: &&Package| chosen.contains(&p.proposal.as_str()) && packages.iter().all(|c| c.id != p.id);
    for package in wit.packages.iter().filter(others) {
        let why = match &package.name.version {
            None => "without a version there is nothing for a tag to be equal to",
            Some(_) => "only the canonical package of a proposal is published",
        };
        writeln!(context.out, "left out: {} in {}: {why}", package.name, package.folder.display())?;
    }
    for package in &packages {
        for dependency in &package.deps {
            let name = &wit.resolve.packages[*dependency].name;
            writeln!(
                context.out,
                "left out: {name}: another proposal publishes it; {} carries what it uses of it",
                package.name
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
