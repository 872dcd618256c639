//! A host of this very executable in a process of its own: the executable, started again with a hidden argument, is an
//! adapter. So a host that aborts, hangs or takes all memory ends its case and nothing else.

use super::command::Command;
use crate::runtime::engine::{Compiler, Embedding, Linked, Seat};
use crate::runtime::reference::Reference;
use crate::runtime::{About, Ending, Limits};
use crate::suite::fixture::HostConfig;
use crate::suite::manifest::sha256;
use anyhow::Context;
use std::io::{self, BufReader};
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use wasi_hw_mock::Idle;
use wasi_hw_protocol::{
    Client, Clock, Component, Count, Done, Features, FromAdapter, Harness, How, Lack, Loaded, Over, Run,
    Started, ToAdapter, VERSION,
};
use wasi_hw_seam::Board;
use wasmtime::component::InstancePre;

/// The argument, with the name of a runtime behind it, that makes an executable of ours an adapter.
const RESERVED: &str = "--wasi-hw-adapter=";

/// How to start this executable as an adapter with the runtime of this name.
pub fn command(name: &str) -> anyhow::Result<Command> {
    let program = std::env::current_exe().context("this executable does not know where it lies")?;
    let program = program.into_os_string().into_string();
    let program = program.map_err(|path| anyhow::anyhow!("{} is not UTF-8", path.display()))?;
    Ok(Command { words: vec![program, format!("{RESERVED}{name}")], folder: std::env::current_dir()? })
}

/// The runtime that this process is to be an adapter with, if it was started as one.
pub(crate) fn asked() -> Option<String> {
    let first = std::env::args_os().nth(1)?.into_string().ok()?;
    first.strip_prefix(RESERVED).map(str::to_owned)
}

/// What stands under the reference host of [`serve_over`].
pub trait Devices: Send + Sync {
    /// Who the adapter is, made of what the reference host says of itself.
    fn about(&self, reference: About) -> About;

    /// Makes ready for a case, before its guests are. An error is the harness's, and none of theirs is run.
    fn case(&self, host: &HostConfig) -> Result<Box<dyn Behind>, String>;
}

/// The devices of one case, until its guests have ended.
pub trait Behind: Send + Sync {
    /// The drivers of the host that this guest calls.
    fn board(&self, guest: &Client) -> Arc<dyn Board>;

    /// Something may have happened to the devices, by a cue or because time has passed: whoever waits is to hear of it.
    fn changed(&self);

    /// The guest waits for a driver, and nothing has woken it: blocks until asking again makes sense.
    fn idle(&self, guest: &Client) -> Idle;

    /// What of the devices broke by itself, if anything did: then nothing that a guest saw says anything of the host. Asked
    /// when a guest has ended, and its host has let go of everything.
    fn fault(&self) -> Option<String>;
}

/// Is an adapter with the reference host over these devices, on the standard streams, until the harness has no more to
/// say.
pub fn serve_over(devices: &dyn Devices) -> anyhow::Result<()> {
    let compiler = Compiler::new().map_err(|error| anyhow::anyhow!("wasmtime does not start: {error:#}"))?;
    let mut host = Reference::kernel();
    host.about = devices.about(host.about);
    serve_on(&host, &Linked::new(compiler), devices)
}

/// The harness's board as it is, for a host with this clock.
struct AtHarness(Clock);

impl Devices for AtHarness {
    fn about(&self, reference: About) -> About {
        reference
    }

    fn case(&self, _: &HostConfig) -> Result<Box<dyn Behind>, String> {
        Ok(Box::new(AtHarness(self.0)))
    }
}

impl Behind for AtHarness {
    fn board(&self, guest: &Client) -> Arc<dyn Board> {
        Arc::new(guest.clone())
    }

    fn changed(&self) {}

    fn idle(&self, guest: &Client) -> Idle {
        let idled = match self.0 {
            Clock::Board => guest.idle(),
            // Whoever wakes the guest may be a thread or a timer of the host.
            Clock::Own => guest.idle_for(LOOK),
        };
        idled.map_or(Idle::Dead, |()| Idle::Moved)
    }

    fn fault(&self) -> Option<String> {
        None
    }
}

/// Is an adapter with this host, until the harness has no more to say.
pub(crate) fn serve<E: Embedding>(embedding: &E, linked: &Linked<E>) -> anyhow::Result<()> {
    limit_memory();
    serve_on(embedding, linked, &AtHarness(embedding.about().clock))
}

fn serve_on<E: Embedding>(embedding: &E, linked: &Linked<E>, devices: &dyn Devices) -> anyhow::Result<()> {
    let harness = Arc::new(Harness::new(BufReader::with_capacity(64 << 10, io::stdin()), io::stdout()));
    let about = embedding.about();
    loop {
        match harness.next() {
            Ok(ToAdapter::Start(_)) => harness.send(&FromAdapter::Started(started(about.clone())))?,
            Ok(ToAdapter::Load(load)) => {
                // What is wrong with it each of its cases says.
                let _ = ready(embedding, linked, &load.component);
                harness.send(&FromAdapter::Loaded(Loaded { sha256: load.component.sha256 }))?;
            }
            Ok(ToAdapter::Run(run)) => {
                let behind = devices.case(&run.host).map(Arc::from);
                Case { harness: &harness, embedding, linked, run: &run }.run(behind)?;
            }
            Ok(ToAdapter::Sync(sync)) => harness.send(&FromAdapter::Synced(sync))?,
            Ok(ToAdapter::Stop(_)) | Err(Over::Gone(_)) => return Ok(()),
            Ok(other) => anyhow::bail!("{other:?} is for a guest, and none runs"),
            Err(why) => return Err(why.into()),
        }
    }
}

