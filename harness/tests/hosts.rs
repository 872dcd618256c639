//! Hosts that panic, hang or do not fit end as a verdict, and the run goes on.

use embedded_hal::i2c::{ErrorType, I2c, Operation};
use std::sync::{Arc, Condvar, Mutex};
use wasi_hw_harness::report::Sinks;
use wasi_hw_harness::report::{Claim, Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::run::{self, Options};
use wasi_hw_harness::runtime::engine::{BoardI2c, Embedding, Guest, InProcess};
use wasi_hw_harness::runtime::reference::{Reference, State};
use wasi_hw_harness::runtime::{About, Ending, Job, Limits, Runtime};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_harness::suite::manifest::Component;
use wasi_hw_seam::{Board, Refusal};
use wasi_hw_wasmtime::i2c::{Bus, Delay};
use wasmtime::component::{Linker, Resource, ResourceType};

/// A case that reads three bytes at once, and one that does not.
const CASES: [&str; 2] = ["i2c/read-one-frame", "i2c/delay-without-bus"];

fn run(runtime: impl Runtime + 'static, limits: Limits) -> (Arc<Session>, Vec<Record>) {
    let suite = Suite::discover(&Suite::default_root());
    let mut session = Session::new(Arc::new(suite), Box::new(runtime));
    session.limits = limits;
    let session = Arc::new(session);
    let cases: Vec<_> =
        CASES.map(|id| session.suite.cases.iter().find(|case| case.id == id).unwrap().clone()).into();
    let records = session.run_all(&cases, |_, _| {});
    (session, records)
}

/// A host whose driver comes to grief when it is to read three bytes at once.
fn fragile<const HANGS: bool>() -> impl Runtime {
    let i2c_bus = |bus| Bus::seven_bit(Fragile::<HANGS>(bus));
    InProcess::new(Reference { i2c_bus, ..Reference::default() }).unwrap()
}

struct Fragile<const HANGS: bool>(Box<dyn wasi_hw_seam::i2c::Bus>);

impl<const HANGS: bool> ErrorType for Fragile<HANGS> {
    type Error = Refusal;
}

impl<const HANGS: bool> I2c for Fragile<HANGS> {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Refusal> {
        let three = matches!(operations, [Operation::Read(buffer)] if buffer.len() == 3);
        if three && HANGS {
            loop {
                std::thread::park();
            }
        }
        assert!(!three, "no buffer");
        self.0.transaction(address, operations)
    }
}

#[test]
fn a_panic_of_the_host_is_a_crash_with_its_message_and_place() {
    let (session, records) = run(fragile::<false>(), Limits::default());
    assert_eq!(records[0].verdict, Verdict::Crash);
    let why = records[0].why.as_deref().unwrap();
    assert!(why.starts_with("panicked at tests/hosts.rs:") && why.ends_with(": no buffer"), "{why}");
    assert_eq!(records[1].verdict, Verdict::Pass);
    assert_eq!(session.footer(&records).worlds["i2c"].claim, Claim::NotConformant);
}

#[test]
fn a_host_that_hangs_is_a_timeout_and_leaves_the_others_alone() {
    let (_, records) = run(fragile::<true>(), Limits { watchdog_s: 10, ..Limits::default() });
    assert_eq!(records[0].verdict, Verdict::Timeout);
    assert!(records[0].why.as_deref().unwrap().contains("was not done after 10 s of its own time"));
    assert_eq!(records[1].verdict, Verdict::Pass);
}

/// A host of which one function has another type than the package gives it, and which lacks an interface.
struct Misfit;

impl Embedding for Misfit {
    type Data = State;

    fn about(&self) -> About {
        Reference::default().about
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        let mut i2c = linker.instance("wasi:i2c/i2c@0.2.0-draft")?;
        i2c.resource("i2c", ResourceType::host::<Bus>(), |_, _| Ok(()))?;
        i2c.func_wrap("[method]i2c.read", |_, (_, _, _): (Resource<Bus>, u32, u64)| Ok((0_u32,)))?;
        let mut board = BoardI2c::new(linker)?;
        board.open_bus::<Bus>(|_, _| Err(String::new()))?;
        board.open_delay::<Delay>(|_| wasmtime::bail!("no delay"))
    }

    fn data(&self, host: &HostConfig, board: &Arc<dyn Board>, guest: Guest) -> State {
        Reference::default().data(host, board, guest)
    }

    fn guest(state: &mut State) -> &mut Guest {
        Reference::guest(state)
    }
}

#[test]
fn a_host_that_does_not_fit_is_told_the_item_and_the_difference() {
    let (session, records) = run(InProcess::new(Misfit).unwrap(), Limits::default());
    for record in &records {
        assert_eq!(record.verdict, Verdict::LinkFailure);
        let why = record.why.as_deref().unwrap();
        let interface = "`wasi:i2c/i2c@0.2.0-draft`";
        for part in [
            &format!("of {interface} is missing `[method]i2c.transaction`, `[method]i2c.write`"),
            &format!("{interface} has `[method]i2c.read` of another type: "),
            "the guest needs `read: func(address: address, len: u64) -> result<list<u8>, error-code>`",
            "`wasi:i2c/delay@0.2.0-draft` is missing",
        ] {
            assert!(why.contains(part), "{part} is not in: {why}");
        }
        assert!(!why.contains("is not the same") && !why.contains("board-i2c"), "{why}");
    }
    assert_eq!(session.footer(&records).worlds["i2c"].claim, Claim::NotConformant);
}

/// A runtime that speaks nothing of this suite.
#[test]
fn a_runtime_without_the_package_is_not_run() {
    let other = Reference {
        about: About { packages: vec!["wasi:i2c@9.9.9".into()], ..About::default() },
        ..Reference::default()
    };
    let (session, records) = run(InProcess::new(other).unwrap(), Limits::default());
    assert!(records.iter().all(|record| record.verdict == Verdict::NotRun));
    assert_eq!(session.footer(&records).worlds["i2c"].claim, Claim::Partial);
}

/// Runs nothing until the component of spi was loaded.
struct Waits(Box<dyn Runtime>, Mutex<bool>, Condvar);

impl Runtime for Waits {
    fn about(&self) -> About {
        self.0.about()
    }

    fn load(&self, component: &Component, bytes: &[u8]) {
        self.0.load(component, bytes);
        if component.proposal.as_deref() == Some("spi") {
            *self.1.lock().unwrap() = true;
            self.2.notify_all();
        }
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        drop(self.2.wait_while(self.1.lock().unwrap(), |loaded| !*loaded).unwrap());
        self.0.run(job)
    }
}

#[test]
fn all_components_of_a_run_are_made_ready_at_its_beginning() {
    let suite = Suite::discover(&Suite::default_root());
    // So many of i2c that no machine begins with the one of spi among them.
    let of = |proposal, most| suite.cases.iter().filter(move |c| c.proposal == proposal).take(most);
    let cases: Vec<_> = of("i2c", usize::MAX).chain(of("spi", 1)).cloned().collect();
    let host = Box::new(InProcess::new(Reference::default()).unwrap());
    let session =
        Arc::new(Session::new(Arc::new(suite), Box::new(Waits(host, Mutex::default(), Condvar::new()))));
    let finished = run::run(&session, &cases, Sinks::default(), Options::default(), &|_, _| {}).unwrap();
    assert!(finished.footer.problems.is_empty() && !finished.failed);
}
