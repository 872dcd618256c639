//! `wasi:spi@0.2.0-draft`, over drivers that do a frame at a time, as `embedded-hal` has them.

use crate::abi::{Call, Ran, laid_out, list, number, trap};
use crate::board::Resource;
use crate::config::{self, Access, HostConfig};
use crate::imports::Import;
use wasi_hw_protocol::Client;
use wasi_hw_seam::embedded_hal::spi::Operation;
use wasi_hw_seam::spi::Settings;
use wasi_hw_seam::{Board, Refusal};

/// The package.
pub const PACKAGE: &str = "wasi:spi@0.2.0-draft";

const SPI: &str = "wasi:spi/spi@0.2.0-draft";

/// The imports.
pub const IMPORTS: &[Import] = &[
    Import { module: SPI, name: "open", signature: "(iii)", call: open },
    Import { module: SPI, name: "[method]spi-device.read", signature: "(iIi)", call: read },
    Import { module: SPI, name: "[method]spi-device.write", signature: "(iiii)", call: write },
    Import { module: SPI, name: "[method]spi-device.transfer", signature: "(iiii)", call: transfer },
    Import { module: SPI, name: "[method]spi-device.transaction", signature: "(iiii)", call: transaction },
    Import { module: SPI, name: "[resource-drop]spi-device", signature: "(i)", call: drop_device },
];

/// The most bytes of a call, where the embedder says nothing, and operations of a transaction.
const MOST_BYTES: u64 = 64 << 10;
const MOST_OPERATIONS: u32 = 1 << 12;

/// A guest's hold on a device.
pub struct Device {
    driver: Box<dyn wasi_hw_seam::spi::Device>,
    policy: config::Device,
}

/// A part of a frame, in the order of the cases of `operation`.
enum Step {
    Read(u64),
    Write(Vec<u8>),
    Transfer(Vec<u8>),
    DelayNs(u32),
}

/// `error`.
enum Error {
    /// One of the cases that have a name, by position.
    Named(u8),
    /// `other`.
    Other(String),
}

impl Device {
    /// Opens the device of a name. One that is not for this guest is not there, either.
    fn open(board: &Client, config: &HostConfig, name: &str) -> Result<Device, Error> {
        let other = |why: &str| Error::Other(why.to_owned());
        let policy = config.spi.get(name).filter(|device| device.access != Access::None);
        let policy = policy.ok_or_else(|| other("no device has this name"))?.clone();
        let usual = Settings::default();
        let settings =
            Settings { mode: policy.mode.unwrap_or(usual.mode), hz: policy.hz.unwrap_or(usual.hz), ..usual };
        let refused = |why: Refusal| Error::Other(why.to_string());
        let mut driver = board.spi(name).map_err(refused)?;
        // Words of 8 bits, the highest first: the interface has no others.
        driver.configure(settings).map_err(refused)?;
        Ok(Device { driver, policy })
    }

    /// Whether the embedder lets a guest do all of it. It is asked before anything moves.
    fn admit(&self, steps: &[Step]) -> Result<(), Error> {
        let most = self.policy.most_bytes.unwrap_or(MOST_BYTES);
        let mut left = most;
        for step in steps {
            let (sends, length) = match step {
                Step::Read(length) => (false, *length),
                Step::Write(bytes) | Step::Transfer(bytes) => (true, bytes.len() as u64),
                Step::DelayNs(_) => (false, 0),
            };
            if sends && self.policy.access != Access::ReadWrite {
                return Err(Error::Other("the device may only be read".to_owned()));
            }
            if length > left {
                return Err(Error::Other(format!("more than {most} bytes in one call")));
            }
            left -= length;
        }
        Ok(())
    }

    /// Does the steps in one frame: what came in for each, where something can.
    fn frame(&mut self, steps: &[Step]) -> Result<Vec<Vec<u8>>, Error> {
        self.admit(steps)?;
        let mut buffers: Vec<Vec<u8>> = steps
            .iter()
            .map(|step| match step {
                // Admitted, and so less than the limit.
                Step::Read(length) => vec![0; *length as usize],
                Step::Transfer(bytes) => vec![0; bytes.len()],
                Step::Write(_) | Step::DelayNs(_) => Vec::new(),
            })
            .collect();
        let mut operations: Vec<_> = steps
            .iter()
            .zip(&mut buffers)
            .map(|(step, buffer)| match step {
                Step::Read(_) => Operation::Read(buffer),
                Step::Write(bytes) => Operation::Write(bytes),
                Step::Transfer(bytes) => Operation::Transfer(buffer, bytes),
                Step::DelayNs(ns) => Operation::DelayNs(*ns),
            })
            .collect();
        let done = self.driver.frame(&mut operations);
        drop(operations);
        done.map(|()| buffers).map_err(|why| match why {
            Refusal::Overrun => Error::Named(0),
            Refusal::ModeFault => Error::Named(1),
            Refusal::FrameFormat => Error::Named(2),
            Refusal::ChipSelect => Error::Named(3),
            other => Error::Other(other.to_string()),
        })
    }
}

