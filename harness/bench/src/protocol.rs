//! What an operation costs through the adapter protocol, beside a bare echo over the same kind of pipes.
//!
//! Both are measured from the side of the adapter, which is this executable, started again: from before it writes a line
//! until it has the answer. The operation is a `write-read` of one byte each; the echo's lines are as long as its lines,
//! and nobody looks into them. The two take turns, round by round.

use crate::measure::Spread;
use crate::process::Program;
use anyhow::{Context, anyhow, ensure};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use serde::Serialize;
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;
use wasi_hw_harness::runtime::adapter::{Adapters, Command};
use wasi_hw_harness::runtime::{Ending, Job, Limits, Runtime, Stderr, Transcript};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::fixture::{Fixture, HostConfig};
use wasi_hw_mock::Board;
use wasi_hw_protocol::{
    Bytes, Clock, Count, Done, Empty, Features, Form, FromAdapter, Handle, Harness, How, Op, Saw, Started,
    ToAdapter, VERSION, i2c,
};
use wasi_hw_seam::Board as _;
use wasi_hw_seam::i2c::{Flags, Message};

/// Round trips of each kind in a round.
const TRIPS: usize = 500;

/// The lines of the operation, without their ends.
const QUESTION: &str = r#"{"ask":{"op":{"i2c-transfer":{"handle":1,"messages":[{"write":{"address":72,"flags":0,"bytes":"0f"}},{"read":{"address":72,"flags":0,"len":1}}]}}}}"#;
const ANSWER: &str = r#"{"answer":{"ok":{"reads":["d3"]}}}"#;

/// An operation beside an echo; microseconds.
#[derive(Debug, Serialize)]
pub struct RoundTrip {
    /// On how many cores the two processes ran.
    pub cores: usize,
    /// The operation.
    pub operation_us: Spread,
    /// What the board takes for it, without a protocol.
    pub board_us: Spread,
    /// The echo.
    pub echo_us: Spread,
    /// The operation in echoes, round by round.
    pub ratio: Spread,
    /// The same without what the board takes: messages written and read.
    pub own: Spread,
    /// What `ratio` is to be at most.
    pub goal: f64,
}

/// Measures with both processes on one core, and with each on one of its own. Where they may run anywhere, the system puts
/// them on one or on two as it likes, and the two ways differ by more than what is looked for.
pub fn measure(program: &Program, quick: bool) -> anyhow::Result<Vec<RoundTrip>> {
    let all = sched_getaffinity(Pid::from_raw(0))?;
    let mut cores = (0..CpuSet::count()).filter(|core| all.is_set(*core) == Ok(true));
    let first = cores.next().context("there is no core")?;
    let trips = [Some(first), cores.next()].into_iter().flatten();
    let trips = trips.map(|there| rounds(program, quick, first, there)).collect();
    sched_setaffinity(Pid::from_raw(0), &all)?;
    trips
}

/// This thread, and what it starts, runs on this core from now on.
fn stay_on(core: usize) -> anyhow::Result<()> {
    let mut one = CpuSet::new();
    one.set(core)?;
    Ok(sched_setaffinity(Pid::from_raw(0), &one)?)
}

/// The harness on one core, and what it talks with on the other.
fn rounds(program: &Program, quick: bool, here: usize, there: usize) -> anyhow::Result<RoundTrip> {
    let suite = Suite::discover(&program.root);
    stay_on(there)?;
    let adapters = Adapters::start(again(program, "adapter")?)?;
    let mut echo = Echo::start(program)?;
    stay_on(here)?;
    let (mut echoes, mut operations, mut boards) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ratios, mut own) = (Vec::new(), Vec::new());
    for _ in 0..if quick { 2 } else { 31 } {
        let echo = Spread::of(&mut echo.round()?).median;
        let operation = Spread::of(&mut round(&suite, &adapters)?).median;
        let board = Spread::of(&mut bare(&suite)?).median;
        echoes.push(echo);
        operations.push(operation);
        boards.push(board);
        ratios.push(operation / echo);
        own.push((operation - board) / echo);
    }
    Ok(RoundTrip {
        cores: if here == there { 1 } else { 2 },
        operation_us: Spread::of(&mut operations),
        board_us: Spread::of(&mut boards),
        echo_us: Spread::of(&mut echoes),
        ratio: Spread::of(&mut ratios),
        own: Spread::of(&mut own),
        goal: 1.3,
    })
}

/// The same operation on such a board, in this process.
fn bare(suite: &Suite) -> anyhow::Result<Vec<f64>> {
    let board = board(suite)?.1;
    let mut bus = board.i2c("sensors").map_err(|why| anyhow!("{why:?}"))?;
    let mut times = Vec::with_capacity(TRIPS);
    for _ in 0..TRIPS {
        let before = Instant::now();
        let mut read = [0];
        let messages =
            &mut [Message::write(0x48, Flags::NONE, &[0x0f]), Message::read(0x48, Flags::NONE, &mut read)];
        bus.transfer(messages).map_err(|why| anyhow!("{why:?}"))?;
        times.push(before.elapsed().as_secs_f64() * 1e6);
        ensure!(read == [0xd3], "the register holds something else");
    }
    Ok(times)
}

/// A board with registers behind an I²C address.
fn board(suite: &Suite) -> anyhow::Result<(Fixture, Board)> {
    let fixture = std::fs::read_to_string(suite.root.join("fixtures/i2c/register-file.toml"))?;
    let fixture: Fixture = toml::from_str(&fixture)?;
    let board = Board::new(&fixture.device).map_err(anyhow::Error::msg)?;
    Ok((fixture, board))
}

