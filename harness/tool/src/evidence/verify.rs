//! Verifies a package with nothing but the tool: what follows from the runs is made again, the release is the tool's own,
//! and each thing that is not as it must be is named. A package comes from anybody.

use super::derived::{self, FORMAT, Manifest};
use super::layout::{self, Hashing, SUMS};
use super::make::{self, MOST_RUNS};
use super::run::{Run, examine};
use super::{Released, claim};
use anyhow::{Context, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use wasi_hw_harness::report;
use wasi_hw_harness::run::known::KnownFailures;
use wasi_hw_harness::suite::manifest::sha256;
use wasi_hw_harness::suite::problem::Source;
use wasi_hw_harness::suite::release::{FOLDER, hash, hash_of};
use wasi_hw_harness::suite::{files::sha256_of_text, withdrawn};
use wasi_hw_harness::text;

/// The most bytes of the lists that are read whole.
const MOST_LIST: u64 = 8 << 20;

/// The most bytes of a report, whose records have 4 MiB each at most, and of any other file.
const MOST_RUN: u64 = 4 << 30;
const MOST_FILE: u64 = 64 << 20;

/// What came of it, beside the findings.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// The fingerprint of the package as it is.
    pub fingerprint: String,
    /// The proposal.
    pub proposal: String,
    /// The release.
    pub release: String,
    /// What may be said of each host.
    pub claims: Vec<String>,
    /// What is worth knowing and no fault of the package.
    pub notes: Vec<String>,
    /// How many things are not as they must be.
    pub findings: usize,
}

/// Verifies the package in a folder against the releases of the suite below `root`. `find` is told of each thing that is
/// not as it must be. An error is that the package cannot be judged: its release is unknown, or a file cannot be read.
pub fn verify(
    root: &Path,
    dir: &Path,
    fingerprint: Option<&str>,
    find: &mut dyn FnMut(&str) -> anyhow::Result<()>,
) -> anyhow::Result<Verified> {
    let mut package = Package { dir, verified: Verified::default(), find, hashes: BTreeMap::new() };
    let mut found = Vec::new();
    let there = layout::files(dir, &mut |what| {
        found.push(what);
        Ok(())
    })?;
    found.into_iter().try_for_each(|what| package.tell(what))?;
    package.sums(&there, fingerprint)?;
    let Some(manifest) = package.manifest(&there)? else { return Ok(package.verified) };
    package.verified.release.clone_from(&manifest.release);
    package.verified.proposal.clone_from(&manifest.proposal);
    let released = Released::read(root, &manifest.release)?;
    if !released.suite.proposals.iter().any(|proposal| proposal.name == manifest.proposal) {
        bail!("release {} has no proposal `{}`", manifest.release, text::line(&manifest.proposal, 64));
    }
    package.suite(&there, &released)?;
    let released = package.withdrawn(&there, released)?;
    let runs = package.runs(&there, &released, &manifest)?;
    package.names(&there, &released, &manifest)?;
    if let Some((runs, files)) = runs {
        package.derived(&there, &released, &manifest.proposal, &runs, &files)?;
        for run in &runs {
            let claim = claim(run, &released.suite, &manifest.proposal);
            package.verified.claims.push(claim.unwrap_or_else(|refusal| refusal.0));
        }
    }
    Ok(package.verified)
}

struct Package<'p> {
    dir: &'p Path,
    verified: Verified,
    find: &'p mut dyn FnMut(&str) -> anyhow::Result<()>,
    /// What the package says of its files.
    hashes: BTreeMap<String, String>,
}

type There = BTreeMap<String, u64>;
/// The reports, each with its SHA-256.
type Files = Vec<(String, String)>;

