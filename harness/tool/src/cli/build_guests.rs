//! `cargo hw build-guests`.

use super::Context;
use crate::guests::{self, Checked};
use std::process::ExitCode;
use wasi_hw_harness::say;

/// Build the conformance components, or compare them with their sources
///
/// Writes conformance/components and its manifest. The same sources and the same Rust give the same bytes.
///
/// Exit codes: 0, they are built, or nothing differs; 1, with --check: something differs; 2, the build failed.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Write nothing: rebuild, and compare with the components that are there
    ///
    /// With the toolchain that the manifest names the bytes are compared. With another one only the hashes of
    /// the sources can be, and the output says so.
    #[arg(long)]
    check: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let progress = |what: &str| Context::progress(&format!("building {what}"));
    if !options.check {
        let manifest = guests::build(&context.root, progress)?;
        Context::progress("");
        for component in &manifest.component {
            let (file, bytes, tests) = (&component.file, component.bytes, component.tests.len());
            writeln!(context.out, "{file}: {bytes} bytes, {tests} tests, for {}", component.package)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    match guests::check(&context.root, progress) {
        Ok(Checked::Same(files)) => {
            Context::progress("");
            writeln!(context.out, "a rebuild gives the same bytes: {}", files.join(", "))?;
            Ok(ExitCode::SUCCESS)
        }
        Ok(Checked::InputsOnly(why)) => {
            let line = "the sources are those that the components were made from. THE COMPONENTS WERE NOT REBUILT AND NOT COMPARED";
            writeln!(context.out, "{line}: {why}")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            Context::progress("");
            say::error(format_args!("{error:#}"));
            Ok(ExitCode::from(1))
        }
    }
}
