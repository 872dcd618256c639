//! One adapter's process, which may do anything: die, hang, talk for ever, start others.

use super::command::Command;
use super::conversation;
use super::errors::Errors;
use super::serve::Server;
use super::socket::Socket;
use crate::interrupt;
use crate::runtime::limit::{Account, LOOK, Look, State};
use crate::runtime::meter::Meters;
use process_wrap::std::ChildWrapper;
use std::collections::BTreeSet;
use std::io::{self, BufReader};
use std::process::ExitStatus;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, mpsc};
use std::thread;
use std::time::{Duration, Instant};
use wasi_hw_protocol::{Empty, Exchange, FromAdapter, ToAdapter};

/// How long a process may take to end after it closed its output or was asked to stop.
const PATIENCE: Duration = Duration::from_secs(2);

type Child = Mutex<Box<dyn ChildWrapper>>;

/// The processes that were started and may still be there; `None` once no more may be started.
static LIVING: Mutex<Option<Vec<Weak<Child>>>> = Mutex::new(Some(Vec::new()));

/// Ends every adapter that this process has started, with all that those started. None can be started any more: the process
/// is about to end.
pub(crate) fn end_all() {
    let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
    living.take().iter().flatten().filter_map(Weak::upgrade).for_each(|child| kill(&child));
}

/// An adapter's process.
pub(super) struct Process {
    /// The conversation with it.
    pub(super) exchange: Exchange<FromAdapter>,
    /// Where libraries inside the process reach the board.
    pub(super) socket: Socket,
    /// The components that it has made ready, by their SHA-256.
    pub(super) loaded: BTreeSet<String>,
    child: Arc<Child>,
    errors: Errors,
    meters: Meters,
    overdue: Arc<Mutex<Option<Overdue>>>,
}

/// Why the watchdog ended a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overdue {
    /// It had consumed its limit.
    Spent,
    /// The machine did not let it.
    Starved,
}

impl Process {
    pub(super) fn start(command: &Command, meters: Meters) -> io::Result<Process> {
        let socket = Socket::open()?;
        // The lock is held, so that no process is there which the list does not have.
        let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(all) = &mut *living else {
            return Err(io::Error::other("this process was asked to end"));
        };
        all.retain(|child| child.strong_count() > 0);
        let child = Arc::new(Mutex::new(command.spawn(&socket)?));
        all.push(Arc::downgrade(&child));
        drop(living);
        let mut streams = child.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(to), Some(from), Some(errors)) =
            (streams.stdin().take(), streams.stdout().take(), streams.stderr().take())
        else {
            return Err(io::Error::other("a standard stream is missing"));
        };
        drop(streams);
        Ok(Process {
            exchange: Exchange::new(BufReader::with_capacity(64 << 10, from), to, conversation::address),
            socket,
            loaded: BTreeSet::new(),
            child,
            errors: Errors::new(errors)?,
            meters,
            overdue: Arc::default(),
        })
    }

    /// Ends the process unless what this returns is dropped before it has consumed so many seconds, or as soon as nothing
    /// can happen any more on the board that it is served, or ours was asked to end.
    pub(super) fn watch(&self, seconds: u64, server: Option<Arc<Server>>) -> io::Result<mpsc::Sender<()>> {
        let (alive, stop) = mpsc::channel::<()>();
        let (child, overdue) = (Arc::clone(&self.child), Arc::clone(&self.overdue));
        let mut meter = (self.meters)(lock(&child).id());
        thread::Builder::new().name("watchdog of an adapter".to_owned()).spawn(move || {
            let mut account = Account::new(seconds);
            let mut last = Instant::now();
            let mut ended = None;
            while stop.recv_timeout(LOOK) == Err(mpsc::RecvTimeoutError::Timeout) {
                let elapsed = last.elapsed();
                last += elapsed;
                // What an adapter started may hold its streams when it is gone. Nothing can come from there.
                if ended.is_none() && exited(&child).is_some() {
                    ended = Some(Instant::now());
                }
                let left = ended.is_some_and(|ended| ended.elapsed() >= PATIENCE);
                let messages = server.as_ref().map_or(0, |server| server.asked());
                let state = account.charge(&Look { elapsed, reading: meter.read(), messages });
                let (late, well) = match state {
                    State::Spent => (Some(Overdue::Spent), false),
                    State::Starved => (Some(Overdue::Starved), false),
                    State::Within { idle } => (None, server.as_ref().is_none_or(|server| server.look(idle))),
                };
                if left || !well || interrupt::is_asked() {
                    *overdue.lock().unwrap_or_else(PoisonError::into_inner) =
                        late.filter(|_| ended.is_none());
                    return kill(&child);
                }
            }
        })?;
        Ok(alive)
    }

    /// Whether the watchdog ended it, and why.
    pub(super) fn overdue(&self) -> Option<Overdue> {
        *self.overdue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it ended, if it has.
    pub(super) fn ended(&self) -> Option<ExitStatus> {
        exited(&self.child)
    }

    /// Ends the process if it does not do so by itself, and says how it ended.
    pub(super) fn end(&mut self) -> String {
        let ended = until(|| self.ended());
        let how = match ended {
            Some(status) => format!("the adapter's process ended ({status})"),
            None => "the adapter closed its output and did not exit".to_owned(),
        };
        kill(&self.child);
        self.last_words();
        how
    }

    /// Ends the process now.
    pub(super) fn kill(&mut self) {
        kill(&self.child);
        self.last_words();
    }

    /// What a process said with its last breath is read before anybody asks for it. One of its own children may hold the
    /// stream for longer; then what is there must do.
    fn last_words(&mut self) {
        if let Some(reader) = self.errors.take_reader() {
            let _ = until(|| reader.is_finished().then_some(()));
        }
    }

    /// What came on its error stream since this was last asked: the end of it, and how many bytes came before.
    pub(super) fn take_stderr(&self) -> (String, usize) {
        let (bytes, lost) = self.errors.take();
        let mut said = String::from_utf8_lossy(&bytes).into_owned();
        self.socket.secret().hide(&mut said);
        (said, lost)
    }

    /// Asks it to exit, and sees to it. False if it had to be ended.
    pub(super) fn stop(&mut self) -> bool {
        let asked = self.exchange.send(&ToAdapter::<()>::Stop(Empty {})).is_ok();
        let stopped = asked && until(|| self.ended()).is_some();
        self.kill();
        stopped
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        kill(&self.child);
    }
}

/// How a process ended, if it has.
fn exited(child: &Child) -> Option<ExitStatus> {
    lock(child).try_wait().ok().flatten()
}

fn lock(child: &Child) -> MutexGuard<'_, Box<dyn ChildWrapper>> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends a process with all that it started, and waits for it, so that no zombie is left. One that has ended is no error.
fn kill(child: &Child) {
    let mut child = lock(child);
    let _ = child.start_kill();
    let _ = child.wait();
}

/// Asks every few milliseconds, for as long as patience lasts.
fn until<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        let answer = ask();
        if answer.is_some() || start.elapsed() > PATIENCE {
            return answer;
        }
        thread::sleep(Duration::from_millis(2));
    }
}