impl Package<'_> {
    fn tell(&mut self, what: impl AsRef<str>) -> anyhow::Result<()> {
        self.verified.findings += 1;
        (self.find)(&text::block(what.as_ref(), text::MOST_MESSAGE))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.join(path)
    }

    /// Compares every file with the list of hashes; the runs come later, while they are read.
    fn sums(&mut self, there: &There, fingerprint: Option<&str>) -> anyhow::Result<()> {
        match there.get(SUMS) {
            None => self.tell(format!("{SUMS}: is missing"))?,
            Some(size) if *size > MOST_LIST => {
                self.tell(format!("{SUMS}: has {size} bytes; {MOST_LIST} are the most"))?;
            }
            Some(size) => {
                let bytes = layout::read(&self.path(SUMS), *size).context(SUMS)?;
                self.verified.fingerprint = sha256(&bytes);
                match layout::parse_sums(&bytes) {
                    Ok(hashes) => self.hashes = hashes,
                    Err(wrong) => self.tell(format!("{SUMS}: {wrong}"))?,
                }
            }
        }
        if let Some(expected) = fingerprint
            && !expected.eq_ignore_ascii_case(&self.verified.fingerprint)
        {
            let is = self.verified.fingerprint.clone();
            let expected = text::line(expected, 80);
            self.tell(format!(
                "fingerprint: is {is}, and not {expected}: the package is another, or was edited"
            ))?;
        }
        let listed: BTreeSet<_> = self.hashes.keys().cloned().collect();
        for path in &listed {
            if !there.contains_key(path) {
                self.tell(format!("{path}: is missing; {SUMS} lists it"))?;
            }
        }
        for path in there.keys().filter(|path| *path != SUMS) {
            if !listed.contains(path) {
                self.tell(format!("{path}: was added; {SUMS} does not list it"))?;
            } else if there[path] > most(path) {
                let (is, most) = (there[path], most(path));
                self.tell(format!("{path}: has {is} bytes; no such file of a package has more than {most}"))?;
            } else if !path.starts_with("runs/") {
                let is = layout::hash(&self.path(path)).with_context(|| path.clone())?;
                self.compare_hash(path, &is)?;
            }
        }
        Ok(())
    }

    fn compare_hash(&mut self, path: &str, is: &str) -> anyhow::Result<()> {
        match self.hashes.get(path) {
            Some(listed) if listed != is => {
                self.tell(format!("{path}: was edited: SHA-256 {is}, and {SUMS} says otherwise"))
            }
            _ => Ok(()),
        }
    }

    fn manifest(&mut self, there: &There) -> anyhow::Result<Option<Manifest>> {
        const FILE: &str = "evidence.json";
        let Some(size) = there.get(FILE) else {
            self.tell(format!("{FILE}: is missing, and without it nothing more can be said"))?;
            return Ok(None);
        };
        if *size > MOST_LIST {
            self.tell(format!("{FILE}: has {size} bytes; {MOST_LIST} are the most"))?;
            return Ok(None);
        }
        let bytes = layout::read(&self.path(FILE), *size).context(FILE)?;
        match serde_json::from_slice::<Manifest>(&bytes) {
            Ok(manifest) if manifest.format != FORMAT => {
                bail!("{FILE} is in format {}; this tool reads format {FORMAT}", manifest.format)
            }
            Ok(manifest) if manifest.runs.is_empty() || manifest.runs.len() > MOST_RUNS => {
                self.tell(format!("{FILE}: has {} runs; 1 to {MOST_RUNS} may be", manifest.runs.len()))?;
                Ok(None)
            }
            Ok(manifest) => Ok(Some(manifest)),
            Err(error) => {
                self.tell(format!("{FILE}: is none: {}", text::line(&error.to_string(), 400)))?;
                Ok(None)
            }
        }
    }

    /// The release that lies in the package is the tool's own.
    fn suite(&mut self, there: &There, released: &Released) -> anyhow::Result<()> {
        let mut locked = released.lock.all_files();
        let lock = make::lock_file(released)?;
        let own = std::fs::read_to_string(released.root.join(&lock)).with_context(|| lock.clone())?;
        locked.insert(lock, sha256_of_text(&own));
        for (path, expected) in locked {
            let path = format!("suite/{path}");
            if !there.contains_key(&path) {
                self.tell(format!("{path}: is missing; the release has it"))?;
                continue;
            }
            match hash(&self.path(&path)) {
                Ok(is) if is == expected => {}
                Ok(_) => self.tell(format!("{path}: is not that of release {}", released.lock.release))?,
                Err(error) => self.tell(format!("{path}: cannot be read: {error}"))?,
            }
        }
        Ok(())
    }

    /// What counted when the package was made: the tool may know of more that was withdrawn, and never of less.
    fn withdrawn(&mut self, there: &There, mut released: Released) -> anyhow::Result<Released> {
        let path = format!("suite/{FOLDER}/{}", withdrawn::FILE);
        let mut then = Vec::new();
        if there.contains_key(&path) {
            match withdrawn::read(&self.path("suite")) {
                Ok(list) => then = list,
                Err(problem) => self.tell(format!("{path}: {problem}"))?,
            }
        }
        for entry in &then {
            if !released.withdrawn.contains(entry) {
                let id = text::line(&entry.id, 200);
                self.tell(format!("{path}: withdraws {id}, and this tool knows nothing of that"))?;
            }
        }
        then.retain(|entry| released.withdrawn.contains(entry));
        let release = &released.lock.release;
        let of_it = |id: &str| id == release || released.lock.cases.contains_key(id);
        for since in released.withdrawn.iter().filter(|entry| !then.contains(entry) && of_it(&entry.id)) {
            let (id, date, reason) = (&since.id, &since.date, &since.reason);
            self.verified
                .notes
                .push(format!("{id} was withdrawn on {date}, after the package was made: {reason}"));
        }
        released.withdrawn = then;
        Ok(released)
    }

    /// Every run, in one pass each: hashed, judged again and compared with the release. Nothing comes back if one of them is
    /// no run.
    fn runs(
        &mut self,
        there: &There,
        released: &Released,
        manifest: &Manifest,
    ) -> anyhow::Result<Option<(Vec<Run>, Files)>> {
        let (mut runs, mut files, mut keys) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (n, entry) in (1..).zip(&manifest.runs) {
            let path = &entry.file;
            let told = text::line(path, 200);
            if there.get(path).is_some_and(|size| *size > most(path)) {
                continue;
            }
            if !path.starts_with("runs/") || !there.contains_key(path) {
                self.tell(format!("{told}: evidence.json names this run, and no such file is in runs/"))?;
                continue;
            }
            let known = self.known(there, &entry.runtime)?;
            let mut from = Hashing::new(File::open(self.path(path)).with_context(|| told.clone())?);
            let mut found = Vec::new();
            let reader = report::read(BufReader::new(from.by_ref()), told.clone());
            let run = examine(reader, released, known.as_ref(), &mut |what| {
                found.push(what);
                Ok(())
            })?;
            for what in found {
                let of = if what.starts_with("runs/") { String::new() } else { format!("{told}: ") };
                self.tell(format!("{of}{what}"))?;
            }
            let is = from.finish();
            self.compare_hash(path, &is)?;
            let Some(run) = run else { continue };
            if let Some(unclear) = run.unclear_version() {
                self.tell(format!("{told}: {unclear}"))?;
            }
            if run.worlds.get(&manifest.proposal).is_none_or(|world| world.package == "-") {
                self.tell(format!("{told}: the host does not implement {}", manifest.proposal))?;
            }
            if *path != make::run_file(n, &run) {
                self.tell(format!(
                    "{told}: is called so, and a run of {} is {}",
                    run.name(),
                    make::run_file(n, &run)
                ))?;
            }
            if !keys.insert(make::key(&run)) {
                self.tell(format!("{told}: is a second run of one host on one platform"))?;
            }
            if entry.runtime != run.about.name {
                self.tell(format!("{told}: is a run of {}, and evidence.json says another", run.about.name))?;
            }
            runs.push(run);
            files.push((path.clone(), is));
        }
        Ok((runs.len() == manifest.runs.len()).then_some((runs, files)))
    }

    fn known(&mut self, there: &There, runtime: &str) -> anyhow::Result<Option<KnownFailures>> {
        let path = format!("known/{}.toml", make::file_name(runtime));
        if !there.contains_key(&path) {
            self.tell(format!("{path}: is missing; each host has its list, which may be empty"))?;
            return Ok(None);
        }
        match Source::read(self.dir, &path).and_then(|source| KnownFailures::parse(&source)) {
            Ok(known) => Ok(Some(known)),
            Err(problem) => {
                self.tell(problem.to_string())?;
                Ok(None)
            }
        }
    }

    /// Which files there may be is fixed.
    fn names(&mut self, there: &There, released: &Released, manifest: &Manifest) -> anyhow::Result<()> {
        let mut may: BTreeSet<String> =
            make::suite_files(released)?.into_iter().map(|path| format!("suite/{path}")).collect();
        may.insert(format!("suite/{FOLDER}/{}", withdrawn::FILE));
        may.insert(SUMS.to_owned());
        may.extend(derived::NAMES.map(str::to_owned));
        for entry in &manifest.runs {
            may.insert(entry.file.clone());
            may.insert(format!("known/{}.toml", make::file_name(&entry.runtime)));
        }
        for path in there.keys().filter(|path| !may.contains(*path)) {
            self.tell(format!("{path}: is no file of a package on release {}", released.lock.release))?;
        }
        Ok(())
    }

    /// Everything that follows from the runs and the release is made again.
    fn derived(
        &mut self,
        there: &There,
        released: &Released,
        proposal: &str,
        runs: &[Run],
        files: &[(String, String)],
    ) -> anyhow::Result<()> {
        for (path, text) in derived::files(released, proposal, runs, files)? {
            match there.get(&path) {
                None => self.tell(format!("{path}: is missing"))?,
                Some(size) if *size > 2 * text.len() as u64 + 64 => {
                    self.tell(format!("{path}: has {size} bytes; the runs give {}", text.len()))?;
                }
                Some(size) => {
                    let is = layout::read(&self.path(&path), *size).with_context(|| path.clone())?;
                    if hash_of(Path::new("x.toml"), &is) != sha256_of_text(&text) {
                        let line = first_difference(&is, &text);
                        self.tell(format!("{path}:{line}: is not what the runs and the release give"))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The most bytes of a file that is looked at.
fn most(path: &str) -> u64 {
    if path.starts_with("runs/") { MOST_RUN } else { MOST_FILE }
}

/// The line, from 1, of the first difference.
fn first_difference(is: &[u8], expected: &str) -> usize {
    let is = String::from_utf8_lossy(is);
    let same = is.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count();
    same + 1
}
