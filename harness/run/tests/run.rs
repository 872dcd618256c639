//! The command: what cannot be run, what a component imports, traces and cues.

use crate::{DETECT, file, run};

#[test]
fn a_component_that_fails_says_so_with_its_exit_code() {
    let (code, out, err) = run(&["--fixture", "i2c/addresses", DETECT, "elsewhere"]);
    assert_eq!((code, &*out), (1, ""), "{err}");
    assert!(err.contains("elsewhere: "), "{err}");
    let (code, _, err) = run(&["--fixture", "i2c/addresses", DETECT]);
    // It asked for 2, and wasi:cli 0.2 knows success and failure.
    assert_eq!(code, 1, "{err}");
    assert!(err.starts_with("usage: i2cdetect "), "{err}");
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
    assert!(
        out.contains("imports wasi-hw:conformance/board-i2c@0.1.0\n  grants sensors: all addresses"),
        "{out}"
    );
    assert!(out.ends_with("all of it is there\n"), "{out}");
    let (code, out, _) = run(&["--check", DETECT]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("board-i2c@0.1.0\n  grants nothing: every bus is refused\n"), "{out}");
    // A guest of the suite asks for what only the suite has.
    let (code, out, _) = run(&["--check", "../../conformance/components/i2c.wasm"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("cannot be linked: `wasi-hw:conformance/board@0.1.0` is missing"), "{out}");
}

#[test]
fn cues_happen_when_the_script_says() {
    let script = file("cues-right", "# it goes while it is asked\n5 us unplug\n");
    let (code, out, err) =
        run(&["--fixture", "i2c/unplug", "--cues", &script, DETECT, "sensors", "0x40", "0x4f"]);
    assert_eq!(code, 0, "{out}\n{err}");
    assert!(err.lines().any(|line| line.contains("5 µs") && line.contains("GONE")), "{err}");
    for (text, why) in [
        ("5 us unplug\n1 us nothing\n", "cues-wrong:2: no cue `nothing` is left"),
        ("soon unplug\n", "cues-wrong:1: is not like"),
        ("5 min unplug\n", "cues-wrong:1: `min` is no unit"),
    ] {
        let script = file("cues-wrong", text);
        let (code, _, err) = run(&["--fixture", "i2c/unplug", "--cues", &script, DETECT, "sensors"]);
        assert_eq!(code, 125, "{err}");
        assert!(err.contains(why), "{err}");
    }
}
