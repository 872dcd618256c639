//! What a guest has of a bus: what it may do there, and the two pins, which all handles of the bus share.

use crate::controller::{Failure, Lines, Operation, transaction};
use crate::exports::wasi::i2c::delay::GuestDelay;
use crate::exports::wasi::i2c::i2c::Operation as Asked;
use crate::exports::wasi::i2c::i2c::{Address, ErrorCode, GuestI2c, NoAcknowledgeSource};
use crate::wasi::gpio::delay as pauses;
use crate::wasi::gpio::digital::{DigitalInOutPin, PinState};
use crate::wasi::gpio::general::GpioError;
use crate::wasi_hw::conformance::board_gpio::open_digital_in_out;
use crate::wasi_hw::i2c_over_gpio::buses::{Access, Rule, find};
use core::cell::RefCell;
use wasi_hw_guest::alloc::format;
use wasi_hw_guest::alloc::rc::{Rc, Weak};
use wasi_hw_guest::alloc::string::String;
use wasi_hw_guest::alloc::vec::Vec;
use wasi_hw_guest::alloc::{borrow::ToOwned, vec};

/// How many bytes one call may move, unless the embedder allows fewer. A byte takes 90 µs, so this takes 0.1 s, and some 65 000 calls of
/// the pins. The length of a read comes from a guest, and is allocated.
const MOST_BYTES: u32 = 1024;

/// A handle of a bus.
pub struct Bus {
    pins: Rc<RefCell<Pins>>,
    allow: Option<Vec<Rule>>,
    most_bytes: u64,
}

/// The pins of a bus; they are given back with its last handle.
struct Pins {
    scl: DigitalInOutPin,
    sda: DigitalInOutPin,
}

/// The buses with a handle, by the labels of their pins. A pin can be had once, and a bus as often as a guest likes.
struct Open(RefCell<Vec<(String, Weak<RefCell<Pins>>)>>);

// SAFETY: a component has one thread.
unsafe impl Sync for Open {}

static OPEN: Open = Open(RefCell::new(Vec::new()));

impl Bus {
    /// The bus of a label. The error says what is missing.
    pub fn open(label: &str) -> Result<Bus, String> {
        let bus = find(label).ok_or_else(|| format!("no bus `{label}`"))?;
        let most_bytes = bus.most_bytes.map_or(MOST_BYTES, |most| most.min(MOST_BYTES)).into();
        let pins = || {
            let mut open = OPEN.0.borrow_mut();
            open.retain(|(_, pins)| pins.strong_count() > 0);
            if let Some(pins) =
                open.iter().find(|(name, _)| name == label).and_then(|(_, pins)| pins.upgrade())
            {
                return Ok(pins);
            }
            let pin = |pin: &str| {
                open_digital_in_out(pin).map_err(|why| format!("the bus `{label}`: the pin `{pin}`: {why:?}"))
            };
            let mut pins = Pins { scl: pin(&bus.scl)?, sda: pin(&bus.sda)? };
            // Whatever a pin drives when it is new.
            let free = pins.scl(false).and(pins.sda(false));
            free.map_err(|why| format!("the bus `{label}`: {why:?}"))?;
            let pins = Rc::new(RefCell::new(pins));
            open.push((label.to_owned(), Rc::downgrade(&pins)));
            Ok::<_, String>(pins)
        };
        Ok(Bus { pins: pins()?, allow: bus.allow, most_bytes })
    }

    /// Whether the embedder allows all of it, or some controller could do it.
    fn admits(&self, address: Address, operations: &[Asked]) -> bool {
        let allows = |reads| {
            let allows = |rule: &Rule| match rule.access {
                _ if rule.address != address => false,
                Access::Read => reads,
                Access::Write => !reads,
                Access::ReadWrite => true,
            };
            self.allow.as_ref().is_none_or(|rules| rules.iter().any(allows))
        };
        let mut bytes = 0_u64;
        operations.iter().all(|operation| {
            let (reads, len) = match operation {
                Asked::Read(len) => (true, *len),
                Asked::Write(data) => (false, data.len() as u64),
            };
            bytes = bytes.saturating_add(len);
            allows(reads) && bytes <= self.most_bytes
        })
    }

