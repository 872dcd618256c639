//! `cargo hw judge`, on runs of every runtime that needs nothing but this workspace; and what `cargo hw run` does with
//! outputs that fail and with adapters that lie.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use wasi_hw_harness::text::is_plain;

/// A file below the target folder. Dropped, it is gone.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> File {
        File(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("judge-{name}-{}", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn tool(arguments: &[&str]) -> Command {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_wasi-hw"));
    tool.args(arguments);
    for name in ["WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_ROOT"] {
        tool.env_remove(name);
    }
    tool
}

/// Exit code, standard output, error stream.
fn said(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    said(tool(arguments).output().unwrap())
}

#[test]
fn a_run_of_every_runtime_is_as_its_records_give_it() {
    for runtime in ["wasmtime", "wasmtime-kernel", "wasmtime-variants", "wasmtime-child"] {
        let report = File::new(runtime);
        let ran = run(&["run", "--runtime", runtime, "--report", report.path()]);
        assert!(matches!(ran.0, 0 | 1), "{runtime}: {ran:?}");
        let judged = run(&["judge", report.path()]);
        let cases = report.text().lines().count() - 2;
        let all = format!("{cases} records and 4 claims judged again: all as written\n");
        assert_eq!((judged.0, judged.1.as_str()), (0, all.as_str()), "{runtime}: {judged:?}");
        assert!(cases > 400, "{runtime}: {cases} cases");
    }
}

#[test]
fn a_verdict_and_a_claim_that_were_changed_are_named() {
    let report = File::new("changed");
    assert_eq!(run(&["run", "i2c", "--report", report.path()]).0, 0);
    let text = report.text();
    let failed = r#""how":"trap","why":"\u001b[2J""#;
    let changed = text.lines().map(|line| match line.contains(r#""case":"i2c/read-one-frame""#) {
        true => line.replacen(r#""how":"returned""#, failed, 1) + "\n",
        false => line.to_owned() + "\n",
    });
    fs::write(&report.0, changed.collect::<String>()).unwrap();
    let judged = run(&["judge", report.path()]);
    for part in [
        "i2c/read-one-frame: verdict: written is pass, the records give trap\n",
        "world i2c: claim: written is conformant, the records give not-conformant\n",
        "judged again: ",
    ] {
        assert!(judged.0 == 1 && judged.1.contains(part), "{part}: {judged:?}");
    }
    assert!(judged.1.chars().all(|c| c == '\n' || is_plain(c)), "{:?}", judged.1);
    let judged = run(&["judge", report.path(), "--json"]);
    let lines: Vec<serde_json::Value> =
        judged.1.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (judged.0, &lines[0]["of"], &lines[0]["judged"]),
        (1, &"i2c/read-one-frame".into(), &"trap".into())
    );
    assert_eq!(lines[lines.len() - 1]["judged"]["findings"], lines.len() - 1);
}

#[test]
fn a_report_that_is_none_or_not_whole_exits_with_2() {
    let report = File::new("half");
    assert_eq!(run(&["run", "i2c/read", "--report", report.path()]).0, 0);
    let text = report.text();
    fs::write(&report.0, &text[..text.len() - 100]).unwrap();
    let judged = run(&["judge", report.path()]);
    assert!(
        judged.0 == 2 && judged.1.contains(" records and 0 claims judged again: all as written"),
        "{judged:?}"
    );
    assert!(judged.2.contains("the line is cut off: the run was ended while it was written"), "{judged:?}");
    for (text, why) in [
        ("", ":1: the file is empty; a report begins with its header"),
        ("{}\n", ":1: is no entry of a report: missing field `kind`"),
        ("\u{1b}[2J\n", ":1: is no entry of a report: expected value"),
        (r#"{"kind":"header","format":1}"#, ":1: the line is cut off; take the whole report"),
    ] {
        fs::write(&report.0, text).unwrap();
        let judged = run(&["judge", report.path()]);
        assert!(judged.0 == 2 && judged.2.contains(why), "{judged:?}");
    }
    let missing = run(&["judge", "no/such/report.jsonl"]);
    assert!(missing.0 == 2 && missing.2.contains("no/such/report.jsonl cannot be opened"), "{missing:?}");
    let folder = run(&["judge", env!("CARGO_MANIFEST_DIR")]);
    assert!(folder.0 == 2 && folder.2.contains("name the report in it"), "{folder:?}");
}

#[test]
fn a_reader_that_leaves_is_no_success_and_costs_no_report() {
    let report = File::new("reader");
    let mut tool = tool(&["run", "i2c/read", "--report", report.path()]);
    let mut child = tool.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = said(child.wait_with_output().unwrap());
    assert!(ended.0 == 2 && ended.2.contains("the standard output cannot be written"), "{ended:?}");
    assert_eq!(run(&["judge", report.path()]).0, 0);
}

/// No file can grow above a number of blocks, of 512 or 1,024 bytes.
#[cfg(unix)]
const LIMITED: &str = r#"trap '' XFSZ; ulimit -f "$1"; shift; exec "$0" "$@""#;

#[test]
#[cfg(unix)]
fn a_full_disk_is_no_success_and_costs_no_summary() {
    let report = File::new("full");
    assert_eq!(run(&["run", "usb", "--report", report.path()]).0, 0);
    let whole = std::fs::read(report.path()).unwrap();
    let header = whole.iter().position(|byte| *byte == b'\n').unwrap();
    // More than the header has, and less than the report, in blocks of either size.
    let (least, most) = (header / 512 + 1, whole.len() / 1024 - 1);
    assert!(least < most, "a report of {} bytes, of which the header has {header}", whole.len());
    let mut limited = tool(&[]);
    let program = limited.get_program().to_owned();
    let mut shell = Command::new("sh");
    shell.args(["-c", LIMITED]).arg(program).arg(least.midpoint(most).to_string());
    shell.args(["run", "usb", "--report", report.path()]);
    let ended = said(shell.env_remove("WASI_HW_RUNTIME").output().unwrap());
    assert!(ended.0 == 2 && ended.2.contains("cannot be written: File too large"), "{ended:?}");
    assert!(ended.1.contains("wasi:usb@0.2.1         conformant"), "{ended:?}");
    assert!(limited.arg("judge").arg(report.path()).output().unwrap().status.code() == Some(2));
    // What is full from the beginning is told before anything runs.
    if cfg!(target_os = "linux") {
        let ended = run(&["run", "usb", "--report", "/dev/full"]);
        assert!(
            ended.0 == 2 && ended.1.is_empty() && ended.2.contains("No space left on device"),
            "{ended:?}"
        );
    }
}

/// An adapter of a few lines of shell, which has no host and answers every run with `returned`.
#[cfg(unix)]
fn liar(started: &str) -> File {
    let script = File::new(&format!("liar-{}.sh", started.len()));
    let text = format!(
        r#"while read -r line; do
          run=$(printf '%s' "$line" | sed -n 's/.*"run":\([0-9]*\),.*/\1/p;s/.*"run":\([0-9]*\)}}.*/\1/p')
          case "$line" in
            *'"start"'*) printf '{started}\n' ;;
            *'"sync"'*) printf '{{"synced":{{"run":%s}}}}\n' "$run" ;;
            *'"stop"'*) exit ;;
            *) printf '{{"done":{{"run":%s,"how":"returned"}}}}\n' "$run" ;;
          esac
        done
"#
    );
    fs::write(&script.0, text).unwrap();
    script
}

