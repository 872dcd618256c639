//! The board behind the kernel: what the kernel asks of it, the harness's board does.

mod broken;
mod device;
mod forward;
mod gpio;
mod i2c;
mod kernel;
mod message;
mod spi;

pub(crate) use broken::Manner;
pub(crate) use kernel::{Kernel, TICK, Tick};

use kernel::Shared;
use std::sync::{Arc, Mutex, PoisonError};
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
    /// How the board of the next case breaks.
    broken: Mutex<Option<Manner>>,
}

impl Boards {
    /// Over the socket of the harness.
    pub(crate) fn new(harness: Harness<serde_json::Value>, broken: Option<Manner>) -> Boards {
        Boards { harness: Arc::new(harness), broken: Mutex::new(broken) }
    }
}

impl Devices for Boards {
    fn about(&self, reference: About) -> About {
        let lack = |capability: &str, number| Bound { capability: capability.to_owned(), number };
        About {
            name: "linux".to_owned(),
            packages: reference.packages.into_iter().filter(|package| !package.contains(":usb@")).collect(),
            seams: ["i2c", "spi", "gpio"].map(|name| (name.to_owned(), "linux".to_owned())).into(),
            lacks: vec![
                // `bufsiz` of spidev; i2c-dev has 8192 a message.
                lack("call-bytes", Some(4096)),
                // What the kernel asks for is asked by one guest; another one's turn on the board could not be told.
                lack("instances", None),
                // The module makes chips of lines, and no PWM or IIO, by which `wasi-hw-linux` has analog pins.
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
        let client = Client::new(Arc::clone(&self.harness), 0);
        let made = Kernel::new(Arc::new(client.clone()), host, broken, None);
        let kernel = made.map_err(|error| format!("the board in the kernel cannot be made: {error}"))?;
        Ok(Box::new(Case { kernel, client }))
    }
}

/// The board of a case, and the conversation over which it is asked.
struct Case {
    kernel: Kernel,
    client: Client,
}

impl Behind for Case {
    fn board(&self, guest: &Client) -> Arc<dyn Board> {
        Arc::new(Machinery {
            machine: self.kernel.machine.clone(),
            clock: guest.clone(),
            shared: Arc::clone(&self.kernel.shared),
        })
    }

    fn changed(&self) {
        let _ = self.kernel.shared.edges();
    }

    fn idle(&self, _: &Client) -> Idle {
        // Whoever waits does so for lines of the kernel; of the board's lines those are awaited that the kernel watches.
        let mut waited = self.kernel.shared.edges();
        if !waited {
            waited = self.client.idle().is_ok();
            self.kernel.shared.edges();
        }
        if waited && self.kernel.shared.fault().is_none() { Idle::Moved } else { Idle::Dead }
    }

    fn fault(&self) -> Option<String> {
        self.kernel.fault()
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
