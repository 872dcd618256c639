//! Guests that misbehave end as a verdict, and the run goes on.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use wasi_hw_harness::report::Verdict;
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::adapter::rehearse;
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::runtime::{About, Ending, Job, Limits, Runtime, Stderr, Transcript};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::expect::Line;
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_harness::suite::manifest::Component;
use wasi_hw_mock::Board;

struct Bench {
    suite: Suite,
    runtime: Arc<dyn Runtime>,
    fixture: Fixture,
}

impl Bench {
    fn new(fixture: &str) -> Bench {
        let suite = Suite::discover(&Suite::default_root());
        let runtime = Arc::new(InProcess::new(Reference::default()).unwrap());
        Bench { suite, runtime, fixture: toml::from_str(fixture).unwrap() }
    }

    fn counter() -> Bench {
        Bench::new(
            "version = 1
             [host.i2c.sensors]
             [[device.i2c.sensors.target]]
             address = 0x48
             model = 'counter'",
        )
    }

    fn run(&self, test: &str) -> (Ending, Vec<Line>) {
        let component = self.suite.components.iter().find(|c| c.file == "self-test.wasm").unwrap();
        self.run_component(component, &self.suite.read_component(component).unwrap(), test)
    }

    fn run_component(&self, component: &Component, bytes: &[u8], test: &str) -> (Ending, Vec<Line>) {
        let board = Board::new(&self.fixture.device).unwrap();
        let transcript = Transcript::default();
        let job = Job {
            case: "self-test",
            component,
            bytes,
            path: &self.suite.component_path(component),
            guests: vec![(test, transcript.clone())],
            host: &self.fixture.host,
            board: &board,
            limits: Limits::default(),
            stderr: &Stderr::default(),
        };
        let mut endings = self.runtime.run(&job);
        assert_eq!(endings.len(), 1);
        (endings.remove(0), transcript.lines())
    }
}

fn texts(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn a_loop_ends_when_its_fuel_does() {
    let (ending, lines) = Bench::counter().run("loop-for-ever");
    assert!(matches!(&ending, Ending::Timeout(why) if why.contains("fuel")), "{ending:?}");
    assert_eq!(texts(&lines), ["looping"]);
}

#[test]
fn allocation_without_end_is_a_trap_with_last_words() {
    let (ending, lines) = Bench::counter().run("allocate-for-ever");
    assert!(matches!(ending, Ending::Trap(_)), "{ending:?}");
    assert!(lines.last().unwrap().text.starts_with("panic: memory allocation"), "{lines:?}");
}

#[test]
fn traps_and_panics_are_traps() {
    let bench = Bench::counter();
    for test in ["trap", "overflow-the-stack"] {
        let (ending, lines) = bench.run(test);
        assert!(matches!(ending, Ending::Trap(_)), "{test}: {ending:?}");
        assert_eq!(lines.len(), 1);
    }
    let (ending, lines) = bench.run("panic");
    assert!(matches!(ending, Ending::Trap(_)), "{ending:?}");
    assert_eq!(texts(&lines), ["panic: the guest's last words"]);
}

#[test]
fn a_transcript_has_an_end() {
    let (_, lines) = Bench::counter().run("talk-for-ever");
    assert_eq!(lines.len(), 4_001);
    assert!(lines[0].text.len() < 4_100 && lines[0].text.ends_with("(100000 bytes)"));
    assert_eq!(lines[1].text, "more\\nthan one line");
    assert_eq!(lines[4_000].text, "the transcript is full (4000 lines)");
}

#[test]
fn lengths_that_no_host_can_allocate_are_errors() {
    let (ending, lines) = Bench::counter().run("ask-for-too-much");
    assert_eq!(ending, Ending::Returned);
    assert_eq!(texts(&lines), ["err", "err", "ok"]);
}

#[test]
fn a_cue_that_is_not_there_is_an_error() {
    let (ending, lines) = Bench::counter().run("cue-without-end");
    assert_eq!(ending, Ending::Returned);
    assert_eq!(texts(&lines), ["no cue `nothing` is left; left are: []"; 2]);
}

#[test]
fn all_the_time_there_is_can_pass() {
    let (ending, lines) = Bench::counter().run("wait-for-ever");
    assert_eq!(ending, Ending::Returned);
    assert_eq!(lines[0].at, u64::MAX);
}

#[test]
fn an_unknown_test_is_the_harness_s_fault() {
    let (ending, _) = Bench::counter().run("no such test");
    assert!(matches!(ending, Ending::HarnessError(_)), "{ending:?}");
}

/// A component whose `run` grows a table by so many elements and traps if it cannot, and which has so many instances of its
/// one module, with a memory and a table each.
fn greedy(elements: u32, instances: usize) -> Vec<u8> {
    let more = "(core instance (instantiate $m))".repeat(instances - 1);
    let text = format!(
        r#"(component
            (core module $m
                (memory (export "memory") 1)
                (table $t 1 funcref)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
                (func (export "run") (param i32 i32) (result i32)
                    (if (i32.eq (table.grow $t (ref.null func) (i32.const {elements})) (i32.const -1)) (then unreachable))
                    (i32.const 2048)))
            (core instance $i (instantiate $m))
            {more}
            (func (export "run") (param "test" string) (result (result (error string)))
                (canon lift (core func $i "run") (memory $i "memory") (realloc (func $i "realloc")))))"#
    );
    wat::parse_str(text).unwrap()
}

