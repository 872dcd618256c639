//! `wasi:spi@0.2.0-draft`, over drivers that do a frame at a time, as `embedded-hal` has them.

use crate::abi::{Call, Fault, Ran, laid_out, list, trap};
use crate::config::{self, Access, HostConfig};
use crate::handles::{Kind, TOO_MANY, resource_drop};
use crate::imports::Imports;
use wasi_hw_protocol::Client;
use wasi_hw_seam::embedded_hal::spi::Operation;
use wasi_hw_seam::spi::Settings;
use wasi_hw_seam::{Board, Refusal};

/// The package.
pub const PACKAGE: &str = "wasi:spi@0.2.0-draft";

const SPI: &str = "wasi:spi/spi@0.2.0-draft";

/// The imports.
pub fn imports(all: &mut Imports) {
    all.add(SPI, "open", "(iii)", open);
    all.add(SPI, "[method]spi-device.read", "(iIi)", read);
    all.add(SPI, "[method]spi-device.write", "(iiii)", write);
    all.add(SPI, "[method]spi-device.transfer", "(iiii)", transfer);
    all.add(SPI, "[method]spi-device.transaction", "(iiii)", transaction);
    all.add(SPI, "[resource-drop]spi-device", "(i)", resource_drop::<Device>);
}

/// The most bytes of a call, where the embedder says nothing.
const MOST_BYTES: u64 = 64 << 10;

/// A guest's hold on a device.
pub struct Device {
    driver: Box<dyn wasi_hw_seam::spi::Device>,
    policy: config::Device,
}

impl Kind for Device {
    const NAME: &'static str = "spi-device";
}

/// A part of a frame, in the order of the cases of `operation`.
enum Step {
    Read(u64),
    Write(Vec<u8>),
    Transfer(Vec<u8>),
    DelayNs(u32),
}

/// The case `other` of `error`, the last one.
fn other(why: impl ToString) -> Fault {
    Fault { case: 4, why: Some(why.to_string()) }
}

impl Device {
    /// Opens the device of a name. One that is not for this guest is not there, either.
    fn open(board: &Client, config: &HostConfig, name: &str) -> Result<Device, Fault> {
        let policy = config.spi.get(name).filter(|device| device.access != Access::None);
        let policy = policy.ok_or_else(|| other("no device has this name"))?.clone();
        let usual = Settings::default();
        let settings =
            Settings { mode: policy.mode.unwrap_or(usual.mode), hz: policy.hz.unwrap_or(usual.hz), ..usual };
        let mut driver = board.spi(name).map_err(other)?;
        // Words of 8 bits, the highest first: the interface has no others.
        driver.configure(settings).map_err(other)?;
        Ok(Device { driver, policy })
    }

    /// Whether the embedder lets a guest do all of it. It is asked before anything moves.
    fn admit(&self, steps: &[Step]) -> Result<(), Fault> {
        let most = self.policy.most_bytes.unwrap_or(MOST_BYTES);
        let mut left = most;
        for step in steps {
            let (sends, length) = match step {
                Step::Read(length) => (false, *length),
                Step::Write(bytes) | Step::Transfer(bytes) => (true, bytes.len() as u64),
                Step::DelayNs(_) => (false, 0),
            };
            if sends && self.policy.access != Access::ReadWrite {
                return Err(other("the device may only be read"));
            }
            if length > left {
                return Err(other(format!("more than {most} bytes in one call")));
            }
            left -= length;
        }
        Ok(())
    }

    /// Does the steps in one frame: what came in for each, where something can.
    fn frame(&mut self, steps: &[Step]) -> Result<Vec<Vec<u8>>, Fault> {
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
            Refusal::Overrun => Fault::named(0),
            Refusal::ModeFault => Fault::named(1),
            Refusal::FrameFormat => Fault::named(2),
            Refusal::ChipSelect => Fault::named(3),
            why => other(why),
        })
    }
}

/// Where a result goes: each has 16 bytes, because an error may have a string.
fn ret(call: &mut Call<'_>) -> Ran<u32> {
    call.ret(16, 4)
}

fn open(call: &mut Call<'_>) -> Ran {
    let (name, ret) = (call.text()?, ret(call)?);
    let state = call.state();
    let opened = Device::open(&state.board, &state.config, &name);
    match opened.and_then(|device| state.handles.insert(device).ok_or_else(|| other(TOO_MANY))) {
        Ok(handle) => call.write_number(ret, handle),
        Err(fault) => call.write_fault(ret, &fault),
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
    match call.borrow::<Device>(this)?.frame(&[step]) {
        Err(fault) => call.write_fault(ret, &fault),
        Ok(_) if !gives => call.write(ret, &[0]),
        Ok(came) => call.write_bytes(ret, &came.concat()),
    }
}

/// `operation-result` has 12 bytes, aligned to 4: the cases in the order of those of `operation`, and a list at 4.
fn transaction(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    let (at, count) = (call.u32()?, call.u32()?);
    let ret = ret(call)?;
    call.borrow::<Device>(this)?;
    let Some(operations) = call.operations(at, count)? else {
        return call.write_fault(ret, &other("too many operations"));
    };
    let mut steps = Vec::new();
    for operation in operations {
        steps.push(match operation.case {
            0 => Step::Read(operation.number()),
            1 => Step::Write(operation.bytes(call)?),
            2 => Step::Transfer(operation.bytes(call)?),
            3 => Step::DelayNs(operation.number() as u32),
            other => return trap(format!("operation has no case {other}")),
        });
    }
    let came = match call.borrow::<Device>(this)?.frame(&steps) {
        Ok(came) => came,
        Err(fault) => return call.write_fault(ret, &fault),
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
