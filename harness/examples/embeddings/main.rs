//! Four hosts with view traits of their own, each embedded as its author meant it: one file a world, to begin from.
//!
//! `cargo test -p wasi-hw-harness --test embeddings -- --runtime=stand-in-spi` tests one of them; without arguments each
//! is tested with the cases of its world, and has to be conformant.

mod gpio;
mod i2c;
mod spi;
mod usb;

use std::process::{Command, ExitCode, Output};
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::{Embedding, InProcess};

fn main() -> ExitCode {
    if std::env::args_os().len() > 1 {
        let runtimes = Runtimes::from(engine(spi::Embedded));
        let runtimes =
            runtimes.and(engine(i2c::Embedded)).and(engine(gpio::Embedded)).and(engine(usb::Embedded));
        return wasi_hw_harness::main(runtimes);
    }
    let trials = ["spi", "i2c", "gpio", "usb"].map(|world| {
        libtest_mimic::Trial::test(format!("a_host_with_view_traits::{world}"), move || is_conformant(world))
    });
    libtest_mimic::run(&libtest_mimic::Arguments::default(), trials.into()).exit_code()
}

fn engine<E: Embedding>(embedding: E) -> InProcess<E> {
    InProcess::new(embedding).expect("wasmtime starts")
}

/// Who such a host says that it is.
fn about(world: &str, package: &str, seam: &str) -> About {
    About {
        name: format!("stand-in-{world}"),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        packages: vec![package.to_owned()],
        seams: [(world.to_owned(), seam.to_owned())].into(),
        ..About::default()
    }
}

/// Runs the suite as `cargo test -- --runtime=stand-in-…` does.
fn is_conformant(world: &str) -> Result<(), libtest_mimic::Failed> {
    let mut target = Command::new(std::env::current_exe()?);
    for name in ["WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_ROOT", "NEXTEST"] {
        target.env_remove(name);
    }
    let Output { status, stdout, stderr } = target.arg(format!("--runtime=stand-in-{world}")).output()?;
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    let line = stdout.lines().find(|line| line.starts_with(world)).unwrap_or_default();
    // The other worlds are not its own.
    let conformant = line.split_whitespace().nth(2) == Some("conformant");
    if status.success() && conformant { Ok(()) } else { Err(format!("{stdout}\n{stderr}").into()) }
}
