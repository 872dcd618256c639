//! The board behind the kernel: what the kernel asks of it, the harness's board does.

mod broken;
mod device;
mod forward;
mod gpio;
mod i2c;
mod message;
mod spi;

pub(crate) use broken::Manner;
use device::Node;
use forward::Forward;
use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::io::{Errno, write};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use wasi_hw_harness::runtime::adapter::child::{Behind, Devices};
use wasi_hw_harness::runtime::{About, Clock};
use wasi_hw_harness::suite::capability::Bound;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_linux::Machine;
use wasi_hw_mock::Idle;
use wasi_hw_protocol::{Client, Harness};
use wasi_hw_seam::Board;

/// How often somebody who waits for an edge looks for one that the board has meanwhile, in nanoseconds.
const LOOK: u64 = 1_000_000;

/// Makes a board in the kernel for each case.
pub(crate) struct Boards {
    harness: Arc<Harness<serde_json::Value>>,
    with_gpio: bool,
    /// How the board of the next case breaks.
    broken: Mutex<Option<Manner>>,
}

impl Boards {
    /// Over the socket of the harness. GPIO is on request: whether some of its cases pass depends on how fast the machine is.
    pub(crate) fn new(
        harness: Harness<serde_json::Value>,
        with_gpio: bool,
        broken: Option<Manner>,
    ) -> Boards {
        Boards { harness: Arc::new(harness), with_gpio, broken: Mutex::new(broken) }
    }

    fn speaks(&self, package: &str) -> bool {
        !package.contains(":usb@") && (self.with_gpio || !package.contains(":gpio@"))
    }
}

impl Devices for Boards {
    fn about(&self, reference: About) -> About {
        let lack = |capability: &str, number| Bound { capability: capability.to_owned(), number };
        About {
            name: "linux".to_owned(),
            packages: reference.packages.into_iter().filter(|package| self.speaks(package)).collect(),
            // Of GPIO it is the protocol's.
            seams: ["i2c", "spi"].map(|name| (name.to_owned(), "linux".to_owned())).into(),
            lacks: vec![
                // `bufsiz` of spidev; i2c-dev has 8192 a message.
                lack("call-bytes", Some(4096)),
                // Cases of several instances let them take turns by milliseconds of the board's clock, which here is the
                // real one: who comes first would depend on how busy the machine is.
                lack("instances", None),
            ],
            clock: Clock::Own,
            ..reference
        }
    }

    fn case(&self, host: &HostConfig) -> Result<Box<dyn Behind>, String> {
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner).take();
        let made = Kernel::new(Client::new(Arc::clone(&self.harness), 0), host, broken);
        Ok(Box::new(made.map_err(|error| format!("the board in the kernel cannot be made: {error}"))?))
    }
}

/// The board of a case, and the machine that has it.
struct Kernel {
    machine: Machine,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    node: Node,
    forward: Mutex<Forward>,
    /// Readable when the case is over.
    over: OwnedFd,
    /// Why the board is broken: nothing that it does any more is the fixture's.
    fault: Mutex<Option<String>>,
    broken: Option<Manner>,
}

impl Kernel {
    fn new(client: Client, host: &HostConfig, broken: Option<Manner>) -> io::Result<Kernel> {
        let node = Node::open()?;
        if let Some(limit_ms) = broken.and_then(Manner::limit_ms) {
            node.limit(limit_ms)?;
        }
        let mut forward = Forward::new(client);
        let machine = forward.add(&node, host)?;
        let over = eventfd(0, EventfdFlags::CLOEXEC)?;
        let shared = Shared { node, forward: Mutex::new(forward), over, fault: Mutex::default(), broken };
        let shared = Arc::new(shared);
        let inside = Arc::clone(&shared);
        let thread = thread::Builder::new().name("board".to_owned()).spawn(move || inside.run())?;
        Ok(Kernel { machine, shared, thread: Some(thread) })
    }
}

impl Behind for Kernel {
    fn board(&self, _: &Client) -> Arc<dyn Board> {
        Arc::new(self.machine.clone())
    }

    fn changed(&self) {
        self.shared.edges();
    }

    fn idle(&self, _: &Client) -> Idle {
        let waited = self.shared.forward().wait(LOOK);
        self.shared.edges();
        // The harness knows when nothing can happen any more, and then ends this process.
        if waited && self.fault().is_none() { Idle::Moved } else { Idle::Dead }
    }

    fn fault(&self) -> Option<String> {
        self.shared.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        // A counter that nobody else rings has room.
        let _ = write(&self.shared.over, &1_u64.to_ne_bytes());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
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
        // Of what makes no sense the kernel learns that nobody answers any more.
        let _ = self.node.write(&[0]);
        self.broke(&why);
    }

    fn serve(&self) -> io::Result<()> {
        loop {
            let mut both = [PollFd::new(&self.over, PollFlags::IN), PollFd::new(&self.node, PollFlags::IN)];
            match poll(&mut both, None) {
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            if !both[0].revents().is_empty() {
                return Ok(());
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

    fn edges(&self) {
        if let Err(error) = self.forward().edges(&self.node) {
            self.broke(&error.to_string());
        }
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
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.file().as_fd()
    }
}
