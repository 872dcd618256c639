//! `wasi:i2c@0.2.0-draft`, over message lists as kernels take them.

use crate::abi::{Call, Ran, laid_out, list, trap};
use crate::config::{self, HostConfig};
use crate::handles::{Kind, resource_drop};
use crate::imports::Imports;
use crate::state::pause;
use wasi_hw_protocol::Client;
use wasi_hw_seam::i2c::{Flags, Message};
use wasi_hw_seam::{Board, Refusal};

/// The package.
pub const PACKAGE: &str = "wasi:i2c@0.2.0-draft";

const I2C: &str = "wasi:i2c/i2c@0.2.0-draft";
const DELAY: &str = "wasi:i2c/delay@0.2.0-draft";

/// The imports.
pub fn imports(all: &mut Imports) {
    all.add(I2C, "[method]i2c.transaction", "(iiiii)", transaction);
    all.add(I2C, "[method]i2c.read", "(iiIi)", read);
    all.add(I2C, "[method]i2c.write", "(iiiii)", write);
    all.add(I2C, "[method]i2c.write-read", "(iiiiIi)", write_read);
    all.add(I2C, "[resource-drop]i2c", "(i)", resource_drop::<Bus>);
    all.add(DELAY, "[method]delay.delay-ns", "(ii)", delay_ns);
    all.add(DELAY, "[resource-drop]delay", "(i)", resource_drop::<Delay>);
}

/// The most bytes of a call, where the embedder says nothing.
const MOST_BYTES: u64 = 64 << 10;

/// A guest's hold on a bus.
pub struct Bus {
    driver: Box<dyn wasi_hw_seam::i2c::Bus>,
    policy: config::Bus,
}

impl Kind for Bus {
    const NAME: &'static str = "i2c";
}

/// A guest's delay, which has no state.
pub struct Delay;

impl Kind for Delay {
    const NAME: &'static str = "delay";
}

/// A part of a transfer: so many bytes in, or these out.
enum Step {
    Read(u64),
    Write(Vec<u8>),
}

/// `error-code`, as it lies in memory: the case, and the source of a missing acknowledgement.
type ErrorCode = [u8; 2];

const OTHER: ErrorCode = [4, 0];

impl Bus {
    /// Opens the bus of a label. The error is what the guest is told.
    pub fn open(board: &Client, config: &HostConfig, label: &str) -> Result<Bus, String> {
        let policy = config.i2c.get(label).ok_or("no bus has this label")?.clone();
        let driver = board.i2c(label).map_err(|why| why.to_string())?;
        Ok(Bus { driver, policy })
    }

    /// Whether the embedder lets a guest do all of it. It is asked before anything moves.
    fn admits(&self, address: u16, steps: &[Step]) -> bool {
        let mut left = self.policy.most_bytes.unwrap_or(MOST_BYTES);
        steps.iter().all(|step| {
            let (reads, length) = match step {
                Step::Read(length) => (true, *length),
                Step::Write(bytes) => (false, bytes.len() as u64),
            };
            let fits = length <= left;
            left = left.saturating_sub(length);
            let allowed = self.policy.allow.as_ref().is_none_or(|rules| {
                rules.iter().any(|rule| rule.address == address && rule.access.admits(reads))
            });
            fits && allowed
        })
    }