#[test]
#[cfg(unix)]
fn an_adapter_that_lies_about_itself_is_told_so_and_claims_nothing() {
    let about = r#""protocol":"1.0.0","version":"1","packages":["wasi:i2c@0.2.0-draft"]"#;
    let table = [
        (
            format!(r#"{{"started":{{{about},"name":"liar","seams":{{"i2c":"x"}}}}}}"#),
            "stand at `x`, which is no seam of i2c; did you mean `hal`?",
        ),
        (
            format!(r#"{{"started":{{{about},"name":"liar","seams":{{"i2x":"messages"}}}}}}"#),
            "it names a seam for `i2x`; did you mean `i2c`?",
        ),
        (
            format!(r#"{{"started":{{{},"name":"liar"}}}}"#, about.replace("0.2.0-draft", "7.7.7")),
            "`wasi:i2c@7.7.7`, which no component of the suite imports; did you mean `wasi:i2c@0.2.0-draft`?",
        ),
        (format!(r#"{{"started":{{{about},"name":"a\\u001b\\u202e"}}}}"#), r"its name is `a\u{1b}\u{202e}`"),
        (
            format!(r#"{{"started":{{{about},"name":"a","homepage":"\\u001b"}}}}"#),
            r"its `homepage` has `\u{1b}`: one line of at most 1024 bytes",
        ),
        ("\\033[2J\\007".to_owned(), r"expected value at line 1 column 1: \u{1b}[2J\u{7}"),
    ];
    for (started, why) in table {
        let script = liar(&started);
        let runtime = format!("cmd:sh \"{}\"", script.path());
        let ran = run(&["run", "i2c", "--runtime", &runtime]);
        assert!(ran.0 == 2 && ran.2.contains(why) && !ran.1.contains("conformant"), "{why}: {ran:?}");
        let examined = run(&["doctor", "--runtime", &runtime]);
        assert!(examined.0 == 1 && examined.1.contains(why), "{why}: {examined:?}");
        for text in [&ran.1, &ran.2, &examined.1, &examined.2] {
            assert!(text.chars().all(|c| c == '\n' || is_plain(c)), "{text:?}");
        }
    }
    // One that says nothing wrong, and does nothing.
    let script = liar(&format!(r#"{{"started":{{{about},"name":"liar"}}}}"#));
    let ran = run(&["run", "i2c/read", "--runtime", &format!("cmd:sh \"{}\"", script.path())]);
    assert!(ran.0 == 1 && ran.1.contains("not conformant"), "{ran:?}");
    // What it never ran it has not linked either, whatever it says.
    let examined = run(&["doctor", "--runtime", &format!("cmd:sh \"{}\"", script.path())]);
    let said = &examined.1;
    assert!(said.contains("imported wasi:i2c/i2c@0.2.0-draft") && !said.contains(" links "), "{examined:?}");
    assert!(examined.0 == 1, "{examined:?}");
}
