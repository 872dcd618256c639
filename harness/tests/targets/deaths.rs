//! Hosts that abort, hang, take all memory or all of the stack: each costs one case, and leaves a whole report.

use super::{ensure, signals, target, temporary};
use embedded_hal::i2c::{ErrorType, I2c, Operation};
use libtest_mimic::{Failed, Trial};
use std::hint::black_box;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use wasi_hw_harness::report::{Entry, Record, Verdict, open};
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::runtime::{About, Clock};
use wasi_hw_seam::{Board, Delay, Over, Refusal, i2c};
use wasi_hw_wasmtime::i2c::Bus;

/// The names of the hosts: what each does when it is to read three bytes at once, but for the last two.
pub(crate) const HOSTS: [&str; 7] =
    ["aborts", "eats-memory", "overflows", "panics-in-std", "hangs", "hangs-always", "sleeps"];

pub(crate) fn main(host: &str) -> ExitCode {
    let about = About { name: host.to_owned(), ..Reference::default().about };
    let i2c_bus: fn(Box<dyn i2c::Bus>) -> Bus = match host {
        "aborts" => |bus| deadly(bus, |_| abort()),
        "eats-memory" => |bus| deadly(bus, |_| eat()),
        "overflows" => |bus| deadly(bus, |_| assert!(overflow(0) > 0)),
        "panics-in-std" => |bus| deadly(bus, |_| drop(Vec::<u8>::with_capacity(usize::MAX))),
        "hangs" => |bus| deadly(bus, |_| hang()),
        "hangs-always" => |bus| Bus::seven_bit(Deadly(bus, |_| true, |_| hang())),
        _ => return sleeps(about),
    };
    wasi_hw_harness::main(
        InProcess::new(Reference { about, i2c_bus, ..Reference::default() }).expect("an engine"),
    )
}

fn deadly(bus: Box<dyn i2c::Bus>, act: fn(usize)) -> Bus {
    Bus::seven_bit(Deadly(bus, |bytes| bytes == 3, act))
}

/// A driver that comes to grief at a lone read of so many bytes; anything else counts as 0.
struct Deadly(Box<dyn i2c::Bus>, fn(usize) -> bool, fn(usize));

impl ErrorType for Deadly {
    type Error = Refusal;
}

impl I2c for Deadly {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Refusal> {
        let bytes = if let [Operation::Read(buffer)] = operations { buffer.len() } else { 0 };
        if (self.1)(bytes) {
            (self.2)(bytes);
        }
        self.0.transaction(address, operations)
    }
}

fn abort() {
    let _ = writeln!(std::io::stderr(), "the wires are on fire");
    std::process::abort();
}

fn hang() {
    signals::tell();
    loop {
        std::thread::park();
    }
}

fn eat() {
    let mut all = Vec::new();
    loop {
        all.push(black_box(vec![0_u8; 64 << 20]));
    }
}

fn overflow(depth: u64) -> u64 {
    let frame = black_box([depth; 512]);
    if depth == u64::MAX { 0 } else { overflow(depth + 1) + frame[511] }
}

/// A host with a clock of its own: its delay is the system's.
fn sleeps(about: About) -> ExitCode {
    let about = About { clock: Clock::Own, ..about };
    let board = |real| Arc::new(Sleeps(real)) as Arc<dyn Board>;
    wasi_hw_harness::main(
        InProcess::new(Reference { about, board, ..Reference::default() }).expect("an engine"),
    )
}

struct Sleeps(Arc<dyn Board>);

impl Over for Sleeps {
    fn below(&self) -> &dyn Board {
        &*self.0
    }

    fn delay(&self) -> Box<dyn Delay> {
        Box::new(Sleep)
    }
}

struct Sleep;

