//! Boards with wrong drivers: what stands between the reference host and the real ones.

use std::marker::PhantomData;
use std::sync::Arc;
use wasi_hw_seam::{Board, Delay, Refusal, gpio, i2c, spi, usb};

/// The wrong drivers of a board. What they do not hand out the real board does.
pub(crate) trait Drivers: 'static {
    /// What they remember, of one board as one guest has it.
    type Memory: Default + Send + Sync;

    fn i2c(_: &Self::Memory, real: &dyn Board, bus: &str) -> Result<Box<dyn i2c::Bus>, Refusal> {
        real.i2c(bus)
    }

    fn spi(_: &Self::Memory, real: &dyn Board, device: &str) -> Result<Box<dyn spi::Device>, Refusal> {
        real.spi(device)
    }

    fn gpio(
        _: &Self::Memory,
        real: &dyn Board,
        line: &str,
        request: &gpio::Request,
    ) -> Result<Box<dyn gpio::Line>, Refusal> {
        real.gpio(line, request)
    }

    fn usb(_: &Self::Memory, real: &dyn Board) -> Box<dyn usb::Usb> {
        real.usb()
    }

    fn delay(_: &Self::Memory, real: &dyn Board) -> Box<dyn Delay> {
        real.delay()
    }
}

/// Puts wrong drivers before those of a board.
pub(crate) fn under<D: Drivers>(real: Arc<dyn Board>) -> Arc<dyn Board> {
    Arc::new(Decorated::<D> { real, memory: D::Memory::default(), drivers: PhantomData })
}

struct Decorated<D: Drivers> {
    real: Arc<dyn Board>,
    memory: D::Memory,
    drivers: PhantomData<fn() -> D>,
}

impl<D: Drivers> Board for Decorated<D> {
    fn i2c(&self, bus: &str) -> Result<Box<dyn i2c::Bus>, Refusal> {
        D::i2c(&self.memory, &*self.real, bus)
    }

    fn spi(&self, device: &str) -> Result<Box<dyn spi::Device>, Refusal> {
        D::spi(&self.memory, &*self.real, device)
    }

    fn gpio(&self, line: &str, request: &gpio::Request) -> Result<Box<dyn gpio::Line>, Refusal> {
        D::gpio(&self.memory, &*self.real, line, request)
    }

    fn usb(&self) -> Box<dyn usb::Usb> {
        D::usb(&self.memory, &*self.real)
    }

    fn delay(&self) -> Box<dyn Delay> {
        D::delay(&self.memory, &*self.real)
    }
}
