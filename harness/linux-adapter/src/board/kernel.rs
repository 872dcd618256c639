//! A board in the kernel, and the thread that answers for it.

use super::broken::Manner;
use super::device::Node;
use super::forward::Forward;
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::{Errno, write};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_linux::Machine;
use wasi_hw_seam::Board;

/// How often time passes on a board that has nobody else to say so.
pub(crate) const TICK: Timespec = Timespec { tv_sec: 0, tv_nsec: 1_000_000 };

/// Lets time pass on the board.
pub(crate) type Tick = Box<dyn Fn() + Send + Sync>;

/// A board, and the machine that has it. The board's devices go with it.
pub(crate) struct Kernel {
    pub(crate) machine: Machine,
    pub(super) shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What its thread works on.
pub(super) struct Shared {
    node: Node,
    forward: Mutex<Forward>,
    /// Readable when the board is not needed any more.
    over: OwnedFd,
    /// Why the board is broken: nothing that it does any more is the fixture's.
    fault: Mutex<Option<String>>,
    broken: Option<Manner>,
    tick: Option<Tick>,
}

impl Kernel {
    /// Makes devices of what the embedder has configured and the board has.
    pub(crate) fn new(
        board: Arc<dyn Board>,
        host: &HostConfig,
        broken: Option<Manner>,
        tick: Option<Tick>,
    ) -> io::Result<Kernel> {
        let node = Node::open()?;
        if let Some(limit_ms) = broken.and_then(Manner::limit_ms) {
            node.limit(limit_ms)?;
        }
        let mut forward = Forward::new(board);
        let machine = forward.add(&node, host)?;
        let over = eventfd(0, EventfdFlags::CLOEXEC)?;
        let forward = Mutex::new(forward);
        let shared = Arc::new(Shared { node, forward, over, fault: Mutex::default(), broken, tick });
        let inside = Arc::clone(&shared);
        let thread = thread::Builder::new().name("board".to_owned()).spawn(move || inside.run())?;
        Ok(Kernel { machine, shared, thread: Mutex::new(Some(thread)) })
    }
}

impl Kernel {
    /// What broke of the board, if anything did, when nobody asks anything of it any more.
    pub(crate) fn fault(&self) -> Option<String> {
        self.stop();
        self.shared.fault()
    }

    /// Whoever heard of a fault may be quicker than the board's thread, which notes it down.
    fn stop(&self) {
        // A counter that nobody else rings has room.
        let _ = write(&self.shared.over, &1_u64.to_ne_bytes());
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        self.stop();
        self.shared.forward().leave();
    }
}

impl Shared {
    /// Answers what the kernel asks, until the case is over. A board that fails is broken for the kernel too, which then
    /// fails what is asked of it.
    fn run(&self) {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.serve()));
        let why = match outcome {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "its thread has died".to_owned(),
        };
        self.broke(&why);
        // Of what makes no sense the kernel learns that nobody answers any more.
        let _ = self.node.write(&[0]);
    }

    fn serve(&self) -> io::Result<()> {
        loop {
            let mut both = [PollFd::new(&self.over, PollFlags::IN), PollFd::new(&self.node, PollFlags::IN)];
            let timeout = self.tick.as_ref().map(|_| &TICK);
            match poll(&mut both, timeout) {
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            if both[1].revents().contains(PollFlags::ERR) {
                return Err(io::Error::other("the kernel has given it up"));
            }
            if !both[0].revents().is_empty() {
                return Ok(());
            }
            if let Some(tick) = &self.tick {
                tick();
                self.forward().edges(&self.node)?;
            }
            match self.answer() {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn answer(&self) -> io::Result<()> {
        let request = self.node.read()?;
        let mut forward = self.forward();
        let reply = forward.answer(&request);
        // What the operation itself made happen is there when whoever asked goes on.
        forward.edges(&self.node)?;
        drop(forward);
        match self.broken {
            None => self.node.write(&reply),
            Some(manner) => manner.write(&self.node, &reply),
        }
    }

    /// Tells the kernel of the edges that the board has had since. Whether there were any.
    pub(super) fn edges(&self) -> bool {
        let told = self.forward().edges(&self.node);
        told.unwrap_or_else(|error| {
            self.broke(&error.to_string());
            false
        })
    }

    /// What broke of the board, if anything did.
    pub(super) fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn broke(&self, why: &str) {
        let why = format!("the board in the kernel: {why}");
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
    }

    fn forward(&self) -> MutexGuard<'_, Forward> {
        self.forward.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsFd for Node {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file().as_fd()
    }
}
