//! Releases, in a copy of the suite: one is made, the tree goes on, and the release stays what it was.

use crate::copy::Copy;
use std::fs;
use std::process::Command;
use wasi_hw_harness::suite::manifest::sha256;

const FOLDERS: [&str; 5] = ["conformance/cases", "conformance/components", "fixtures", "proposals", "wit"];
const CASE: &str = "conformance/cases/i2c/read-one-frame.toml";
const FIXTURE: &str = "fixtures/i2c/register-file.toml";
const REQUIREMENTS: &str = "proposals/i2c/requirements.toml";
const COMPONENT: &str = "conformance/releases/0.1.0/i2c.wasm";

/// Exit code, standard output, error stream.
type Said = (i32, String, String);

fn tool(copy: &Copy, arguments: &[&str]) -> Said {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_wasi-hw"));
    tool.arg("--root").arg(&copy.root).args(arguments);
    for name in ["WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_ROOT", "WASI_HW_SUITE"] {
        tool.env_remove(name);
    }
    let output = tool.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn released(name: &str) -> Copy {
    let copy = Copy::of(name, &FOLDERS);
    let made = tool(&copy, &["release", "0.1.0"]);
    assert!(made.0 == 0 && made.1.starts_with("0.1.0: 6 packages, "), "{made:?}");
    copy
}

/// The report of a run of some cases.
fn report(copy: &Copy, arguments: &[&str]) -> String {
    let ran = tool(copy, &[&["run", "--json"], arguments].concat());
    assert_eq!(ran.0, 0, "{}", ran.2);
    ran.1
}

fn line<'r>(report: &'r str, case: &str) -> &'r str {
    let start = format!("{{\"kind\":\"record\",\"case\":\"{case}\"");
    report.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no record of {case}"))
}

/// A component of other bytes, with a guest test that the release does not know.
fn new_component(copy: &Copy) {
    let file = copy.root.join("conformance/components/i2c.wasm");
    let old = fs::read(&file).unwrap();
    // A custom section named `x`.
    let new = [&old[..], &[0, 3, 1, b'x', 0]].concat();
    fs::write(file, &new).unwrap();
    let manifest = "conformance/components/MANIFEST.toml";
    copy.edit(manifest, &sha256(&old), &sha256(&new));
    copy.edit(manifest, &format!("bytes = {}", old.len()), &format!("bytes = {}", new.len()));
    copy.edit(manifest, "tests = [\"read\", ", "tests = [\"read\", \"delay-alone\", ");
}

