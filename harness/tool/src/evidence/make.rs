//! Makes a package of runs.

use super::layout::{self, SUMS};
use super::run::{Run, examine};
use super::{Released, derived};
use anyhow::{Context, anyhow, bail, ensure};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use wasi_hw_harness::report::{self, Entry};
use wasi_hw_harness::run::known::KnownFailures;
use wasi_hw_harness::runtime::start::FOLDER as RUNTIMES;
use wasi_hw_harness::suite::manifest::sha256;
use wasi_hw_harness::suite::problem::Source;
use wasi_hw_harness::suite::release::{FOLDER, Lock};
use wasi_hw_harness::suite::withdrawn;

/// The most runs of a package.
pub(super) const MOST_RUNS: usize = 500;

/// What came of it.
pub struct Made {
    /// The fingerprint.
    pub fingerprint: String,
    /// The release.
    pub release: String,
    /// The runs, in the order of the table.
    pub runs: Vec<Run>,
}

/// Makes a package in a folder that is new or empty. `root` is the suite's folder. Runs that cannot be evidence are told
/// one finding at a time, and nothing is made of them: then there is nothing back.
pub fn make(
    root: &Path,
    proposal: &str,
    reports: &[PathBuf],
    out: &Path,
    find: &mut dyn FnMut(String) -> anyhow::Result<()>,
) -> anyhow::Result<Option<Made>> {
    ensure!(reports.len() <= MOST_RUNS, "{} runs; {MOST_RUNS} are the most", reports.len());
    let release = release_of(reports.first().context("no run; name at least one report")?)?;
    let released = Released::read(root, &release)?;
    let known = released.suite.proposals.iter().map(|proposal| proposal.name.as_str());
    let known: Vec<_> = known.collect();
    ensure!(
        known.contains(&proposal),
        "no proposal `{proposal}`; release {release} has {}",
        known.join(", ")
    );
    let (mut found, mut all, mut lists) = (0, Vec::new(), BTreeMap::new());
    for path in reports {
        let name = path.display().to_string();
        let mut told = |what: String| {
            found += 1;
            find(format!("{name}: {what}"))
        };
        let about = header_of(path)?.runtime;
        let list = known_file(root, &about.name)?;
        let parsed = KnownFailures::parse(&list).map_err(|problem| anyhow!("{problem}"))?;
        let run = examine(report::open(path)?, &released, Some(&parsed), &mut told)?;
        let Some(run) = run else { continue };
        run.unclear_version().map_or(Ok(()), &mut told)?;
        if run.worlds.get(proposal).is_none_or(|world| world.package == "-") {
            told(format!("{} does not implement {proposal}", run.about.name))?;
        }
        lists.insert(file_name(&run.about.name), list.text);
        all.push((run, path.clone()));
    }
    all.sort_by_key(|(run, _)| key(run));
    if let Some(twice) = all.windows(2).find(|two| key(&two[0].0) == key(&two[1].0)) {
        found += 1;
        find(format!(
            "{} and {} are runs of one host on one platform; evidence has one of them",
            twice[0].1.display(),
            twice[1].1.display()
        ))?;
    }
    if found > 0 {
        return Ok(None);
    }
    write(&released, proposal, &all, &lists, out).map(Some)
}

/// The file of a runtime in the suite, or an empty one. The name comes from a report, and is looked for nowhere else.
fn known_file(root: &Path, name: &str) -> anyhow::Result<Source> {
    let file = Path::new(RUNTIMES).join(format!("{}.toml", file_name(name)));
    if file_name(name) != name || !root.join(&file).exists() {
        return Ok(Source { file, text: "version = 1\n".to_owned() });
    }
    Source::read(root, file).map_err(|problem| anyhow!("{problem}"))
}

