//! A runtime made of processes that speak the adapter protocol.

use super::command::Command;
use super::conversation::{self, Ran};
use super::process::{Overdue, Process};
use super::serve::Server;
use crate::runtime::limit;
use crate::runtime::meter::{self, Meters};
use crate::runtime::{About, Ending, Job, Runtime};
use crate::suite::capability::Bound;
use crate::text;
use anyhow::{Context, anyhow, bail, ensure};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use wasi_hw_protocol::{FromAdapter, Lack, Over, Start, Started, ToAdapter, VERSION, compatible};

/// How long an adapter may take to say who it is, in seconds. Node takes half a second when the machine is busy.
const PATIENCE_S: u64 = 30;

/// How much is quoted of what an adapter said before it gave up, in bytes.
const MOST_SAID: usize = 8 << 10;

/// How much of its last line is told as the reason of a crash, in bytes.
const MOST_LAST: usize = 400;

/// A runtime behind the adapter protocol: as many processes as cases run at once, each with one case at a
/// time, and a fresh one for each that died.
pub struct Adapters {
    command: Command,
    patience_s: u64,
    meters: Meters,
    started: Started,
    idle: Mutex<Vec<Process>>,
    runs: AtomicU32,
    handles: Arc<AtomicU32>,
}

impl Adapters {
    /// Starts the first process and learns who it is. Blocks until it has said so, for 30 seconds at most.
    pub fn start(command: Command) -> anyhow::Result<Adapters> {
        Adapters::start_within(command, PATIENCE_S)
    }

    /// The same, with another limit in seconds on how long a process may take to say who it is.
    pub fn start_within(command: Command, patience_s: u64) -> anyhow::Result<Adapters> {
        Adapters::start_metered(command, patience_s, meter::of_group)
    }

    /// The same, with other meters of what its processes consume than the system's.
    pub fn start_metered(command: Command, patience_s: u64, meters: Meters) -> anyhow::Result<Adapters> {
        let (process, started) = greet(&command, patience_s, meters)?;
        Ok(Adapters {
            command,
            patience_s,
            meters,
            started,
            idle: Mutex::new(vec![process]),
            runs: AtomicU32::new(1),
            handles: Arc::new(AtomicU32::new(1)),
        })
    }

    /// Who the adapter says it is.
    pub fn started(&self) -> &Started {
        &self.started
    }

    /// An adapter that is free, and whether it is fresh; rather one that has made this component ready.
    fn take(&self, sha256: &str) -> Result<(Process, bool), Ending> {
        loop {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            let ready = idle.iter().rposition(|process| process.loaded.contains(sha256));
            let taken = ready.map(|at| idle.remove(at)).or_else(|| idle.pop());
            drop(idle);
            match taken {
                Some(process) if process.ended().is_none() => return Ok((process, false)),
                // It exited between two cases, which is its right.
                Some(_) => {}
                None => break,
            }
        }
        let crash = |why: String| Ending::Crash(format!("the adapter {why}"));
        let (process, started) = greet(&self.command, self.patience_s, self.meters).map_err(|error| {
            match error.is::<Starved>() {
                true => Ending::starved(self.patience_s),
                false => crash(format!("does not start again: {error:#}")),
            }
        })?;
        if started == self.started {
            return Ok((process, true));
        }
        Err(crash(format!(
            "says after a restart that it is {} {} ({}), and was {} {} ({})",
            started.name,
            started.version,
            started.packages.join(", "),
            self.started.name,
            self.started.version,
            self.started.packages.join(", "),
        )))
    }

    /// An adapter that is free and has made the component of a case ready, and whether it is fresh. Each process does that
    /// once, and in no case's time.
    fn ready(&self, job: &Job<'_>) -> Result<(Process, bool), Ending> {
        let sha256 = &job.component.sha256;
        loop {
            let (mut process, fresh) = self.take(sha256)?;
            if !self.started.features.load || process.loaded.contains(sha256) {
                return Ok((process, fresh));
            }
            let watch = process.watch(job.limits.load_s, None);
            let loaded = conversation::load(&process.exchange, job);
            drop(watch);
            let over = match loaded {
                Ok(()) => {
                    process.loaded.insert(sha256.clone());
                    return Ok((process, fresh));
                }
                Err(Over::Gone(_)) if !fresh && process.overdue().is_none() => continue,
                Err(over) => over,
            };
            let mut ending = blame(&mut process, over, job.limits.load_s, "before it was `loaded`");
            if let Ending::Timeout(why) | Ending::Starved(why) = &mut ending {
                *why = format!("loading {} {why}", job.component.file);
            }
            self.told(job, &mut process, std::slice::from_mut(&mut ending), false);
            return Err(ending);
        }
    }

