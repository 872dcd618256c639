//! Which device of the machine stands under which name.

use crate::analog::{self, IioChannel, Place, PwmChannel};
use crate::failure::{Failure, Report};
use crate::{gpio, i2c, spi};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use wasi_hw_seam::{self as seam, Board, Delay, Refusal};

/// Devices of this machine, by the names that an embedder gives them. A name that was not given is
/// [`Refusal::Missing`], whatever the machine has.
#[derive(Clone, Default)]
pub struct Machine {
    i2c: BTreeMap<String, PathBuf>,
    spi: BTreeMap<String, PathBuf>,
    gpio: BTreeMap<String, Pin>,
    report: Report,
}

/// What stands under the name of a pin.
#[derive(Clone)]
enum Pin {
    Line(PathBuf, u32),
    Analog(Place),
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pin::Line(chip, offset) => write!(f, "{} line {offset}", chip.display()),
            Pin::Analog(Place::Pwm(at)) => write!(f, "{} channel {}", at.chip.display(), at.channel),
            Pin::Analog(Place::Iio(at)) => write!(f, "{} channel {}", at.device.display(), at.channel),
        }
    }
}

impl Machine {
    /// A machine of which nothing can be reached.
    pub fn new() -> Machine {
        Machine::default()
    }

    /// An I²C bus: a node of i2c-dev such as `/dev/i2c-1`.
    #[must_use]
    pub fn i2c(mut self, name: impl Into<String>, node: impl Into<PathBuf>) -> Machine {
        self.i2c.insert(name.into(), node.into());
        self
    }

    /// An SPI device: a node of spidev such as `/dev/spidev0.0`.
    #[must_use]
    pub fn spi(mut self, name: impl Into<String>, node: impl Into<PathBuf>) -> Machine {
        self.spi.insert(name.into(), node.into());
        self
    }

    /// A GPIO line: a chip such as `/dev/gpiochip0`, and the offset of a line of it.
    #[must_use]
    pub fn gpio(mut self, name: impl Into<String>, chip: impl Into<PathBuf>, offset: u32) -> Machine {
        self.gpio.insert(name.into(), Pin::Line(chip.into(), offset));
        self
    }

    /// An analog output: a channel of a PWM chip. Requesting it waits for a second at most until udev has given away the channel's
    /// files, which are root's at first.
    #[must_use]
    pub fn pwm(mut self, name: impl Into<String>, channel: PwmChannel) -> Machine {
        self.gpio.insert(name.into(), Pin::Analog(Place::Pwm(channel)));
        self
    }

    /// An analog input: a voltage of an IIO device. Reading it blocks for as long as a conversion takes.
    #[must_use]
    pub fn iio(mut self, name: impl Into<String>, channel: IioChannel) -> Machine {
        self.gpio.insert(name.into(), Pin::Analog(Place::Iio(channel)));
        self
    }

    /// Who is told what went wrong, each time that something is refused by the kernel. Called by the thread that asked.
    #[must_use]
    pub fn on_failure(mut self, tell: impl Fn(&Failure) + Send + Sync + 'static) -> Machine {
        self.report = Report::to(Arc::new(tell));
        self
    }

    /// What stands under each name, for a person to read: its kind, the name, and where it is. By kind, then by name.
    pub fn places(&self) -> Vec<(&'static str, &str, String)> {
        let i2c = self.i2c.iter().map(|(name, node)| ("i2c", name.as_str(), node.display().to_string()));
        let spi = self.spi.iter().map(|(name, node)| ("spi", name.as_str(), node.display().to_string()));
        let gpio = self.gpio.iter().map(|(name, pin)| ("gpio", name.as_str(), pin.to_string()));
        i2c.chain(spi).chain(gpio).collect()
    }

    /// Finds a GPIO line by the name that the machine's description has for it: the chip and the offset. `None` if no chip
    /// that can be opened has it. Where several have it, which one is not said.
    pub fn find_gpio(line: &str) -> Option<(PathBuf, u32)> {
        gpiocdev::find_named_line(line).map(|found| (found.chip, found.info.offset))
    }
}

fn place<'a, T>(places: &'a BTreeMap<String, T>, name: &str) -> Result<&'a T, Refusal> {
    places.get(name).ok_or(Refusal::Missing)
}

impl Board for Machine {
    fn i2c(&self, bus: &str) -> Result<Box<dyn seam::i2c::Bus>, Refusal> {
        let node: &Path = place(&self.i2c, bus)?;
        Ok(Box::new(i2c::Bus::open(node, &self.report)?))
    }

    fn spi(&self, device: &str) -> Result<Box<dyn seam::spi::Device>, Refusal> {
        let node: &Path = place(&self.spi, device)?;
        Ok(Box::new(spi::Device::open(node, &self.report)?))
    }

    fn gpio(&self, line: &str, request: &seam::gpio::Request) -> Result<Box<dyn seam::gpio::Line>, Refusal> {
        match place(&self.gpio, line)? {
            Pin::Line(chip, offset) => {
                Ok(Box::new(gpio::Line::request(chip, *offset, request, &self.report)?))
            }
            Pin::Analog(place) => analog::request(place, request, &self.report),
        }
    }

    fn usb(&self) -> Box<dyn seam::usb::Usb> {
        Box::new(NoUsb)
    }

    fn delay(&self) -> Box<dyn Delay> {
        Box::new(Sleep)
    }
}

/// `clock_nanosleep` on the monotonic clock, which sleeps at least as long as it is asked to.
struct Sleep;

impl Delay for Sleep {
    fn wait_ns(&mut self, ns: u64) {
        if ns > 0 {
            thread::sleep(Duration::from_nanos(ns));
        }
    }
}

/// USB is the affair of a crate of its own: here there are no devices.
struct NoUsb;

impl seam::usb::Usb for NoUsb {
    fn devices(&mut self) -> Result<Vec<seam::usb::Device>, Refusal> {
        Ok(Vec::new())
    }

    fn configuration(&mut self, _: seam::usb::DeviceId) -> Result<u8, Refusal> {
        Err(Refusal::Gone)
    }

    fn open(&mut self, _: seam::usb::DeviceId) -> Result<Box<dyn seam::usb::Handle>, Refusal> {
        Err(Refusal::Gone)
    }

    fn watch(&mut self) -> Result<Box<dyn seam::usb::Watch>, Refusal> {
        Err(Refusal::Unsupported)
    }
}
