//! The conformance target of a host outside this repository.

mod embedding;

use std::process::ExitCode;
use wasi_hw_harness::runtime::engine::InProcess;

fn main() -> ExitCode {
    let runtime = InProcess::new(embedding::Embedded).expect("wasmtime starts");
    wasi_hw_harness::main(runtime)
}