    /// Does one call; the result has a list for each read.
    fn run(&self, address: Address, asked: &[Asked]) -> Result<Vec<Vec<u8>>, ErrorCode> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        // There is no 10-bit addressing, and nobody's address is cut down.
        let seven_bits = u8::try_from(address).ok().filter(|address| *address <= 0x7f);
        let address = seven_bits.filter(|_| self.admits(address, asked)).ok_or(ErrorCode::Other)?;
        // No read is longer than what is admitted.
        let buffer = |operation: &Asked| match operation {
            Asked::Read(len) => Some(vec![0; *len as usize]),
            Asked::Write(_) => None,
        };
        let mut buffers: Vec<Vec<u8>> = asked.iter().filter_map(buffer).collect();
        let mut reads = buffers.iter_mut();
        let mut operations = Vec::with_capacity(asked.len());
        for operation in asked {
            match operation {
                Asked::Read(_) => operations.extend(reads.next().map(|buffer| Operation::Read(buffer))),
                Asked::Write(data) => operations.push(Operation::Write(data)),
            }
        }
        transaction(&mut *self.pins.borrow_mut(), address, &mut operations).map_err(error_code)?;
        Ok(buffers)
    }
}

fn error_code<E>(failure: Failure<E>) -> ErrorCode {
    match failure {
        Failure::Misplaced => ErrorCode::Bus,
        Failure::Lost => ErrorCode::ArbitrationLoss,
        Failure::NoAddress => ErrorCode::NoAcknowledge(NoAcknowledgeSource::Address),
        Failure::NoData => ErrorCode::NoAcknowledge(NoAcknowledgeSource::Data),
        // Nothing is ever received here faster than it is fetched: `overrun` has no cause of ours, and `gpio-error` no such case.
        Failure::Held | Failure::Nothing | Failure::Line(_) => ErrorCode::Other,
    }
}

/// The list of a call that has one read.
fn only(mut reads: Vec<Vec<u8>>) -> Vec<u8> {
    reads.pop().unwrap_or_default()
}

impl GuestI2c for Bus {
    fn transaction(&self, address: Address, operations: Vec<Asked>) -> Result<Vec<Vec<u8>>, ErrorCode> {
        self.run(address, &operations)
    }

    fn read(&self, address: Address, len: u64) -> Result<Vec<u8>, ErrorCode> {
        self.run(address, &[Asked::Read(len)]).map(only)
    }

    fn write(&self, address: Address, data: Vec<u8>) -> Result<(), ErrorCode> {
        self.run(address, &[Asked::Write(data)]).map(drop)
    }

    fn write_read(&self, address: Address, write: Vec<u8>, read_len: u64) -> Result<Vec<u8>, ErrorCode> {
        self.run(address, &[Asked::Write(write), Asked::Read(read_len)]).map(only)
    }
}

/// The pins are active high, and open drains: active is let go of.
fn state(low: bool) -> PinState {
    if low { PinState::Inactive } else { PinState::Active }
}

impl Lines for Pins {
    type Error = GpioError;

    fn scl(&mut self, low: bool) -> Result<(), GpioError> {
        self.scl.set_state(state(low))
    }

    fn sda(&mut self, low: bool) -> Result<(), GpioError> {
        self.sda.set_state(state(low))
    }

    fn scl_is_low(&mut self) -> Result<bool, GpioError> {
        self.scl.is_inactive()
    }

    fn sda_is_low(&mut self) -> Result<bool, GpioError> {
        self.sda.is_inactive()
    }

    fn pause(&mut self, ns: u32) {
        pauses::delay_ns(ns);
    }
}

/// A pause, which is one of the pins' package.
pub struct Delay;

impl GuestDelay for Delay {
    fn delay_ns(&self, ns: u32) {
        pauses::delay_ns(ns);
    }
}
