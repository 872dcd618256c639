//! Packages of evidence: what was made verifies, and whatever is done to it is named. The suite is a small one, so that a
//! package can be broken in many ways.

mod forgeries;

use crate::copy::{Copy, repository};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wasi_hw_harness::report::{Sinks, Writer};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::run::{self, Options};
use wasi_hw_harness::runtime::engine::{Embedding, InProcess};
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::runtime::{About, Ending, Job, Runtime};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::manifest::sha256;
use wasi_hw_tool::evidence::verify::{Verified, verify};
use wasi_hw_tool::{evidence, release};

const CASES: [&str; 3] = ["absent-target", "read-one-frame", "write-one-frame"];
/// What the reference host's file says in these tests: a case that is withdrawn in one of them.
const LIST: &str = "version = 1\nhomepage = \"https://example.org\"\n";

/// A suite of three cases of I²C, released as 0.1.0.
fn suite(name: &str) -> Copy {
    let folders = ["conformance/components", "fixtures/i2c", "proposals/i2c", "wit/i2c"];
    let copy = Copy::of(name, &folders);
    for case in CASES {
        let file = format!("conformance/cases/i2c/{case}.toml");
        copy.write(&file, &fs::read_to_string(repository().join(&file)).unwrap());
    }
    let file = "proposals/capabilities.toml";
    copy.write(file, &fs::read_to_string(repository().join(file)).unwrap());
    let manifest = copy.text("conformance/components/MANIFEST.toml");
    let kept: Vec<_> = manifest
        .split("[[component]]")
        .filter(|part| part.contains("[tools]") || part.contains("file = \"i2c.wasm\""))
        .collect();
    copy.write("conformance/components/MANIFEST.toml", &kept.join("[[component]]"));
    release::make(&copy.root, "0.1.0".parse().unwrap()).unwrap();
    copy
}

/// The reference host under another name, or one that fails.
struct Host {
    name: &'static str,
    works: InProcess<Reference>,
    lazy: bool,
}

impl Runtime for Host {
    fn about(&self) -> About {
        let mut about = About { name: self.name.to_owned(), ..Reference::default().about() };
        about.packages.retain(|package| package.starts_with("wasi:i2c"));
        about.seams.retain(|proposal, _| proposal == "i2c");
        about
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        if self.lazy { vec![Ending::Returned; job.guests.len()] } else { self.works.run(job) }
    }
}

fn run(copy: &Copy, name: &'static str, lazy: bool) -> PathBuf {
    let suite = Suite::select(&copy.root, Some("0.1.0")).unwrap();
    assert_eq!(suite.problems, []);
    let works = InProcess::new(Reference::default()).unwrap();
    let session = Arc::new(Session::new(Arc::new(suite), Box::new(Host { name, works, lazy })));
    let report = copy.root.join(format!("{name}.jsonl"));
    let cases = session.suite.cases.clone();
    let sinks = Sinks::default().with(Writer::create(&report, &session.header(cases.len())).unwrap());
    run::run(&session, &cases, sinks, Options::default(), &|_, _| {}).unwrap();
    report
}

/// A package of two hosts, with the suite that it is of.
struct Package {
    copy: Copy,
    fingerprint: String,
}

impl Package {
    fn new(name: &str) -> Package {
        let copy = suite(name);
        copy.write("conformance/runtimes/first.toml", LIST);
        let runs = [run(&copy, "first", false), run(&copy, "second", true)];
        let mut found = Vec::new();
        let made = evidence::make(&copy.root, "i2c", &runs, &copy.root.join("package"), &mut |what| {
            found.push(what);
            Ok(())
        });
        let made = made.unwrap().unwrap_or_else(|| panic!("{found:?}"));
        Package { copy, fingerprint: made.fingerprint }
    }

    fn dir(&self) -> PathBuf {
        self.copy.root.join("package")
    }

    /// Findings, and what came of it.
    fn verify(&self, fingerprint: Option<&str>) -> (Vec<String>, anyhow::Result<Verified>) {
        let mut found = Vec::new();
        let verified = verify(&self.copy.root, &self.dir(), fingerprint, &mut |what| {
            found.push(what.to_owned());
            Ok(())
        });
        (found, verified)
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.dir().join(file)).unwrap()
    }

    /// Changes a file and, as whoever wants not to be noticed does, the list of hashes.
    fn forge(&self, file: &str, text: &str) {
        fs::write(self.dir().join(file), text).unwrap();
        self.seal();
    }

    /// Writes the list of hashes again.
    fn seal(&self) {
        let mut hashes = BTreeMap::new();
        files(&self.dir(), &self.dir(), &mut hashes);
        let lines: String = hashes.iter().map(|(path, hash)| format!("{hash}  {path}\n")).collect();
        fs::write(self.dir().join("SHA256SUMS"), lines).unwrap();
    }

    /// Whether what was done is named, though the list of hashes says nothing of it.
    fn named(&self, what: &str, parts: &[&str]) {
        let (found, verified) = self.verify(None);
        let all = found.join("\n");
        let errors = verified.as_ref().err().map(|error| format!("{error:#}")).unwrap_or_default();
        for part in parts {
            assert!(all.contains(part) || errors.contains(part), "{what}: no `{part}` in\n{all}\n{errors}");
        }
        let (found, _) = self.verify(Some(&self.fingerprint));
        assert!(found.iter().any(|what| what.starts_with("fingerprint: ")), "{what}: {found:?}");
    }
}

