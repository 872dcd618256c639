//! One adapter's process, which may do anything: die, hang, talk for ever, start others.

use super::command::Command;
use super::conversation;
use super::socket::Socket;
use process_wrap::std::ChildWrapper;
use std::io::{self, BufReader, Read};
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use wasi_hw_protocol::{Empty, Exchange, FromAdapter, ToAdapter};

/// How much of an error stream is kept for a case.
const MOST_STDERR: usize = 64 << 10;

/// How long a process may take to end after it closed its output or was asked to stop.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the watchdog looks.
const WATCH: Duration = Duration::from_millis(100);

/// An adapter's process.
pub(super) struct Process {
    /// The conversation with it.
    pub(super) exchange: Exchange<FromAdapter>,
    /// Where libraries inside the process reach the board.
    pub(super) socket: Socket,
    child: Arc<Mutex<Box<dyn ChildWrapper>>>,
    stderr: Arc<Mutex<Tail>>,
    stderr_reader: Option<JoinHandle<()>>,
    overdue: Arc<AtomicBool>,
}

/// The end of a stream.
#[derive(Default)]
struct Tail {
    bytes: Vec<u8>,
    lost: usize,
}

impl Process {
    pub(super) fn start(command: &Command) -> io::Result<Process> {
        let socket = Socket::open()?;
        let mut child = command.spawn(&socket)?;
        let (Some(to), Some(from), Some(mut errors)) =
            (child.stdin().take(), child.stdout().take(), child.stderr().take())
        else {
            return Err(io::Error::other("a standard stream is missing"));
        };
        let stderr = Arc::new(Mutex::new(Tail::default()));
        let tail = Arc::clone(&stderr);
        // Nobody may have to wait because its error stream is full, so somebody always reads it.
        let stderr_reader =
            thread::Builder::new().name("stderr of an adapter".to_owned()).spawn(move || {
                let mut part = [0; 4096];
                while let Ok(read @ 1..) = errors.read(&mut part) {
                    tail.lock().unwrap_or_else(PoisonError::into_inner).push(&part[..read]);
                }
            })?;
        Ok(Process {
            exchange: Exchange::new(BufReader::with_capacity(64 << 10, from), to, conversation::address),
            socket,
            child: Arc::new(Mutex::new(child)),
            stderr,
            stderr_reader: Some(stderr_reader),
            overdue: Arc::default(),
        })
    }

    /// Ends the process unless what this returns is dropped in time, or as soon as it is not well.
    pub(super) fn watch(
        &self,
        seconds: u64,
        well: impl Fn() -> bool + Send + 'static,
    ) -> io::Result<mpsc::Sender<()>> {
        let (alive, stop) = mpsc::channel::<()>();
        let (child, overdue) = (Arc::clone(&self.child), Arc::clone(&self.overdue));
        thread::Builder::new().name("watchdog of an adapter".to_owned()).spawn(move || {
            let start = Instant::now();
            let mut ended = None;
            while stop.recv_timeout(WATCH) == Err(mpsc::RecvTimeoutError::Timeout) {
                let late = start.elapsed() >= Duration::from_secs(seconds);
                // What an adapter started may hold its streams when it is gone. Nothing can come from there.
                if ended.is_none() && exited(&child).is_some() {
                    ended = Some(Instant::now());
                }
                let left = ended.is_some_and(|ended| ended.elapsed() >= PATIENCE);
                if late || left || !well() {
                    overdue.store(late && ended.is_none(), Ordering::Relaxed);
                    return kill(&child);
                }
            }
        })?;
        Ok(alive)
    }

    /// Whether the watchdog ended it.
    pub(super) fn was_overdue(&self) -> bool {
        self.overdue.load(Ordering::Relaxed)
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
        if let Some(reader) = self.stderr_reader.take() {
            let _ = until(|| reader.is_finished().then_some(()));
        }
    }

    /// What came on its error stream since this was last asked: the end of it, and how many bytes came before.
    pub(super) fn take_stderr(&self) -> (String, usize) {
        let mut tail = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        let Tail { bytes, lost } = std::mem::take(&mut *tail);
        (String::from_utf8_lossy(&bytes).into_owned(), lost)
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

impl Tail {
    fn push(&mut self, part: &[u8]) {
        self.bytes.extend_from_slice(part);
        let surplus = self.bytes.len().saturating_sub(MOST_STDERR);
        self.bytes.drain(..surplus);
        self.lost += surplus;
    }
}

/// How a process ended, if it has.
fn exited(child: &Mutex<Box<dyn ChildWrapper>>) -> Option<ExitStatus> {
    child.lock().unwrap_or_else(PoisonError::into_inner).try_wait().ok().flatten()
}

/// Ends a process with all that it started, and waits for it, so that no zombie is left. One that has ended is no error.
fn kill(child: &Mutex<Box<dyn ChildWrapper>>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
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
