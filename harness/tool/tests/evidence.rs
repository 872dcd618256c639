//! Packages of evidence: what was made verifies, and whatever is done to it is named. The suite is a small one, so that a
//! package can be broken in many ways.

#[allow(dead_code, reason = "each test file uses its part of it")]
use crate::copy::Copy;
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
        copy.write(&file, &fs::read_to_string(copy::repository().join(&file)).unwrap());
    }
    let file = "proposals/capabilities.toml";
    copy.write(file, &fs::read_to_string(copy::repository().join(file)).unwrap());
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

type Forgery = (&'static str, &'static str, fn(&str) -> String, &'static [&'static str]);

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

/// What is done to one file, with hashes that fit; and what is named.
const FORGERIES: &[Forgery] = &[
    (
        "a verdict",
        SECOND,
        |text| {
            record(text, "read-one-frame", |r| replaced(r, "\"verdict\":\"fail\"", "\"verdict\":\"pass\""))
        },
        &["i2c/read-one-frame: verdict: written is pass, the records give fail"],
    ),
    (
        "a line of a transcript",
        FIRST,
        |text| {
            record(text, "read-one-frame", |r| {
                replaced(r, "-> ok", "-> err other").replace("\"text\":\"read", "\"text\":\"reed")
            })
        },
        &["i2c/read-one-frame: verdict: written is pass, the records give fail"],
    ),
    (
        "what was expected, to fit what was seen",
        SECOND,
        |text| {
            record(text, "read-one-frame", |r| {
                let guests = r.find("\"guests\":").unwrap();
                let from = guests + r[guests..].find("\"expected\":[").unwrap();
                let to = from + r[from..].find("],\"transcript\"").unwrap();
                format!("{}\"expected\":[{}", &r[..from], &r[to..])
            })
        },
        &[
            "i2c/read-one-frame: not as the release's case has it, or not possible: guests and what they are to",
        ],
    ),
    (
        "a time",
        FIRST,
        |text| {
            record(text, "read-one-frame", |r| {
                replaced(r, "\"board-ns\":", "\"board-ns\":0,\"x\":")
                    .replace(",\"x\":1000", "")
                    .replace(",\"x\":2000", "")
                    .replace(",\"x\":3000", "")
            })
        },
        &["not possible: times"],
    ),
    (
        "an ending",
        FIRST,
        |text| {
            record(text, "read-one-frame", |r| {
                replaced(r, "{\"how\":\"returned\"}", "{\"how\":\"crash\",\"why\":\"x\"}")
            })
        },
        &["i2c/read-one-frame: verdict: written is pass, the records give crash"],
    ),
    (
        "a record left out",
        FIRST,
        |text| record(text, "read-one-frame", |_| String::new()),
        &["footer: complete: written is true, the records give false"],
    ),
    (
        "a record doubled",
        FIRST,
        |text| record(text, "read-one-frame", |r| format!("{r}\n{r}")),
        &["the case i2c/read-one-frame has a record already"],
    ),
    (
        "the footer left out",
        FIRST,
        |text| text.lines().filter(|l| !l.contains("\"footer\"")).map(|l| l.to_owned() + "\n").collect(),
        &["there is no footer: the run did not end"],
    ),
    (
        "a run of another release",
        SECOND,
        |text| replaced(text, "\"version\":\"0.1.0\"", "\"version\":\"0.2.0\""),
        &["header: the suite's version and so its cases are not those of 0.1.0"],
    ),
    (
        "a foreign component",
        FIRST,
        |text| {
            let at = text.find("\"components\":{\"i2c.wasm\":\"").unwrap() + 26;
            format!("{}{}{}", &text[..at], "0".repeat(64), &text[at + 64..])
        },
        &["header: the components are not those of 0.1.0"],
    ),
    (
        "a declared capability added",
        FIRST,
        |text| {
            replaced(
                text,
                "\"seams\":{\"i2c\":\"hal\"}",
                "\"seams\":{\"i2c\":\"hal\"},\"lacks\":[\"instances\"]",
            )
        },
        &["world i2c: lacks: written is [], the records give"],
    ),
    (
        "a seam that nobody knows",
        FIRST,
        |text| replaced(text, "\"seams\":{\"i2c\":\"hal\"}", "\"seams\":{\"i2c\":\"x\"}"),
        &["which is no seam of i2c"],
    ),
    (
        "a requirement's text",
        FIRST,
        |text| {
            replaced(
                text,
                "\"requirements\":{\"I2C-01\":{\"text\":\"",
                "\"requirements\":{\"I2C-01\":{\"text\":\"Not: ",
            )
        },
        &["header: the requirements are not those of 0.1.0"],
    ),
    (
        "a case that the release has not",
        FIRST,
        |text| text.replace("i2c/read-one-frame", "i2c/read-one-frane"),
        &["header: the cases (i2c/read-one-frame is one)"],
    ),
    (
        "a filter",
        FIRST,
        |text| replaced(text, "\"chosen\":3", "\"chosen\":2"),
        &["header: a filter was on: the run is of 2 of 3 cases"],
    ),
    (
        "a problem of the suite",
        FIRST,
        |text| replaced(text, "\"complete\":true", "\"complete\":false"),
        &["footer: complete: written is false"],
    ),
    (
        "a branch for a version",
        FIRST,
        |text| {
            let at = text.find("\"name\":\"first\",\"version\":\"").unwrap() + 26;
            let end = at + text[at..].find('"').unwrap();
            format!("{}main{}", &text[..at], &text[end..])
        },
        &["evidence is of an exact version, not of a branch"],
    ),
    (
        "a known failure hidden",
        SECOND,
        |text| {
            record(text, "read-one-frame", |r| {
                replaced(
                    r,
                    "\"expectation\":\"unexpected\"",
                    "\"expectation\":\"known\",\"known\":{\"verdict\":\"fail\",\"reason\":\"x\"}",
                )
            })
        },
        &["i2c/read-one-frame: known: the record and the host's file say different things"],
    ),
    (
        "a known failure invented",
        "known/second.toml",
        |text| {
            format!("{text}\n[[known]]\ncase = \"i2c/read-one-frame\"\nverdict = \"fail\"\nreason = \"x\"\n")
        },
        &["i2c/read-one-frame: known: the record and the host's file say different things"],
    ),
    (
        "what a host lacks",
        "known/first.toml",
        |text| format!("{text}lacks = [\"instances\"]\n"),
        &["header: the host's file says that it lacks instances, and the run does not"],
    ),
    (
        "a claim",
        "claims.txt",
        |text| replaced(text, "not conformant", "conformant"),
        &["claims.txt:3: is not what"],
    ),
    ("a cell", "table.md", |text| replaced(text, "**fail**", "pass"), &["table.md:", "is not what the runs"]),
    ("EARL", "earl.jsonld", |text| replaced(text, "earl:failed", "earl:passed"), &["earl.jsonld:"]),
    ("the statement", "in-toto.json", |text| replaced(text, "FAILED", "PASSED"), &["in-toto.json:"]),
    (
        "the command of a run",
        "evidence.json",
        |text| replaced(text, "--suite 0.1.0", "--suite next"),
        &["evidence.json:"],
    ),
    (
        "the release",
        "evidence.json",
        |text| replaced(text, "\"release\": \"0.1.0\"", "\"release\": \"0.9.0\""),
        &["the release `0.9.0` is unknown here; this tool has 0.1.0"],
    ),
    (
        "a path outside",
        "evidence.json",
        |text| replaced(text, "\"file\": \"runs/001-first.jsonl\"", "\"file\": \"runs/../../x\""),
        &["runs/../../x: evidence.json names this run, and no such file"],
    ),
    (
        "a run named twice",
        "evidence.json",
        |text| replaced(text, "\"file\": \"runs/001-first.jsonl\"", "\"file\": \"runs/002-second.jsonl\""),
        &["is a second run of one host"],
    ),
    (
        "a case",
        "suite/conformance/cases/i2c/read-one-frame.toml",
        |text| replaced(text, "title = \"", "title = \"x"),
        &["read-one-frame.toml: is not that of release 0.1.0"],
    ),
    (
        "a fixture",
        "suite/fixtures/i2c/register-file.toml",
        |text| format!("{text}#"),
        &["register-file.toml: is not that of release"],
    ),
    (
        "the lock",
        "suite/conformance/releases/0.1.0.toml",
        |text| format!("{text}#"),
        &["0.1.0.toml: is not that of release"],
    ),
    (
        "a file added",
        "more.txt",
        |_| "more".to_owned(),
        &["more.txt: is no file of a package on release 0.1.0"],
    ),
    (
        "a withdrawal invented",
        "suite/conformance/releases/withdrawn.toml",
        |_| {
            "version = 1\n[[withdrawn]]\nid = \"i2c/read-one-frame\"\ndate = \"2026-11-30\"\nreason = \"x\"\n"
                .to_owned()
        },
        &["withdraws i2c/read-one-frame, and this tool knows nothing of that"],
    ),
];

#[test]
fn whatever_is_forged_is_named_though_every_hash_fits() {
    let package = Package::new("forged");
    let sums = package.text("SHA256SUMS");
    assert!(FORGERIES.len() >= 20);
    for (what, file, forge, parts) in FORGERIES {
        let path = package.dir().join(file);
        let before = fs::read(&path).ok();
        let text = before.clone().map(|bytes| String::from_utf8(bytes).unwrap()).unwrap_or_default();
        package.forge(file, &forge(&text));
        package.named(what, parts);
        match before {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        package.seal();
        assert_eq!(package.text("SHA256SUMS"), sums, "{what}");
    }
    assert_eq!(package.verify(Some(&package.fingerprint)).0, <[String; 0]>::default());
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
