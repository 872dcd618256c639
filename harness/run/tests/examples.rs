//! The examples on fixtures: what they print is what the fixtures say.

use crate::{DETECT, LSUSB, run, wires};

#[test]
fn lsusb_shows_each_field_of_a_device() {
    let (code, out, err) = run(&["--fixture", "usb/gamepad", LSUSB, "-v"]);
    assert_eq!((code, &*out), (0, include_str!("expected/lsusb-gamepad.txt")), "{err}");
    // It opened the device for its strings, and closed it.
    let lines = wires(&err);
    assert_eq!(lines.first(), Some(&("device", "OPEN")), "{err}");
    assert!(lines.contains(&("device", "IN 0x00 [08 03 50 00 61 00 64 00]")), "{err}");
    assert!(lines.contains(&("device", "CLOSE")), "{err}");
}

#[test]
fn lsusb_lists_what_is_allowed_and_asked_for() {
    let (code, out, err) = run(&["--fixture", "usb/two-devices", LSUSB]);
    assert_eq!((code, out.lines().count()), (0, 2), "{out}\n{err}");
    let first = out.lines().next().unwrap_or_default();
    assert!(first.starts_with("Bus 001 Device 005: ID 1209:0001"), "{out}");
    // The embedder of this one allows one of two.
    let (code, out, _) = run(&["--fixture", "usb/policy", LSUSB]);
    assert_eq!((code, &*out), (0, "Bus 001 Device 005: ID 1209:0001\n"));
    let (code, out, err) = run(&["--fixture", "usb/policy", LSUSB, "-d", "1209:0002"]);
    assert_eq!((code, &*out), (1, ""), "{err}");
}

#[test]
fn lsusb_says_that_a_device_could_not_be_opened() {
    let (code, out, err) = run(&["--fixture", "usb/denied", LSUSB, "-v"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Couldn't open device (access), some information will be missing\n"), "{out}");
    assert!(out.contains("  bConfigurationValue     1\n"), "{out}");
}

#[test]
fn i2cdetect_finds_the_targets_of_a_bus() {
    let (code, out, err) = run(&["--fixture", "i2c/addresses", DETECT, "sensors", "0x30", "0x3f"]);
    assert_eq!(code, 0, "{out}\n{err}");
    let row = out.lines().find(|line| line.starts_with("30: ")).unwrap_or_default();
    assert_eq!(row, "30: -- -- 32 33 -- -- -- -- -- -- -- 3b -- -- -- --", "{out}");
    assert_eq!(out.lines().count(), 9, "{out}");
    let lines = wires(&err);
    assert_eq!(lines.iter().filter(|(_, line)| line.starts_with("START ")).count(), 16, "{err}");
    for line in ["START 0x32 R ACK", "START 0x30 R NACK"] {
        assert!(lines.contains(&("sensors", line)), "{err}");
    }
}

#[test]
fn i2cdetect_tells_what_it_may_not_ask() {
    let board = "tests/everything.toml";
    let (code, out, _) = run(&["--fixture", board, DETECT, "sensors", "0x47", "0x49"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("40:                      -- 48 -- "), "{out}");
    let (_, out, err) = run(&["--fixture", "i2c/policy", DETECT, "sensors", "0x48", "0x4f"]);
    assert!(out.contains(" .."), "{out}\n{err}");
    // Without traffic.
    let asked = wires(&err).iter().filter(|(_, line)| line.starts_with("START ")).count();
    assert_eq!(asked, 8 - out.matches(" ..").count(), "{out}\n{err}");
}
