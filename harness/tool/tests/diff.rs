//! `cargo hw diff`, on a run and on what may become of it.

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use wasi_hw_harness::text::is_plain;

fn hw(arguments: &[&str]) -> (i32, String, String) {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_wasi-hw"));
    for name in ["WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_ROOT"] {
        tool.env_remove(name);
    }
    let output = tool.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// The reference host's run of a few cases, an entry each.
fn run() -> Vec<Value> {
    static RUN: OnceLock<Vec<Value>> = OnceLock::new();
    let made = || {
        let (code, out, err) =
            hw(&["run", "i2c/read-", "--runtime", "wasmtime", "--suite", "next", "--json"]);
        assert_eq!(code, 0, "{err}");
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    RUN.get_or_init(made).clone()
}

/// A report of these entries.
struct Report(PathBuf);

impl Report {
    fn new(name: &str, entries: &[Value]) -> Report {
        let report = Report(
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("diff-{name}-{}", std::process::id())),
        );
        let lines: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
        fs::write(&report.0, lines).unwrap();
        report
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

const CASE: &str = "i2c/read-one-frame";

fn case<'a>(entries: &'a mut [Value], case: &str) -> &'a mut Value {
    entries.iter_mut().find(|entry| entry["case"] == case).unwrap()
}

/// The run in which one guest saw something else.
fn worse() -> Vec<Value> {
    let mut entries = run();
    case(&mut entries, CASE)["guests"][0]["transcript"][1]["text"] = json!("read 0x48 1 -> ok [00]");
    entries
}

#[test]
fn a_run_is_no_worse_than_itself() {
    let report = Report::new("same", &run());
    let (code, out, err) = hw(&["diff", report.path(), report.path()]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let cases = run().len() - 2;
    assert!(out.ends_with(&format!("\n0 worse, 0 better, {cases} as before\n")), "{out}");
    assert!(!out.contains("claims") && !out.contains("regressions"), "{out}");
}

#[test]
fn a_regression_comes_first_and_fails_and_a_repair_does_not() {
    let (old, new) = (Report::new("well", &run()), Report::new("worse", &worse()));
    let (code, out, _) = hw(&["diff", old.path(), new.path()]);
    assert_eq!(code, 1, "{out}");
    let told = "regressions (1)\n  i2c/read-one-frame   I2C-07\n      was  pass\n      is   fail, guest: expected `read 0x48 1 -> ok ";
    assert!(out.contains(told) && out.contains("saw `read 0x48 1 -> ok [00]`"), "{out}");
    assert!(out.contains("claims (1)\n  i2c\n      was  wasi:i2c@0.2.0-draft partial\n"), "{out}");
    let (code, out, _) = hw(&["diff", new.path(), old.path()]);
    assert!(
        code == 0 && out.contains("\nrepairs (1)\n  i2c/read-one-frame") && !out.contains("regressions"),
        "{out}"
    );
    let (code, out, _) = hw(&["diff", new.path(), new.path()]);
    assert!(code == 0 && out.contains("0 worse"), "{out}");
    // The same case fails at another line.
    let mut other = worse();
    case(&mut other, CASE)["guests"][0]["transcript"][1]["text"] = json!("read 0x48 1 -> err other");
    let other = Report::new("other", &other);
    let (code, out, _) = hw(&["diff", new.path(), other.path()]);
    assert!(
        code == 0 && out.contains("otherwise (1)") && out.contains("saw `read 0x48 1 -> err other`"),
        "{out}"
    );
}

#[test]
fn the_object_has_all_groups() {
    let (old, new) = (Report::new("well-json", &run()), Report::new("worse-json", &worse()));
    let (code, out, _) = hw(&["diff", "--json", old.path(), new.path()]);
    let diff: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 1);
    assert_eq!(diff["regressions"][0]["case"], CASE);
    assert_eq!(diff["regressions"][0]["proves"], json!(["I2C-07"]));
    for group in ["notes", "claims", "lost", "repairs", "changed", "added", "gone"] {
        assert!(diff[group].is_array(), "{group}: {diff}");
    }
    assert_eq!(diff["old"]["suite"], "next");
    assert_eq!(diff["same"], run().len() - 3);
}

#[test]
fn what_is_not_shown_any_more_is_worse_unless_it_was_not_asked_for() {
    let less: Vec<_> = run().into_iter().filter(|entry| entry["case"] != CASE).collect();
    let (old, new) = (Report::new("whole", &run()), Report::new("less", &less));
    let (code, out, _) = hw(&["diff", old.path(), new.path()]);
    assert!(code == 1 && out.contains("not shown any more (1)\n  i2c/read-one-frame"), "{out}");
    let (code, out, _) = hw(&["diff", "--common", old.path(), new.path()]);
    assert!(code == 0 && out.contains("Compared are only cases"), "{out}");
    let (code, out, _) = hw(&["diff", new.path(), old.path()]);
    assert!(code == 0 && out.contains("new cases (1)\n  i2c/read-one-frame"), "{out}");
    // A run that was ended in the middle says so.
    let cut = Report::new("cut", &run()[..run().len() - 2]);
    let (code, out, _) = hw(&["diff", old.path(), cut.path()]);
    assert!(code == 1 && out.contains("note: Of the new run: The run did not end"), "{out}");
    // A case that the later suite does not have is gone, which is no fault of the host.
    let mut gone = less;
    gone[0]["cases"].as_object_mut().unwrap().remove(CASE);
    gone[0]["suite"]["version"] = json!("9.0.0");
    let gone = Report::new("gone", &gone);
    let (code, out, _) = hw(&["diff", old.path(), gone.path()]);
    assert!(code == 0 && out.contains("gone cases (1)\n  i2c/read-one-frame"), "{out}");
    assert!(out.contains("note: The suites differ: next and 9.0.0."), "{out}");
}

#[test]
fn other_suites_hosts_and_cases_are_told() {
    let mut other = worse();
    other[0]["suite"]["sha256"] = json!("00");
    other[0]["suite"]["files"][format!("conformance/cases/{CASE}.toml")] = json!("00");
    other[0]["runtime"]["version"] = json!("99");
    other[0]["platform"]["os"] = json!("plan9");
    let (old, new) = (Report::new("of-one", &run()), Report::new("of-other", &other));
    let (_, out, _) = hw(&["diff", old.path(), new.path()]);
    for told in [
        "Both suites are called next, and their files differ.",
        "The hosts differ: wasmtime ",
        "The platforms differ: linux",
        "i2c/read-one-frame   I2C-07   (the case itself is another)",
    ] {
        let told = told.replace("linux", std::env::consts::OS);
        assert!(out.contains(&told), "{told}: {out}");
    }
}

#[test]
fn a_file_that_is_no_report_is_named_with_its_line() {
    let good = Report::new("good", &run());
    let mut entries = run();
    case(&mut entries, CASE)["verdict"] = json!("splendid");
    let line = 1 + entries.iter().position(|entry| entry["case"] == CASE).unwrap();
    let bad = Report::new("bad", &entries);
    for pair in [[good.path(), bad.path()], [bad.path(), good.path()]] {
        let (code, out, err) = hw(&["diff", pair[0], pair[1]]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(&format!("{}:{line}: is no entry of a report", bad.path())), "{err}");
    }
    let (code, _, err) = hw(&["diff", good.path(), "no/such/file"]);
    assert!(code == 2 && err.contains("no/such/file cannot be opened"), "{err}");
    assert_eq!(hw(&["diff", good.path()]).0, 2);
}

#[test]
fn what_a_report_says_is_text_and_has_an_end() {
    let loud = format!("\u{1b}]0;x\u{7}\u{9b}\u{202e}\r\nregressions (0){}", "x".repeat(1 << 20));
    let mut entries = worse();
    entries[0]["suite"]["version"] = json!(loud);
    entries[0]["runtime"]["name"] = json!(loud);
    entries[0]["platform"]["os"] = json!(loud);
    let record = case(&mut entries, CASE);
    record["guests"][0]["transcript"][1]["text"] = json!(loud);
    record["proves"] = json!([loud]);
    let (old, new) = (Report::new("quiet", &run()), Report::new("loud", &entries));
    for arguments in [&["diff", old.path(), new.path()][..], &["diff", "--json", new.path(), old.path()]] {
        let (_, out, _) = hw(arguments);
        assert!(out.chars().all(|c| c == '\n' || is_plain(c)), "{out:?}");
        assert!(out.len() < 20_000, "{} bytes", out.len());
        assert!(!out.lines().any(|line| line.starts_with("regressions (0)")), "{out}");
    }
}
