//! What stands under a host of a WASI hardware interface: the operations that a driver offers.
//!
//! A host implementation consumes these traits; a mock board, an operating system, or a process at the other end of
//! a pipe implements them. For each proposal there is one trait, at the level of a kernel's user-space interface:
//!
//! | proposal | trait | like |
//! |---|---|---|
//! | `wasi:i2c` | [`i2c::Bus`] | `I2C_RDWR` of Linux's i2c-dev, `i2c_transfer` of Zephyr |
//! | `wasi:spi` | [`spi::Device`] | `SPI_IOC_MESSAGE` of Linux's spidev |
//! | `wasi:gpio` | [`gpio::Line`] | line requests of the GPIO character device, version 2 |
//! | `wasi:usb` | [`usb::Usb`], [`usb::Handle`] | usbfs and libusb |
//!
//! and [`Board`] hands them out by name. What fails is one [`Refusal`], named as the kernel or the standard
//! names it. What a refusal becomes in an interface is decided by the host: that is under test.
//!
//! The crate knows no WebAssembly, no mock and no wire format. With the feature `serde` its values can be written
//! into messages; with `embedded-hal` what a board hands out has the traits of that crate, too.

mod delay;
pub mod gpio;
pub mod i2c;
mod refusal;
pub mod spi;
pub mod usb;

pub use delay::Delay;
#[cfg(feature = "embedded-hal")]
pub use embedded_hal;
pub use refusal::Refusal;

/// The devices of a machine, by the names that whoever set the machine up gave them.
pub trait Board: Send + Sync {
    /// Attaches a driver to an I²C bus; dropping it detaches the driver.
    ///
    /// Refusals: [`Missing`](Refusal::Missing), [`Busy`](Refusal::Busy) where the adapter takes no more drivers,
    /// [`Gone`](Refusal::Gone), [`Denied`](Refusal::Denied).
    fn i2c(&self, bus: &str) -> Result<Box<dyn i2c::Bus>, Refusal>;

    /// Attaches a driver to an SPI device; dropping it detaches the driver.
    ///
    /// Refusals: as of [`Board::i2c`].
    fn spi(&self, device: &str) -> Result<Box<dyn spi::Device>, Refusal>;

    /// Requests a GPIO line; dropping it gives the line back.
    ///
    /// Refusals: [`Missing`](Refusal::Missing), [`Busy`](Refusal::Busy) where another request holds it,
    /// [`Unsupported`](Refusal::Unsupported) for what the hardware cannot do, [`Invalid`](Refusal::Invalid) for a
    /// request that contradicts itself, [`Gone`](Refusal::Gone), [`Denied`](Refusal::Denied), [`Io`](Refusal::Io),
    /// [`Timeout`](Refusal::Timeout).
    fn gpio(&self, line: &str, request: &gpio::Request) -> Result<Box<dyn gpio::Line>, Refusal>;

    /// The USB devices of the machine. Nothing is opened by it.
    fn usb(&self) -> Box<dyn usb::Usb>;

    /// A delay on the machine's clock.
    fn delay(&self) -> Box<dyn Delay>;
}

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
