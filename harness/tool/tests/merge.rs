//! `run --shard` and `merge`: parts of a run are the run, and what is no run is not made into one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder below the target folder. Dropped, it is gone.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("merge-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn tool(arguments: &[&str]) -> (i32, String, String) {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_wasi-hw"));
    for name in ["WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_ROOT", "WASI_HW_SUITE"] {
        tool.env_remove(name);
    }
    let output = tool.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[test]
fn the_parts_of_a_run_are_the_run_and_nothing_less_is() {
    let folder = Folder::new("parts");
    let (whole, out) = (folder.file("whole.jsonl"), folder.file("out.jsonl"));
    assert_eq!(tool(&["run", "--report", &whole]).0, 0);
    let parts: Vec<_> = (1..=3).map(|k| folder.file(&format!("part-{k}.jsonl"))).collect();
    for (k, part) in (1..).zip(&parts) {
        assert_eq!(tool(&["run", "--shard", &format!("{k}/3"), "--report", part]).0, 0);
    }
    let merge = |parts: &[&str]| tool(&[&["merge", "--report", &out], parts].concat());
    let [one, two, three] = &parts[..] else { panic!() };
    let merged = merge(&[three, one, two]);
    assert!(merged.0 == 0 && merged.1.contains("wasi:usb@0.2.1         conformant"), "{merged:?}");
    assert!(folder.text("out.jsonl") == folder.text("whole.jsonl"), "a single run writes another report");
    fs::remove_file(&out).unwrap();

    let refused = |parts: &[&str], why: &str| {
        let merged = merge(parts);
        assert!(merged.0 == 1 && merged.2.contains(why), "{why}: {merged:?}");
        assert!(!Path::new(&out).exists(), "{why}");
    };
    refused(&[one, three], "cases have no record in any part: gpio/");
    refused(&[one, two, three, one], "already; each part of a run has cases of its own");
    let text = folder.text("part-2.jsonl");
    for (from, to, why) in [
        ("\"name\":\"wasmtime\"", "\"name\":\"other\"", "is of runtime other "),
        ("\"suite\":{\"version\":\"", "\"suite\":{\"version\":\"9", "is of suite 9"),
        ("\"arch\":\"", "\"arch\":\"not-", "is of platform "),
        ("\"seams\":{", "\"seams\":{\"x\":\"y\",", "declares something else of itself"),
        ("\"kind\":\"footer\"", "\"kind\":\"foot\"", "is no entry of a report"),
    ] {
        folder.write("changed.jsonl", &text.replacen(from, to, 1));
        refused(&[one, &folder.file("changed.jsonl"), three], why);
    }
    folder.write("changed.jsonl", &text[..text.len() - 10]);
    refused(&[one, &folder.file("changed.jsonl"), three], "the run was ended while it was written");
    let itself = tool(&["merge", one, two, three, "--report", two]);
    assert!(itself.0 == 2 && itself.2.contains("is one of the parts"), "{itself:?}");
    let missing = merge(&["no/such.jsonl"]);
    assert!(missing.0 == 2 && missing.2.contains("no/such.jsonl cannot be opened"), "{missing:?}");
    let wrong = tool(&["run", "--shard", "4/3"]);
    assert!(wrong.0 == 2 && wrong.2.contains("such as 2/8"), "{wrong:?}");
}
