//! `wasi-hw-run`: runs a component with `wasi:cli` and the hardware interfaces, on this machine's devices or on a mock board.

mod board_file;
mod check;
mod delays;
mod fixture;
mod host;
mod limits;
mod list;
mod traced;
mod usb;

use anyhow::{Context, anyhow, bail};
use clap::Parser;
use host::Outcome;
use limits::Limits;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use wasi_hw_harness::say;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_harness::text::{MOST_LINE, line};
use wasi_hw_seam::Board;
use wasmtime::component::Component;

/// What it exits with beside what the component says: as timeout(1), docker-run(1) and wasmtime(1) do.
const OVER_LIMIT: u8 = 124;
const NOT_RUN: u8 = 125;
const TRAPPED: u8 = 134;

/// Run a component with wasi:cli and wasi:i2c, wasi:spi, wasi:gpio or wasi:usb
///
/// On this machine's hardware, of which the component gets what a file grants, and nothing else:
///
///   wasi-hw-run --board board.toml i2cdetect.wasm sensors
///
/// or on a mock board, without hardware and without waiting, with what the wires saw on the error stream at the end:
///
///   wasi-hw-run --fixture i2c/register-file i2cdetect.wasm sensors
///
/// Buses and pins come by the label that the file gives them: from open-bus of wasi-hw:conformance/board-i2c and the functions of
/// board-gpio, because these two proposals leave to the embedder how a component gets one.
///
/// Exit codes: that of the component; 1 if its `run` failed; 124, it was ended at the limit; 125, it was not run, and the error
/// stream says why; 134, it trapped. Of --check: 0, all that the component imports is there; 1, something is not.
#[derive(Parser)]
#[command(name = "wasi-hw-run", version)]
struct Options {
    /// What of this machine the component gets; whatever is not in it is refused
    #[arg(long, value_name = "FILE")]
    board: Option<PathBuf>,

    /// A mock board: a fixture of the suite, such as i2c/register-file, or the path of a TOML file
    #[arg(long, value_name = "FIXTURE", conflicts_with = "board")]
    fixture: Option<PathBuf>,

    /// When the fixture's cues happen: lines such as `20 ms press`, in board time
    #[arg(long, value_name = "FILE", requires = "fixture")]
    cues: Option<PathBuf>,

    /// Show what this machine has, as a board file that grants the first of each
    #[arg(long, conflicts_with_all = ["board", "fixture", "check", "trace"])]
    list: bool,

    /// Say what the component imports and what of it is there, and do not run it
    #[arg(long)]
    check: bool,

    /// Write down each operation on a driver as it is done, on the error stream
    #[arg(long)]
    trace: bool,

    /// End the component after so many seconds of real time
    #[arg(long, value_name = "SECONDS")]
    limit: Option<u64>,

    /// How much memory the component may have, in MiB, of all its memories together
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    memory: usize,

    /// How many handles the component may have at one time: buses, pins, transfers, streams
    #[arg(long, value_name = "N", default_value_t = 1024)]
    handles: usize,

    /// The longest delay that the component may ask for at once, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    longest_delay: u64,

    /// The component, and its arguments
    #[arg(required_unless_present = "list", trailing_var_arg = true, value_name = "COMPONENT")]
    command: Vec<String>,
}

fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { NOT_RUN } else { 0 });
        }
    };
    run(&options).unwrap_or_else(|why| {
        say::error(format_args!("{why:#}"));
        ExitCode::from(NOT_RUN)
    })
}

fn run(options: &Options) -> anyhow::Result<ExitCode> {
    if options.list {
        let mut out = std::io::stdout().lock();
        out.write_all(list::text().as_bytes())?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let (board, config, grants, mock) = match (&options.board, &options.fixture) {
        (Some(file), None) => {
            let (board, config, grants) = board_file::read(file)?;
            (board, config, grants, None)
        }
        (None, Some(name)) => {
            let (mock, config) = fixture::read(name, options.cues.as_deref())?;
            let board: Arc<dyn Board> = Arc::new(mock.clone());
            (board, config, Vec::new(), Some(mock))
        }
        _ if options.check => {
            let mut nothing = HostConfig::default();
            nothing.usb.allow = Some(Vec::new());
            (host::nothing(), nothing, Vec::new(), None)
        }
        _ => bail!(
            "--board FILE or --fixture FIXTURE says what the component gets; --list shows what this machine has"
        ),
    };
    let file = Path::new(&options.command[0]);
    let engine = host::engine().map_err(|error| anyhow!("wasmtime does not start: {error:#}"))?;
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let component = Component::new(&engine, &bytes)
        .map_err(|error| anyhow!("{} is not a component that can be run here: {error:#}", file.display()))?;
    if options.check {
        return check::report(&engine, &component, &bytes, &config, &grants);
    }
    let linked = host::link(&engine, &component, &bytes)
        .with_context(|| format!("{} cannot be linked; --check says what is there", file.display()))?;
    let board = if options.trace { traced::board(board) } else { board };
    let limits = Limits {
        seconds: options.limit,
        memory: options.memory.saturating_mul(1 << 20),
        handles: options.handles,
        longest_delay: options.longest_delay,
    };
    let ended = host::run(linked, &options.command, &config, &board, mock.as_ref(), limits);
    drop(board);
    if let Some(mock) = mock {
        fixture::conclude(&mock);
    }
    Ok(ExitCode::from(match ended.map_err(|error| anyhow!("{error:#}"))? {
        Outcome::Exited(code) => code,
        Outcome::Limit(why) => {
            say::error(format_args!("{} was ended: {why}", line(&options.command[0], MOST_LINE)));
            OVER_LIMIT
        }
        Outcome::Trapped(why) => {
            say::error(format_args!("{} trapped: {why}", line(&options.command[0], MOST_LINE)));
            TRAPPED
        }
    }))
}
