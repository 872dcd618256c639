//! Tests that start this executable again: as an adapter, with an argument that says which, or as a vendor's test target,
//! with the name of a host in its environment.

mod protocol;
mod targets;

use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = targets::again().or_else(protocol::again) {
        return code;
    }
    let trials = targets::trials().into_iter().chain(protocol::trials()).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
