//! Pacman with the driver of a pad, two components composed into one: a round in a terminal, and what is on the screen then.
#![cfg(target_os = "linux")]

use crate::{file, here, wires};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::thread;
use vt100::Parser;

/// A round, as somebody before the terminal saw it.
struct Round {
    code: Option<i32>,
    /// Each picture of the game.
    pictures: Vec<String>,
    /// What is on the screen when it is over.
    screen: String,
    err: String,
}

/// Plays with the pad of `examples/pad.toml`, whose buttons are pressed as a script says.
fn play(cues: &str) -> Round {
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

    let shown = String::from_utf8(shown).expect("UTF-8");
    let (round, after) = shown.split_once("\x1b[?25h").expect("the cursor comes back");
    let mut parser = Parser::default();
    let mut pictures = Vec::new();
    for part in round.split_inclusive("\x1b[K") {
        parser.process(part.as_bytes());
        let screen = parser.screen();
        assert!(
            screen.alternate_screen() && screen.hide_cursor(),
            "the shell's screen, or a cursor in the maze"
        );
        pictures.push(screen.contents());
    }
    parser.process(b"\x1b[?25h");
    parser.process(after.as_bytes());
    let screen = parser.screen();
    assert!(!screen.alternate_screen() && !screen.hide_cursor(), "the shell's screen is not back");
    Round { code, pictures, screen: screen.contents(), err: err.join().expect("it was read") }
}

#[test]
fn a_round_is_won() {
    let Round { code, pictures, screen, err } = play("examples/pacman.cues");
    assert_eq!((code, &*screen), (Some(0), include_str!("expected/pacman-won.txt").trim_end()), "{err}");
    assert_eq!(
        pictures.first().map(|first| first.trim_end()),
        Some(include_str!("expected/pacman-begins.txt").trim_end())
    );
    assert_eq!(pictures.len(), 105, "a picture before each step");
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
    let Round { code, screen, err, .. } = play(&file("caught.cues", "200 ms right\n"));
    assert!(code == Some(1) && screen.ends_with("8 eaten  You were caught."), "{code:?} {screen}\n{err}");
    assert!(wires(&err).contains(&("pad", "OUT 0x01 [00 08 00 ff ff 00 00 00]")), "{err}");
}

#[test]
fn a_pad_that_goes_ends_the_round() {
    let Round { code, screen, err, .. } = play(&file("gone.cues", "200 ms right\n1 s unplug\n"));
    assert!(code == Some(1) && screen.ends_with("The pad is gone."), "{code:?} {screen}\n{err}");
    assert!(err.starts_with("the pad: "), "{err}");
}
