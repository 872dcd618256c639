//! `cargo hw board`.

mod kernel;
mod library;

use super::Context;
use anyhow::{anyhow, bail, ensure};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_harness::suite::problem::Source;

/// Run a program on a fixture's devices, and print what the wires saw
///
/// The program is any of this machine: it is not changed and not built again. There are two ways.
///
/// Over the mock libusb: USB, without any permission. The program is one that is linked against libusb 1.0: yours, lsusb, a
/// Python script with pyusb. A mock libusb stands in the way of the real one (LD_LIBRARY_PATH), finds the devices of the
/// fixture and no others, and has them do what the fixture says. Nothing is asked of a real device.
///
///   cargo hw board usb/loopback -- ./my-program --verbose
///   cargo hw board usb/gamepad -- lsusb -v
///
/// In this machine's kernel: I2C, SPI, GPIO and USB, as root, on Linux. With --fixture the devices are nodes in /dev, made by the
/// module of harness/kernel, which is built for this kernel and loaded if it is not there. They stay until the program
/// ends, and without a program until Ctrl-C; what the wires see is printed as it happens then.
///
///   cargo hw board --fixture i2c/register-file
///   cargo hw board --fixture i2c/register-file -- i2cdetect -l
///
/// Everything is built by whoever calls. Modules are loaded, devices are made and the program is run as root, by sudo where the
/// caller is another; each line that begins with `+` shows one of these. harness/linux-adapter/board.sh does the same in a machine of its own, without root.
///
/// Each line of the trace has the board's time, the device's name in the fixture, and what happened there, in the notation of
/// conformance/NOTATION.md. What the program did not close is marked LEFT OPEN. harness/mock-libusb/README.md says how to write
/// a fixture of your own, and harness/linux-adapter/README.md what a kernel does with one.
///
/// Exit codes: 0, the program ended with 0, or there was none; 1, it did not, or never used the mock library; 2, wrong usage, a
/// fixture that has a problem, a program or library that is not there, or a kernel that does not take the module. With
/// --fixture a program's own exit code is this one's.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Options {
    /// A fixture of the suite, such as usb/loopback, or the path of a TOML file
    #[arg(required_unless_present = "kernel")]
    fixture: Option<PathBuf>,

    /// The program and its arguments, after `--`
    #[arg(last = true, required_unless_present = "kernel", value_name = "PROGRAM")]
    program: Vec<OsString>,

    /// Put this fixture's devices into this machine's kernel
    #[arg(long = "fixture", id = "kernel", value_name = "FIXTURE", conflicts_with_all = ["fixture", "library", "preload", "limit", "json"])]
    kernel: Option<PathBuf>,

    /// When the fixture's cues happen: lines such as `20 ms press`, on the clock that begins when the devices are there
    #[arg(long, value_name = "FILE")]
    cues: Option<PathBuf>,

    /// The folder with libusb-1.0.so.0 [default: harness/mock-libusb/lib, built now]
    #[arg(long, value_name = "DIR")]
    library: Option<PathBuf>,

    /// Load the library before all others (LD_PRELOAD), for a program that names its own folder of libraries
    #[arg(long)]
    preload: bool,

    /// End the program after so many seconds
    #[arg(long, value_name = "SECONDS")]
    limit: Option<u64>,

    /// Write the trace as JSON, one line each; what the program writes goes to the error stream
    #[arg(long)]
    json: bool,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    ensure!(
        cfg!(target_os = "linux"),
        "the mock libusb is a library for Linux, and so is the kernel's module"
    );
    // `requires` is no such thing beside an argument that excludes what is required.
    ensure!(options.cues.is_none() || options.kernel.is_some(), "--cues FILE goes with --fixture FIXTURE");
    match (&options.kernel, &options.fixture) {
        (Some(fixture), _) => kernel::main(&context.root, fixture, options),
        (None, Some(fixture)) => library::main(context, fixture, options),
        (None, None) => bail!("no fixture"),
    }
}

/// A fixture: one of the suite by its name, or a file. With its place.
fn fixture(root: &Path, name: &Path) -> anyhow::Result<(PathBuf, Source, Fixture)> {
    let (folder, file) = match name.extension().is_some_and(|extension| extension == "toml") && name.exists()
    {
        true => (Path::new(""), name.to_owned()),
        false => (root, Path::new("fixtures").join(name).with_extension("toml")),
    };
    let place = folder.join(&file);
    if !place.exists() {
        bail!(
            "no fixture {}; `ls {}` lists those of the suite, and one of your own is named by its path, FILE.toml",
            file.display(),
            root.join("fixtures/*").display()
        );
    }
    let source = Source::read(folder, &file).map_err(|problem| anyhow!("{problem}"))?;
    let fixture = source.parse_versioned().map_err(|problem| anyhow!("{problem}"))?;
    Ok((place, source, fixture))
}