#[test]
fn a_release_runs_byte_for_byte_while_the_tree_goes_on() {
    let copy = Copy::of("goes-on", &FOLDERS);
    // A guest test that came later: until then no manifest has it.
    let uses: Vec<_> = fs::read_dir(copy.root.join("conformance/cases/i2c")).unwrap().collect();
    for case in uses.into_iter().map(|case| case.unwrap().path()) {
        if fs::read_to_string(&case).unwrap().contains("\"delay-alone\"") {
            fs::remove_file(case).unwrap();
        }
    }
    copy.edit("conformance/components/MANIFEST.toml", ", \"delay-alone\"", "");
    assert_eq!(tool(&copy, &["release", "--check"]), (0, String::new(), String::new()));
    assert_eq!(tool(&copy, &["release", "0.1.0"]).0, 0);
    let before = report(&copy, &["--suite", "0.1.0", "i2c/read"]);
    assert!(before.contains("\"suite\":{\"version\":\"0.1.0\","), "{}", &before[..200]);
    // While nothing was added, the newest release is what is run.
    assert_eq!(report(&copy, &["i2c/read"]), before);

    new_component(&copy);
    let row = "\n[[requirement]]\nid = \"I2C-999\"\nlevel = \"must\"\nstrength = \"must\"\ngroup = \"framing\"\n\
               text = \"A new thing.\"\nbasis = [{ source = \"upstream\", at = \"README.md\" }]\nobservable = [\"hal\"]\n";
    copy.write(REQUIREMENTS, &(copy.text(REQUIREMENTS) + row));
    // It fails here, so that it would count if it counted.
    copy.write(
        "conformance/cases/i2c/read-what-is-new.toml",
        "version = 1\ntitle = \"New\"\ntest = \"delay-alone\"\nfixture = \"i2c/register-file.toml\"\n\
         proves = [\"I2C-999\"]\ntranscript = [\"something else\"]\n",
    );
    assert_eq!(tool(&copy, &["release", "--check"]).0, 0);
    assert_eq!(report(&copy, &["--suite", "0.1.0", "i2c/read"]), before);

    let later = report(&copy, &["i2c/read"]);
    let new = line(&later, "i2c/read-what-is-new");
    assert!(new.contains("\"added-after\":\"0.1.0\"") && new.contains("\"verdict\":\"observed\""), "{new}");
    assert!(later.contains("\"version\":\"0.1.0+later\"") && later.contains("\"added-later\":1"));
    // What was released is run as it was, and counts as it did.
    assert_eq!(line(&later, "i2c/read-one-frame"), line(&before, "i2c/read-one-frame"));
    let shown = tool(&copy, &["run", "i2c/read"]);
    assert!(shown.0 == 0 && shown.1.contains("added after the release, not scored: 1"), "{shown:?}");

    let next = tool(&copy, &["run", "--suite", "next", "i2c/read"]);
    assert!(next.0 == 1 && next.1.contains("FAIL i2c/read-what-is-new"), "{next:?}");
    let none = tool(&copy, &["run", "--suite", "0.2.0", "i2c/read"]);
    assert!(none.0 == 2 && none.2.contains("no release `0.2.0`; there are: 0.1.0, next"), "{none:?}");
}

#[test]
fn what_was_released_is_not_edited() {
    let copy = released("edited");
    for (file, from, to) in
        [(CASE, "title = \"", "title = \"Not "), (FIXTURE, "version = 1", "version = 1 # x")]
    {
        let text = copy.text(file);
        copy.edit(file, from, to);
        let why = format!("error: {file}: is not what release 0.1.0 has");
        let checked = tool(&copy, &["release", "--check"]);
        assert!(checked.0 == 1 && checked.2.contains(&why), "{checked:?}");
        let ran = tool(&copy, &["run", "i2c/read-one-frame", "--exact"]);
        assert!(ran.0 == 2 && ran.2.contains(&why) && !ran.1.contains(" conformant "), "{ran:?}");
        // What it says of line ends is nothing.
        copy.write(file, &text.replace('\n', "\r\n"));
        assert_eq!(tool(&copy, &["release", "--check"]).0, 0);
        copy.write(file, &text);
    }
    let component = fs::read(copy.root.join(COMPONENT)).unwrap();
    fs::write(copy.root.join(COMPONENT), [&component[..], &[0, 3, 1, b'x', 0]].concat()).unwrap();
    let ran = tool(&copy, &["run", "i2c/read-one-frame", "--exact"]);
    assert!(ran.0 == 2 && ran.2.contains(&format!("{COMPONENT}: is not what release 0.1.0 has")), "{ran:?}");
    fs::write(copy.root.join(COMPONENT), component).unwrap();

    let text = copy.text(CASE);
    fs::remove_file(copy.root.join(CASE)).unwrap();
    let checked = tool(&copy, &["release", "--check"]);
    assert!(checked.0 == 1 && checked.2.contains("read-one-frame.toml: is part of release 0.1.0 and cannot"));
    copy.write(CASE, &text);
    copy.write("conformance/releases/0.1.0/more.wit", "");
    let checked = tool(&copy, &["release", "--check"]);
    assert!(checked.0 == 1 && checked.2.contains("more.wit: is not of release 0.1.0"), "{checked:?}");
    fs::remove_file(copy.root.join("conformance/releases/0.1.0/more.wit")).unwrap();

    let again = tool(&copy, &["release", "0.1.0"]);
    assert!(again.0 == 2 && again.2.contains("0.1.0 is released already"), "{again:?}");
    // A path that leads elsewhere is not followed.
    copy.edit("conformance/releases/0.1.0.toml", "\"i2c/read-one-frame\" =", "\"../../x\" =");
    let checked = tool(&copy, &["release", "--check"]);
    assert!(checked.0 == 1 && checked.2.contains("is no path inside the release"), "{checked:?}");
}

