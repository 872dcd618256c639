//! The suite proves itself: wrong hosts, each with one fault, and which cases notice.
//!
//! A seeded defect is the reference host with one part exchanged: a driver that decorates the board's, doing
//! only what a host at that seam could ask for, or a function of the interface that does something
//! else. Nothing of this is reachable from a run of the suite.

mod functions;
mod gpio;
mod i2c;
mod matrix;
mod spi;
mod usb;

pub use matrix::{Killed, Matrix, matrix, run_one};
pub use usb::sequences as usb_sequences;

use std::marker::PhantomData;
use std::sync::Arc;
use wasi_hw_harness::runtime::engine::{Compiler, InProcess};
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::runtime::{About, Ending, Job, Runtime};
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_seam::{Board, Delay, Refusal};
use wasmtime::component::Resource;

/// A wrong host.
pub struct Defect {
    /// Its name: proposal, and what it does wrong.
    pub id: &'static str,
    /// The requirements that it breaks.
    pub violates: &'static [&'static str],
    /// The host.
    make: Box<dyn Fn() -> Reference>,
}

impl Defect {
    fn new(
        id: &'static str,
        violates: &'static [&'static str],
        make: impl Fn() -> Reference + 'static,
    ) -> Defect {
        Defect { id, violates, make: Box::new(make) }
    }

    /// The proposal whose host is wrong.
    pub fn proposal(&self) -> &'static str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// Starts the host.
    pub fn start(&self, compiler: &Arc<Compiler>) -> Box<dyn Runtime> {
        Box::new(Wrong { id: self.id, host: InProcess::with(Arc::clone(compiler), (self.make)()) })
    }
}

/// Every seeded defect.
pub fn catalogue() -> Vec<Defect> {
    [i2c::defects(), spi::defects(), gpio::defects(), usb::defects()].into_iter().flatten().collect()
}

/// Hosts that answer everything alike, whatever is asked: no scored case may take one for a host.
pub fn liars() -> Vec<Defect> {
    [i2c::liars(), spi::liars(), gpio::liars(), usb::liars()].into_iter().flatten().collect()
}

/// A host that is configured otherwise than its embedder asks.
fn config(id: &'static str, violates: &'static [&'static str], change: fn(&mut HostConfig)) -> Defect {
    Defect::new(id, violates, move || Reference { config: change, ..Reference::default() })
}

/// The reference host over the drivers of a board, of which some are wrong.
fn over<D: Drivers>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference { board: under::<D>, ..Reference::default() })
}

/// The wrong drivers of a board. What they do not hand out the real board does.
trait Drivers: 'static {
    /// What they remember, of one board as one guest has it.
    type Memory: Default + Send + Sync;

    fn i2c(
        _: &Self::Memory,
        real: &dyn Board,
        bus: &str,
    ) -> Result<Box<dyn wasi_hw_seam::i2c::Bus>, Refusal> {
        real.i2c(bus)
    }

    fn spi(
        _: &Self::Memory,
        real: &dyn Board,
        device: &str,
    ) -> Result<Box<dyn wasi_hw_seam::spi::Device>, Refusal> {
        real.spi(device)
    }

    fn gpio(
        _: &Self::Memory,
        real: &dyn Board,
        line: &str,
        request: &wasi_hw_seam::gpio::Request,
    ) -> Result<Box<dyn wasi_hw_seam::gpio::Line>, Refusal> {
        real.gpio(line, request)
    }

    fn usb(_: &Self::Memory, real: &dyn Board) -> Box<dyn wasi_hw_seam::usb::Usb> {
        real.usb()
    }

    fn delay(_: &Self::Memory, real: &dyn Board) -> Box<dyn Delay> {
        real.delay()
    }
}

/// Puts wrong drivers before those of a board.
fn under<D: Drivers>(real: Arc<dyn Board>) -> Arc<dyn Board> {
    Arc::new(Decorated::<D> { real, memory: D::Memory::default(), drivers: PhantomData })
}

struct Decorated<D: Drivers> {
    real: Arc<dyn Board>,
    memory: D::Memory,
    drivers: PhantomData<fn() -> D>,
}

impl<D: Drivers> Board for Decorated<D> {
    fn i2c(&self, bus: &str) -> Result<Box<dyn wasi_hw_seam::i2c::Bus>, Refusal> {
        D::i2c(&self.memory, &*self.real, bus)
    }

    fn spi(&self, device: &str) -> Result<Box<dyn wasi_hw_seam::spi::Device>, Refusal> {
        D::spi(&self.memory, &*self.real, device)
    }

    fn gpio(
        &self,
        line: &str,
        request: &wasi_hw_seam::gpio::Request,
    ) -> Result<Box<dyn wasi_hw_seam::gpio::Line>, Refusal> {
        D::gpio(&self.memory, &*self.real, line, request)
    }

    fn usb(&self) -> Box<dyn wasi_hw_seam::usb::Usb> {
        D::usb(&self.memory, &*self.real)
    }

    fn delay(&self) -> Box<dyn Delay> {
        D::delay(&self.memory, &*self.real)
    }
}

/// The same handle once more, for a call that a function makes besides its own.
fn copy<T>(handle: &Resource<T>) -> Resource<T> {
    Resource::new_borrow(handle.rep())
}

/// The reference host under another name: what is known of the reference host is not known of it.
struct Wrong {
    id: &'static str,
    host: InProcess<Reference>,
}

impl Runtime for Wrong {
    fn about(&self) -> About {
        About { name: format!("seeded defect {}", self.id), ..self.host.about() }
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        self.host.run(job)
    }
}
