//! What the board hands out: the drivers of [`wasi_hw_seam`].

use crate::usb::Usb;
use crate::{Board, gpio, i2c, spi};
use wasi_hw_seam::{self as seam, Refusal};

impl seam::Board for Board {
    fn i2c(&self, bus: &str) -> Result<Box<dyn seam::i2c::Bus>, Refusal> {
        Ok(Box::new(i2c::Bus::attach(self, bus)?))
    }

    fn spi(&self, device: &str) -> Result<Box<dyn seam::spi::Device>, Refusal> {
        Ok(Box::new(spi::Device::attach(self, device)?))
    }

    /// As `GPIO_V2_GET_LINE_IOCTL` does on Linux.
    fn gpio(&self, line: &str, request: &seam::gpio::Request) -> Result<Box<dyn seam::gpio::Line>, Refusal> {
        Ok(Box::new(gpio::Line::request(self, line, request)?))
    }

    fn usb(&self) -> Box<dyn seam::usb::Usb> {
        Box::new(Usb { board: self.clone() })
    }

    fn delay(&self) -> Box<dyn seam::Delay> {
        Box::new(self.clone())
    }
}

/// A delay takes no time but the board's.
impl seam::Delay for Board {
    fn wait_ns(&mut self, ns: u64) {
        self.wait(ns);
    }
}