fn files(root: &Path, folder: &Path, hashes: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() && !path.is_symlink() {
            files(root, &path, hashes);
        } else if path.is_file() && name != "SHA256SUMS" {
            hashes.insert(name, sha256(&fs::read(&path).unwrap()));
        }
    }
}

/// A record of a run that is made over.
fn record(text: &str, case: &str, change: impl Fn(&str) -> String) -> String {
    let mine = format!("\"kind\":\"record\",\"case\":\"i2c/{case}\"");
    let lines = text.lines().map(|line| if line.contains(&mine) { change(line) } else { line.to_owned() });
    lines.filter(|line| !line.is_empty()).map(|line| line + "\n").collect()
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no `{from}` in {}", &text[..text.len().min(2_000)]);
    text.replacen(from, to, 1)
}

const FIRST: &str = "runs/001-first.jsonl";
const SECOND: &str = "runs/002-second.jsonl";

#[test]
fn what_was_made_verifies_and_says_where_two_hosts_differ() {
    let package = Package::new("made");
    let (found, verified) = package.verify(Some(&package.fingerprint));
    let verified = verified.unwrap();
    assert_eq!((found, verified.findings), (Vec::<String>::new(), 0));
    assert_eq!(verified.fingerprint, sha256(package.text("SHA256SUMS").as_bytes()));
    let claims = verified.claims;
    assert!(claims[0].starts_with("first ") && claims[0].contains("suite, mock devices at the seam `hal`"));
    assert!(
        claims[0].contains(": conformant. Every scored case passed. Requirements met at this seam: I2C-")
    );
    assert!(claims[1].contains(": not conformant. Cases that did not pass: i2c/absent-target (fail)"));
    assert!(package.text("table.md").contains("| ≠ | i2c/read-one-frame | pass | **fail** |"));
    // The forms that others read say of every case what it came to, and call nothing passed that was not.
    let earl: serde_json::Value = serde_json::from_str(&package.text("earl.jsonld")).unwrap();
    let results = earl["@graph"].as_array().unwrap().iter().filter(|node| node["@type"] == "earl:Assertion");
    let outcomes: Vec<_> =
        results.map(|node| node["earl:result"]["earl:outcome"]["@id"].as_str().unwrap()).collect();
    assert_eq!(outcomes.len(), 2 * CASES.len());
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "earl:passed").count(), CASES.len());
    let statement: serde_json::Value = serde_json::from_str(&package.text("in-toto.json")).unwrap();
    assert_eq!(statement["predicate"]["result"], "FAILED");
    assert_eq!(statement["subject"][0]["digest"]["sha256"], sha256(package.text(FIRST).as_bytes()));
    // What lies in it is a suite that can be run.
    let inside = Suite::select(&package.dir().join("suite"), Some("0.1.0")).unwrap();
    assert!(inside.problems.is_empty() && inside.cases.len() == CASES.len(), "{:?}", inside.problems);
}

