//! The adapter `wasmtime-child`: this very executable, started again, with the reference host in it.

use super::command::Command;
use crate::runtime::engine::{Compiler, Embedding, Linked, Seat};
use crate::runtime::reference::{Reference, State};
use crate::runtime::{Ending, Limits, Runtime};
use crate::say;
use crate::suite::fixture::HostConfig;
use crate::suite::manifest::sha256;
use anyhow::Context;
use std::io::{self, BufReader};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use wasi_hw_mock::Idle;
use wasi_hw_protocol::{
    Client, Done, Features, FromAdapter, Harness, How, Over, Run, Started, ToAdapter, VERSION,
};
use wasi_hw_seam::Board;

/// The argument that makes an executable of ours an adapter.
const RESERVED: &str = "--wasi-hw-adapter=wasmtime-child";

/// How to start this executable as an adapter.
pub fn command() -> anyhow::Result<Command> {
    let program = std::env::current_exe().context("this executable does not know where it lies")?;
    let program = program.into_os_string().into_string();
    let program = program.map_err(|path| anyhow::anyhow!("{} is not UTF-8", path.display()))?;
    Ok(Command { words: vec![program, RESERVED.to_owned()], folder: std::env::current_dir()? })
}

/// If this process was started as an adapter: is one, until the harness has no more to say. Called before
/// anything else reads the arguments.
pub fn if_asked_for() -> Option<ExitCode> {
    let asked = std::env::args_os().nth(1).is_some_and(|first| first == RESERVED);
    asked.then(|| match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say::error(format_args!("{why:#}"));
            ExitCode::from(2)
        }
    })
}

fn serve() -> anyhow::Result<()> {
    let harness = Arc::new(Harness::new(BufReader::with_capacity(64 << 10, io::stdin()), io::stdout()));
    let compiler = Compiler::new().map_err(|error| anyhow::anyhow!("wasmtime does not start: {error:#}"))?;
    let linked = Linked::new(compiler);
    loop {
        match harness.next() {
            Ok(ToAdapter::Start(_)) => harness.send(&FromAdapter::Started(started()))?,
            Ok(ToAdapter::Run(run)) => run_case(&harness, &linked, &run)?,
            Ok(ToAdapter::Sync(sync)) => harness.send(&FromAdapter::Synced(sync))?,
            Ok(ToAdapter::Stop(_)) | Err(Over::Gone(_)) => return Ok(()),
            Ok(other) => anyhow::bail!("{other:?} is for a guest, and none runs"),
            Err(why) => return Err(why.into()),
        }
    }
}

fn started() -> Started {
    let about = Reference::kernel().about;
    Started {
        protocol: VERSION.to_owned(),
        name: "wasmtime-child".to_owned(),
        version: about.version,
        homepage: about.homepage,
        issues: about.issues,
        packages: about.packages,
        seams: about.seams,
        features: Features { instances: true },
        lacks: Vec::new(),
        clock: Default::default(),
    }
}

type Shared = Arc<Harness<HostConfig>>;

/// Runs the guests of a case: one in this thread, several in a thread each.
fn run_case(harness: &Shared, linked: &Linked<State>, run: &Run<HostConfig>) -> Result<(), Over> {
    let guest = |guest: u32, test: &str| {
        let how = run_guest(harness, linked, run, guest, test);
        let (how, why) = told(how);
        harness.send(&FromAdapter::Done(Done { run: run.run, guest, how, why, item: None }))
    };
    if let [test] = &run.tests[..] {
        return guest(0, test);
    }
    thread::scope(|scope| {
        let guests = run.tests.iter().zip(0..).map(|(test, number)| {
            scope.spawn(move || {
                harness.go(number)?;
                guest(number, test)
            })
        });
        let guests: Vec<_> = guests.collect();
        let mut ended = guests.into_iter().map(|guest| guest.join());
        ended
            .try_for_each(|end| end.unwrap_or_else(|_| Err(Over::Broken("a guest's thread died".to_owned()))))
    })
}

fn run_guest(
    harness: &Shared,
    linked: &Linked<State>,
    run: &Run<HostConfig>,
    guest: u32,
    test: &str,
) -> Ending {
    let bytes = match std::fs::read(&run.component.path) {
        Ok(bytes) if sha256(&bytes) == run.component.sha256 => bytes,
        Ok(_) => return Ending::Crash(format!("{} is not what the harness says", run.component.path)),
        Err(error) => return Ending::Crash(format!("{} cannot be read: {error}", run.component.path)),
    };
    let host = Reference::kernel();
    let ready = match linked.ready(&run.component.sha256, &bytes, |linker| host.link(linker)) {
        Ok(ready) => ready,
        Err(ending) => return ending,
    };
    let client = Client::new(Arc::clone(harness), guest);
    let seat: Arc<dyn Seat> = Arc::new(AtHarness(client.clone()));
    let board: Arc<dyn Board> = Arc::new(client);
    let limits = Limits {
        fuel: run.limits.fuel,
        memory: usize::try_from(run.limits.memory).unwrap_or(usize::MAX),
        watchdog_s: run.limits.seconds,
    };
    linked.guest(&ready, || host.state(&run.host, &board), seat, test, limits)
}

/// A seat at the harness's board.
struct AtHarness(Client);

impl Seat for AtHarness {
    fn saw(&self, line: &str) -> wasmtime::Result<()> {
        Ok(self.0.saw(line)?)
    }

    fn cue(&self, name: &str) -> wasmtime::Result<Result<(), String>> {
        Ok(self.0.cue(name)?)
    }

    fn wait(&self, ns: u64) -> wasmtime::Result<()> {
        Ok(self.0.wait(ns)?)
    }

    fn idle(&self) -> Idle {
        self.0.idle().map_or(Idle::Dead, |()| Idle::Moved)
    }
}

/// An ending, as the protocol tells it.
fn told(ending: Ending) -> (How, Option<String>) {
    match ending {
        Ending::Returned => (How::Returned, None),
        Ending::Trap(why) => (How::Trap, Some(why)),
        Ending::LinkFailure(why) => (How::LinkFailure, Some(why)),
        Ending::Crash(why) => (How::Crash, Some(why)),
        Ending::Timeout(why) => (How::Timeout, Some(why)),
        Ending::HarnessError(why) => (How::NoSuchTest, Some(why)),
        Ending::NotRun(why) => (How::NotRun, Some(why)),
    }
}

/// The runtime `wasmtime-child`.
pub(crate) fn start() -> anyhow::Result<Box<dyn Runtime>> {
    Ok(Box::new(super::Adapters::start(command()?)?))
}
