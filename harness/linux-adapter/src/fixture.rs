//! A fixture as devices of this kernel, for any program: no harness, no guest.

use crate::board::{Kernel, Tick};
use anyhow::{Context, anyhow};
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use wasi_hw_harness::suite::cues;
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_harness::suite::problem::Source;
use wasi_hw_harness::text;
use wasi_hw_mock::Board;

/// Runs the program, and writes down what the wires saw when it has ended. The board's clock is the machine's, from the moment on at
/// which its devices are there and the program starts: what a script of cues lets happen is never early, and late by as long as this
/// process has to wait for its turn.
pub(crate) fn run(file: &Path, script: Option<&Path>, command: &[OsString]) -> anyhow::Result<ExitStatus> {
    let source = Source::read(Path::new(""), file).map_err(|problem| anyhow!("{problem}"))?;
    let mut fixture: Fixture = source.parse_versioned().map_err(|problem| anyhow!("{problem}"))?;
    if let Some(script) = script {
        cues::schedule(&mut fixture.device, script).map_err(|problem| anyhow!("{problem}"))?;
    }
    let board = Board::new(&fixture.device).map_err(|why| anyhow!("{}", source.problem(None, why)))?;
    let (clock, began) = (board.clone(), Arc::new(OnceLock::new()));
    let start = Arc::clone(&began);
    let tick: Tick = Box::new(move || {
        if let Some(began) = start.get() {
            let now = u64::try_from(Instant::now().duration_since(*began).as_nanos());
            clock.wait_until(now.unwrap_or(u64::MAX));
        }
    });
    let kernel = Kernel::new(Arc::new(board.clone()), &fixture.host, None, Some(tick))
        .context("the board in the kernel cannot be made")?;
    let usb = crate::usb::devices(&board)?;
    began.get_or_init(Instant::now);
    let (program, arguments) = command.split_first().context("no program behind the fixture")?;
    let ended = Command::new(program).args(arguments).status();
    let ended = ended.with_context(|| format!("{} cannot be started", program.to_string_lossy()))?;
    let fault = kernel.fault().or(usb.and_then(|usb| usb.end()));
    drop(kernel);
    board.mark_left_open();
    board.finish();
    let trace = board.trace();
    let mut out = std::io::stdout().lock();
    for entry in trace.entries() {
        let saw = text::line(&entry.text, text::MOST_LINE);
        writeln!(out, "{}  {saw}", text::line(&entry.channel, text::MOST_LINE))?;
    }
    out.flush()?;
    fault.map_or(Ok(ended), |fault| Err(anyhow!(fault)))
}
