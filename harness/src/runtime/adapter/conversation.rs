//! One case with one adapter, from `run` to `synced`.

use super::serve::Server;
use crate::runtime::{Ending, Job, Transcript};
use crate::suite::fixture::HostConfig;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use wasi_hw_protocol::{
    Answer, Component, Done, Exchange, FromAdapter, Go, How, Limits, Load, Outcome, Over, Run, Sync,
    ToAdapter,
};

/// The guest that a message is of.
pub(super) fn address(message: &FromAdapter) -> Option<u32> {
    match message {
        FromAdapter::Ask(ask) => Some(ask.guest),
        FromAdapter::Done(done) => Some(done.guest),
        FromAdapter::Started(_) | FromAdapter::Loaded(_) | FromAdapter::Synced(_) => Some(0),
    }
}

type ToAdapterWith<'a> = ToAdapter<&'a HostConfig>;

/// What came of a case.
pub(super) struct Ran {
    /// How each guest ended, or why that cannot be known.
    pub(super) guests: Vec<Result<Ending, Over>>,
    /// What the adapter did wrong after the last guest had ended.
    pub(super) afterwards: Option<Over>,
    /// Whether the adapter has said anything at all.
    pub(super) spoke: bool,
}

/// Runs a case. `number` is the run's.
pub(super) fn run(exchange: &Exchange<FromAdapter>, job: &Job<'_>, number: u32, server: &Server) -> Ran {
    let guests = u32::try_from(job.guests.len()).unwrap_or(u32::MAX);
    exchange.set_places(guests.max(1));
    let Some(path) = job.path.to_str() else {
        let why = format!("{} is not UTF-8, which messages are: move the suite", job.path.display());
        return Ran {
            guests: vec![Ok(Ending::HarnessError(why)); job.guests.len()],
            afterwards: None,
            spoke: true,
        };
    };
    let talk = Talk { exchange, server, number, guests, spoke: AtomicBool::new(false) };
    if let Err(over) = exchange.send(&start(job, path, number)) {
        return Ran { guests: vec![Err(over); job.guests.len()], afterwards: None, spoke: false };
    }
    let ended = match &job.guests[..] {
        [(_, transcript)] => vec![talk.guest(0, transcript, || {})],
        several => talk.guests(several),
    };
    // Also by what is in the adapter's process and asks over the socket. One that has said nothing ran no guest: another process
    // may run it on this board.
    if talk.spoke.load(Ordering::Acquire) {
        server.guests_are_done();
    }
    let well = ended.iter().all(Result::is_ok);
    let afterwards = well.then(|| talk.sync().err()).flatten();
    Ran { guests: ended, afterwards, spoke: talk.spoke.into_inner() }
}

/// Has the component of a case made ready.
pub(super) fn load(exchange: &Exchange<FromAdapter>, job: &Job<'_>) -> Result<(), Over> {
    let Some(path) = job.path.to_str() else { return Ok(()) };
    exchange.set_places(1);
    let component = component(job, path);
    exchange.send(&ToAdapterWith::Load(Load { component, seconds: job.limits.load_s }))?;
    match exchange.receive(0)? {
        FromAdapter::Loaded(loaded) if loaded.sha256 == job.component.sha256 => Ok(()),
        FromAdapter::Loaded(_) => Err(Over::Broken("`loaded` of another component".to_owned())),
        _ => Err(Over::Broken("it answered `load` with something else than `loaded`".to_owned())),
    }
}

fn component(job: &Job<'_>, path: &str) -> Component {
    Component {
        path: path.to_owned(),
        sha256: job.component.sha256.clone(),
        package: job.component.package.clone(),
        world: job.component.world.clone(),
    }
}

fn start<'a>(job: &Job<'a>, path: &str, number: u32) -> ToAdapterWith<'a> {
    ToAdapter::Run(Run {
        run: number,
        component: component(job, path),
        tests: job.guests.iter().map(|(test, _)| (*test).to_owned()).collect(),
        host: job.host,
        limits: Limits {
            fuel: job.limits.fuel,
            memory: job.limits.memory as u64,
            seconds: job.limits.watchdog_s,
        },
    })
}

struct Talk<'a> {
    exchange: &'a Exchange<FromAdapter>,
    server: &'a Server,
    number: u32,
    guests: u32,
    spoke: AtomicBool,
}

