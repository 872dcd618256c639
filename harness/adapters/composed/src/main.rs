//! The runtime `i2c-over-gpio`: a host of `wasi:i2c` that is itself a component, and makes a bus of two pins.
//!
//! ```text
//! guest ─ wasi:i2c ─► i2c-over-gpio.wasm ─ wasi:gpio ─► reference host ─ requests of lines ─► SCL and SDA of the mock's bus
//! └──────────── one component ─────────┘
//! ```
//!
//! The source of the component is in `conformance/guests/i2c-over-gpio/`. It is composed under each guest (`compose`), and the
//! reference host is linked with what is left open: the pins, and which of them a bus has (`embedding`). The board speaks in levels
//! then, and the mock finds frames in them; so the seam of `wasi:i2c` is the wire.

mod compose;
#[cfg(test)]
#[path = "../../../../conformance/guests/i2c-over-gpio/src/controller.rs"]
#[expect(unreachable_pub, reason = "it is a module of another crate, too")]
mod controller;
mod embedding;
#[cfg(test)]
mod tests;

use anyhow::Context;
use std::process::ExitCode;
use wasi_hw_harness::runtime::Runtime;
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::say;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say::error(format_args!("{why:#}"));
            ExitCode::from(2)
        }
    }
}

/// Is an adapter, on the standard streams, until the harness has no more to say.
fn run() -> anyhow::Result<()> {
    let host = InProcess::new(embedding::Composed);
    let host = host.map_err(|error| anyhow::anyhow!("wasmtime does not start: {error:#}"))?;
    host.serve().context("this runtime is none of processes")?
}
