//! `coverage` with reports: which requirement is checked where, and that nothing of it is lost without a word.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;
use wasi_hw_harness::suite::Suite;
use wasi_hw_tool::evidence::Cell;
use wasi_hw_tool::traced::{self, SNAPSHOT, Snapshot, marked};

fn tool(arguments: &[&str]) -> (i32, String, String) {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_wasi-hw"));
    for name in ["WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_ROOT", "WASI_HW_SUITE"] {
        tool.env_remove(name);
    }
    let output = tool.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// Runs of the reference host at both of its seams; a filter for a few cases, or none for all.
fn runs(folder: &TempDir, filter: &[&str]) -> Vec<PathBuf> {
    let run = |runtime: &str| {
        let file = folder.path().join(format!("{runtime}.jsonl"));
        let report = ["run", "--suite", "next", "--runtime", runtime, "--report", file.to_str().unwrap()];
        let ran = tool(&[&report, filter].concat());
        assert_eq!(ran.0, 0, "{ran:?}");
        file
    };
    ["wasmtime", "wasmtime-kernel"].into_iter().map(run).collect()
}

#[test]
fn nothing_that_was_covered_is_lost_without_a_word() {
    let folder = TempDir::new().unwrap();
    let traced = traced::read(&runs(&folder, &[]), None).unwrap();
    let before = Snapshot::read(&Suite::default_root().join(SNAPSHOT)).unwrap();
    assert!(before.covered.len() > 300, "the snapshot has {} requirements", before.covered.len());
    let lost = before.lost(&Snapshot::of(&traced, &before));
    assert!(lost.is_empty(), "say under [lost] in {SNAPSHOT} why, and renew it:\n{}", lost.join("\n"));
    // Every requirement is answered for.
    let suite = Suite::discover(&Suite::default_root());
    assert!(suite.requirements.keys().all(|id| traced.requirements.contains_key(id)));
}

#[test]
fn a_requirement_is_traced_to_cases_seams_and_wrong_hosts() {
    let folder = TempDir::new().unwrap();
    let files = runs(&folder, &["i2c/"]);
    let matrix = folder.path().join("defects.json");
    let defect = |id: &str, violates: &str, by: &str| {
        format!(r#"{{"id":"{id}","violates":["{violates}"],"killed-by":["{by}"],"failed":[],"cases":1}}"#)
    };
    let (one, two) = (
        defect("notices", "I2C-03", "i2c/seven-bit-addresses"),
        defect("another", "I2C-03", "i2c/read-one-frame"),
    );
    fs::write(&matrix, format!(r#"{{"defects":[{one},{two}],"musts-without-defect":[]}}"#)).unwrap();
    let traced = traced::read(&files, Some(&matrix)).unwrap();
    let trace = &traced.requirements["I2C-03"];
    assert_eq!(trace.cases, ["i2c/seven-bit-addresses"]);
    let expected = BTreeMap::from([
        ("hal".to_owned(), BTreeMap::from([("wasmtime".to_owned(), Cell::Pass)])),
        ("messages".to_owned(), BTreeMap::from([("wasmtime-kernel".to_owned(), Cell::Pass)])),
    ]);
    assert_eq!(trace.seams, expected);
    // A wrong host that another case notices is none of this requirement's.
    assert_eq!(trace.kills.as_deref(), Some(&["notices".to_owned()][..]));
    assert_eq!(trace.mark(), "proved on wasmtime, wasmtime-kernel · single case");
    // What was not run shows nothing.
    let mark = traced.requirements["SPI-01"].mark();
    assert!(mark.starts_with("not run") || mark.starts_with("no case"), "{mark}");
    let wit = "/// It MUST [I2C-03]; a list [a, b] and [I2C-nothing] stay [";
    let marks = format!("/// It MUST [I2C-03: {}]; a list [a, b] and [I2C-nothing] stay [", trace.mark());
    assert_eq!(marked(wit, &traced), marks);

    let report = files[0].to_str().unwrap();
    let shown = tool(&["coverage", "i2c", report]);
    assert!(shown.0 == 0 && shown.1.contains("I2C-03 (must)  proved on wasmtime · single case"), "{shown:?}");
    let wit = tool(&["coverage", "i2c", report, "--wit"]);
    assert!(wit.0 == 0 && wit.1.contains("[I2C-03: proved on wasmtime"), "{wit:?}");
    // A part of the suite covers less: that is told, and where it is to be said.
    let lost = tool(&["coverage", report, "--check"]);
    assert!(lost.0 == 1 && lost.1.contains("SPI-01: is not proved any more at "), "{lost:?}");
    let text = fs::read_to_string(report).unwrap();
    let changed = folder.path().join("changed.jsonl");
    fs::write(&changed, text.replacen("\"verdict\":\"pass\"", "\"verdict\":\"fail\"", 1)).unwrap();
    let refused = tool(&["coverage", changed.to_str().unwrap()]);
    assert!(refused.0 == 2 && refused.2.contains("verdict is not as the records give it"), "{refused:?}");
    fs::write(&changed, text.replacen("\"suite\":{\"version\":\"", "\"suite\":{\"version\":\"9", 1)).unwrap();
    let other = tool(&["coverage", report, changed.to_str().unwrap()]);
    assert!(other.0 == 2 && other.2.contains("coverage is of one suite"), "{other:?}");
    let missing = tool(&["coverage", "i3c"]);
    assert!(missing.0 == 2 && missing.2.contains("no proposal and no report `i3c`"), "{missing:?}");
}

#[test]
fn what_is_given_up_is_given_up_by_a_person_with_a_reason() {
    let text = "version = 1\n[lost]\n\"X-3\" = \"withdrawn\"\n[covered]\n\"X-1\" = { cases = 2, proved = [\"hal a\", \"hal b\"] }\n\
                \"X-2\" = { cases = 1, proved = [] }\n\"X-3\" = { cases = 1, proved = [\"hal a\"] }\n";
    let before: Snapshot = toml::from_str(text).unwrap();
    assert_eq!(toml::from_str::<Snapshot>(&before.text()).unwrap(), before);
    assert_eq!(before.lost(&before), <[String; 0]>::default());
    let less = "version = 1\n[covered]\n\"X-1\" = { cases = 1, proved = [\"hal a\", \"hal c\"] }\n";
    let lost = before.lost(&toml::from_str(less).unwrap());
    let expected = [
        "X-1: 1 case(s) prove it; there were 2",
        "X-1: is not proved any more at hal b",
        "X-2: no case proves it any more; 1 did",
    ];
    assert_eq!(lost, expected);
}
