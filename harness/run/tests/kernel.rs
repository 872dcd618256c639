//! The same component over the same fixture, once on the mock itself and once on devices of a Linux kernel that the fixture stands
//! behind: what it prints is the same. The feature `machine` says that `cargo hw setup linux` has been run.

#![cfg(target_os = "linux")]

mod round;

use round::Round;
use std::path::Path;
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_wasi-hw-run");

fn printed(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{status}: {out}\n{err}");
    out.into_owned()
}

/// What a component prints on a fixture, and what on the devices of a kernel with it, of which this is granted.
fn both(fixture: &str, component: &str, arguments: &[&str], name: &str, grants: &str) -> (String, String) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let component = here.join("examples").join(component);
    // Tests run at once, each with a file of its own.
    let board = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&board, format!("version = 1\n{grants}")).expect("a file can be written");
    let mut on_fixture = Command::new(PROGRAM);
    on_fixture.args(["--fixture", fixture]).arg(&component).args(arguments).current_dir(here);
    let mut on_kernel = Command::new(here.join("../linux-adapter/board.sh"));
    on_kernel.args([fixture, PROGRAM, "--board"]).args([&board, &component]).args(arguments);
    (printed(&mut on_fixture), printed(&mut on_kernel))
}

#[test]
fn i2cdetect_prints_the_same_on_a_fixture_and_on_a_kernel_with_it() {
    let grants = "[i2c.sensors]\ndevice = \"/dev/i2c-0\"\nallow = [{ first = 0x08, last = 0x77, access = \"read\" }]\n";
    let (on_fixture, on_kernel) =
        both("i2c/addresses", "i2cdetect.wasm", &["sensors"], "adapter.toml", grants);
    // Behind it stands what the wires saw.
    let on_kernel: Vec<_> = on_kernel.lines().take(9).collect();
    assert_eq!(on_kernel, on_fixture.lines().collect::<Vec<_>>());
}

/// Without the numbers of bus and device, which the kernel chooses.
fn listed(text: &str) -> String {
    let lines =
        text.lines().map(|line| match line.strip_prefix("Bus ").and_then(|line| line.split_once(": ID ")) {
            Some((numbers, ids)) => {
                let digits = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
                let fits =
                    numbers.split_once(" Device ").is_some_and(|(bus, device)| digits(bus) && digits(device));
                assert!(fits, "{line}");
                format!("Bus … Device …: ID {ids}")
            }
            None => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn lsusb_prints_the_same_on_a_fixture_and_on_a_kernel_with_it() {
    for (name, fixture, arguments) in [
        ("gamepad.toml", "usb/gamepad", &["-v"][..]),
        ("companions.toml", "usb/companions", &["-v"]),
        ("two-devices.toml", "usb/two-devices", &[]),
    ] {
        // The kernel's hubs are of another vendor.
        let (on_fixture, on_kernel) =
            both(fixture, "lsusb.wasm", arguments, name, "[usb]\nallow = [{ vendor = 0x1209 }]\n");
        // Behind it stands what the wires saw: where the device was opened it begins with that.
        let length = on_fixture.lines().count();
        let mut lines = on_kernel.lines();
        let on_kernel: Vec<_> = lines.by_ref().take(length).collect();
        assert_eq!(listed(&on_kernel.join("\n")), listed(on_fixture.trim_end()), "{fixture}");
        let wires: Vec<_> = lines.collect();
        let opened = wires.iter().any(|line| line.ends_with("  OPEN"));
        let closed = wires.iter().any(|line| line.ends_with("  CLOSE"));
        assert!(
            opened && closed && !wires.iter().any(|line| line.ends_with("LEFT OPEN")),
            "{fixture}: {wires:?}"
        );
    }
}

/// What a game shows and what the wires see of it is one and the same, line by line, although each step of it is a sleep and each look at the
/// pad a transfer with a time limit: in virtual time it does not matter how busy the machine is.
#[test]
fn a_round_is_won_in_a_kernel_as_on_a_fixture() {
    const END: &str = "-- end of the round --\n";
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let board = tmp.join("pad-alone.toml");
    let grants = "version = 1\n[usb]\nallow = [{ vendor = 0x045e, product = 0x028e }]\n";
    std::fs::write(&board, grants).expect("a file can be written");
    let cues = ["--cues", "examples/pacman.cues"];
    const GAME: &str = "examples/pacman-with-pad.wasm";

    let on_fixture = Command::new(PROGRAM)
        .args(["--fixture", "examples/pad.toml"])
        .args(cues)
        .arg(GAME)
        .current_dir(here)
        .output()
        .expect("it starts");
    let err = String::from_utf8(on_fixture.stderr).expect("UTF-8");
    let wires = err.lines().filter_map(|line| line.split_once(" µs  ").map(|(_, saw)| saw));
    let wires: Vec<_> = wires.collect();

    // `script` is the terminal. What it shows goes to a file: a pipe out of the machine might have no room, and a wait for that has a time.
    let terminal = r#"script -q -e -c '"$RUN" --board "$BOARD" "$GAME" 2>"$SAID"' /dev/null >"$SHOWN" </dev/null
code=$?; cat "$SHOWN"; cat "$SAID" >&2; printf '%s' "$END"; exit $code"#;
    let Output { status, stdout, stderr } = Command::new(here.join("../linux-adapter/board.sh"))
        .arg("--virtual-time")
        .args(cues)
        .args(["examples/pad.toml", "sh", "-c", terminal])
        .current_dir(here)
        .envs([("RUN", PROGRAM), ("GAME", GAME), ("END", END), ("SHELL", "/bin/sh")])
        .env("BOARD", &board)
        // What is written in the machine is not there behind it.
        .envs([("SHOWN", tmp.join("shown")), ("SAID", tmp.join("said"))])
        .output()
        .expect("the machine starts");
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    let (shown, trace) = out.split_once(END).unwrap_or_else(|| panic!("{status}: {out}\n{err}"));
    Round::seen(shown).is_won(&format!("{status}: {trace}\n{err}"));
    assert_eq!(status.code(), Some(0), "{err}");
    // Without the times, which are the machine's.
    let seen = trace.lines().filter_map(|line| Some(line.split_once(" µs  ")?.1));
    assert_eq!(seen.collect::<Vec<_>>(), wires);
}
