//! `cargo hw board`, as harness/mock-libusb/README.md says it: a C program is compiled, put on a fixture, and its trace read.
//!
//! It needs cc. Where there is none, that is an error under CI and said aloud elsewhere.

#![expect(clippy::print_stderr, reason = "what was not checked is said")]
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Exit code, standard output, error stream.
fn board(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_wasi-hw"))
        .arg("board")
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the tool starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// A program of the mock libusb's tests.
fn compile(source: &str) -> Option<PathBuf> {
    let (folder, to) =
        (root().join("harness/mock-libusb"), Path::new(env!("CARGO_TARGET_TMPDIR")).join(source));
    let to = to.with_extension("out");
    let built = Command::new("cc")
        .arg("-o")
        .arg(&to)
        .arg(folder.join("tests").join(source))
        .arg("-I")
        .arg(folder.join("include"))
        .arg("-L")
        .arg(folder.join("lib"))
        .arg("-lusb-1.0")
        .status();
    match built {
        Ok(status) => assert!(status.success(), "{source} does not compile"),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "cc cannot be started: {why}");
            eprintln!("NOT CHECKED: a C program on a fixture, because cc cannot be started: {why}");
            return None;
        }
    }
    Some(to)
}

#[test]
fn a_program_is_run_on_a_fixture_and_its_trace_is_printed() {
    // The first run builds the library, against which the programs are linked.
    let (code, out, err) = board(&["usb/loopback", "--", "true"]);
    assert!(code == 1 && out.is_empty(), "{code}\n{out}\n{err}");
    assert!(err.contains("true never used the mock libusb; does `ldd true` name libusb-1.0.so.0?"), "{err}");

    let Some(program) = compile("program.c") else { return };
    let program = program.to_string_lossy();
    let (code, out, err) = board(&["usb/loopback", "--", &program]);
    assert_eq!((code, err.as_str()), (0, ""));
    let (said, trace) = out.split_once("done\n").expect("the program's last line");
    assert!(said.contains("received 2: 0f d3\n"), "{said}");
    let lines: Vec<_> = trace.lines().filter_map(|line| line.split_once(" µs  device  ")).collect();
    let seen: Vec<_> = lines.iter().map(|(_, line)| *line).collect();
    assert_eq!(seen[..4], ["OPEN", "CLAIM 0", "OUT 0x02 [0f d3]", "IN 0x81 [0f d3]"]);
    assert_eq!(seen[seen.len() - 2..], ["RELEASE 0", "CLOSE"]);

    let (code, out, err) = board(&["--json", "--preload", "usb/loopback", "--", &program]);
    assert!(code == 0 && err.ends_with("done\n"), "{code}\n{err}");
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines[0]["device"] == "device" && lines[0]["saw"] == "OPEN" && lines[0]["at"].is_u64(), "{out}");

    let leaves = compile("leaves.c").expect("cc is there");
    let (code, out, _) = board(&["usb/loopback", "--", &leaves.to_string_lossy()]);
    assert!(code == 0 && out.contains("device  LEFT OPEN (CLOSE)\n"), "{out}");

    // The device of another fixture, of a file.
    let fixture = root().join("harness/mock-libusb/tests/programs/many.toml");
    let (code, out, err) = board(&[&fixture.to_string_lossy(), "--", &program]);
    assert!(code == 1 && out.contains("interface 1"), "{code}\n{out}\n{err}");
    assert!(err.contains("ended with exit status: 1"), "{err}");
    let (code, _, err) = board(&["--limit", "0", "usb/loopback", "--", "sleep", "60"]);
    assert!(code == 1 && err.contains("sleep was ended after 0 s"), "{err}");
}

#[test]
fn what_cannot_be_run_is_said_with_what_to_do() {
    let library = root().join("harness/mock-libusb/no-such-folder");
    let library = library.to_string_lossy();
    for (arguments, why) in [
        (&["usb/no-such-device", "--", "true"][..], "no fixture fixtures/usb/no-such-device.toml; `ls"),
        (&["i2c/addresses", "--", "true"], "has no USB device"),
        (&["usb/loopback", "--library", &library, "--", "true"], "--library names the folder with it"),
        (&["usb/loopback"], "PROGRAM"),
        (&["--cues", "some.cues", "usb/loopback", "--", "true"], "--cues FILE goes with --fixture FIXTURE"),
        (&["--fixture", "usb/loopback", "usb/loopback"], "cannot be used with '[FIXTURE]'"),
        (&["--fixture", "usb/loopback", "--json"], "cannot be used with '--json'"),
        (&["--fixture", "gpio/no-such-pin"], "no fixture fixtures/gpio/no-such-pin.toml; `ls"),
        (&["--fixture", "Cargo.toml"], "unknown field `profile`, expected one of `version`"),
    ] {
        let (code, out, err) = board(arguments);
        assert!(code == 2 && out.is_empty() && err.contains(why), "{arguments:?}: {code}\n{out}\n{err}");
    }
}
