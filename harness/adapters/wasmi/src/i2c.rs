//! `wasi:i2c@0.2.0-draft`, over message lists as kernels take them.

use crate::abi::{Call, Ran, laid_out, list, number, trap};
use crate::board::{Resource, pause};
use crate::config::{self, HostConfig};
use crate::imports::Import;
use wasi_hw_protocol::Client;
use wasi_hw_seam::i2c::{Flags, Message};
use wasi_hw_seam::{Board, Refusal};

/// The package.
pub const PACKAGE: &str = "wasi:i2c@0.2.0-draft";

const I2C: &str = "wasi:i2c/i2c@0.2.0-draft";
const DELAY: &str = "wasi:i2c/delay@0.2.0-draft";

/// The imports.
pub const IMPORTS: &[Import] = &[
    Import { module: I2C, name: "[method]i2c.transaction", signature: "(iiiii)", call: transaction },
    Import { module: I2C, name: "[method]i2c.read", signature: "(iiIi)", call: read },
    Import { module: I2C, name: "[method]i2c.write", signature: "(iiiii)", call: write },
    Import { module: I2C, name: "[method]i2c.write-read", signature: "(iiiiIi)", call: write_read },
    Import { module: I2C, name: "[resource-drop]i2c", signature: "(i)", call: drop_bus },
    Import { module: DELAY, name: "[method]delay.delay-ns", signature: "(ii)", call: delay_ns },
    Import { module: DELAY, name: "[resource-drop]delay", signature: "(i)", call: drop_delay },
];

/// The most bytes of a call and operations of a transaction, where the embedder says nothing.
const MOST_BYTES: u64 = 64 << 10;
const MOST_OPERATIONS: u32 = 1 << 12;

/// A guest's hold on a bus.
pub struct Bus {
    driver: Box<dyn wasi_hw_seam::i2c::Bus>,
    policy: config::Bus,
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

fn bus<'c>(call: &'c mut Call<'_>, handle: u32) -> Ran<&'c mut Bus> {
    match call.state().get(handle) {
        Some(Resource::Bus(bus)) => Ok(bus),
        _ => trap(format!("the handle {handle} is no i2c")),
    }
}

/// The error of a result whose ok is a list: 12 bytes, with the error at 4.
fn write_error(call: &mut Call<'_>, ret: u32, error: ErrorCode) -> Ran {
    call.write(ret, &laid_out(12, &[(0, &[1]), (4, &error)]))
}

/// `operation`: 16 bytes, aligned to 8; the case at 0, the length or the list at 8.
fn transaction(call: &mut Call<'_>) -> Ran {
    let (this, address) = (call.u32()?, call.u16()?);
    let (at, count) = (call.u32()?, call.u32()?);
    let ret = call.ret(12, 4)?;
    bus(call, this)?;
    let operations = call.read(at, count, 16, 8)?;
    if count > MOST_OPERATIONS {
        return write_error(call, ret, OTHER);
    }
    let mut steps = Vec::new();
    for operation in operations.chunks_exact(16) {
        steps.push(match operation[0] {
            0 => Step::Read(number::<8>(operation, 8)),
            1 => {
                let (at, count) = (number::<4>(operation, 8), number::<4>(operation, 12));
                Step::Write(call.read(at as u32, count as u32, 1, 1)?.to_vec())
            }
            other => return trap(format!("operation has no case {other}")),
        });
    }
    match bus(call, this)?.transfer(address, &steps) {
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
    match bus(call, this)?.transfer(address, steps) {
        Err(error) => write_error(call, ret, error),
        Ok(reads) => {
            let bytes = reads.concat();
            let bytes = call.give(&bytes, bytes.len(), 1)?;
            call.write(ret, &laid_out(12, &[(4, &list(bytes))]))
        }
    }
}

/// `result<_, error-code>`: nothing in it is wider than a byte, so the error begins at 1.
fn write(call: &mut Call<'_>) -> Ran {
    let (this, address, bytes) = (call.u32()?, call.u16()?, call.bytes()?);
    let ret = call.ret(3, 1)?;
    match bus(call, this)?.transfer(address, &[Step::Write(bytes)]) {
        Ok(_) => call.write(ret, &[0]),
        Err([case, source]) => call.write(ret, &[1, case, source]),
    }
}

fn drop_bus(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    call.state().take(this, |resource| matches!(resource, Resource::Bus(_)))
}

fn delay_ns(call: &mut Call<'_>) -> Ran {
    let (this, ns) = (call.u32()?, call.u32()?);
    match call.state().get(this) {
        Some(Resource::Delay) => pause(call, u64::from(ns)),
        _ => trap(format!("the handle {this} is no delay")),
    }
}

fn drop_delay(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    call.state().take(this, |resource| matches!(resource, Resource::Delay))
}
