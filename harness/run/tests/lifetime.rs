//! Components that behave badly: nothing of them stays behind, and nothing that they can drive is without a bound.

use crate::{MISUSE, run, wires};

const BOARD: &str = "tests/everything.toml";

/// Takes a bus, a line, and a device with a transfer in flight, and ends in this manner.
fn ends(options: &[&str], how: &str) -> (i32, String) {
    let taken = [MISUSE, "bus", "sensors", "line", "lamp", "transfer", how];
    let (code, _, err) = run(&[&["--fixture", BOARD], options, &taken].concat());
    let lines = wires(&err);
    let given_back =
        [("lamp", "RELEASE"), ("device", "CANCEL 0x81"), ("device", "RELEASE 0"), ("device", "CLOSE")];
    for line in given_back {
        assert!(lines.contains(&line), "no {line:?} when it ends by `{how}`: {err}");
    }
    assert!(!err.contains("LEFT OPEN"), "the host closed nothing when it ended by `{how}`: {err}");
    (code, err)
}

#[test]
fn whatever_ends_a_component_gives_everything_back() {
    assert_eq!(ends(&[], "leave").0, 0);
    let (code, err) = ends(&[], "trap");
    assert!(code == 134 && err.contains("error: examples/misuse.wasm trapped: wasm trap: "), "{code} {err}");
    for how in ["spin", "wait"] {
        let (code, err) = ends(&["--limit", "3"], how);
        assert!(code == 124 && err.contains("was ended: it had 3 s (--limit)"), "{how}: {code} {err}");
    }
    let (code, err) = ends(&["--memory", "16"], "grow");
    assert!(code == 134 && err.contains("it had been refused more memory (--memory)"), "{code} {err}");
}

#[test]
fn handles_have_a_bound() {
    let (code, _, err) = run(&["--fixture", BOARD, "--handles", "20", MISUSE, "handles"]);
    assert!(code == 134 && err.contains("has all the handles that it may have (--handles)"), "{code} {err}");
}

#[test]
fn a_delay_ends_with_the_component_and_nothing_is_done_after_it() {
    for (options, why) in [
        (&[][..], "was ended: it asked for a delay of 4000000 s, and --longest-delay allows 3600 s"),
        (&["--limit", "3", "--longest-delay", "5000000"], "was ended: it had 3 s (--limit)"),
    ] {
        let delay = [MISUSE, "bus", "sensors", "delay", "4000000000"];
        let (code, _, err) = run(&[&["--fixture", BOARD], options, &delay].concat());
        assert!(code == 124 && err.contains(why), "{code} {err}");
        assert!(!err.contains("START"), "{err}");
    }
    // One that is allowed takes no time on a fixture, and what is to follow follows.
    let (code, _, err) = run(&["--fixture", BOARD, MISUSE, "bus", "sensors", "delay", "3600000"]);
    assert!(code == 0 && wires(&err).contains(&("sensors", "START 0x48 W ACK")), "{code} {err}");
}