    /// What the process said on its error stream is kept with the case, and with the end of a guest whose process has ended.
    fn told(&self, job: &Job<'_>, process: &mut Process, endings: &mut [Ending], well: bool) {
        let (said, gone) = process.take_stderr();
        if !well && process.ended().is_some() {
            endings.iter_mut().for_each(|ending| last_words(ending, &said));
        }
        endings.iter_mut().filter_map(Ending::why_mut).for_each(|why| process.socket.secret().hide(why));
        job.stderr.push_rest(gone, &said);
    }

    fn give_back(&self, process: Process) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(process);
    }

    /// How the guests ended, if the adapter is to blame for one that has no end of its own.
    fn endings(&self, job: &Job<'_>, process: &mut Process, ran: Ran, lost: bool) -> Vec<Ending> {
        let over =
            ran.guests.iter().find_map(|guest| guest.as_ref().err()).or(ran.afterwards.as_ref()).cloned();
        let Some(over) = over else {
            return ran.guests.into_iter().flatten().collect();
        };
        let when = if ran.afterwards.is_some() { "before `synced`" } else { "before it was done" };
        let blame = match lost {
            true => {
                process.kill();
                Ending::deadlock()
            }
            false => blame(process, over, job.limits.watchdog_s, when),
        };
        match ran.afterwards {
            Some(_) => vec![blame; job.guests.len()],
            None => ran.guests.into_iter().map(|guest| guest.unwrap_or_else(|_| blame.clone())).collect(),
        }
    }
}

impl Runtime for Adapters {
    fn about(&self) -> About {
        about(&self.started)
    }

    fn keeps_limits(&self) -> bool {
        true
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        let all = |ending: Ending| vec![ending; job.guests.len()];
        if job.guests.len() > 1 && !self.started.features.instances {
            return all(Ending::NotRun(
                "the adapter runs one instance at a time (its feature `instances` is off)".to_owned(),
            ));
        }
        loop {
            let (mut process, fresh) = match self.ready(job) {
                Ok(ready) => ready,
                Err(ending) => return all(ending),
            };
            let number = self.runs.fetch_add(1, Ordering::Relaxed);
            let Started { clock, form, .. } = self.started;
            let server = Server::new(job.board, &self.handles, clock, process.socket.secret());
            let server = Arc::new(server.of_form(form));
            process.socket.serve(Some(Arc::clone(&server)));
            let watch = process.watch(job.limits.watchdog_s, Some(Arc::clone(&server)));
            let ran = conversation::run(&process.exchange, job, number, &server);
            drop(watch);
            process.socket.serve(None);
            // One that served other cases well and is gone without a word most likely left before this one.
            let gone = ran.guests.iter().any(|guest| matches!(guest, Err(Over::Gone(_))));
            if gone && !ran.spoke && !fresh && process.overdue().is_none() {
                continue;
            }
            // What the adapter left open is closed before the board says what is left.
            server.end();
            let well = ran.afterwards.is_none() && ran.guests.iter().all(Result::is_ok);
            let mut endings = self.endings(job, &mut process, ran, server.is_lost());
            self.told(job, &mut process, &mut endings, well);
            if well {
                self.give_back(process);
            }
            return endings;
        }
    }
}

impl Drop for Adapters {
    fn drop(&mut self) {
        for process in self.idle.get_mut().unwrap_or_else(PoisonError::into_inner) {
            process.stop();
        }
    }
}

/// How a guest ended whose conversation did, by the fault of its process or of the machine. The process is ended.
fn blame(process: &mut Process, over: Over, seconds: u64, when: &str) -> Ending {
    match (process.overdue(), over) {
        (Some(overdue), _) => {
            process.kill();
            match overdue {
                Overdue::Spent => Ending::spent(seconds),
                Overdue::Starved => Ending::starved(seconds),
            }
        }
        (None, Over::Gone(what)) => {
            let how = process.end();
            let what = if what.contains("within a line") { format!("; {what}") } else { String::new() };
            Ending::Crash(format!("{how} {when}{what}"))
        }
        (None, Over::Broken(what)) => {
            process.kill();
            Ending::Crash(format!("the adapter broke the protocol: {what}"))
        }
        (None, other) => {
            process.kill();
            Ending::Crash(format!("the adapter is lost: {other}"))
        }
    }
}

