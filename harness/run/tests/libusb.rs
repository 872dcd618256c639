//! The same component over the same devices of USB, once on the mock board itself and once on libusb, whose place the mock libusb takes:
//! what it prints is the same. The feature `shared` says that this build has libusb as a shared library, and that
//! `cargo hw setup libusb` has been run.

#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

const PROGRAM: &str = env!("CARGO_BIN_EXE_wasi-hw-run");

fn ran(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// On libusb, with a board file that grants this: what it printed, and what the wires saw.
fn on_libusb(fixture: &str, grants: &str, arguments: &[&str]) -> (String, String, String) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Tests run at once, each with a file of its own.
    static FILES: AtomicU32 = AtomicU32::new(0);
    let name = format!("libusb-{}.toml", FILES.fetch_add(1, Ordering::Relaxed));
    let board = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&board, format!("version = 1\n[usb]\nallow = [{grants}]\n"))
        .expect("a file can be written");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["hw", "board", fixture, "--", PROGRAM, "--board"]).arg(&board);
    // What this build was told is not for the tool's.
    cargo.env_remove("RUSTC_WORKSPACE_WRAPPER").env_remove("PKG_CONFIG_PATH");
    cargo.arg(here.join("examples/lsusb.wasm")).args(arguments).current_dir(here.join("../.."));
    let (_, out, err) = ran(&mut cargo);
    // Each line of the trace begins with the board's time.
    let wires = out.lines().position(|line| line.contains(" µs  "));
    let lines: Vec<_> = out.lines().collect();
    let (printed, wires) = lines.split_at(wires.unwrap_or(lines.len()));
    (printed.join("\n"), wires.join("\n"), err)
}

#[test]
fn lsusb_prints_the_same_on_a_fixture_and_on_libusb() {
    for (fixture, grants, arguments) in [
        ("usb/gamepad", "{ class = 3 }", &["-v"][..]),
        ("usb/two-devices", "{ vendor = 0x1209 }", &[]),
        ("usb/companions", "{ vendor = 0x1209 }", &["-v"]),
    ] {
        let here = env!("CARGO_MANIFEST_DIR");
        let mut on_fixture = Command::new(PROGRAM);
        on_fixture.args(["--fixture", fixture, "examples/lsusb.wasm"]).args(arguments).current_dir(here);
        let (code, expected, err) = ran(&mut on_fixture);
        assert_eq!(code, 0, "{fixture}: {err}");
        let (printed, wires, err) = on_libusb(fixture, grants, arguments);
        assert_eq!(printed, expected.trim_end(), "{fixture}: {err}");
        assert!(
            wires.contains("  OPEN") && wires.contains("  CLOSE") && !wires.contains("LEFT OPEN"),
            "{wires}"
        );
    }
}

#[test]
fn what_is_not_granted_is_not_there() {
    let (printed, wires, err) = on_libusb("usb/gamepad", "{ class = 8 }", &[]);
    assert_eq!(printed, "", "{err}");
    assert!(!wires.contains("OPEN"), "{wires}");
}