    /// Does the steps as one transfer: what each read brought.
    fn transfer(&mut self, address: u16, steps: &[Step]) -> Result<Vec<Vec<u8>>, ErrorCode> {
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        if address > 0x3ff || !self.admits(address, steps) {
            return Err(OTHER);
        }
        let width = if address > 0x7f { Flags::TEN } else { Flags::NONE };
        let lengths = steps.iter().filter_map(|step| match step {
            // Admitted, and so less than the limit.
            Step::Read(length) => Some(vec![0_u8; *length as usize]),
            Step::Write(_) => None,
        });
        let mut buffers: Vec<_> = lengths.collect();
        let mut reads = buffers.iter_mut();
        let mut messages: Vec<Message<'_>> = Vec::with_capacity(steps.len());
        for step in steps {
            let is_read = matches!(step, Step::Read(_));
            // Neighbours of one direction are one message on the wire: no START between them.
            let joined = messages.last().is_some_and(|before| before.reads() == is_read);
            let flags = if joined { width | Flags::NO_START } else { width };
            match step {
                Step::Write(bytes) => messages.push(Message::write(address, flags, bytes)),
                Step::Read(_) => {
                    messages.extend(reads.next().map(|buffer| Message::read(address, flags, buffer)));
                }
            }
        }
        let done = self.driver.transfer(&mut messages);
        drop(messages);
        done.map(|()| buffers).map_err(|why| match why {
            Refusal::BusError => [0, 0],
            Refusal::ArbitrationLost => [1, 0],
            Refusal::AddressNack => [2, 0],
            Refusal::DataNack => [2, 1],
            Refusal::Overrun => [3, 0],
            _ => OTHER,
        })
    }
}

/// The error of a result whose ok is a list: 12 bytes, with the error at 4.
fn write_error(call: &mut Call<'_>, ret: u32, error: ErrorCode) -> Ran {
    call.write(ret, &laid_out(12, &[(0, &[1]), (4, &error)]))
}

fn transaction(call: &mut Call<'_>) -> Ran {
    let (this, address) = (call.u32()?, call.u16()?);
    let (at, count) = (call.u32()?, call.u32()?);
    let ret = call.ret(12, 4)?;
    call.borrow::<Bus>(this)?;
    let Some(operations) = call.operations(at, count)? else {
        return write_error(call, ret, OTHER);
    };
    let mut steps = Vec::new();
    for operation in operations {
        steps.push(match operation.case {
            0 => Step::Read(operation.number()),
            1 => Step::Write(operation.bytes(call)?),
            other => return trap(format!("operation has no case {other}")),
        });
    }
    match call.borrow::<Bus>(this)?.transfer(address, &steps) {
        Err(error) => write_error(call, ret, error),
        Ok(reads) => {
            // The outer list first, then what its elements point to.
            let outer = call.give(&vec![0; 8 * reads.len()], reads.len(), 4)?;
            for (place, bytes) in (outer[0]..).step_by(8).zip(&reads) {
                let inner = call.give(bytes, bytes.len(), 1)?;
                call.write(place, &list(inner))?;
            }
            call.write(ret, &laid_out(12, &[(4, &list(outer))]))
        }
    }
}

fn read(call: &mut Call<'_>) -> Ran {
    let (this, address, len) = (call.u32()?, call.u16()?, call.u64()?);
    last_read(call, this, address, &[Step::Read(len)])
}

fn write_read(call: &mut Call<'_>) -> Ran {
    let (this, address, bytes, len) = (call.u32()?, call.u16()?, call.bytes()?, call.u64()?);
    last_read(call, this, address, &[Step::Write(bytes), Step::Read(len)])
}

/// Whose last step reads.
fn last_read(call: &mut Call<'_>, this: u32, address: u16, steps: &[Step]) -> Ran {
    let ret = call.ret(12, 4)?;
    match call.borrow::<Bus>(this)?.transfer(address, steps) {
        Err(error) => write_error(call, ret, error),
        Ok(reads) => call.write_bytes(ret, &reads.concat()),
    }
}

/// `result<_, error-code>`: nothing in it is wider than a byte, so the error begins at 1.
fn write(call: &mut Call<'_>) -> Ran {
    let (this, address, bytes) = (call.u32()?, call.u16()?, call.bytes()?);
    let ret = call.ret(3, 1)?;
    match call.borrow::<Bus>(this)?.transfer(address, &[Step::Write(bytes)]) {
        Ok(_) => call.write(ret, &[0]),
        Err([case, source]) => call.write(ret, &[1, case, source]),
    }
}

fn delay_ns(call: &mut Call<'_>) -> Ran {
    let (this, ns) = (call.u32()?, call.u32()?);
    call.borrow::<Delay>(this)?;
    pause(call, ns.into())
}
