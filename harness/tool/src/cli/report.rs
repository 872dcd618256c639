//! `cargo hw report`.

use super::Context;
use crate::wit::{Wit, documented};
use anyhow::{Context as _, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasi_hw_forms::{Run, badge::Badge, html, junit, markdown};
use wasi_hw_harness::report::github::Annotations;

/// Draw a report: as a page, for a pull request, as a CI system reads it
///
/// A report is what `--report` writes: a file of records, one a case, which holds all that was expected and seen.
///
///   cargo test -- --runtime=wasmtime --report=run.jsonl
///   cargo hw report run.jsonl --html run.html
///
/// Any of the forms can be asked for at once; FILE is a file to write, or `-` for the standard output.
///
///   --html      a page of one file: claims, requirements by runtime, and for each case both sides and the wires as
///               a timing diagram; several reports stand beside one another
///   --junit     for CI systems that show test results, a suite a world; a known failure is skipped, with its reason
///   --markdown  claims, and each failure with both sides; fits $GITHUB_STEP_SUMMARY and a pull request
///   --github    an annotation for each failure, as a run on GitHub's machines prints by itself; where GITHUB_STEP_SUMMARY
///               is set, the Markdown goes there
///   --badge     an image with package, claim and release (FILE.svg), or what shields.io's endpoint reads
///               (FILE.json); green for a conformant whole run of a release, never for one with a filter
///
/// A terminal has what `cargo hw run` prints; two runs are compared by `cargo hw diff`.
///
/// What the wires of a case saw is written for PulseView, GTKWave and Wireshark by `cargo hw export`, and a site of many runs by
/// `cargo hw site`.
///
/// Each verdict and claim is made again from the records; what is written in the report is not believed. `cargo hw judge`
/// names what is written otherwise.
///
/// Exit codes: 0, all forms are written, whatever the verdicts; 2, wrong usage, or a file cannot be read or written.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Options {
    /// The reports
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,

    /// A page, in one file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// JUnit's XML, of one run
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// A summary in Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    /// A badge, of one run: SVG, or JSON if FILE ends so
    #[arg(long, value_name = "FILE")]
    badge: Option<PathBuf>,

    /// The world of the badge, if the run has several: i2c, spi, gpio or usb
    #[arg(long, value_name = "NAME", requires = "badge")]
    world: Option<String>,

    /// GitHub's annotations, to the standard output, and the summary of the step
    #[arg(long)]
    github: bool,
}

pub(super) fn main(mut context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let Options { html, junit, markdown, badge, github, .. } = options;
    if html.is_none() && junit.is_none() && markdown.is_none() && badge.is_none() && !github {
        bail!(
            "name a form: --html, --junit, --markdown, --badge or --github; `cargo hw report --help` says what each is"
        );
    }
    let runs = options.runs.iter().map(|path| Run::open(path)).collect::<anyhow::Result<Vec<_>>>()?;
    if let Some(file) = html {
        let folder = file.parent().filter(|_| file != Path::new("-")).unwrap_or(Path::new(""));
        let page = html::html(&runs, &items(&context.root), folder)?;
        write(&mut context, file, &page)?;
    }
    if let Some(file) = markdown {
        write(&mut context, file, markdown::markdown(&runs))?;
    }
    if let Some(file) = junit {
        write(&mut context, file, &junit::junit(one(&runs, "--junit")?)?)?;
    }
    if let Some(file) = badge {
        let badge = Badge::new(one(&runs, "--badge")?, options.world.as_deref())?;
        let json = file.extension().is_some_and(|ending| ending == "json");
        write(&mut context, file, &if json { badge.endpoint() } else { badge.svg()? })?;
    }
    if *github {
        for run in &runs {
            let mut annotations = Annotations::new(&mut context.out, &run.header);
            run.records.iter().for_each(|record| annotations.add(record));
            annotations.end()?;
        }
        if let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) {
            let path = PathBuf::from(file);
            let append = fs::OpenOptions::new().append(true).create(true).open(&path).and_then(|mut file| {
                std::io::Write::write_all(&mut file, markdown::markdown(&runs).as_bytes())
            });
            append
                .with_context(|| format!("{}, of GITHUB_STEP_SUMMARY, cannot be written", path.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The texts of all WIT items; without those that cannot be read, which `cargo hw wit check` is for.
pub(super) fn items(root: &Path) -> html::Items {
    let mut items = html::Items::new();
    let Ok(wit) = Wit::read(root) else { return items };
    for package in wit.packages.iter().filter(|package| package.of_a_proposal()) {
        let texts = documented::texts(&wit, package);
        items.extend(texts.into_iter().map(|(item, text)| ((package.name.to_string(), item), text)));
    }
    items
}

/// The run, where a form is of one.
fn one<'a>(runs: &'a [Run], form: &str) -> anyhow::Result<&'a Run> {
    let [run] = runs else { bail!("{form} is of one run, and {} were named", runs.len()) };
    Ok(run)
}

/// Writes a form to its file, or to the standard output.
pub(super) fn write(context: &mut Context<'_>, file: &Path, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
    if file == Path::new("-") {
        return Ok(context.out.write_all(bytes.as_ref())?);
    }
    fs::write(file, bytes).with_context(|| format!("{} cannot be written", file.display()))
}
