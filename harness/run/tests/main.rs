//! `wasi-hw-run` from outside, with the components of `examples/`.

mod boards;
mod examples;
mod lifetime;
mod play;
#[cfg(target_os = "linux")]
mod round;
mod run;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DETECT: &str = "examples/i2cdetect.wasm";
const LSUSB: &str = "examples/lsusb.wasm";
const MISUSE: &str = "examples/misuse.wasm";

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

/// A file for one test, by a name that no other has.
fn file(name: &str, text: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a file can be written");
    path.to_str().expect("UTF-8").to_owned()
}

/// What the wires saw, without the times: channel and line.
fn wires(err: &str) -> Vec<(&str, &str)> {
    let lines = err.lines().filter_map(|line| line.split_once(" µs  "));
    lines
        .filter_map(|(_, line)| line.split_once("  "))
        .map(|(channel, line)| (channel, line.trim()))
        .collect()
}
