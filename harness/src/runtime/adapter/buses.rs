//! The operations of the buses: which driver answers which.

mod gpio;
mod i2c;
mod spi;
mod usb;

use super::serve::{Served, Server, no_handle};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use wasi_hw_protocol::{Awaited, Bytes, Code, Count, Op, Refused, Until};
use wasi_hw_seam::{self as seam, Refusal};

/// Something that an adapter has open.
pub(super) enum Open {
    /// A driver on an I²C bus.
    I2c(Mutex<Box<dyn seam::i2c::Bus>>),
    /// A driver of an SPI device.
    Spi(Mutex<Box<dyn seam::spi::Device>>),
    /// A GPIO line.
    Gpio(Mutex<Box<dyn seam::gpio::Line>>),
    /// An open USB device.
    Usb(Mutex<Box<dyn seam::usb::Handle>>),
    /// A USB transfer: the handle on which it runs, the driver's number of it, and how many bytes it has.
    UsbTransfer { on: u32, transfer: seam::usb::TransferId, bytes: u64 },
}

/// The most bytes of one operation, in and out: far more than a driver's own limits, and small enough that no guest
/// can fill the harness's memory with them.
const MOST_BYTES: u64 = 4 << 20;

impl Server {
    /// Answers an operation on a bus, for a guest.
    pub(super) fn bus(&self, guest: u32, op: Op) -> Served {
        match op {
            Op::I2cOpen(open) => self.handle(Open::I2c(Mutex::new(self.drivers.i2c(&open.bus)?))),
            Op::I2cTransfer(transfer) => self.i2c_transfer(&transfer),
            Op::I2cClose(handle) => self.close(handle.handle, |open| matches!(open, Open::I2c(_))),
            Op::SpiOpen(open) => self.handle(Open::Spi(Mutex::new(self.drivers.spi(&open.device)?))),
            Op::SpiConfigure(to) => self.spi_configure(&to),
            Op::SpiMessage(message) => self.spi_message(&message),
            Op::SpiFrame(frame) => self.spi_frame(&frame),
            Op::SpiClose(handle) => self.close(handle.handle, |open| matches!(open, Open::Spi(_))),
            Op::GpioRequest(open) => self.gpio_request(&open),
            Op::GpioConfigure(configure) => self.gpio_configure(&configure),
            Op::GpioGet(handle) => self.gpio_get(handle.handle),
            Op::GpioSet(set) => self.gpio_set(&set),
            Op::GpioEvent(handle) => self.gpio_event(handle.handle),
            Op::GpioRelease(handle) => self.close(handle.handle, |open| matches!(open, Open::Gpio(_))),
            op => self.usb(guest, op),
        }
    }

    /// Whether a handle is as it is waited for. Refused where nothing is open under its number, or nothing that could
    /// be so.
    pub(super) fn has_happened(&self, awaited: &Awaited) -> Result<bool, Refused> {
        match (&*self.get(awaited.handle)?, awaited.until) {
            (Open::Gpio(line), Until::Event) => Ok(self.hold(line)?.has_event()),
            (Open::Gpio(line), Until::Settled) => Ok(self.hold(line)?.has_settled()),
            // A transfer that nobody can reap any more is over.
            (Open::UsbTransfer { on, transfer, .. }, Until::Over) => {
                Ok(self.with(*on, |usb| usb.is_over(*transfer)).unwrap_or(true))
            }
            _ => Err(no_handle(awaited.handle)),
        }
    }

    /// A driver, for the length of an operation. Guests that take turns are not waited for here: one that is in the
    /// middle of an operation goes on only when the one that asks now has to wait for the board.
    fn hold<'a, T: ?Sized>(&self, driver: &'a Mutex<Box<T>>) -> Result<MutexGuard<'a, Box<T>>, Refused> {
        if self.real.is_some() {
            return Ok(driver.lock().unwrap_or_else(PoisonError::into_inner));
        }
        match driver.try_lock() {
            Ok(driver) => Ok(driver),
            Err(TryLockError::Poisoned(left)) => Ok(left.into_inner()),
            Err(TryLockError::WouldBlock) => Err(refused(Refusal::Busy, "another guest is using the handle")),
        }
    }
}

/// A buffer for each part of an operation that reads, in the place of the part. Of each part come the bytes that it
/// writes and those that it reads.
fn room<'a, P: 'a>(parts: &'a [P], bytes: fn(&'a P) -> (usize, Option<Count>)) -> Result<Room, Refused> {
    let parts = parts.iter().map(bytes);
    let moved = parts.clone().fold(0_u64, |moved, (written, read)| {
        moved.saturating_add(written as u64).saturating_add(read.map_or(0, |read| read.0))
    });
    if moved > MOST_BYTES {
        return Err(refused(Refusal::TooMuch, format!("more than {MOST_BYTES} bytes in one operation")));
    }
    Ok(parts.map(|(_, read)| read.map(|len| Bytes(vec![0; len.0 as usize]))).collect())
}

fn place(buffer: &mut Option<Bytes>) -> &mut [u8] {
    buffer.as_mut().map_or(&mut [], |bytes| &mut bytes.0)
}

type Room = Vec<Option<Bytes>>;

/// A refusal.
pub(super) fn refused(code: impl Into<Code>, why: impl Into<String>) -> Refused {
    Refused { code: code.into(), why: why.into() }
}