/// Adds to the end of a guest what its process said last, which often says why.
fn last_words(ending: &mut Ending, said: &str) {
    let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
    if let (Ending::Crash(why), Some(last)) = (ending, last) {
        *why = format!("{why}; its last words: {}", text::line(last, MOST_LAST));
    }
}

/// Who an adapter says it is.
fn about(started: &Started) -> About {
    let Started { name, version, homepage, issues, packages, seams, clock, form, features, lacks, .. } =
        started.clone();
    let one_at_a_time =
        (!features.instances).then(|| Bound { capability: "instances".to_owned(), number: None });
    let lacks = lacks.into_iter().map(|lack| match lack {
        Lack::Name(capability) => Bound { capability, number: None },
        Lack::Number { capability, most } => Bound { capability, number: Some(most.0) },
    });
    let lacks = lacks.chain(one_at_a_time).collect();
    About { name, version, homepage, issues, clock, form, packages, seams, lacks, apart: Vec::new() }
}

/// A process that the machine did not let say who it is.
#[derive(Debug)]
struct Starved(u64);

impl std::fmt::Display for Starved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "it {}", limit::starved(self.0))
    }
}

impl std::error::Error for Starved {}

/// Starts a process and asks who it is.
pub(super) fn greet(
    command: &Command,
    patience_s: u64,
    meters: Meters,
) -> anyhow::Result<(Process, Started)> {
    let mut process = Process::start(command, meters)
        .with_context(|| format!("`{}` cannot be started", command.words.join(" ")))?;
    let watch = process.watch(patience_s, None)?;
    let asked = process.exchange.send(&ToAdapter::<()>::Start(Start { protocol: VERSION.to_owned() }));
    let answer = asked.and_then(|()| process.exchange.receive(0));
    drop(watch);
    let started = match (answer, process.overdue()) {
        (Ok(FromAdapter::Started(mut started)), _) => {
            let texts = [Some(&mut started.version), started.homepage.as_mut(), started.issues.as_mut()];
            texts.into_iter().flatten().for_each(|text| process.socket.secret().hide(text));
            check(&started).map(|()| started)
        }
        (Ok(_), _) => Err(anyhow!("it answered `start` with something else than `started`")),
        (Err(_), Some(Overdue::Spent)) => Err(anyhow!("it did not answer `start` in {patience_s} s")),
        (Err(_), Some(Overdue::Starved)) => Err(Starved(patience_s).into()),
        (Err(Over::Broken(what)), None) => {
            Err(anyhow!("it answered `start` with what is no message: {what}"))
        }
        (Err(_), None) => Err(anyhow!("{} and did not answer `start`", process.end())),
    };
    match started {
        Ok(started) => Ok((process, started)),
        Err(error) => {
            process.kill();
            if error.is::<Starved>() {
                return Err(error);
            }
            let mut why = format!("{error:#}");
            process.socket.secret().hide(&mut why);
            match process.take_stderr().0.trim() {
                "" => Err(anyhow!(why)),
                said => Err(anyhow!("{why}; it said: {}", text::tail(said, MOST_SAID))),
            }
        }
    }
}

/// What an adapter says of itself, as far as it can be checked.
pub(super) fn check(started: &Started) -> anyhow::Result<()> {
    compatible(&started.protocol).map_err(|why| anyhow!("{why}"))?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    ensure!(
        !started.name.is_empty() && started.name.len() <= 64 && started.name.chars().all(plain),
        "its name is `{}`; names have lower case letters, digits, `-` and `_`",
        text::line(&started.name, 64)
    );
    ensure!(!started.version.trim().is_empty(), "it does not say its version");
    ensure!(
        !started.packages.is_empty(),
        "it implements no package; `packages` lists them, such as wasi:i2c@0.2.0-draft"
    );
    if let Some(wrong) = about(started).malformed() {
        bail!("{wrong}");
    }
    for (n, package) in started.packages.iter().enumerate() {
        if let Some(other) =
            started.packages[..n].iter().find(|other| proposal_of(other) == proposal_of(package))
        {
            bail!("it implements {other} and {package}; one variant of a proposal is tested at a time");
        }
    }
    Ok(())
}

/// `i2c` of `wasi:i2c@0.2.0-draft`.
pub(super) fn proposal_of(package: &str) -> &str {
    let name = package.split_once(':').map_or(package, |(_, name)| name);
    name.split('@').next().unwrap_or(name)
}
