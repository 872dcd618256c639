//! The board: each call is a line out, and waits for a line in. A closed input answers nothing any more, so that a test can be
//! run by hand: what it writes down is then all that comes of it.

use crate::{MARK, MOST};
use core::sync::atomic::{AtomicBool, Ordering};
use wasi_hw_guest::alloc::string::String;
use wasi_hw_guest::alloc::vec::Vec;
use wasi_hw_guest::{decimal, line};

wit_bindgen::generate!({
    path: ["../../../wit/conformance/0.1.0/board.wit", "wit"],
    world: "wasi-hw:command/desk",
    std_feature,
    generate_all,
});

use exports::wasi_hw::conformance::board::Guest;
use wasi::cli::{stdin, stdout};

struct Desk;

export!(Desk);

impl Guest for Desk {
    fn saw(text: String) {
        let _ = ask("saw ", &text);
    }

    fn cue(name: String) -> Result<(), String> {
        ask("cue ", &name)
    }

    fn wait(ns: u64) {
        let _ = ask("wait ", &decimal(ns));
    }
}

/// Whether both streams have been used.
static READY: AtomicBool = AtomicBool::new(false);

/// Asks, and reads the answer: `ok`, or `err` with the reason. The first question is none of the test's: a runtime may have to
/// set up its streams when they are used first, which is no time of the board's.
fn ask(what: &str, about: &str) -> Result<(), String> {
    if !READY.swap(true, Ordering::Relaxed) {
        say(&line(&[MARK, "ready\n"]));
        hear();
    }
    say(&line(&[MARK, what, &escaped(about), "\n"]));
    let answer = hear();
    match answer.strip_prefix("err") {
        Some(why) => Err(String::from(why.trim_start())),
        None => Ok(()),
    }
}

/// The text on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn say(text: &str) {
    let out = stdout::get_stdout();
    for part in text.as_bytes().chunks(MOST) {
        // Whoever does not listen any more has ended the test.
        if out.blocking_write_and_flush(part).is_err() {
            return;
        }
    }
}

/// The next line, without its end. Nothing follows it before the next question.
fn hear() -> String {
    let input = stdin::get_stdin();
    let mut heard = Vec::new();
    while let Ok(bytes) = input.blocking_read(MOST as u64) {
        heard.extend_from_slice(&bytes);
        if heard.last() == Some(&b'\n') {
            break;
        }
    }
    String::from_utf8_lossy(heard.trim_ascii_end()).into_owned()
}