/// A component, compiled and linked.
fn ready<E: Embedding>(
    embedding: &E,
    linked: &Linked<E>,
    component: &Component,
) -> Result<InstancePre<E::Data>, Ending> {
    linked.ready_from(&component.sha256, &component.path, embedding, || {
        match std::fs::read(&component.path) {
            Ok(bytes) if sha256(&bytes) == component.sha256 => Ok(bytes),
            Ok(_) => Err(Ending::Crash(format!("{} is not what the harness says", component.path))),
            Err(error) => Err(Ending::Crash(format!("{} cannot be read: {error}", component.path))),
        }
    })
}

/// The most memory that the process takes, in bytes: a host that allocates without end fails to, before the machine has
/// nothing left. What is reserved and not written to does not count.
#[cfg(unix)]
const MOST_MEMORY: u64 = 2 << 30;

/// Where a system has no such limit, or a lower one, that stays.
#[cfg(unix)]
fn limit_memory() {
    use rlimit::Resource;
    if let Ok((soft, hard)) = Resource::DATA.get()
        && soft > MOST_MEMORY
    {
        let _ = Resource::DATA.set(MOST_MEMORY, hard);
    }
}

#[cfg(not(unix))]
fn limit_memory() {}

fn started(about: About) -> Started {
    let instances = about.lacks.iter().all(|lack| lack.capability != "instances");
    let lacks = about.lacks.into_iter().map(|lack| match lack.number {
        None => Lack::Name(lack.capability),
        Some(most) => Lack::Number { capability: lack.capability, most: Count(most) },
    });
    Started {
        protocol: VERSION.to_owned(),
        name: about.name,
        version: about.version,
        homepage: about.homepage,
        issues: about.issues,
        packages: about.packages,
        seams: about.seams,
        features: Features { instances, load: true },
        lacks: lacks.collect(),
        clock: about.clock,
        form: about.form,
    }
}

type Shared = Arc<Harness<HostConfig>>;

/// A case, as the harness told it.
struct Case<'a, E: Embedding> {
    harness: &'a Shared,
    embedding: &'a E,
    linked: &'a Linked<E>,
    run: &'a Run<HostConfig>,
}

impl<E: Embedding> Case<'_, E> {
    /// Runs its guests: one in this thread, several in a thread each.
    fn run(&self, behind: Result<Arc<dyn Behind>, String>) -> Result<(), Over> {
        let done = |guest: u32, ending: Ending| {
            let (how, why) = told(ending);
            self.harness.send(&FromAdapter::Done(Done { run: self.run.run, guest, how, why, item: None }))
        };
        let ended = |guest: u32, test: &str| match &behind {
            Ok(behind) => {
                let ending = self.guest(behind, guest, test);
                behind.fault().map_or(ending, Ending::HarnessError)
            }
            Err(why) => Ending::HarnessError(why.clone()),
        };
        if let [test] = &self.run.tests[..] {
            let ending = ended(0, test);
            // What the devices do at their end belongs to the case.
            drop(behind);
            return done(0, ending);
        }
        let guest = |guest: u32, test: &str| done(guest, ended(guest, test));
        thread::scope(|scope| {
            let guests = self.run.tests.iter().zip(0..).map(|(test, number)| {
                scope.spawn(move || {
                    self.harness.go(number)?;
                    guest(number, test)
                })
            });
            let guests: Vec<_> = guests.collect();
            let mut ended = guests.into_iter().map(|guest| guest.join());
            let died = || Err(Over::Broken("a guest's thread died".to_owned()));
            ended.try_for_each(|end| end.unwrap_or_else(|_| died()))
        })
    }

    fn guest(&self, behind: &Arc<dyn Behind>, guest: u32, test: &str) -> Ending {
        let run = self.run;
        let ready = match ready(self.embedding, self.linked, &run.component) {
            Ok(ready) => ready,
            Err(ending) => return ending,
        };
        let client = Client::new(Arc::clone(self.harness), guest);
        let board = behind.board(&client);
        let seat: Arc<dyn Seat> = Arc::new(AtCase(client, Arc::clone(behind)));
        let limits = Limits {
            fuel: run.limits.fuel,
            memory: usize::try_from(run.limits.memory).unwrap_or(usize::MAX),
            watchdog_s: run.limits.seconds,
            ..Limits::default()
        };
        let data = |guest| self.embedding.data(&run.host, &board, guest);
        self.linked.guest(&ready, data, seat, test, limits)
    }
}

/// How often a guest whose host has a clock of its own is asked whether it can go on.
const LOOK: Duration = Duration::from_millis(1);

/// A seat at the harness's board, beside the devices of the case.
struct AtCase(Client, Arc<dyn Behind>);

impl Seat for AtCase {
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
        Ending::HarnessError(why) => (How::HarnessError, Some(why)),
        Ending::NotRun(why) | Ending::Starved(why) => (How::NotRun, Some(why)),
    }
}
