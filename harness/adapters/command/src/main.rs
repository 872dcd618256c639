//! Runs guests as commands: any runtime with a command line that runs components of `wasi:cli` is tested by what a user types.
//!
//! Nothing is linked into it, and it knows nothing of the suite. `compose` makes a command of a guest, `dialogue` talks with it
//! over its standard streams (`conformance/COMMAND.md`), and what it does with USB devices reaches the board through the
//! mock libusb.

mod compose;
mod dialogue;

use anyhow::{Context, ensure};
use clap::Parser;
use compose::Composed;
use dialogue::Ended;
use serde_json::Value;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use wasi_hw_protocol::{
    Client, Clock, Done, Features, Form, FromAdapter, Harness, How, Over, Run, Started, ToAdapter, VERSION,
};

/// Run the guests of the conformance suite as commands of a runtime, for the harness
///
/// The runtime's command is started for each case, with the component and the name of a test behind it.
#[derive(Parser)]
#[command(name = "wasi-hw-command", version)]
struct Options {
    /// What the runtime is called [default: the name of its program]
    #[arg(long)]
    name: Option<String>,

    /// A package that it has [default: wasi:usb@0.2.1]
    #[arg(long = "package", value_name = "PACKAGE")]
    packages: Vec<String>,

    /// The command, such as `my-runtime run --usb`
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

fn main() -> ExitCode {
    match serve(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why:#}");
            ExitCode::from(2)
        }
    }
}

fn serve(options: &Options) -> anyhow::Result<()> {
    let libusb = mock_libusb()?;
    let harness = Arc::new(Harness::new(BufReader::with_capacity(64 << 10, io::stdin()), io::stdout()));
    let composed = Composed::new()?;
    loop {
        match harness.next() {
            Ok(ToAdapter::Start(_)) => harness.send(&FromAdapter::Started(started(options)))?,
            Ok(ToAdapter::Run(run)) => {
                let (how, why) = one(options, &libusb, &composed, &harness, &run);
                let why = Some(why).filter(|why| !why.is_empty());
                harness.send(&FromAdapter::Done(Done { run: run.run, guest: 0, how, why, item: None }))?;
            }
            Ok(ToAdapter::Sync(sync)) => harness.send(&FromAdapter::Synced(sync))?,
            Ok(ToAdapter::Stop(_)) | Err(Over::Gone(_)) => return Ok(()),
            Ok(other) => anyhow::bail!("{other:?} is for a guest, and none runs"),
            Err(why) => return Err(why.into()),
        }
    }
}

/// Runs the guest of a case.
fn one(
    options: &Options,
    libusb: &Path,
    composed: &Composed,
    harness: &Arc<Harness<Value>>,
    run: &Run<Value>,
) -> Ended {
    let [test] = &run.tests[..] else {
        return (How::NotRun, "a command has one guest".to_owned());
    };
    // An embedder's configuration is the runtime's own affair, and of its own kind.
    if run.host.as_object().is_some_and(|host| !host.is_empty()) {
        return (
            How::NotRun,
            "the case asks for a configuration, which a command cannot be given".to_owned(),
        );
    }
    let component = match composed.command(&run.component) {
        Ok(component) => component,
        Err(why) => return (How::NotRun, format!("{why:#}")),
    };
    let mut command = command(options);
    command.arg(component).arg(test).env("LD_PRELOAD", libusb);
    dialogue::run(command, &Client::new(Arc::clone(harness), 0))
}

fn command(options: &Options) -> Command {
    // clap has seen to it that there is a first word.
    let mut command = Command::new(&options.command[0]);
    command.args(&options.command[1..]);
    command
}

fn started(options: &Options) -> Started {
    let mut packages = options.packages.clone();
    if packages.is_empty() {
        packages.push("wasi:usb@0.2.1".to_owned());
    }
    Started {
        protocol: VERSION.to_owned(),
        name: name(options),
        version: version(options),
        homepage: None,
        issues: None,
        packages,
        seams: Default::default(),
        features: Features { instances: false, load: false },
        lacks: Vec::new(),
        clock: Clock::Own,
        form: Form::Command,
    }
}

/// What the runtime is called, in the letters that names have.
fn name(options: &Options) -> String {
    let program = Path::new(&options.command[0]).file_stem().unwrap_or_default().to_string_lossy();
    let name = options.name.as_deref().unwrap_or(&program);
    let plain =
        |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(plain).take(64).collect()
}

/// What its program says to `--version`, on one line.
fn version(options: &Options) -> String {
    let said = Command::new(&options.command[0])
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let said = said.ok().filter(|said| said.status.success());
    let line = said.and_then(|said| String::from_utf8_lossy(&said.stdout).lines().next().map(str::to_owned));
    line.filter(|line| !line.trim().is_empty()).unwrap_or_else(|| "unknown".to_owned())
}

/// The mock libusb, which is loaded into the runtime before every other one. The harness starts adapters in the suite's
/// folder.
fn mock_libusb() -> anyhow::Result<PathBuf> {
    let lib = std::env::current_dir()?.join("harness/mock-libusb/lib/libusb-1.0.so.0");
    ensure!(lib.exists(), "{} is missing; run `cargo hw setup cli`", lib.display());
    lib.canonicalize().context("the mock libusb cannot be found")
}
