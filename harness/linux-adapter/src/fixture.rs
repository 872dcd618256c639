//! A fixture as devices of this kernel, for any program: no harness, no guest.

use crate::board::{Kernel, Tick};
use crate::usb;
use anyhow::{Context, anyhow};
use std::ffi::OsString;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};
use wasi_hw_harness::suite::cues;
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_harness::suite::problem::Source;
use wasi_hw_harness::{interrupt, say, text};
use wasi_hw_mock::Board;
use wasi_hw_mock::trace::Trace;

/// How often it is looked what the wires saw, for whoever looks on.
const LOOK: Duration = Duration::from_millis(50);

/// The most bytes of a line that is typed in.
const MOST_TYPED: u64 = 256;

/// A fixture whose devices are in the kernel. The board's clock is the machine's, from the moment on at which they are there:
/// what a script of cues lets happen is never early, and late by as long as this process has to wait for its turn.
struct Shown {
    board: Board,
    kernel: Kernel,
    usb: Option<usb::Devices>,
}

impl Shown {
    fn new(file: &Path, script: Option<&Path>) -> anyhow::Result<Shown> {
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
        let usb = usb::devices(&board)?;
        began.get_or_init(Instant::now);
        Ok(Shown { board, kernel, usb })
    }

    /// Where each device is, for a person.
    fn list(&self, out: &mut dyn Write) -> io::Result<()> {
        for (kind, name, place) in self.kernel.machine.places() {
            writeln!(
                out,
                "{kind:<4}  {}  {}",
                text::line(name, text::MOST_LINE),
                text::line(&place, text::MOST_LINE)
            )?;
        }
        for (name, place) in self.usb.iter().flat_map(usb::Devices::places) {
            writeln!(out, "usb   {name}  {place}")?;
        }
        out.flush()
    }

    /// Takes the devices away. What the wires have seen that nobody has taken yet, and what broke, if anything did.
    fn end(self) -> (Trace, Option<String>) {
        let Shown { board, kernel, usb } = self;
        let fault = kernel.fault().or(usb.and_then(usb::Devices::end));
        drop(kernel);
        board.mark_left_open();
        board.finish();
        (board.take_trace(), fault)
    }
}

/// Runs the program, and writes down what the wires saw when it has ended.
pub(crate) fn run(file: &Path, script: Option<&Path>, command: &[OsString]) -> anyhow::Result<ExitStatus> {
    let shown = Shown::new(file, script)?;
    let (program, arguments) = command.split_first().context("no program behind the fixture")?;
    let ended = Command::new(program).args(arguments).status();
    let ended = ended.with_context(|| format!("{} cannot be started", program.to_string_lossy()))?;
    let (trace, fault) = shown.end();
    write(&trace, &mut io::stdout().lock())?;
    fault.map_or(Ok(ended), |fault| Err(anyhow!(fault)))
}

/// Keeps the devices until SIGINT or SIGTERM, and writes down what the wires see as they see it. What somebody types is a cue.
pub(crate) fn show(file: &Path, script: Option<&Path>) -> anyhow::Result<()> {
    interrupt::listen().context("signals")?;
    let shown = Shown::new(file, script)?;
    let mut out = io::stdout();
    shown.list(&mut out)?;
    say::note("the devices are there until Ctrl-C; the name of a cue and Enter let it happen");
    let typed = shown.board.clone();
    // It waits for who types, and so for ever; the process does not wait for it.
    thread::spawn(move || cue(&typed, &mut io::stdin().lock()));
    while !interrupt::is_asked() {
        write(&shown.board.take_trace(), &mut out)?;
        thread::sleep(LOOK);
    }
    let (trace, fault) = shown.end();
    write(&trace, &mut out)?;
    fault.map_or(Ok(()), |fault| Err(anyhow!(fault)))
}

/// Lets the cues happen that are named line by line, until there is nobody who names one.
fn cue(board: &Board, typed: &mut impl BufRead) {
    let mut line = String::new();
    while typed.take(MOST_TYPED).read_line(&mut line).is_ok_and(|length| length > 0) {
        let name = line.trim();
        if !name.is_empty()
            && let Err(why) = board.cue(name)
        {
            say::error(why);
        }
        line.clear();
    }
}

/// Each line with the board's time.
fn write(trace: &Trace, out: &mut dyn Write) -> io::Result<()> {
    for entry in trace.entries() {
        let (channel, saw) =
            (text::line(&entry.channel, text::MOST_LINE), text::line(&entry.text, text::MOST_LINE));
        writeln!(out, "{:>10} µs  {channel}  {saw}", entry.at / 1000)?;
    }
    out.flush()
}
