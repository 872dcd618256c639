//! Freezes a suite into a release, and says whether the tree still holds every one. What a release is stands in
//! [`wasi_hw_harness::suite::release`].

use anyhow::{Context, bail, ensure};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::capability;
use wasi_hw_harness::suite::files::sha256_of_text;
use wasi_hw_harness::suite::manifest::{COMPONENTS, MANIFEST};
use wasi_hw_harness::suite::problem::Problem;
use wasi_hw_harness::suite::release::{FOLDER, Lock, Version, hash, is_inside};
use wasi_hw_harness::suite::release::{LockedCase, LockedPackage, LockedRequirement};
use wasi_hw_harness::suite::withdrawn::{self, Withdrawn};

/// Freezes what stands in the tree as a new release, and gives its lock. Nothing is written unless everything can be
/// frozen; a release that is there stays.
pub fn make(root: &Path, version: Version) -> anyhow::Result<Lock> {
    let suite = Suite::discover(root);
    if let Some(problem) = suite.problems.first() {
        bail!("{problem}\na release is made of a suite without problems");
    }
    let versions = Lock::versions(root);
    if let Some(newest) = versions.first().filter(|newest| **newest >= version) {
        bail!("{newest} is released already; the next release has a higher number than that");
    }
    let broken = check(root);
    if let Some(problem) = broken.first() {
        bail!("{problem}\nno release is made while an earlier one is not whole");
    }
    let sources = sources(&suite)?;
    let mut lock = Lock {
        version: 1,
        release: version.to_string(),
        package: Vec::new(),
        files: BTreeMap::new(),
        fixtures: BTreeMap::new(),
        requirements: BTreeMap::new(),
        cases: BTreeMap::new(),
    };
    for (path, from) in &sources {
        ensure!(is_inside(path), "{path}: a released file has letters, digits and `-_.@+` in its name");
        lock.files.insert(path.clone(), hash(&root.join(from)).with_context(|| from.display().to_string())?);
    }
    for component in &suite.components {
        suite.read_component(component).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let Some(proposal) = component.proposal.clone() else { continue };
        let (package, file) = (component.package.clone(), component.file.clone());
        let sha256 = component.sha256.clone();
        lock.package.push(LockedPackage { package, proposal, component: file, sha256 });
    }
    for (id, requirement) in &suite.requirements {
        let (level, sha256) = (requirement.level, sha256_of_text(&requirement.text));
        lock.requirements.insert(id.clone(), LockedRequirement { level, sha256 });
    }
    let noted = |path: String| suite.files.0.get(&path).cloned().context(path);
    for case in &suite.cases {
        let (level, fixture, proves) = (case.level, case.fixture.clone(), case.proves.clone());
        let sha256 = noted(format!("conformance/cases/{}.toml", case.id))?;
        lock.fixtures.insert(fixture.clone(), noted(format!("fixtures/{fixture}"))?);
        lock.cases.insert(case.id.clone(), LockedCase { level, sha256, fixture, proves });
    }
    write(root, version, &lock, &sources)?;
    let read = Lock::read(root, version).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    ensure!(read == lock, "the lock does not read back as it was written");
    Ok(lock)
}

/// What goes on changing and is kept as it is: by its path in the release's folder, where it lies now.
fn sources(suite: &Suite) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut all = BTreeMap::from([(MANIFEST.to_owned(), Path::new(COMPONENTS).join(MANIFEST))]);
    for component in &suite.components {
        all.insert(component.file.clone(), Path::new(COMPONENTS).join(&component.file));
    }
    let texts = suite.proposals.iter().map(|proposal| proposal.file());
    let texts = texts.chain([PathBuf::from(capability::FILE)]);
    all.extend(texts.filter(|path| suite.root.join(path).exists()).map(|path| (slashes(&path), path)));
    wit(&suite.root, Path::new("wit"), &mut all)?;
    Ok(all)
}

fn wit(root: &Path, folder: &Path, all: &mut BTreeMap<String, PathBuf>) -> anyhow::Result<()> {
    let entries = fs::read_dir(root.join(folder)).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            wit(root, &path, all)?;
        } else if path.extension().is_some_and(|ending| ending == "wit") {
            all.insert(slashes(&path), path);
        }
    }
    Ok(())
}

fn slashes(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn write(
    root: &Path,
    version: Version,
    lock: &Lock,
    sources: &BTreeMap<String, PathBuf>,
) -> anyhow::Result<()> {
    let folder = root.join(Lock::folder(version));
    ensure!(!folder.exists(), "{} is there, without a lock; take it away", Lock::folder(version).display());
    for (path, from) in sources {
        let to = folder.join(path);
        fs::create_dir_all(to.parent().unwrap_or(&folder))?;
        fs::copy(root.join(from), &to).with_context(|| to.display().to_string())?;
    }
    // What makes it a release comes last.
    let file = root.join(Lock::file(version));
    fs::write(&file, text(lock)).with_context(|| file.display().to_string())
}

/// The lock as it is written: a line for each thing, so that two releases can be compared by eye.
fn text(lock: &Lock) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = lines(&mut out, lock);
    out
}

