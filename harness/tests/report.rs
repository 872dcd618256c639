//! A report holds all that its verdicts and claims are made of, is read with care, and goes to every sink.

mod again;
mod claims;
mod reading;
mod runs;
mod safe;

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use wasi_hw_harness::report::{Footer, Sinks, Writer};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::run::{self, Options};
use wasi_hw_harness::runtime::engine::{Embedding, InProcess};
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::runtime::{About, Ending, Job, Runtime};
use wasi_hw_harness::suite::{Case, Suite};

pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn suite() -> Arc<Suite> {
    static SUITE: OnceLock<Arc<Suite>> = OnceLock::new();
    Arc::clone(SUITE.get_or_init(|| Arc::new(Suite::discover(root()))))
}

pub(crate) fn session(runtime: impl Runtime + 'static) -> Arc<Session> {
    Arc::new(Session::new(suite(), Box::new(runtime)))
}

/// The reference host; its guests are compiled once for all tests.
pub(crate) fn reference() -> Arc<Session> {
    static REFERENCE: OnceLock<Arc<Session>> = OnceLock::new();
    let start = || session(InProcess::new(Reference::default()).unwrap());
    Arc::clone(REFERENCE.get_or_init(start))
}

pub(crate) fn cases(session: &Session, wanted: impl Fn(&Case) -> bool) -> Vec<Arc<Case>> {
    session.suite.cases.iter().filter(|case| wanted(case)).cloned().collect()
}

/// A writer whose bytes the test can look at.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The report of a run, as it is written, and its footer.
pub(crate) fn report(session: &Arc<Session>, cases: &[Arc<Case>]) -> (String, Footer) {
    let out = Shared::default();
    let writer = Writer::new(out.clone(), "the report", &session.header(cases.len())).unwrap();
    let finished =
        run::run(session, cases, Sinks::default().with(writer), Options::default(), &|_, _| {}).unwrap();
    assert!(finished.trouble.is_empty());
    (out.text(), finished.footer)
}

/// A runtime of the test's own; it says that it is the reference host.
pub(crate) struct Host<F> {
    pub(crate) about: About,
    pub(crate) run: F,
}

impl<F: Fn(&Job<'_>) -> Vec<Ending> + Send + Sync> Runtime for Host<F> {
    fn about(&self) -> About {
        self.about.clone()
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        (self.run)(job)
    }
}

pub(crate) fn about() -> About {
    About { name: "of-a-test".to_owned(), ..Reference::default().about() }
}

pub(crate) fn host(run: impl Fn(&Job<'_>) -> Vec<Ending> + Send + Sync + 'static) -> Arc<Session> {
    session(Host { about: about(), run })
}

pub(crate) fn returned(job: &Job<'_>) -> Vec<Ending> {
    vec![Ending::Returned; job.guests.len()]
}