#[test]
fn tables_memories_and_instances_are_bounded() {
    let bench = Bench::counter();
    let guest = |component: &&wasi_hw_harness::suite::manifest::Component| component.proposal.is_some();
    let mut component = bench.suite.components.iter().find(guest).unwrap().clone();
    let mut run = |elements, instances| {
        component.file = format!("greedy-{elements}-{instances}.wasm");
        component.sha256 = component.file.clone();
        bench.run_component(&component, &greedy(elements, instances), "run").0
    };
    assert_eq!(run(1_000, 2), Ending::Returned);
    for (elements, instances) in [(1_000_000, 1), (1_000, 90)] {
        let ending = run(elements, instances);
        assert!(matches!(ending, Ending::Trap(_)), "{elements} {instances}: {ending:?}");
    }
}

/// A runtime that tells when a case is over for it, too.
struct Tells(InProcess<Reference>, Mutex<Sender<()>>);

impl Runtime for Tells {
    fn about(&self) -> About {
        self.0.about()
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        let endings = self.0.run(job);
        self.1.lock().unwrap().send(()).unwrap();
        endings
    }
}

#[test]
fn a_guest_that_was_given_up_ends() {
    let mut suite = Suite::discover(&Suite::default_root());
    let looping = suite.components.iter().find(|c| c.file == "self-test.wasm").unwrap().clone();
    let Component { file, sha256, tests, .. } = looping;
    let component = suite.components.iter_mut().find(|c| c.file == "i2c.wasm").unwrap();
    (component.file, component.sha256, component.tests) = (file, sha256, tests);
    let case = suite.cases.iter_mut().find(|case| case.id == "i2c/read-one-frame").unwrap();
    Arc::get_mut(case).unwrap().instances[0].test = "loop-for-ever".to_owned();
    let case = Arc::clone(case);
    let (tell, told) = channel();
    let runtime = Tells(InProcess::new(Reference::default()).unwrap(), Mutex::new(tell));
    let mut session = Session::new(Arc::new(suite), Box::new(runtime));
    session.limits = Limits { fuel: u64::MAX, watchdog_s: 1, ..Limits::default() };
    let record = Arc::new(session).run(&case);
    assert_eq!(record.verdict, Verdict::Timeout, "{:?}", record.why);
    // Its fuel would last for years.
    told.recv().unwrap();
}

/// A message is text, so an adapter cannot be told of such a path. That is no fault of its host.
#[test]
#[cfg(unix)]
fn a_path_that_is_no_text_is_the_harness_s_fault() {
    use std::os::unix::ffi::OsStrExt;
    let bench = Bench::counter();
    let component = bench.suite.components.iter().find(|c| c.file == "self-test.wasm").unwrap();
    let job = Job {
        case: "self-test",
        component,
        bytes: &[],
        path: std::path::Path::new(std::ffi::OsStr::from_bytes(b"/suite-\xff/i2c.wasm")),
        guests: vec![("one", Transcript::default())],
        host: &bench.fixture.host,
        board: &Board::new(&bench.fixture.device).unwrap(),
        limits: Limits::default(),
        stderr: &Stderr::default(),
    };
    let started =
        r#"{"started":{"protocol":"1.0.0","name":"x","version":"1","packages":["wasi:i2c@0.2.0-draft"]}}"#;
    let endings = rehearse(&job, format!("{started}\n").into_bytes()).unwrap();
    assert!(matches!(&endings[0], Ending::HarnessError(why) if why.contains("is not UTF-8")), "{endings:?}");
}