fn lines(out: &mut String, lock: &Lock) -> std::fmt::Result {
    let Lock { version, release, package, files, fixtures, requirements, cases } = lock;
    writeln!(out, "# Written by `cargo hw release {release}`. What it names is never edited.\n")?;
    writeln!(out, "version = {version}\nrelease = \"{release}\"")?;
    for LockedPackage { package, proposal, component, sha256 } in package {
        writeln!(out, "\n[[package]]\npackage = \"{package}\"\nproposal = \"{proposal}\"")?;
        writeln!(out, "component = \"{component}\"\nsha256 = \"{sha256}\"")?;
    }
    for (name, table) in [("files", files), ("fixtures", fixtures)] {
        writeln!(out, "\n[{name}]")?;
        table.iter().try_for_each(|(path, hash)| writeln!(out, "\"{path}\" = \"{hash}\""))?;
    }
    writeln!(out, "\n[requirements]")?;
    for (id, LockedRequirement { level, sha256 }) in requirements {
        writeln!(out, "\"{id}\" = {{ level = \"{level}\", sha256 = \"{sha256}\" }}")?;
    }
    writeln!(out, "\n[cases]")?;
    for (id, LockedCase { level, sha256, fixture, proves }) in cases {
        let proves = proves.join("\", \"");
        write!(out, "\"{id}\" = {{ level = \"{level}\", sha256 = \"{sha256}\", ")?;
        writeln!(out, "fixture = \"{fixture}\", proves = [\"{proves}\"] }}")?;
    }
    Ok(())
}

/// What the tree does not hold of its releases and withdrawals.
pub fn check(root: &Path) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut known = Vec::new();
    for version in Lock::versions(root) {
        match Lock::read(root, version) {
            Ok(lock) => {
                problems.append(&mut lock.broken(root));
                problems.extend(surplus(root, version, &lock));
                known.push(lock);
            }
            Err(problem) => problems.push(problem),
        }
    }
    match withdrawn::read(root) {
        Ok(all) => {
            let file = Path::new(FOLDER).join(withdrawn::FILE);
            for Withdrawn { id, .. } in all {
                if !known.iter().any(|lock| lock.release == id || lock.cases.contains_key(&id)) {
                    let message = format!("withdraws `{id}`, which no release has; take the entry out");
                    problems.push(Problem { file: file.clone(), line: None, message });
                }
            }
        }
        Err(problem) => problems.push(problem),
    }
    problems.dedup();
    problems
}

/// Files in a release's folder that its lock does not know.
fn surplus(root: &Path, version: Version, lock: &Lock) -> Vec<Problem> {
    let (base, mut folders, mut found) = (Lock::folder(version), vec![Lock::folder(version)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).into_iter().flatten().flatten() {
            let path = folder.join(entry.file_name());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if !lock.files.contains_key(&slashes(path.strip_prefix(&base).unwrap_or(&path))) {
                let message = format!("is not of release {version}; its lock has no such file");
                found.push(Problem { file: path, line: None, message });
            }
        }
    }
    found.sort();
    found
}

/// Withdraws a case, or a whole release, from every release that has it.
pub fn withdraw(root: &Path, entry: &Withdrawn) -> anyhow::Result<Vec<String>> {
    if let Some(wrong) = entry.wrong() {
        bail!("{wrong}");
    }
    let locks: Result<Vec<_>, _> = Lock::versions(root).into_iter().map(|v| Lock::read(root, v)).collect();
    let locks = locks.map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let has = |lock: &&Lock| lock.release == entry.id || lock.cases.contains_key(&entry.id);
    let of: Vec<_> = locks.iter().filter(has).map(|lock| lock.release.clone()).collect();
    ensure!(
        !of.is_empty(),
        "no release has `{}`; a case that was never released can be edited or deleted",
        entry.id
    );
    let there = withdrawn::read(root).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let already = there.iter().find(|there| there.id.eq_ignore_ascii_case(&entry.id));
    if let Some(Withdrawn { date, reason, .. }) = already {
        bail!("{} was withdrawn on {date}: {reason}", entry.id);
    }
    let file = root.join(FOLDER).join(withdrawn::FILE);
    let mut text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(_) => {
            "# Written by `cargo hw withdraw`. An id that stands here is never used again.\n\nversion = 1\n"
                .to_owned()
        }
    };
    let quoted = |text: &str| serde_json::to_string(text);
    let (id, date, reason) = (quoted(&entry.id)?, quoted(&entry.date)?, quoted(&entry.reason)?);
    let _ = write!(text, "\n[[withdrawn]]\nid = {id}\ndate = {date}\nreason = {reason}\n");
    fs::write(&file, text).with_context(|| file.display().to_string())?;
    Ok(of)
}

/// A requirement as the newest release that has it says it.
pub struct Then {
    /// The release.
    pub release: String,
    /// What it said, where that is not what it says today; with the level.
    pub said: Option<(String, wasi_hw_harness::suite::requirement::Level)>,
}

/// What releases say of a requirement that says or asks something else today, the newest first.
pub fn changed_since(root: &Path, id: &str, today: &Suite) -> anyhow::Result<Vec<Then>> {
    let Some(now) = today.requirements.get(id) else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for version in Lock::versions(root) {
        let lock = Lock::read(root, version).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let Some(locked) = lock.requirements.get(id) else { continue };
        let same = locked.level == now.level && locked.sha256 == sha256_of_text(&now.text);
        let said = if same {
            None
        } else {
            let then = Suite::of_release(root, version, true);
            then.requirements.get(id).map(|then| (then.text.clone(), then.level))
        };
        all.push(Then { release: lock.release, said });
    }
    Ok(all)
}