/// What tells the runs of a package apart, and their order.
pub(super) fn key(run: &Run) -> (String, String, String, String) {
    let about = &run.about;
    let seams: Vec<_> = about.seams.iter().map(|(proposal, seam)| format!("{proposal}={seam}")).collect();
    let stands = format!("{} {:?}", seams.join(" "), about.packages);
    let platform = format!("{} {}", run.platform.os, run.platform.arch);
    (about.name.clone(), about.version.clone(), stands, platform)
}

/// What a run's file is called in a package.
pub(super) fn run_file(n: usize, run: &Run) -> String {
    format!("runs/{n:03}-{}.jsonl", file_name(&run.about.name))
}

/// A name as a file is called: what is not plain becomes `_`.
pub(super) fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' };
    name.chars().take(64).map(plain).collect()
}

fn header_of(path: &Path) -> anyhow::Result<report::Header> {
    match report::open(path)?.next() {
        Some(Ok(Entry::Header(header))) => Ok(*header),
        Some(Err(error)) => bail!("{error}"),
        _ => bail!("{} has no header", path.display()),
    }
}

fn release_of(path: &Path) -> anyhow::Result<String> {
    let version = header_of(path)?.suite.version;
    ensure!(
        version.parse::<wasi_hw_harness::suite::release::Version>().is_ok(),
        "{} is a run of `{}`, which is no release: evidence is of runs with `--suite VERSION`",
        path.display(),
        wasi_hw_harness::text::line(&version, 64),
    );
    Ok(version)
}

fn write(
    released: &Released,
    proposal: &str,
    all: &[(Run, PathBuf)],
    lists: &BTreeMap<String, String>,
    out: &Path,
) -> anyhow::Result<Made> {
    let there = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    ensure!(!there, "{} is not empty; a package has a folder of its own", out.display());
    let place = |path: &str| -> anyhow::Result<PathBuf> {
        let place = out.join(path);
        let folder = place.parent().unwrap_or(out);
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(place)
    };
    let mut hashes = BTreeMap::new();
    let mut put = |path: String, bytes: &[u8]| -> anyhow::Result<()> {
        fs::write(place(&path)?, bytes).with_context(|| format!("{path} cannot be written"))?;
        hashes.insert(path, sha256(bytes));
        Ok(())
    };
    for path in suite_files(released)? {
        let bytes = fs::read(released.root.join(&path)).with_context(|| path.clone())?;
        put(format!("suite/{path}"), &bytes)?;
    }
    for (name, text) in lists {
        put(format!("known/{name}.toml"), text.as_bytes())?;
    }
    let mut files = Vec::new();
    for (n, (run, from)) in (1..).zip(all) {
        let path = run_file(n, run);
        let mut from = layout::Hashing::new(BufReader::new(File::open(from)?));
        std::io::copy(&mut from, &mut File::create(place(&path)?)?).with_context(|| path.clone())?;
        files.push((path, from.finish()));
    }
    let runs: Vec<_> = all.iter().map(|(run, _)| run.clone()).collect();
    for (path, text) in derived::files(released, proposal, &runs, &files)? {
        put(path, text.as_bytes())?;
    }
    hashes.extend(files);
    let sums = layout::sums(&hashes);
    fs::write(out.join(SUMS), &sums).with_context(|| format!("{SUMS} cannot be written"))?;
    Ok(Made { fingerprint: sha256(sums.as_bytes()), release: released.lock.release.clone(), runs })
}

/// The files of the release that a package has, from the suite's root; the list of what was withdrawn too, if there is one.
pub(super) fn suite_files(released: &Released) -> anyhow::Result<Vec<String>> {
    let mut paths: Vec<_> = released.lock.all_files().into_keys().collect();
    paths.push(lock_file(released)?);
    let withdrawn = format!("{FOLDER}/{}", withdrawn::FILE);
    paths.extend(released.root.join(&withdrawn).exists().then_some(withdrawn));
    Ok(paths)
}

/// The lock, from the suite's root.
pub(super) fn lock_file(released: &Released) -> anyhow::Result<String> {
    let version = released.lock.release.parse().map_err(anyhow::Error::msg)?;
    Ok(Lock::file(version)
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/"))
}
