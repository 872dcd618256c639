//! What the board hands out: the drivers of [`wasi_hw_seam`].

use crate::{Board, i2c, spi};
use wasi_hw_seam::Refusal;

impl Board {
    /// Drives the I²C bus of this name; an error where the fixture has none, or its adapter is
    /// gone or taken.
    pub fn i2c(&self, bus: &str) -> Result<Box<dyn wasi_hw_seam::i2c::Bus>, Refusal> {
        Ok(Box::new(i2c::Bus::attach(self, bus)?))
    }

    /// Drives the SPI device of this name; an error where the fixture has none, or it is taken.
    pub fn spi(&self, device: &str) -> Result<Box<dyn wasi_hw_seam::spi::Device>, Refusal> {
        Ok(Box::new(spi::Device::attach(self, device)?))
    }
}