/// The executable again, as one of the two.
fn again(program: &Program, work: &str) -> anyhow::Result<Command> {
    let words = [program.path.to_str().context("the tool's path is not UTF-8")?, "bench", "--work", work];
    Ok(Command { words: words.map(str::to_owned).into(), folder: ".".into() })
}

/// One run of the adapter, on a board of its own. The times come as lines of the transcript.
fn round(suite: &Suite, adapters: &Adapters) -> anyhow::Result<Vec<f64>> {
    let (fixture, board) = board(suite)?;
    let (transcript, stderr) = (Transcript::default(), Stderr::default());
    let component =
        suite.component("i2c", "wasi:i2c@0.2.0-draft", Form::Component).context("i2c has no component")?;
    let job = Job {
        case: "round-trip",
        component,
        bytes: &[],
        path: Path::new(""),
        guests: vec![("round-trip", transcript.clone())],
        host: &fixture.host,
        board: &board,
        limits: Limits::default(),
        stderr: &stderr,
    };
    let endings = adapters.run(&job);
    ensure!(endings == [Ending::Returned], "{endings:?}: {}", stderr.text().unwrap_or_default());
    transcript.lines().iter().map(|line| line.text.parse().context("no time")).collect()
}

/// The adapter, written with the client of `wasi-hw-protocol`, as any adapter in Rust is.
pub fn adapter() -> anyhow::Result<()> {
    let harness = Harness::<HostConfig>::new(BufReader::with_capacity(64 << 10, stdin()), stdout());
    loop {
        match harness.next() {
            Ok(ToAdapter::Start(_)) => harness.send(&FromAdapter::Started(started()))?,
            Ok(ToAdapter::Run(run)) => {
                transfers(&harness)?;
                let done = Done { run: run.run, guest: 0, how: How::Returned, why: None, item: None };
                harness.send(&FromAdapter::Done(done))?;
            }
            Ok(ToAdapter::Sync(sync)) => harness.send(&FromAdapter::Synced(sync))?,
            _ => return Ok(()),
        }
    }
}

fn started() -> Started {
    Started {
        protocol: VERSION.to_owned(),
        name: "round-trip".to_owned(),
        version: "1".to_owned(),
        homepage: None,
        issues: None,
        packages: vec!["wasi:i2c@0.2.0-draft".to_owned()],
        seams: Default::default(),
        features: Features::default(),
        lacks: Vec::new(),
        clock: Clock::Board,
        form: Form::Component,
    }
}

fn transfers(harness: &Harness<HostConfig>) -> anyhow::Result<()> {
    let refused = |refused| anyhow!("refused: {refused:?}");
    let open = Op::I2cOpen(i2c::Open { bus: "sensors".to_owned() });
    let Handle { handle } = harness.ask(0, open).map_err(refused)?;
    let mut times = Vec::with_capacity(TRIPS);
    for _ in 0..TRIPS {
        let before = Instant::now();
        let messages = vec![
            i2c::Message::Write(i2c::Write { address: 0x48, flags: Flags::NONE, bytes: Bytes(vec![0x0f]) }),
            i2c::Message::Read(i2c::Read { address: 0x48, flags: Flags::NONE, len: Count(1) }),
        ];
        let transfer = Op::I2cTransfer(i2c::Transfer { handle, messages });
        let read: i2c::Reads = harness.ask(0, transfer).map_err(refused)?;
        times.push(before.elapsed());
        ensure!(read.reads == [Bytes(vec![0xd3])], "the register holds something else");
    }
    let _: Empty = harness.ask(0, Op::I2cClose(Handle { handle })).map_err(refused)?;
    for time in times {
        let line = format!("{:.1}", time.as_secs_f64() * 1e6);
        let _: Empty = harness.ask(0, Op::Saw(Saw { line })).map_err(refused)?;
    }
    Ok(())
}

/// The echo: a process whose lines come back as others.
struct Echo {
    child: Child,
    from: BufReader<std::process::ChildStdout>,
}

impl Echo {
    fn start(program: &Program) -> anyhow::Result<Echo> {
        let words = again(program, "echo")?.words;
        let mut command = std::process::Command::new(&words[0]);
        command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("the echo does not start")?;
        let from = BufReader::with_capacity(64 << 10, child.stdout.take().context("no pipe")?);
        Ok(Echo { child, from })
    }

    /// Has it do a round: answers a line with a line, as often as it likes, until it says its times.
    fn round(&mut self) -> anyhow::Result<Vec<f64>> {
        let to = self.child.stdin.as_mut().context("no pipe")?;
        let answer = format!("{ANSWER}\n");
        to.write_all(b"go\n")?;
        let mut line = Vec::new();
        for _ in 0..TRIPS {
            line.clear();
            self.from.read_until(b'\n', &mut line)?;
            to.write_all(answer.as_bytes())?;
        }
        let mut times = String::new();
        self.from.read_line(&mut times)?;
        times.split_whitespace().map(|time| time.parse().context("no time")).collect()
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The process that measures the echo.
pub fn echo() -> anyhow::Result<()> {
    let (mut from, mut to) = (BufReader::with_capacity(64 << 10, stdin()), stdout());
    let question = format!("{QUESTION}\n");
    let mut line = Vec::new();
    while matches!(from.read_until(b'\n', &mut line), Ok(1..)) {
        let mut times = String::new();
        for _ in 0..TRIPS {
            line.clear();
            let before = Instant::now();
            to.write_all(question.as_bytes()).and_then(|()| to.flush())?;
            from.read_until(b'\n', &mut line)?;
            times.push_str(&format!("{:.1} ", before.elapsed().as_secs_f64() * 1e6));
        }
        writeln!(to, "{times}").and_then(|()| to.flush())?;
        line.clear();
    }
    Ok(())
}