#[test]
fn what_is_missing_or_no_plain_file_is_named() {
    let package = Package::new("missing");
    let mut all = BTreeMap::new();
    files(&package.dir(), &package.dir(), &mut all);
    let aside = package.copy.root.join("aside");
    for file in all.keys().map(String::as_str).chain(["SHA256SUMS"]) {
        let path = package.dir().join(file);
        fs::rename(&path, &aside).unwrap();
        let (found, _) = package.verify(None);
        assert!(
            found.iter().any(|what| what.starts_with(&format!("{file}: is missing"))),
            "{file}: {found:?}"
        );
        if file != "SHA256SUMS" {
            package.seal();
            let (found, verified) = package.verify(None);
            let told = found.iter().any(|what| what.contains(file)) || verified.is_err();
            assert!(told, "{file}, with the list written again: {found:?}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&aside, &path).unwrap();
            let (found, _) = package.verify(None);
            assert!(found.iter().any(|w| w.starts_with(&format!("{file}: is a link"))), "{file}: {found:?}");
            fs::remove_file(&path).unwrap();
        }
        fs::rename(&aside, &path).unwrap();
        package.seal();
    }
    // A file of a size that nobody can read, which costs no disk.
    for (file, why) in [
        ("table.md", "no such file of a package has more"),
        (FIRST, "no such file"),
        ("SHA256SUMS", "are the most"),
    ] {
        let path = package.dir().join(file);
        let before = fs::read(&path).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        let (found, _) = package.verify(None);
        assert!(found.iter().any(|what| what.starts_with(file) && what.contains(why)), "{file}: {found:?}");
        fs::write(&path, before).unwrap();
    }
    assert_eq!(package.verify(Some(&package.fingerprint)).0, <[String; 0]>::default());
}

#[test]
fn a_byte_flipped_anywhere_is_named() {
    let package = Package::new("flipped");
    let mut all = BTreeMap::new();
    files(&package.dir(), &package.dir(), &mut all);
    // Every position of a small file, and so many of a larger one: the first, the last, and some between.
    const FLIPS: usize = 12;
    const SMALL: usize = 100;
    let mut flips = 0;
    for file in all.keys().map(String::as_str).chain(["SHA256SUMS"]) {
        let path = package.dir().join(file);
        let before = fs::read(&path).unwrap();
        let last = before.len() - 1;
        let many = if last < SMALL { last + 1 } else { FLIPS };
        let positions = (0..many).map(|n| n * last / (many - 1));
        for at in positions {
            let mut bytes = before.clone();
            bytes[at] ^= 1 << (flips % 8);
            fs::write(&path, &bytes).unwrap();
            let (found, verified) = package.verify(None);
            let named = found.iter().any(|what| what.contains(file));
            assert!(
                named || file == "SHA256SUMS" && !found.is_empty(),
                "{file}, byte {at}: {found:?} {verified:?}"
            );
            flips += 1;
        }
        fs::write(&path, before).unwrap();
    }
    assert!(flips > 300, "{flips}");
}

#[test]
fn what_is_withdrawn_later_is_a_note_and_what_was_counts_no_more() {
    let package = Package::new("later");
    let entry = wasi_hw_harness::suite::withdrawn::Withdrawn {
        id: "i2c/read-one-frame".to_owned(),
        date: "2026-11-30".to_owned(),
        reason: "the fixture is wrong".to_owned(),
    };
    release::withdraw(&package.copy.root, &entry).unwrap();
    let (found, verified) = package.verify(Some(&package.fingerprint));
    let notes = verified.unwrap().notes;
    assert_eq!(found, <[String; 0]>::default());
    assert!(notes[0].contains("i2c/read-one-frame was withdrawn on 2026-11-30"), "{notes:?}");
    // The runs of then make a package of now, without anybody running anything.
    let runs = ["first.jsonl", "second.jsonl"].map(|name| package.copy.root.join(name));
    let out = package.copy.root.join("again");
    evidence::make(&package.copy.root, "i2c", &runs, &out, &mut |what| panic!("{what}")).unwrap().unwrap();
    let again = verify(&package.copy.root, &out, None, &mut |what| panic!("{what}")).unwrap();
    assert!(!again.claims[1].contains("i2c/read-one-frame") && again.notes.is_empty(), "{:?}", again.claims);
}

#[test]
fn what_is_no_evidence_is_not_packed() {
    let copy = suite("refused");
    let good = run(&copy, "first", false);
    let text = fs::read_to_string(&good).unwrap();
    let refused = |text: &str, why: &str| {
        let file = copy.root.join("changed.jsonl");
        fs::write(&file, text).unwrap();
        let mut found = Vec::new();
        let made = evidence::make(&copy.root, "i2c", &[file], &copy.root.join("out"), &mut |what| {
            found.push(what);
            Ok(())
        });
        let error = made.as_ref().err().map(|error| format!("{error:#}")).unwrap_or_default();
        let told = found.iter().any(|what| what.contains(why)) || error.contains(why);
        assert!(told && !matches!(made, Ok(Some(_))), "{why}: {found:?} {error}");
        assert!(!copy.root.join("out").exists(), "{why}");
    };
    refused(
        &replaced(&text, "\"version\":\"0.1.0\"", "\"version\":\"next\""),
        "is a run of `next`, which is no release",
    );
    refused(
        &replaced(&text, "\"version\":\"0.1.0\"", "\"version\":\"7.0.0\""),
        "the release `7.0.0` is unknown here",
    );
    refused(&replaced(&text, "\"chosen\":3", "\"chosen\":2"), "a filter was on");
    refused(&record(&text, "read-one-frame", |r| replaced(r, "\"pass\"", "\"fail\"")), "written is fail");
    refused("{}\n", "is no entry of a report");
    let twice = evidence::make(
        &copy.root,
        "i2c",
        &[good.clone(), good.clone()],
        &copy.root.join("out"),
        &mut |what| {
            assert!(what.contains("are runs of one host on one platform"), "{what}");
            Ok(())
        },
    );
    assert!(matches!(twice, Ok(None)));
    let other = evidence::make(&copy.root, "spi", &[good], &copy.root.join("out"), &mut |_| Ok(()));
    assert!(other.err().unwrap().to_string().contains("no proposal `spi`; release 0.1.0 has i2c"));
}
