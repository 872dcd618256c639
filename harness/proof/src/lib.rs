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
use wasi_hw_seam::{Board, Over};
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
        Box::new(Renamed { id: self.id, host: InProcess::with(Arc::clone(compiler), (self.make)()) })
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

/// The reference host over a board of which some drivers are wrong.
fn over<B: Over + From<Arc<dyn Board>> + 'static>(
    id: &'static str,
    violates: &'static [&'static str],
) -> Defect {
    Defect::new(id, violates, || Reference { board: under::<B>, ..Reference::default() })
}

/// Puts wrong drivers before those of a board.
fn under<B: Over + From<Arc<dyn Board>> + 'static>(real: Arc<dyn Board>) -> Arc<dyn Board> {
    Arc::new(B::from(real))
}

/// A board of which some drivers are wrong: `T` says how, and `M` is what they remember of it.
struct Wrong<T, M = ()> {
    real: Arc<dyn Board>,
    memory: M,
    how: PhantomData<fn() -> T>,
}

impl<T, M: Default> From<Arc<dyn Board>> for Wrong<T, M> {
    fn from(real: Arc<dyn Board>) -> Wrong<T, M> {
        Wrong { real, memory: M::default(), how: PhantomData }
    }
}

/// The same handle once more, for a call that a function makes besides its own.
fn copy<T>(handle: &Resource<T>) -> Resource<T> {
    Resource::new_borrow(handle.rep())
}

/// The reference host under another name: what is known of the reference host is not known of it.
struct Renamed {
    id: &'static str,
    host: InProcess<Reference>,
}

impl Runtime for Renamed {
    fn about(&self) -> About {
        About { name: format!("seeded defect {}", self.id), ..self.host.about() }
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        self.host.run(job)
    }
}
