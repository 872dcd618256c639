//! The command: it runs the test that its last argument names.

use crate::{MARK, MOST};
use wasi_hw_guest::line;

wit_bindgen::generate!({
    path: ["../../../wit/conformance/0.1.0/board.wit", "wit"],
    world: "wasi-hw:command/start",
    std_feature,
    generate_all,
});

use exports::wasi::cli::run::Guest;
use wasi::cli::{environment, stdout};

struct Start;

export!(Start);

impl Guest for Start {
    fn run() -> Result<(), ()> {
        let arguments = environment::get_arguments();
        let test = arguments.last().map_or("", |last| last);
        say(&["begin"]);
        match run(test) {
            Ok(()) => {
                say(&["end"]);
                Ok(())
            }
            Err(why) => {
                say(&["no-such-test ", &why.replace('\n', " ")]);
                Err(())
            }
        }
    }
}

fn say(parts: &[&str]) {
    let text = line(&[MARK, &line(parts), "\n"]);
    let out = stdout::get_stdout();
    for part in text.as_bytes().chunks(MOST) {
        // Whoever does not listen any more has ended the test.
        if out.blocking_write_and_flush(part).is_err() {
            return;
        }
    }
}
