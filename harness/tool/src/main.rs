//! The tool `wasi-hw`; `cargo hw` in this repository.

use std::process::ExitCode;

fn main() -> ExitCode {
    wasi_hw_tool::cli::main(&mut std::io::stdout())
}