fn device<'c>(call: &'c mut Call<'_>, handle: u32) -> Ran<&'c mut Device> {
    match call.state().get(handle) {
        Some(Resource::Device(device)) => Ok(device),
        _ => trap(format!("the handle {handle} is no spi-device")),
    }
}

/// Where a result goes: each has 16 bytes, because an error may have a string.
fn ret(call: &mut Call<'_>) -> Ran<u32> {
    call.ret(16, 4)
}

fn write_error(call: &mut Call<'_>, ret: u32, error: &Error) -> Ran {
    match error {
        Error::Named(case) => call.write(ret, &laid_out(16, &[(0, &[1]), (4, &[*case])])),
        Error::Other(why) => {
            let text = call.give(why.as_bytes(), why.len(), 1)?;
            call.write(ret, &laid_out(16, &[(0, &[1]), (4, &[4]), (8, &list(text))]))
        }
    }
}

fn open(call: &mut Call<'_>) -> Ran {
    let (name, ret) = (call.text()?, ret(call)?);
    let state = call.state();
    let opened = Device::open(&state.board, &state.config, &name).and_then(|device| {
        let handle = state.insert(Resource::Device(device));
        handle.ok_or_else(|| Error::Other("too many handles".to_owned()))
    });
    match opened {
        Ok(handle) => call.write(ret, &laid_out(8, &[(4, &handle.to_le_bytes())])),
        Err(error) => write_error(call, ret, &error),
    }
}

fn read(call: &mut Call<'_>) -> Ran {
    let (this, len) = (call.u32()?, call.u64()?);
    one(call, this, Step::Read(len))
}

fn write(call: &mut Call<'_>) -> Ran {
    let (this, bytes) = (call.u32()?, call.bytes()?);
    one(call, this, Step::Write(bytes))
}

fn transfer(call: &mut Call<'_>) -> Ran {
    let (this, bytes) = (call.u32()?, call.bytes()?);
    one(call, this, Step::Transfer(bytes))
}

/// A frame of one step. What it gives is the bytes that came in, or nothing.
fn one(call: &mut Call<'_>, this: u32, step: Step) -> Ran {
    let ret = ret(call)?;
    let gives = matches!(step, Step::Read(_) | Step::Transfer(_));
    match device(call, this)?.frame(&[step]) {
        Err(error) => write_error(call, ret, &error),
        Ok(_) if !gives => call.write(ret, &[0]),
        Ok(came) => {
            let bytes = came.concat();
            let bytes = call.give(&bytes, bytes.len(), 1)?;
            call.write(ret, &laid_out(12, &[(4, &list(bytes))]))
        }
    }
}

/// `operation` has 16 bytes, aligned to 8, with what belongs to a case at 8; `operation-result` has 12, aligned to 4, with
/// the cases in the same order and a list at 4.
fn transaction(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    let (at, count) = (call.u32()?, call.u32()?);
    let ret = ret(call)?;
    device(call, this)?;
    let operations = call.read(at, count, 16, 8)?;
    if count > MOST_OPERATIONS {
        return write_error(call, ret, &Error::Other("too many operations".to_owned()));
    }
    let mut steps = Vec::new();
    for operation in operations.chunks_exact(16) {
        let bytes = || -> Ran<Vec<u8>> {
            let (at, count) = (number::<4>(operation, 8), number::<4>(operation, 12));
            Ok(call.read(at as u32, count as u32, 1, 1)?.to_vec())
        };
        steps.push(match operation[0] {
            0 => Step::Read(number::<8>(operation, 8)),
            1 => Step::Write(bytes()?),
            2 => Step::Transfer(bytes()?),
            3 => Step::DelayNs(number::<4>(operation, 8) as u32),
            other => return trap(format!("operation has no case {other}")),
        });
    }
    let came = match device(call, this)?.frame(&steps) {
        Ok(came) => came,
        Err(error) => return write_error(call, ret, &error),
    };
    // The outer list first, then what its elements point to.
    let outer = call.give(&vec![0; 12 * steps.len()], steps.len(), 4)?;
    for ((place, step), bytes) in (outer[0]..).step_by(12).zip(&steps).zip(&came) {
        let result = match step {
            Step::Write(_) => laid_out(12, &[(0, &[1])]),
            Step::DelayNs(_) => laid_out(12, &[(0, &[3])]),
            Step::Read(_) | Step::Transfer(_) => {
                let case = if matches!(step, Step::Read(_)) { 0 } else { 2 };
                let inner = call.give(bytes, bytes.len(), 1)?;
                laid_out(12, &[(0, &[case]), (4, &list(inner))])
            }
        };
        call.write(place, &result)?;
    }
    call.write(ret, &laid_out(12, &[(4, &list(outer))]))
}

fn drop_device(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    call.state().take(this, |resource| matches!(resource, Resource::Device(_)))
}
