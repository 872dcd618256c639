//! `wasi-hw-run` from outside, with the example that is shipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DETECT: &str = "examples/i2cdetect.wasm";

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Exit code, standard output, error stream.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_wasi-hw-run"))
        .args(arguments)
        .current_dir(here())
        .output()
        .expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a file can be written");
    path
}

#[test]
fn a_component_runs_on_a_fixture_and_the_wires_are_told_at_the_end() {
    let (code, out, err) = run(&["--fixture", "i2c/addresses", DETECT, "sensors", "0x30", "0x3f"]);
    assert_eq!(code, 0, "{out}\n{err}");
    let row = out.lines().find(|line| line.starts_with("30: ")).unwrap_or_default();
    assert_eq!(row, "30: -- -- 32 33 -- -- -- -- -- -- -- 3b -- -- -- --", "{out}");
    assert_eq!(out.lines().count(), 9, "{out}");
    let wires: Vec<_> = err.lines().map(|line| line.split("  ").last().unwrap_or_default()).collect();
    assert_eq!(wires.iter().filter(|line| line.starts_with("START ")).count(), 16, "{err}");
    assert!(wires.contains(&"START 0x32 R ACK") && wires.contains(&"START 0x30 R NACK"), "{err}");
}

#[test]
fn a_component_that_fails_says_so_with_its_exit_code() {
    let (code, out, err) = run(&["--fixture", "i2c/addresses", DETECT, "elsewhere"]);
    assert_eq!((code, &*out), (1, ""), "{err}");
    assert!(err.contains("elsewhere: "), "{err}");
    let (code, _, err) = run(&["--fixture", "i2c/addresses", DETECT]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn what_cannot_be_run_says_what_is_wrong() {
    for (arguments, why) in [
        (&["--fixture", "i2c/nowhere", DETECT][..], "no fixture i2c/nowhere in the suite"),
        (&["--fixture", "i2c/addresses", "Cargo.toml"], "is not a component that can be run here"),
        (&["--fixture", "i2c/addresses", "nothing.wasm"], "nothing.wasm cannot be read"),
        (&[DETECT], "--board FILE or --fixture FIXTURE"),
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, &*out), (125, ""), "{err}");
        assert!(err.contains(why), "{err}");
    }
}

#[test]
fn each_operation_is_traced_on_request() {
    let (code, _, err) = run(&["--trace", "--fixture", "i2c/addresses", DETECT, "sensors", "0x32", "0x33"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("sensors  START 0x33 R 41 · STOP\n"), "{err}");
}

#[test]
fn check_tells_what_is_there_and_what_is_granted() {
    let (code, out, err) = run(&["--check", "--fixture", "i2c/addresses", DETECT]);
    assert_eq!(code, 0, "{out}\n{err}");
    assert!(out.contains("imports wasi-hw:conformance/board-i2c@0.1.0: sensors\n"), "{out}");
    assert!(out.ends_with("all of it is there\n"), "{out}");
    let (code, out, _) = run(&["--check", DETECT]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("board-i2c@0.1.0: nothing is granted, so that every device is refused"), "{out}");
    // A guest of the suite asks for what only the suite has.
    let (code, out, _) = run(&["--check", "../../conformance/components/i2c.wasm"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("cannot be linked: `wasi-hw:conformance/board@0.1.0` is missing"), "{out}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_board_file_denies_what_it_does_not_grant() {
    let board = file("board.toml", "version = 1\n[i2c.sensors]\ndevice = \"/dev/null\"\nallow = []\n");
    let board = board.to_str().expect("UTF-8");
    // It is no adapter, which the file of the device and the call tell.
    let (code, _, err) = run(&["--board", board, DETECT, "sensors"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("/dev/null: I2C_FUNCS: "), "{err}");
    let (code, _, err) = run(&["--board", board, DETECT, "others"]);
    assert_eq!(code, 1, "{err}");
    for (text, why) in [
        ("version = 1\n[i2c.sensors]\ndevice = \"/dev/i2c-1\"\n", ":2: missing field `allow`"),
        (
            "version = 1\n[gpio.lamp]\nchip = \"/dev/gpiochip0\"\nallow = []\n",
            "either `line`, or `chip` and `offset`",
        ),
        ("version = 2\n", "has version 2"),
        ("version = 1\n[i2c.a]\ndevice = \"x\"\nallow = []\nspeed = 1\n", ":5: unknown field `speed`"),
    ] {
        let board = file("wrong.toml", text);
        let (code, _, err) = run(&["--board", board.to_str().expect("UTF-8"), DETECT, "sensors"]);
        assert_eq!(code, 125, "{err}");
        assert!(err.contains("wrong.toml") && err.contains(why), "{err}");
    }
}

#[test]
fn a_list_is_a_board_file() {
    let (code, out, err) = run(&["--list"]);
    assert_eq!(code, 0, "{err}");
    let board = file("listed.toml", &out);
    let (code, out, err) = run(&["--check", "--board", board.to_str().expect("UTF-8"), DETECT]);
    assert_eq!(code, 0, "{out}\n{err}");
}

#[test]
fn cues_happen_when_the_script_says() {
    let script = file("cues", "# it goes while it is asked\n5 us unplug\n");
    let (code, out, err) = run(&[
        "--fixture",
        "i2c/unplug",
        "--cues",
        script.to_str().expect("UTF-8"),
        DETECT,
        "sensors",
        "0x40",
        "0x4f",
    ]);
    assert_eq!(code, 0, "{out}\n{err}");
    assert!(err.lines().any(|line| line.contains("5 µs") && line.contains("GONE")), "{err}");
    for (text, why) in [
        ("5 us unplug\n1 us nothing\n", "cues:2: no cue `nothing` is left"),
        ("soon unplug\n", "cues:1: is not like"),
        ("5 min unplug\n", "cues:1: `min` is no unit"),
    ] {
        let script = file("cues", text);
        let (code, _, err) =
            run(&["--fixture", "i2c/unplug", "--cues", script.to_str().expect("UTF-8"), DETECT, "sensors"]);
        assert_eq!(code, 125, "{err}");
        assert!(err.contains(why), "{err}");
    }
}
