//! A board before another.

use crate::{Board, Delay, Refusal, gpio, i2c, spi, usb};

/// A board that stands before another, such as one that counts, delays or is wrong: it says what it does otherwise, and
/// hands out the drivers of the other for the rest. With that it is a [`Board`].
pub trait Over: Send + Sync {
    /// The other board.
    fn below(&self) -> &dyn Board;

    /// As [`Board::i2c`].
    fn i2c(&self, bus: &str) -> Result<Box<dyn i2c::Bus>, Refusal> {
        self.below().i2c(bus)
    }

    /// As [`Board::spi`].
    fn spi(&self, device: &str) -> Result<Box<dyn spi::Device>, Refusal> {
        self.below().spi(device)
    }

    /// As [`Board::gpio`].
    fn gpio(&self, line: &str, request: &gpio::Request) -> Result<Box<dyn gpio::Line>, Refusal> {
        self.below().gpio(line, request)
    }

    /// As [`Board::usb`].
    fn usb(&self) -> Box<dyn usb::Usb> {
        self.below().usb()
    }

    /// As [`Board::delay`].
    fn delay(&self) -> Box<dyn Delay> {
        self.below().delay()
    }
}

impl<B: Over> Board for B {
    fn i2c(&self, bus: &str) -> Result<Box<dyn i2c::Bus>, Refusal> {
        Over::i2c(self, bus)
    }

    fn spi(&self, device: &str) -> Result<Box<dyn spi::Device>, Refusal> {
        Over::spi(self, device)
    }

    fn gpio(&self, line: &str, request: &gpio::Request) -> Result<Box<dyn gpio::Line>, Refusal> {
        Over::gpio(self, line, request)
    }

    fn usb(&self) -> Box<dyn usb::Usb> {
        Over::usb(self)
    }

    fn delay(&self) -> Box<dyn Delay> {
        Over::delay(self)
    }
}
