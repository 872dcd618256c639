//! What an operation on a bus costs through the adapter protocol, beside a bare echo over the same kind of pipes.
//!
//! ```text
//! cargo bench --package wasi-hw-harness --bench round-trip
//! ```
//!
//! Both are measured from the side of the adapter, which is this executable, started again: from before it
//! writes a line until it has the answer. The operation is a `write-read` of one byte each; the echo's lines are as long
//! as its lines, and nobody looks into them. The two take turns, round by round, so that a machine whose speed
//! varies gives both the same.

#![expect(clippy::print_stdout, reason = "a benchmark has nothing but its figures to tell")]

use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::path::Path;
use std::process::{Child, ExitCode, Stdio};
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
use wasi_hw_seam::i2c::Flags;

/// Rounds, and round trips of each kind in one.
const ROUNDS: usize = 20;
const TRIPS: usize = 500;

/// The most that an operation may take, in echoes.
const LIMIT: f64 = 1.5;

/// The lines of the operation, without their ends.
const QUESTION: &str = r#"{"ask":{"op":{"i2c-transfer":{"handle":1,"messages":[{"write":{"address":72,"flags":0,"bytes":"0f"}},{"read":{"address":72,"flags":0,"len":1}}]}}}}"#;
const ANSWER: &str = r#"{"answer":{"ok":{"reads":["d3"]}}}"#;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("--as-echo") => echo(),
        Some("--as-adapter") => adapter(),
        _ => compare(),
    }
}

/// Says how the two compare.
fn compare() -> ExitCode {
    let root = Suite::default_root();
    let suite = Suite::discover(&root);
    let adapters = Adapters::start(again("--as-adapter")).expect("the adapter starts");
    let mut echo = Echo::start();
    let (mut echoes, mut operations) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        echoes.extend(echo.round());
        operations.extend(round(&suite, &adapters));
    }
    let (echo, operation) = (median(&mut echoes), median(&mut operations));
    let ratio = operation / echo;
    println!("echo        {echo:7.1} µs, median of {}", echoes.len());
    println!("operation   {operation:7.1} µs, median of {}", operations.len());
    println!("ratio       {ratio:7.2}, at most {LIMIT}");
    if ratio <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The executable again.
fn again(argument: &str) -> Command {
    let program = std::env::current_exe().expect("a path").into_os_string().into_string().expect("UTF-8");
    Command { words: vec![program, argument.to_owned()], folder: ".".into() }
}

/// One run of the adapter, on a board of its own. The times come as lines of the transcript.
fn round(suite: &Suite, adapters: &Adapters) -> Vec<f64> {
    let fixture =
        std::fs::read_to_string(suite.root.join("fixtures/i2c/register-file.toml")).expect("a fixture");
    let fixture: Fixture = toml::from_str(&fixture).expect("a fixture");
    let board = Board::new(&fixture.device).expect("a board");
    let (transcript, stderr) = (Transcript::default(), Stderr::default());
    let job = Job {
        case: "round-trip",
        component: suite.component("i2c", "wasi:i2c@0.2.0-draft", Form::Component).expect("a component"),
        bytes: &[],
        path: Path::new(""),
        guests: vec![("round-trip", transcript.clone())],
        host: &fixture.host,
        board: &board,
        limits: Limits::default(),
        stderr: &stderr,
    };
    let endings = adapters.run(&job);
    assert_eq!(endings, [Ending::Returned], "{}", stderr.text().unwrap_or_default());
    transcript.lines().iter().map(|line| line.text.parse().expect("a time")).collect()
}

/// The adapter, written with the client of `wasi-hw-protocol`, as any adapter in Rust is.
fn adapter() -> ExitCode {
    let harness = Harness::<HostConfig>::new(BufReader::with_capacity(64 << 10, stdin()), stdout());
    loop {
        let answered = match harness.next() {
            Ok(ToAdapter::Start(_)) => harness.send(&FromAdapter::Started(started())),
            Ok(ToAdapter::Run(run)) => {
                transfers(&harness);
                let done = Done { run: run.run, guest: 0, how: How::Returned, why: None, item: None };
                harness.send(&FromAdapter::Done(done))
            }
            Ok(ToAdapter::Sync(sync)) => harness.send(&FromAdapter::Synced(sync)),
            _ => return ExitCode::SUCCESS,
        };
        answered.expect("the harness is there");
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

fn transfers(harness: &Harness<HostConfig>) {
    let open = Op::I2cOpen(i2c::Open { bus: "sensors".to_owned() });
    let Handle { handle } = harness.ask(0, open).expect("a bus");
    let mut times = Vec::with_capacity(TRIPS);
    for _ in 0..TRIPS {
        let before = Instant::now();
        let messages = vec![
            i2c::Message::Write(i2c::Write { address: 0x48, flags: Flags::NONE, bytes: Bytes(vec![0x0f]) }),
            i2c::Message::Read(i2c::Read { address: 0x48, flags: Flags::NONE, len: Count(1) }),
        ];
        let read: i2c::Reads =
            harness.ask(0, Op::I2cTransfer(i2c::Transfer { handle, messages })).expect("an answer");
        times.push(before.elapsed());
        assert_eq!(read.reads, [Bytes(vec![0xd3])]);
    }
    let _: Empty = harness.ask(0, Op::I2cClose(Handle { handle })).expect("closed");
    for time in times {
        let line = format!("{:.1}", time.as_secs_f64() * 1e6);
        let _: Empty = harness.ask(0, Op::Saw(Saw { line })).expect("written down");
    }
}

/// The echo: a process whose lines come back as others.
struct Echo {
    child: Child,
    from: BufReader<std::process::ChildStdout>,
}

impl Echo {
    fn start() -> Echo {
        let words = again("--as-echo").words;
        let mut command = std::process::Command::new(&words[0]);
        command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the echo starts");
        let from = BufReader::with_capacity(64 << 10, child.stdout.take().expect("a pipe"));
        Echo { child, from }
    }

    /// Has it do a round: answers a line with a line, as often as it likes, until it says its times.
    fn round(&mut self) -> Vec<f64> {
        let to = self.child.stdin.as_mut().expect("a pipe");
        let answer = format!("{ANSWER}\n");
        to.write_all(b"go\n").expect("it is there");
        let mut line = Vec::new();
        for _ in 0..TRIPS {
            line.clear();
            self.from.read_until(b'\n', &mut line).expect("a line");
            to.write_all(answer.as_bytes()).expect("it is there");
        }
        let mut times = String::new();
        self.from.read_line(&mut times).expect("its times");
        times.split_whitespace().map(|time| time.parse().expect("a time")).collect()
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The process that measures the echo.
fn echo() -> ExitCode {
    let (mut from, mut to) = (BufReader::with_capacity(64 << 10, stdin()), stdout());
    let question = format!("{QUESTION}\n");
    let mut line = Vec::new();
    while matches!(from.read_until(b'\n', &mut line), Ok(1..)) {
        let mut times = String::new();
        for _ in 0..TRIPS {
            line.clear();
            let before = Instant::now();
            to.write_all(question.as_bytes()).and_then(|()| to.flush()).expect("it is there");
            from.read_until(b'\n', &mut line).expect("a line");
            times.push_str(&format!("{:.1} ", before.elapsed().as_secs_f64() * 1e6));
        }
        writeln!(to, "{times}").and_then(|()| to.flush()).expect("it is there");
        line.clear();
    }
    ExitCode::SUCCESS
}
