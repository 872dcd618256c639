//! The conformance target: `cargo test -- --runtime=NAME`.

use std::process::ExitCode;
use wasi_hw_harness::Runtimes;

fn main() -> ExitCode {
    wasi_hw_harness::main(Runtimes::known())
}
