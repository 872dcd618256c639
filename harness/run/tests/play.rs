//! Pacman with the driver of a pad, two components composed into one: a round in a terminal, and what is on the screen then.
#![cfg(target_os = "linux")]

use crate::round::Round;
use crate::{file, here, wires};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::thread;

/// Plays with the pad of `examples/pad.toml`, whose buttons are pressed as a script says. Gives the exit code and the error stream, too.
fn play(cues: &str) -> (i32, Round, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
    grantpt(&terminal).and_then(|()| unlockpt(&terminal)).expect("it can be used");
    let name = ptsname(&terminal, Vec::new()).expect("it has a name");
    let side = File::options()
        .read(true)
        .write(true)
        .open(OsStr::from_bytes(name.to_bytes()))
        .expect("its other side");
    let mut child = Command::new(env!("CARGO_BIN_EXE_wasi-hw-run"))
        .args(["--fixture", "examples/pad.toml", "--cues", cues, "examples/pacman-with-pad.wasm"])
        .current_dir(here())
        .stdin(side.try_clone().expect("a descriptor"))
        .stdout(side)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stderr = child.stderr.take().expect("a pipe");
    let err = thread::spawn(move || {
        let mut err = String::new();
        stderr.read_to_string(&mut err).expect("UTF-8");
        err
    });
    // When nobody has the other side any more, reading fails.
    let (mut shown, mut bytes) = (Vec::new(), [0; 4096]);
    let mut terminal = File::from(terminal);
    while let Ok(1..) = terminal.read(&mut bytes).inspect(|n| shown.extend(&bytes[..*n])) {}
    let code = child.wait().expect("it ends").code();

    let round = Round::seen(&String::from_utf8(shown).expect("UTF-8"));
    (code.expect("it exits"), round, err.join().expect("it was read"))
}

#[test]
fn a_round_is_won() {
    let (code, round, err) = play("examples/pacman.cues");
    round.is_won(&err);
    assert_eq!(code, 0, "{err}");
    let lines = wires(&err);
    // The light of player one, and no motor.
    assert!(lines.contains(&("pad", "OUT 0x01 [01 03 06]")), "{err}");
    assert!(!err.contains("[00 08 00 ff ff 00 00 00]"), "{err}");
    let pressed = lines.iter().filter(|(_, line)| line.starts_with("IN 0x81 [00 14 ")).count();
    assert_eq!(
        pressed,
        include_str!("../examples/pacman.cues").lines().filter(|line| line.contains(" ms ")).count()
    );
    assert_eq!(&lines[lines.len() - 2..], [("pad", "RELEASE 0"), ("pad", "CLOSE")], "{err}");
}

#[test]
fn who_is_caught_feels_it() {
    let (code, Round { screen, .. }, err) = play(&file("caught.cues", "200 ms right\n"));
    assert!(code == 1 && screen.ends_with("8 eaten  You were caught."), "{code:?} {screen}\n{err}");
    assert!(wires(&err).contains(&("pad", "OUT 0x01 [00 08 00 ff ff 00 00 00]")), "{err}");
}

#[test]
fn a_pad_that_goes_ends_the_round() {
    let (code, Round { screen, .. }, err) = play(&file("gone.cues", "200 ms right\n1 s unplug\n"));
    assert!(code == 1 && screen.ends_with("The pad is gone."), "{code:?} {screen}\n{err}");
    assert!(err.starts_with("the pad: "), "{err}");
}