impl Delay for Sleep {
    fn wait_ns(&mut self, ns: u64) {
        std::thread::sleep(std::time::Duration::from_nanos(ns));
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    // Without line tables nobody knows the host's frame, and the standard library's place is named.
    const PLACE: &str =
        if cfg!(debug_assertions) { "panicked at targets/deaths.rs:" } else { "panicked at raw_vec/mod.rs:" };
    let costs = |host: &'static str, verdict, parts: &'static [&str]| {
        Trial::test(format!("a_host_that::{host}"), move || costs_one_case(host, verdict, parts))
    };
    vec![
        costs("aborts", Verdict::Crash, &["SIGABRT", "its last words: the wires are on fire"]),
        // Only Linux counts all that a process allocates against a limit.
        costs("eats-memory", Verdict::Crash, &["memory allocation of 67108864 bytes failed"])
            .with_ignored_flag(!cfg!(target_os = "linux")),
        costs("overflows", Verdict::Crash, &["SIGABRT", "overflow"]),
        costs("panics-in-std", Verdict::Crash, &[PLACE, "capacity overflow"]),
        costs("hangs", Verdict::Timeout, &["was not done after 10 s"]),
        Trial::test("a_host_that::hangs-always", hangs_always),
        Trial::test("a_host_that::sleeps", sleeps_well),
    ]
}

/// The records of a run of some cases, if the report is whole.
fn records(host: &str, arguments: &[&str]) -> Result<(i32, Vec<Record>), Failed> {
    let report = temporary(host);
    let file = report.display().to_string();
    let said = target(host, &[arguments, &["--report", &file]].concat())?;
    let mut records = Vec::new();
    let mut whole = false;
    for entry in open(&report)? {
        match entry? {
            Entry::Record(record) => records.push(*record),
            Entry::Footer(_) => whole = true,
            Entry::Header(_) => {}
        }
    }
    std::fs::remove_file(&report)?;
    ensure(whole, &said)?;
    Ok((said.0, records))
}

fn costs_one_case(host: &str, verdict: Verdict, parts: &[&str]) -> Result<(), Failed> {
    let (code, records) = records(host, &["i2c/read-", "--timeout=10"])?;
    let (bad, well): (Vec<_>, Vec<_>) = records.iter().partition(|record| record.verdict == verdict);
    let [bad] = &bad[..] else { return ensure(false, (host, records.len(), bad)) };
    let why = bad.why.as_deref().unwrap_or_default();
    let text = format!("{why}\n{}", bad.stderr.as_deref().unwrap_or_default());
    ensure(code == 101 && bad.case == "i2c/read-one-frame", (code, &bad.case))?;
    ensure(parts.iter().all(|part| !cfg!(unix) || text.contains(part)), text)?;
    // What the guest and the wires saw until then is there.
    ensure(!bad.guests[0].transcript.is_empty(), &bad.guests)?;
    ensure(well.len() > 3 && well.iter().all(|record| !record.verdict.failed()), well)
}

fn hangs_always() -> Result<(), Failed> {
    let (code, records) = records("hangs-always", &["i2c/transaction-", "--timeout=10"])?;
    let given_up = records.iter().filter(|record| record.verdict == Verdict::Timeout).count();
    let not_run = |record: &&Record| {
        record.verdict == Verdict::NotRun
            && record.why.as_ref().is_some_and(|why| why.contains("i2c in a row"))
    };
    let not_run = records.iter().filter(not_run).count();
    // Those that were on their way when it was decided end as they end; there is one for each core.
    ensure(
        code == 101 && given_up >= 3 && not_run > records.len() / 3,
        (code, given_up, not_run, records.len()),
    )
}

fn sleeps_well() -> Result<(), Failed> {
    let (_, records) = records("sleeps", &["i2c/delay"])?;
    let records: Vec<_> = records.into_iter().filter(Record::scored).collect();
    let well = records.len() > 3 && records.iter().all(|record| !record.verdict.failed());
    ensure(well && records.iter().all(|record| record.clock == Clock::Own), records)
}
