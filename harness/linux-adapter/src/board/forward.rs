//! Which driver of the harness's board answers for which object of the kernel's.

use super::device::Node;
use super::gpio::Chip;
use super::message::{Request, edge, errno, kind, reply};
use super::{gpio, i2c, spi};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_linux::Machine;
use wasi_hw_seam::{self as seam, Board, Refusal};

/// How many chips there were.
static CHIPS: AtomicU32 = AtomicU32::new(0);

/// The drivers behind the kernel's objects.
pub(crate) struct Forward {
    board: Arc<dyn Board>,
    objects: Vec<Object>,
}

enum Object {
    I2c(Box<dyn seam::i2c::Bus>),
    Spi(spi::Device),
    Gpio(Chip),
}

/// What came of a request: a value, and the bytes of what reads.
pub(crate) type Answer = Result<(u32, Vec<u8>), Refusal>;

impl Forward {
    pub(crate) fn new(board: Arc<dyn Board>) -> Forward {
        Forward { board, objects: Vec::new() }
    }

    /// Adds what the embedder has configured, if the board has it; the machine knows the rest to be missing.
    pub(crate) fn add(&mut self, node: &Node, host: &HostConfig) -> io::Result<Machine> {
        // Beside the case's record, for who asks why.
        let mut machine =
            Machine::new().on_failure(|failure| wasi_hw_harness::say::note(format_args!("{failure}")));
        for label in host.i2c.keys() {
            if let Ok(bus) = self.board.i2c(label) {
                let number = node.add(&mut i2c::adapter(label))?;
                machine = machine.i2c(label, format!("/dev/i2c-{number}"));
                self.objects.push(Object::I2c(bus));
            }
        }
        for name in host.spi.keys() {
            if let Ok(device) = self.board.spi(name) {
                let number = node.add(&mut spi::controller())?;
                machine = machine.spi(name, format!("/dev/spidev{number}.0"));
                self.objects.push(Object::Spi(spi::Device::new(device)));
            }
        }
        if !host.gpio.is_empty() {
            let line = |(label, pin): (&String, &wasi_hw_harness::suite::fixture::GpioPinHost)| {
                pin.line.clone().unwrap_or_else(|| label.clone())
            };
            let mut lines: Vec<String> = host.gpio.iter().map(line).collect();
            lines.sort();
            lines.dedup();
            // The chip of the case before may not be gone yet.
            let label = format!("board-{}", CHIPS.fetch_add(1, Ordering::Relaxed));
            node.add(&mut gpio::description(&label, &lines)?)?;
            let chip = gpio::find(&label)?;
            for (n, line) in (0..).zip(&lines) {
                machine = machine.gpio(line, &chip, n);
            }
            self.objects.push(Object::Gpio(Chip::new(lines)));
        }
        Ok(machine)
    }

    /// The reply to a request.
    pub(crate) fn answer(&mut self, request: &Request) -> Vec<u8> {
        let answer = match (self.objects.get_mut(request.object), request.kind) {
            (Some(Object::I2c(bus)), kind::I2C_TRANSFER) => i2c::transfer(&mut **bus, request),
            (Some(Object::Spi(device)), kind::SPI_MESSAGE) => device.message(request),
            (Some(Object::Gpio(chip)), _) => chip.answer(&*self.board, request),
            _ => Err(Refusal::Other),
        };
        reply(request.id, answer.map_err(errno))
    }

    /// Tells the kernel of the edges that the board has had since. Whether there were any.
    pub(crate) fn edges(&mut self, node: &Node) -> io::Result<bool> {
        let mut any = false;
        for (number, object) in (0..).zip(&mut self.objects) {
            let Object::Gpio(chip) = object else { continue };
            for (line, level) in chip.edges() {
                node.write(&edge(number, line, level))?;
                any = true;
            }
        }
        Ok(any)
    }

    /// Leaves everything as the host has left it: what is open at the end the harness closes, and says so.
    pub(crate) fn leave(&mut self) {
        self.objects.drain(..).for_each(std::mem::forget);
    }
}
