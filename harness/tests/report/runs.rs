//! Where records go: in order, one at a time, and to each sink by itself.

use super::again::findings;
use super::{Shared, cases, host, reference, returned};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::Duration;
use wasi_hw_harness::report::{Console, Expectation, Footer, Record, Sink, Sinks, Verdict, Writer};
use wasi_hw_harness::run::{self, Options};

/// A sink that tells of each record.
struct Telling(mpsc::Sender<usize>);

impl Sink for Telling {
    fn record(&mut self, place: usize, _: &Record) -> anyhow::Result<()> {
        Ok(self.0.send(place)?)
    }

    fn finish(self: Box<Self>, _: &Footer) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Some cases, in the order of the listing.
const CASES: [&str; 4] = [
    "i2c/read-one-frame",
    "i2c/write-nothing-probes",
    "i2c/write-one-frame",
    "i2c/write-read-repeated-start",
];

#[test]
fn a_record_is_written_as_soon_as_those_before_it_are_there() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("flushed-{}.jsonl", std::process::id()));
    let (path, (tell, told)) = (file.clone(), mpsc::channel());
    let told = Mutex::new(told);
    // The last case does not end before all records but its own are in the file.
    let session = host(move |job| {
        if job.case == CASES[3] {
            let told = told.lock().unwrap();
            let places: Vec<_> =
                (0..3).map(|_| told.recv_timeout(Duration::from_secs(50)).unwrap()).collect();
            let lines = fs::read(&path).unwrap().iter().filter(|byte| **byte == b'\n').count();
            job.guests[0].1.push(0, &format!("{places:?}, {lines} lines"));
        }
        returned(job)
    });
    let cases = cases(&session, |case| CASES.contains(&case.id.as_str()));
    assert_eq!(cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), CASES);
    let header = session.header(cases.len());
    let sinks = Sinks::default().with(Writer::create(&file, &header).unwrap()).with(Telling(tell));
    let last = Mutex::new(String::new());
    run::run(&session, &cases, sinks, Options::default(), &|_, record| {
        if record.case == CASES[3] {
            *last.lock().unwrap() = format!("{:?}", record.guests[0].transcript);
        }
    })
    .unwrap();
    fs::remove_file(file).unwrap();
    let last = last.into_inner().unwrap();
    assert!(last.contains("[0, 1, 2], 4 lines"), "{last}");
}

/// A sink that fails at a record, or at the end.
struct Full(Option<usize>);

impl Sink for Full {
    fn record(&mut self, place: usize, _: &Record) -> anyhow::Result<()> {
        anyhow::ensure!(self.0 != Some(place), "no space left on device");
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Footer) -> anyhow::Result<()> {
        anyhow::bail!("no space left at the end")
    }
}

#[test]
fn a_sink_that_fails_takes_no_other_with_it() {
    let session = reference();
    let cases = cases(&session, |case| case.id.starts_with("i2c/read"));
    let (there, shown) = (Shared::default(), Shared::default());
    let header = session.header(cases.len());
    let sinks = Sinks::default()
        .with(Full(Some(1)))
        .with(Writer::new(there.clone(), "the report", &header).unwrap())
        .with(Full(None))
        .with(Console::new(shown.clone(), &header));
    let finished = run::run(&session, &cases, sinks, Options::default(), &|_, _| {}).unwrap();
    let trouble: Vec<_> = finished.trouble.iter().map(ToString::to_string).collect();
    assert_eq!(trouble, ["no space left on device", "no space left at the end"]);
    assert!(!finished.failed && finished.code() == 2);
    assert_eq!(findings(&there.text()), []);
    assert!(shown.text().contains("a filter left out"), "{}", shown.text());
}

/// A sink that takes nothing, and tells who waits for that.
struct Deaf(Arc<(Mutex<bool>, Condvar)>);

impl Sink for Deaf {
    fn record(&mut self, _: usize, _: &Record) -> anyhow::Result<()> {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
        anyhow::bail!("the reader is gone")
    }

    fn finish(self: Box<Self>, _: &Footer) -> anyhow::Result<()> {
        Ok(())
    }
}

/// The first case of its world.
const FIRST: &str = "i2c/absent-target";

#[test]
fn where_nobody_listens_any_more_nothing_is_run() {
    let gone: Arc<(Mutex<bool>, Condvar)> = Arc::default();
    let sink = Deaf(Arc::clone(&gone));
    let session = host(move |job| {
        if job.case != FIRST {
            let until = gone.0.lock().unwrap();
            drop(gone.1.wait_while(until, |gone| !*gone).unwrap());
        }
        returned(job)
    });
    let cases = cases(&session, |case| case.proposal == "i2c");
    assert_eq!(cases[0].id, FIRST);
    let ran = AtomicUsize::new(0);
    let finished = run::run(&session, &cases, Sinks::default().with(sink), Options::default(), &|_, _| {
        ran.fetch_add(1, Ordering::Relaxed);
    });
    let finished = finished.unwrap();
    assert_eq!(finished.code(), 2);
    // Those that had begun when it was known, and no others.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    assert!(ran.into_inner() <= 2 * threads, "cases were run for nobody");
    assert!(finished.footer.not_run.iter().any(|group| group.why == "the run ended before they came"));
}

#[test]
fn a_failure_that_nobody_listed_is_unexpected_and_what_is_observed_is_nothing() {
    let session = host(returned);
    let cases = cases(&session, |case| case.proposal == "i2c");
    let records = session.run_all(&cases, |_, _| {});
    for record in records {
        let expected = match record.verdict {
            Verdict::Fail => Expectation::Unexpected,
            Verdict::Observed => Expectation::None,
            other => panic!("{}: {other}", record.case),
        };
        assert_eq!(record.expectation, expected, "{}", record.case);
        assert_eq!(record.fails_the_run(), record.verdict == Verdict::Fail);
    }
    let passes = reference();
    let case = passes.suite.cases.iter().find(|case| case.id == "i2c/read-one-frame").unwrap();
    assert_eq!(passes.run(case).expectation, Expectation::AsExpected);
}
