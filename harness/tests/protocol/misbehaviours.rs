//! What comes of each thing that an adapter can do wrong: a verdict for its case, and nothing for the others.

use super::{BAD, ensure, started};
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use wasi_hw_harness::report::{Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::adapter::Adapters;
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
    ("hangs", Verdict::Timeout, "was not done after 1 s"),
    ("hangs-loudly", Verdict::Timeout, "was not done after 1 s"),
    ("asks-for-ever", Verdict::Timeout, "was not done after 1 s"),
    ("does-not-listen", Verdict::Timeout, "was not done after 1 s"),
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
    ("start-two-variants", "it implements wasi:i2c@0.2.0-draft and wasi:i2c@0.3.0"),
    ("start-exits", "and did not answer `start`; it said: no such module"),
    ("start-garbage", "it answered `start` with what is no message"),
    ("start-hangs", "it did not answer `start` in 2 s"),
    ("start-done", "it answered `start` with something else"),
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
        Trial::test("what_an_adapter_asks_and_does_not_get", refusals),
        Trial::test("what_an_adapter_leaves_open_is_closed_and_marked", left_open),
        Trial::test("an_error_stream_is_kept_with_its_case", stderr),
        Trial::test("an_adapter_that_does_not_stop_is_ended", || {
            let start = Instant::now();
            drop(run("ignores-stop", BAD_CASE, None)?);
            ensure(start.elapsed() < Duration::from_secs(20), || format!("{:?}", start.elapsed()))
        }),
    ];
    cases.chain(starts).chain(others).collect()
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
    let mut session = Session::new(suite(), Box::new(runtime));
    session.limits.watchdog_s = 1;
    let session = Arc::new(session);
    let case = |id: &str| session.suite.cases.iter().find(|case| case.id == id).cloned();
    let cases = [BEFORE, bad, AFTER].map(|id| case(id).ok_or(format!("no case {id}")));
    cases.into_iter().map(|case| Ok(session.run(&case?))).collect()
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

/// The harness closes what is left, and that is not taken for the host's closing.
fn left_open() -> Result<(), Failed> {
    let seen = run("leaves-a-device-open", "usb/opening/drop-closes", None)?.remove(1);
    let lines: Vec<_> = seen.trace["device"].seen.iter().map(|line| line.text.as_str()).collect();
    let expected = ["OPEN", "CLAIM 0", "LEFT OPEN (RELEASE 0)", "LEFT OPEN (CLOSE)"];
    ensure(lines == expected, || format!("{lines:?}"))?;
    ensure(seen.verdict == Verdict::Fail, || format!("{}", seen.verdict))
}

fn stderr() -> Result<(), Failed> {
    let seen = run("panics", BAD_CASE, None)?;
    let said = seen[1].stderr.clone().unwrap_or_default();
    ensure(said.contains("something is wrong with the host"), || said)?;
    ensure(seen[2].stderr.is_none(), || format!("{:?}", seen[2].stderr))
}
