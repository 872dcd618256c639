//! What comes of each thing that an adapter can do wrong: a verdict for its case, and nothing for the others.

use super::{BAD, ensure, started};
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use wasi_hw_harness::report::{Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::Limits;
use wasi_hw_harness::runtime::adapter::Adapters;
use wasi_hw_harness::runtime::meter::{Meter, Reading};
use wasi_hw_harness::suite::Suite;

/// A case before and one after, in which every adapter behaves; and the one in which it does not.
const BEFORE: &str = "i2c/read-one-frame";
const BAD_CASE: &str = "i2c/write-read-repeated-start";
const BAD_CASE_OF_TWO: &str = "i2c/isolation-in-turns";
const AFTER: &str = "i2c/write-one-frame";

/// What it does, the verdict, and a part of the reason.
const TABLE: &[(&str, Verdict, &str)] = &[
    ("exits", Verdict::Crash, "before it was done"),
    ("exits-with-an-error", Verdict::Crash, ": 3) before it was done"),
    ("panics", Verdict::Crash, ": 101) before it was done"),
    ("aborts", Verdict::Crash, "before it was done"),
    ("exits-within-a-line", Verdict::Crash, "the stream ended within a line: {\"done\":{\"run\":"),
    ("exits-after-done", Verdict::Crash, "before `synced`"),
    ("leaves-a-child-behind", Verdict::Crash, "before it was done"),
    ("garbage", Verdict::Crash, "broke the protocol: expected value at line 1 column 1: hello, world"),
    ("an-empty-line", Verdict::Crash, "broke the protocol"),
    ("no-text", Verdict::Crash, "a line that is not UTF-8"),
    ("another-message", Verdict::Crash, "unknown variant `finished`"),
    ("another-operation", Verdict::Crash, "unknown variant `can-send`"),
    ("an-unknown-field", Verdict::Crash, "unknown field `speed`"),
    ("a-wrong-type", Verdict::Crash, "invalid type: string \"one\""),
    ("two-messages-in-a-line", Verdict::Crash, "trailing characters"),
    ("deep-nesting", Verdict::Crash, "broke the protocol"),
    ("a-line-of-100-mb", Verdict::Crash, "a line of more than 16777216 bytes"),
    ("done-of-another-run", Verdict::Crash, "`done` of run 3, in run 2"),
    ("done-twice", Verdict::Crash, "a second `done` after it was done"),
    ("asks-after-done", Verdict::Crash, "`ask` after it was done"),
    ("synced-before-done", Verdict::Crash, "`synced` before `done`"),
    ("synced-of-another-run", Verdict::Crash, "`synced` of run 3, in run 2"),
    ("started-twice", Verdict::Crash, "a second `started`"),
    ("another-guest", Verdict::Crash, "a message of guest 1, of 1 in this run"),
    ("a-guest-that-nobody-is", Verdict::Crash, "a message of guest 4294967295, of 1 in this run"),
    ("done-of-a-guest-that-nobody-is", Verdict::Crash, "a message of guest 4294967295, of 1 in this run"),
    ("hangs", Verdict::Timeout, "was not done after 1 s of its own time"),
    ("burns", Verdict::Timeout, "was not done after 1 s of its own time"),
    ("loads-slowly", Verdict::Fail, ""),
    ("loaded-in-a-run", Verdict::Crash, "`loaded` within a run"),
    ("hangs-loudly", Verdict::Timeout, "was not done after 1 s of its own time"),
    ("asks-for-ever", Verdict::Timeout, "was not done after 1 s of its own time"),
    ("does-not-listen", Verdict::Timeout, "was not done after 1 s of its own time"),
    ("goes-on-after-the-end-of-time", Verdict::Timeout, "nothing can happen any more"),
    ("claims-no-such-test", Verdict::Crash, "a test that it does not have"),
    ("claims-that-its-machine-broke", Verdict::HarnessError, "does not say why"),
    ("claims-it-cannot", Verdict::NotRun, "does not say why"),
    ("exits-after-each-case", Verdict::Fail, ""),
    ("ignores-stop", Verdict::Fail, ""),
    ("talks-on-stderr", Verdict::Fail, ""),
    ("asks-for-what-is-not-there", Verdict::Fail, ""),
    ("opens-without-end", Verdict::Fail, ""),
];

/// What it does when it is started, and a part of the error.
const STARTS: &[(&str, &str)] = &[
    ("start-another-major", "the adapter speaks protocol 2.0.0, this harness 1."),
    ("start-a-newer-minor", "the adapter speaks protocol 1.99.0, this harness 1."),
    ("start-no-version", "`newest` is not a version"),
    ("start-no-name", "its name is ``"),
    ("start-no-package", "it implements no package"),
    ("start-many-packages", "it names 200000 packages and 0 seams; 32 are the most"),
    ("start-long-version", "its `version` has `1111111111"),
    ("start-many-seams", "it names 1 packages and 200000 seams; 32 are the most"),
    ("start-long-seam", "its `seams` has `mmmmmmmm"),
    ("start-many-lacks", "it lacks 200000 things"),
    ("start-long-homepage", "its `homepage` has `hhhhhhhh"),
    ("start-with-controls", r"its `packages` has `wasi:\u{1b}]0;x\u{7}@1.0.0`"),
    ("start-two-variants", "it implements wasi:i2c@0.2.0-draft and wasi:i2c@0.3.0"),
    ("start-exits", "and did not answer `start`; it said: no such module"),
    ("start-garbage", "it answered `start` with what is no message"),
    ("start-hangs", "it did not answer `start` in 2 s"),
    ("start-done", "it answered `start` with something else"),
];

/// What it does when it is to make a component ready, the verdict on each case, and a part of the reason.
const LOADS: &[(&str, Verdict, &str)] = &[
    ("loads-for-ever", Verdict::Timeout, "loading i2c.wasm was not done after 1 s of its own time"),
    ("loads-and-dies", Verdict::Crash, ": 4) before it was `loaded`"),
    ("loads-another", Verdict::Crash, "`loaded` of another component"),
    ("loads-nothing", Verdict::Crash, "it answered `load` with something else than `loaded`"),
    ("loads-twice", Verdict::Crash, "`loaded` within a run"),
];

pub(crate) fn trials() -> Vec<Trial> {
    let cases = TABLE.iter().map(|(how, verdict, why)| {
        Trial::test(format!("an_adapter_that::{how}"), || case(how, BAD_CASE, *verdict, why))
    });
    let starts =
        STARTS.iter().map(|(how, why)| Trial::test(format!("an_adapter_that::{how}"), || start(how, why)));
    let others = [
        Trial::test("an_adapter_that::two-messages-of-one-guest", || {
            let why = "guest 1 sent two messages and waited for no answer";
            case("two-messages-of-one-guest", BAD_CASE_OF_TWO, Verdict::Crash, why)
        }),
        Trial::test("an_adapter_that::exits-and-calls-itself-something-else", another_after_restart),
        Trial::test("an_adapter_that::exits-and-never-starts-again", never_starts_again),
        Trial::test("an_adapter_that::tells-its-secret", secret),
        Trial::test("an_adapter_that::says-too-much", too_much),
        Trial::test("an_adapter_that::is-not-let-run", starved),
        Trial::test("what_an_adapter_asks_and_does_not_get", refusals),
        Trial::test("what_is_asked_twice_at_once_is_answered_in_order", twice_at_once),
        Trial::test("what_an_adapter_leaves_open_is_closed_and_marked", left_open),
        Trial::test("an_error_stream_is_kept_with_its_case", stderr),
        Trial::test("an_adapter_that_does_not_stop_is_ended", || {
            let start = Instant::now();
            drop(run("ignores-stop", BAD_CASE, None)?);
            ensure(start.elapsed() < Duration::from_secs(20), || format!("{:?}", start.elapsed()))
        }),
    ];
    let loads = LOADS.iter().map(|(how, verdict, why)| {
        Trial::test(format!("an_adapter_that::{how}"), || loads(how, *verdict, why))
    });
    cases.chain(starts).chain(loads).chain(others).collect()
}

fn suite() -> Arc<Suite> {
    static SUITE: OnceLock<Arc<Suite>> = OnceLock::new();
    Arc::clone(SUITE.get_or_init(|| Arc::new(Suite::discover(&Suite::default_root()))))
}

/// The three cases, one after the other, so that all go to one adapter while it lives.
fn run(how: &str, bad: &str, mark: Option<&Path>) -> Result<Vec<Record>, Failed> {
    let mark = mark.map(|mark| mark.display().to_string());
    let arguments: Vec<_> = [BAD, how].into_iter().chain(mark.as_deref()).collect();
    let runtime = Adapters::start_within(started(&arguments), 20).map_err(|error| format!("{error:#}"))?;
    Ok(run_on(runtime, bad, limits())?.1)
}

/// What no honest case of these needs.
fn limits() -> Limits {
    Limits { watchdog_s: 1, ..Limits::default() }
}

/// The same on a runtime that was started.
fn run_on(runtime: Adapters, bad: &str, limits: Limits) -> Result<(Arc<Session>, Vec<Record>), Failed> {
    let mut session = Session::new(suite(), Box::new(runtime));
    session.limits = limits;
    let session = Arc::new(session);
    let case = |id: &str| session.suite.cases.iter().find(|case| case.id == id).cloned();
    let cases = [BEFORE, bad, AFTER].map(|id| case(id).ok_or(format!("no case {id}")));
    let records: Result<_, Failed> = cases.into_iter().map(|case| Ok(session.run(&case?))).collect();
    Ok((Arc::clone(&session), records?))
}

fn text(record: &Record) -> String {
    serde_json::to_string(record).unwrap_or_default()
}

fn case(how: &str, bad: &str, verdict: Verdict, why: &str) -> Result<(), Failed> {
    let (good, seen) = (run("nothing", bad, None)?, run(how, bad, None)?);
    for place in [0, 2] {
        // It may say something while it runs; that is no difference of the case.
        let seen = Record { stderr: None, ..seen[place].clone() };
        let (good, seen) = (text(&good[place]), text(&seen));
        ensure(good == seen, || format!("another case was touched:\n  {good}\n  {seen}"))?;
    }
    let record = &seen[1];
    let said = record.why.clone().unwrap_or_default();
    ensure(record.verdict == verdict && said.contains(why), || {
        format!("{}, because: {said}; expected {verdict}, because: {why}", record.verdict)
    })?;
    let stderr = record.stderr.as_deref().unwrap_or_default().len();
    ensure(stderr < 70_000, || format!("{stderr} bytes of the error stream"))
}

fn loads(how: &str, verdict: Verdict, why: &str) -> Result<(), Failed> {
    let runtime = Adapters::start_within(started(&[BAD, how]), 20).map_err(|error| format!("{error:#}"))?;
    for record in run_on(runtime, BAD_CASE, Limits { load_s: 1, ..limits() })?.1 {
        let said = record.why.unwrap_or_default();
        ensure(record.verdict == verdict && said.contains(why), || format!("{}: {said}", record.verdict))?;
    }
    Ok(())
}

/// What its environment names stays in no record: it would be another each time.
fn secret() -> Result<(), Failed> {
    let seen = run("tells-its-secret", BAD_CASE, None)?.remove(1);
    let lines: Vec<_> = seen.guests[0].transcript.iter().map(|line| line.text.as_str()).collect();
    let [socket, half, other] = lines[..] else { return ensure(false, || format!("{lines:?}")) };
    let secret = format!("{half}{other}");
    ensure(secret.len() == 32, || secret.clone())?;
    let hidden = "/(the secret of the socket)";
    let stderr = seen.stderr.as_deref().unwrap_or_default();
    let why = seen.why.as_deref().unwrap_or_default();
    for text in [socket, stderr, why] {
        ensure(text.trim_end().ends_with(hidden), || text.to_owned())?;
    }
    ensure(!text(&seen).contains(&secret), || text(&seen))
}

/// A report of one case stays small, and says what was cut.
fn too_much() -> Result<(), Failed> {
    let runtime = Adapters::start(started(&[BAD, "says-too-much"])).map_err(|error| format!("{error:#}"))?;
    let seen = run_on(runtime, BAD_CASE, Limits::default())?.1.remove(1);
    let bytes = text(&seen).len();
    ensure(bytes < 4 << 20 && seen.verdict == Verdict::Trap, || format!("{}: {bytes} bytes", seen.verdict))?;
    let mut parts: Vec<_> = seen.cut.iter().map(|cut| cut.part.as_str()).collect();
    parts.sort_unstable();
    ensure(parts == ["guest", "stderr", "trace", "why"], || format!("{parts:?}"))
}

/// A machine that does not let its processes run: they want to, and use next to nothing.
struct Busy(Duration);

impl Meter for Busy {
    fn read(&mut self) -> Option<Reading> {
        self.0 += Duration::from_millis(1);
        Some(Reading { used: self.0, wants_to_run: true })
    }
}

/// What comes of it is nobody's fault, and is counted.
fn starved() -> Result<(), Failed> {
    let busy = |_| Box::new(Busy(Duration::ZERO)) as Box<dyn Meter>;
    let runtime = Adapters::start_metered(started(&[BAD, "hangs"]), 20, busy);
    let runtime = runtime.map_err(|error| format!("{error:#}"))?;
    let (session, records) = run_on(runtime, BAD_CASE, limits())?;
    let said = records[1].why.as_deref().unwrap_or_default();
    ensure(records[1].verdict == Verdict::NotRun && said.contains("the machine did not give it"), || {
        format!("{}: {said}", records[1].verdict)
    })?;
    ensure(!records[1].fails_the_run(), || format!("{}", records[1].expectation))?;
    // Another process takes its place, and the next case is as it is.
    ensure(records[0].verdict == Verdict::Fail && records[2].verdict == Verdict::Fail, || {
        format!("{} {}", records[0].verdict, records[2].verdict)
    })?;
    let footer = session.footer(&records);
    ensure(footer.starved == 1 && footer.not_run[0].why == said, || format!("{footer:?}"))
}

fn start(how: &str, why: &str) -> Result<(), Failed> {
    match Adapters::start_within(started(&[BAD, how]), 2) {
        Ok(_) => Err("it was taken for an adapter".into()),
        Err(error) => {
            let said = format!("{error:#}");
            ensure(said.contains(why), || format!("{said:?} does not say {why:?}"))
        }
    }
}

/// Something that only its first process does not see.
fn mark(name: &str) -> std::path::PathBuf {
    let mark = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // It may be there from the last run of the tests.
    let _ = std::fs::remove_file(&mark);
    mark
}

fn another_after_restart() -> Result<(), Failed> {
    blamed("another-after-restart", "says after a restart that it is bad 1.0.1")
}

fn never_starts_again() -> Result<(), Failed> {
    blamed("never-starts-again", "does not start again")
}

/// It exits in the middle case, and the last one needs a fresh process, which is not what it was.
fn blamed(how: &str, why: &str) -> Result<(), Failed> {
    let last = run(how, BAD_CASE, Some(&mark(how)))?.remove(2);
    let said = last.why.unwrap_or_default();
    ensure(last.verdict == Verdict::Crash && said.contains(why), || format!("{}: {said}", last.verdict))
}

fn refusals() -> Result<(), Failed> {
    let seen = run("asks-for-what-is-not-there", BAD_CASE, None)?;
    let lines: Vec<_> = seen[1].guests[0].transcript.iter().map(|line| line.text.as_str()).collect();
    let expected = [
        "no such bus: missing",
        "a bus without a name: missing",
        "no message: invalid",
        "no such address: invalid",
        "no such flag: unsupported",
        "more than there is: invalid",
        "a long list of long messages: too-much",
        "a long list: invalid",
        "a handle of an earlier run: no-handle",
        "a handle that never was: no-handle",
        "a handle of another kind: no-handle",
        "a cue that is not there: no-cue",
        "a wait for no line: no-handle",
        "a wait for more lines than can be: too-much",
        "a wait for no transfer: no-handle",
        "a close: ok",
        "a second close: no-handle",
    ];
    ensure(lines == expected, || format!("{lines:#?}"))?;
    let seen = run("opens-without-end", BAD_CASE, None)?;
    let lines: Vec<_> = seen[1].guests[0].transcript.iter().map(|line| line.text.as_str()).collect();
    ensure(lines == ["4096"], || format!("{lines:?}"))
}

/// It is never a matter of who was faster.
fn twice_at_once() -> Result<(), Failed> {
    let seen = run("asks-twice-at-once", BAD_CASE, None)?;
    let lines: Vec<_> = seen[1].guests[0].transcript.iter().map(|line| line.text.as_str()).collect();
    ensure(lines == ["first", "second"], || format!("{lines:?}"))
}

/// The harness closes what is left, and that is not taken for the host's closing. A board on which a process was to run a case
/// that had left before is as new.
fn left_open() -> Result<(), Failed> {
    for how in ["leaves-a-device-open", "leaves-a-device-open-and-goes"] {
        let seen = run(how, "usb/opening/drop-closes", None)?.remove(1);
        let lines: Vec<_> = seen.trace["device"].seen.iter().map(|line| line.text.as_str()).collect();
        let expected = ["OPEN", "CLAIM 0", "LEFT OPEN (RELEASE 0)", "LEFT OPEN (CLOSE)"];
        ensure(lines == expected, || format!("{how}: {lines:?}"))?;
        ensure(seen.verdict == Verdict::Fail, || format!("{how}: {}", seen.verdict))?;
    }
    Ok(())
}

fn stderr() -> Result<(), Failed> {
    let seen = run("panics", BAD_CASE, None)?;
    let said = seen[1].stderr.clone().unwrap_or_default();
    ensure(said.contains("something is wrong with the host"), || said)?;
    ensure(seen[2].stderr.is_none(), || format!("{:?}", seen[2].stderr))
}
