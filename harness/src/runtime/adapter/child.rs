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
    asked.then(|| match serve(&AtHarness) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say::error(format_args!("{why:#}"));
            ExitCode::from(2)
        }
    })
}

/// What stands under the reference host in an adapter, and who the adapter says it is.
pub trait Devices: Send + Sync {
    /// The answer to `start`.
    fn started(&self) -> Started;

    /// Makes ready for a case, before its guests are. An error is a crash of each of them.
    fn case(&self, host: &HostConfig) -> Result<Box<dyn Case>, String>;
}

/// The devices of one case, until its guests have ended.
pub trait Case: Send + Sync {
    /// The drivers of the host that this guest calls.
    fn board(&self, guest: &Client) -> Arc<dyn Board>;

    /// Something may have happened to the devices, by a cue or because time has passed: whoever waits is to hear of it.
    fn changed(&self);

    /// The guest waits for a driver, and nothing has woken it: blocks until asking again makes sense.
    fn idle(&self, guest: &Client) -> Idle;
}

/// The harness's board as it is.
struct AtHarness;

impl Devices for AtHarness {
    fn started(&self) -> Started {
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

    fn case(&self, _: &HostConfig) -> Result<Box<dyn Case>, String> {
        Ok(Box::new(AtHarness))
    }
}

impl Case for AtHarness {
    fn board(&self, guest: &Client) -> Arc<dyn Board> {
        Arc::new(guest.clone())
    }

    fn changed(&self) {}

    fn idle(&self, guest: &Client) -> Idle {
        guest.idle().map_or(Idle::Dead, |()| Idle::Moved)
    }
}

/// Is an adapter with the reference host over these devices, on the standard streams, until the harness has no more to
/// say.
pub fn serve(devices: &dyn Devices) -> anyhow::Result<()> {
    let harness = Arc::new(Harness::new(BufReader::with_capacity(64 << 10, io::stdin()), io::stdout()));
    let compiler = Compiler::new().map_err(|error| anyhow::anyhow!("wasmtime does not start: {error:#}"))?;
    let linked = Linked::new(compiler);
    loop {
        match harness.next() {
            Ok(ToAdapter::Start(_)) => harness.send(&FromAdapter::Started(devices.started()))?,
            Ok(ToAdapter::Run(run)) => run_case(&harness, &linked, devices, &run)?,
            Ok(ToAdapter::Sync(sync)) => harness.send(&FromAdapter::Synced(sync))?,
            Ok(ToAdapter::Stop(_)) | Err(Over::Gone(_)) => return Ok(()),
            Ok(other) => anyhow::bail!("{other:?} is for a guest, and none runs"),
            Err(why) => return Err(why.into()),
        }
    }
}

type Shared = Arc<Harness<HostConfig>>;

/// Runs the guests of a case: one in this thread, several in a thread each.
fn run_case(
    harness: &Shared,
    linked: &Linked<State>,
    devices: &dyn Devices,
    run: &Run<HostConfig>,
) -> Result<(), Over> {
    let case = devices.case(&run.host).map(Arc::from);
    let done = |guest: u32, how: Ending| {
        let (how, why) = told(how);
        harness.send(&FromAdapter::Done(Done { run: run.run, guest, how, why, item: None }))
    };
    let guest = |guest: u32, test: &str| match &case {
        Ok(case) => run_guest(harness, linked, case, run, guest, test),
        Err(why) => Ending::Crash(String::clone(why)),
    };
    if let [test] = &run.tests[..] {
        let how = guest(0, test);
        // What the devices say of their end belongs to the case.
        drop(case);
        return done(0, how);
    }
    thread::scope(|scope| {
        let guests = run.tests.iter().zip(0..).map(|(test, number)| {
            scope.spawn(move || {
                harness.go(number)?;
                done(number, guest(number, test))
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
    case: &Arc<dyn Case>,
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
    let board = case.board(&client);
    let seat: Arc<dyn Seat> = Arc::new(Place(client, Arc::clone(case)));
    let limits = Limits {
        fuel: run.limits.fuel,
        memory: usize::try_from(run.limits.memory).unwrap_or(usize::MAX),
        watchdog_s: run.limits.seconds,
    };
    linked.guest(&ready, || host.state(&run.host, &board), seat, test, limits)
}

/// A seat at the harness's board, beside the devices of the case.
struct Place(Client, Arc<dyn Case>);

impl Seat for Place {
    fn saw(&self, line: &str) -> wasmtime::Result<()> {
        Ok(self.0.saw(line)?)
    }

    fn cue(&self, name: &str) -> wasmtime::Result<Result<(), String>> {
        let done = self.0.cue(name)?;
        self.1.changed();
        Ok(done)
    }

    fn wait(&self, ns: u64) -> wasmtime::Result<()> {
        self.0.wait(ns)?;
        self.1.changed();
        Ok(())
    }

    fn idle(&self) -> Idle {
        self.1.idle(&self.0)
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