impl Talk<'_> {
    /// Several guests: a thread for each, one of which has the turn, as in process. Whoever has it speaks
    /// with its guest, and with no other. Where the host has a clock of its own they all go at once: a guest
    /// that waits inside such a host asks nothing, and would keep its turn for ever. Then time begins when all of them
    /// have come to their first question, because some take longer to be made.
    fn guests(&self, guests: &[(&str, Transcript)]) -> Vec<Result<Ending, Over>> {
        let board = &self.server.board;
        let turns = self.server.real.is_none();
        if turns {
            board.make_places(guests.len());
        }
        let all_there = Barrier::new(guests.len());
        let all_there = || {
            if !turns {
                all_there.wait();
            }
        };
        thread::scope(|scope| {
            let guests = guests.iter().zip(0..).map(|((_, transcript), guest)| {
                scope.spawn(move || {
                    let _turn = turns.then(|| board.take_turn(guest as usize));
                    match self.exchange.send(&ToAdapterWith::Go(Go { guest })) {
                        Ok(()) => self.guest(guest, transcript, all_there),
                        Err(over) => {
                            all_there();
                            Err(over)
                        }
                    }
                })
            });
            let guests: Vec<_> = guests.collect();
            let ended = guests.into_iter().map(|guest| guest.join());
            let died = || Ok(Ending::HarnessError("a guest's thread died".to_owned()));
            ended.map(|end| end.unwrap_or_else(|_| died())).collect()
        })
    }

    /// Answers what a guest asks, until it is done. `spoken` is called when it has said something, or cannot any more.
    fn guest(&self, guest: u32, transcript: &Transcript, spoken: impl FnOnce()) -> Result<Ending, Over> {
        let (mut dead, mut spoken) = (false, Some(spoken));
        loop {
            let message = self.exchange.receive(guest);
            if let Some(spoken) = spoken.take() {
                spoken();
            }
            let message = message?;
            self.spoke.store(true, Ordering::Relaxed);
            match message {
                FromAdapter::Ask(ask) => {
                    let outcome = match dead {
                        false => self.server.serve(guest, transcript, ask.op),
                        true => Outcome::Dead(wasi_hw_protocol::Empty {}),
                    };
                    dead |= matches!(outcome, Outcome::Dead(_));
                    self.exchange.send(&ToAdapterWith::Answer(Answer { guest, outcome }))?;
                }
                FromAdapter::Done(done) if done.run != self.number => {
                    return Err(Over::Broken(format!("`done` of run {}, in run {}", done.run, self.number)));
                }
                FromAdapter::Done(_) if dead => return Ok(Ending::deadlock()),
                FromAdapter::Done(done) => return Ok(ending(done)),
                FromAdapter::Started(_) => return Err(Over::Broken("a second `started`".to_owned())),
                FromAdapter::Loaded(_) => return Err(Over::Broken("`loaded` within a run".to_owned())),
                FromAdapter::Synced(_) => return Err(Over::Broken("`synced` before `done`".to_owned())),
            }
        }
    }

    /// Makes sure that nothing of this run is left which would be taken for a part of the next.
    fn sync(&self) -> Result<(), Over> {
        self.exchange.set_places(1);
        self.exchange.send(&ToAdapterWith::Sync(Sync { run: self.number }))?;
        match self.exchange.receive(0)? {
            FromAdapter::Synced(sync) if sync.run == self.number => Ok(()),
            FromAdapter::Synced(sync) => {
                Err(Over::Broken(format!("`synced` of run {}, in run {}", sync.run, self.number)))
            }
            other => {
                let what = match other {
                    FromAdapter::Ask(_) => "`ask`",
                    FromAdapter::Done(_) => "a second `done`",
                    FromAdapter::Loaded(_) => "`loaded`",
                    _ => "`started`",
                };
                let guests = if self.guests > 1 { "all guests were" } else { "it was" };
                Err(Over::Broken(format!("{what} after {guests} done")))
            }
        }
    }
}

/// What an adapter says of a guest's end.
fn ending(done: Done) -> Ending {
    let why = match (done.why, done.item) {
        (Some(why), Some(item)) if !why.contains(&item) => format!("{item}: {why}"),
        (Some(why), _) => why,
        (None, Some(item)) => item,
        (None, None) => "(the adapter does not say why)".to_owned(),
    };
    match done.how {
        How::Returned => Ending::Returned,
        How::Trap => Ending::Trap(why),
        How::LinkFailure => Ending::LinkFailure(why),
        How::Crash => Ending::Crash(why),
        How::Timeout => Ending::Timeout(why),
        How::NotRun => Ending::NotRun(why),
        How::HarnessError => Ending::HarnessError(why),
        // The suite has looked: the component has it.
        How::NoSuchTest => {
            Ending::Crash(format!("called the component with a test that it does not have: {why}"))
        }
    }
}
