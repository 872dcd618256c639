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
use wasi_hw_seam::{self as seam, Board, Delay, Refusal};

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
                // What the kernel asks for is asked by one guest; another one's turn on the board could not be told.
                lack("instances", None),
                // There is neither PWM nor IIO in `wasi-hw-linux`.
                lack("analog", None),
            ],
            // Nobody but the board knows what time it is: a delay is the board's, and an edge is in the kernel's queue before
            // whatever made it happen returns.
            clock: Clock::Board,
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
    fn board(&self, guest: &Client) -> Arc<dyn Board> {
        Arc::new(Machinery {
            machine: self.machine.clone(),
            clock: guest.clone(),
            shared: Arc::clone(&self.shared),
        })
    }

    fn changed(&self) {
        let _ = self.shared.edges();
    }

    fn idle(&self, _: &Client) -> Idle {
        // Whoever waits does so for lines of the kernel; of the board's lines those are awaited that the kernel watches.
        let mut waited = self.shared.edges();
        if !waited {
            waited = self.shared.forward().idle();
            self.shared.edges();
        }
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

    /// Tells the kernel of the edges that the board has had since. Whether there were any.
    fn edges(&self) -> bool {
        let told = self.forward().edges(&self.node);
        told.unwrap_or_else(|error| {
            self.broke(&error.to_string());
            false
        })
    }

    fn broke(&self, why: &str) {
        let why = format!("the board in the kernel: {why}");
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
    }

    fn forward(&self) -> MutexGuard<'_, Forward> {
        self.forward.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The machine, with a clock that is the board's.
struct Machinery {
    machine: Machine,
    clock: Client,
    shared: Arc<Shared>,
}

impl Board for Machinery {
    fn i2c(&self, bus: &str) -> Result<Box<dyn seam::i2c::Bus>, Refusal> {
        Board::i2c(&self.machine, bus)
    }

    fn spi(&self, device: &str) -> Result<Box<dyn seam::spi::Device>, Refusal> {
        Board::spi(&self.machine, device)
    }

    fn gpio(&self, line: &str, request: &seam::gpio::Request) -> Result<Box<dyn seam::gpio::Line>, Refusal> {
        Board::gpio(&self.machine, line, request)
    }

    fn usb(&self) -> Box<dyn seam::usb::Usb> {
        self.machine.usb()
    }

    fn delay(&self) -> Box<dyn Delay> {
        Box::new(Waits { clock: self.clock.clone(), shared: Arc::clone(&self.shared) })
    }
}

struct Waits {
    clock: Client,
    shared: Arc<Shared>,
}

impl Delay for Waits {
    fn wait_ns(&mut self, ns: u64) {
        self.clock.delay().wait_ns(ns);
        self.shared.edges();
    }
}

impl AsFd for Node {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.file().as_fd()
    }
}
