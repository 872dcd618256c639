//! A program over the mock libusb.

use super::{Options, fixture};
use crate::cli::Context;
use anyhow::{Context as _, anyhow, ensure};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use wasi_hw_harness::runtime::adapter::Socket;
use wasi_hw_harness::text;
use wasi_hw_mock::Board;
use wasi_hw_mock::trace::Trace;

/// The variable that names the socket to the mock libusb.
const SOCKET: &str = "WASI_HW_SOCKET";

/// Where the mock libusb lies, with the names by which programs look for it, below the suite's folder.
const LIBRARY: &str = "harness/mock-libusb/lib";

/// The name of it that programs were linked against.
const NAME: &str = "libusb-1.0.so.0";

/// How often it is looked whether the program is done.
const LOOK: Duration = Duration::from_millis(5);

/// A line of the trace, for machines.
#[derive(Serialize)]
struct Line<'a> {
    /// Board time in nanoseconds.
    at: u64,
    device: &'a str,
    saw: &'a str,
}

pub(super) fn main(context: Context<'_>, name: &Path, options: &Options) -> anyhow::Result<ExitCode> {
    let (_, source, fixture) = fixture(&context.root, name)?;
    ensure!(
        !fixture.device.usb.is_empty(),
        "{} has no USB device, and libusb finds no other ones; --fixture has the others in this machine's kernel",
        source.file.display()
    );
    let board = Board::new(&fixture.device).map_err(|why| anyhow!("{}", source.problem(None, why)))?;
    let library = library(&context.root, options.library.as_deref())?;
    let socket = Socket::open().context("no socket can be opened for the library")?;
    socket.serve_board(&board);
    let mut child = start(options, &library, &socket)?;
    let ended = wait(&mut child, options.limit.map(Duration::from_secs))?;
    socket.end();
    board.finish();
    let trace = board.trace();
    let printed = if options.json { as_json(&trace, context.out) } else { as_text(&trace, context.out) };
    printed?;
    context.out.flush()?;
    let program = text::line(&options.program[0].to_string_lossy(), text::MOST_LINE);
    let mut well = true;
    let mut fault = |what: String| {
        well = false;
        wasi_hw_harness::say::error(what);
    };
    match ended {
        None => fault(format!("{program} was ended after {} s", options.limit.unwrap_or_default())),
        Some(status) if !status.success() => fault(format!("{program} ended with {status}")),
        Some(_) => {}
    }
    if !socket.was_used() {
        fault(format!(
            "{program} never used the mock libusb; does `ldd {program}` name {NAME}? One that is linked statically cannot \
             be run so, and one that finds its own (RPATH) needs --preload"
        ));
    }
    Ok(ExitCode::from(if well { 0 } else { 1 }))
}

/// The folder with the library, which is built unless one is named.
fn library(root: &Path, named: Option<&Path>) -> anyhow::Result<PathBuf> {
    let folder = match named {
        Some(folder) => folder.to_owned(),
        None => {
            let built = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
                .args(["build", "--quiet", "--locked", "--package", "wasi-hw-mock-libusb"])
                .args(["--target-dir", "harness/mock-libusb/target"])
                .current_dir(root)
                .stdout(Stdio::null())
                .status()
                .context(
                    "cargo cannot be started to build the mock libusb; --library DIR names one that is built",
                )?;
            ensure!(built.success(), "the mock libusb does not build");
            root.join(LIBRARY)
        }
    };
    let path = folder.join(NAME);
    path.canonicalize()
        .with_context(|| format!("{} is not there; --library names the folder with it", path.display()))?;
    // The program runs where the caller is; the way to the library must not depend on that.
    folder.canonicalize().with_context(|| format!("{} cannot be found", folder.display()))
}

fn start(options: &Options, library: &Path, socket: &Socket) -> anyhow::Result<Child> {
    let (program, arguments) = options.program.split_first().context("no program behind `--`")?;
    let mut command = Command::new(program);
    command.args(arguments).env(SOCKET, socket.address());
    command.env("LD_LIBRARY_PATH", before(library.as_os_str(), "LD_LIBRARY_PATH"));
    if options.preload {
        command.env("LD_PRELOAD", before(library.join(NAME).as_os_str(), "LD_PRELOAD"));
    }
    if options.json {
        // The standard output is the trace's.
        command.stdout(std::io::stderr());
    }
    command.spawn().with_context(|| format!("{} cannot be started", program.to_string_lossy()))
}

/// This, and behind it what the variable has already.
fn before(first: &OsStr, variable: &str) -> OsString {
    let mut all = first.to_owned();
    if let Some(rest) = std::env::var_os(variable).filter(|rest| !rest.is_empty()) {
        all.push(":");
        all.push(rest);
    }
    all
}

/// How the program ended; nothing if it had to be ended.
fn wait(child: &mut Child, limit: Option<Duration>) -> anyhow::Result<Option<ExitStatus>> {
    let Some(limit) = limit else { return Ok(Some(child.wait()?)) };
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(LOOK);
    }
}

fn as_text(trace: &Trace, out: &mut (dyn std::io::Write + Send)) -> anyhow::Result<()> {
    let entries = trace.entries();
    let width = entries.iter().map(|entry| entry.channel.len()).max().unwrap_or(0);
    for entry in entries {
        let (channel, saw) =
            (text::line(&entry.channel, text::MOST_LINE), text::line(&entry.text, usize::MAX));
        writeln!(out, "{:>10} µs  {channel:<width$}  {saw}", entry.at / 1000)?;
    }
    let lost = trace.lost().lines;
    if lost > 0 {
        writeln!(out, "{lost} more lines had no room")?;
    }
    Ok(())
}

fn as_json(trace: &Trace, out: &mut (dyn std::io::Write + Send)) -> anyhow::Result<()> {
    for entry in trace.entries() {
        let line = Line { at: entry.at, device: &entry.channel, saw: &entry.text };
        writeln!(out, "{}", serde_json::to_string(&line)?)?;
    }
    Ok(())
}