#[test]
fn what_is_wrong_is_withdrawn_and_its_id_is_not_used_again() {
    let copy = released("withdrawn");
    let withdraw = |id: &str, date: &str, reason: &str| {
        tool(&copy, &["withdraw", id, "--date", date, "--reason", reason])
    };
    let missing = withdraw("i2c/no-such-case", "2026-11-30", "why");
    assert!(missing.0 == 2 && missing.2.contains("no release has `i2c/no-such-case`"), "{missing:?}");
    let day = withdraw("i2c/read-one-frame", "yesterday", "why");
    assert!(day.0 == 2 && day.2.contains("`date` is a day"), "{day:?}");
    let reason = withdraw("i2c/read-one-frame", "2026-11-30", "a\u{1b}b");
    assert!(reason.0 == 2 && reason.2.contains("`reason` says on one line"), "{reason:?}");
    let done = withdraw("i2c/read-one-frame", "2026-11-30", "the fixture is \"wrong\"");
    assert_eq!(done, (0, "i2c/read-one-frame is withdrawn from 0.1.0\n".to_owned(), String::new()));
    let twice = withdraw("i2c/read-one-frame", "2026-12-01", "why");
    assert!(twice.0 == 2 && twice.2.contains("was withdrawn on 2026-11-30: the fixture is"), "{twice:?}");

    for suite in ["0.1.0", "next"] {
        let ran = tool(&copy, &["run", "--suite", suite, "i2c/read-one-frame", "--exact"]);
        assert!(ran.0 == 2 && ran.2.contains("no case matches"), "{ran:?}");
    }
    let told = tool(&copy, &["explain", "i2c/read-one-frame"]);
    assert!(
        told.0 == 0 && told.1.contains("was withdrawn on 2026-11-30: the fixture is \"wrong\""),
        "{told:?}"
    );
    // Another case under the same id is a case that was edited.
    copy.edit(CASE, "title = \"", "title = \"Corrected: ");
    let checked = tool(&copy, &["release", "--check"]);
    assert!(checked.0 == 1 && checked.2.contains("is not what release 0.1.0 has"), "{checked:?}");
}

#[test]
fn a_requirement_that_changed_after_a_release_says_so() {
    let copy = released("changed");
    let told = tool(&copy, &["explain", "I2C-09"]);
    assert!(told.0 == 0 && told.1.contains("in release 0.1.0: the same"), "{told:?}");
    let text = copy.text(REQUIREMENTS);
    let row = text.find("id = \"I2C-09\"").unwrap();
    let at = row + text[row..].find("text = \"").unwrap() + "text = \"".len();
    copy.write(REQUIREMENTS, &format!("{}Since today: {}", &text[..at], &text[at..]));
    let told = tool(&copy, &["explain", "I2C-09"]);
    assert!(told.1.contains("changed after release 0.1.0, which says (must): "), "{told:?}");
    let json: serde_json::Value =
        serde_json::from_str(&tool(&copy, &["explain", "I2C-09", "--json"]).1).unwrap();
    assert_eq!(json["releases"][0]["changed"], true);
    assert!(!json["releases"][0]["text"].as_str().unwrap().contains("Since today"));
    // The release goes on saying what it said.
    let ran = report(&copy, &["--suite", "0.1.0", "i2c/read-one-frame", "--exact"]);
    assert!(!ran.contains("Since today"));
}
