//! SPI: lists of transfers.

use super::{Open, admit, refused};
use crate::runtime::adapter::serve::{Served, Server, no_handle, nothing};
use embedded_hal::spi::Operation;
use wasi_hw_protocol::{Bytes, Refused, Reply, i2c, spi as wire};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::Transfer;

impl Server {
    pub(super) fn spi_configure(&self, to: &wire::Configure) -> Served {
        let open = self.get(to.handle)?;
        let Open::Spi(device) = &*open else { return Err(no_handle(to.handle)) };
        self.hold(device)?.configure(to.settings())?;
        Ok(nothing())
    }

    pub(super) fn spi_message(&self, message: &wire::Message) -> Served {
        let open = self.get(message.handle)?;
        let Open::Spi(device) = &*open else { return Err(no_handle(message.handle)) };
        let mut buffers = buffers(&message.transfers)?;
        let mut list = Vec::with_capacity(message.transfers.len());
        for (transfer, input) in message.transfers.iter().zip(&mut buffers) {
            let wire::Transfer { write, delay_us, hz, cs_change, .. } = transfer;
            let delay_us = delay_us.map_or(0, |delay| delay.0);
            list.push(Transfer {
                output: write.as_ref().map_or(&[], |bytes| &bytes.0),
                input: input.as_mut().map_or(&mut [], |bytes| &mut bytes.0),
                delay_us: u16::try_from(delay_us).map_err(|_| {
                    let why = format!("a pause of {delay_us} µs; a transfer has 65535 at most");
                    refused(Refusal::Invalid, why)
                })?,
                speed_hz: hz.unwrap_or(0),
                cs_change: *cs_change,
            });
        }
        self.hold(device)?.message(&mut list)?;
        Ok(Reply::Reads(i2c::Reads { reads: buffers.into_iter().flatten().collect() }))
    }

    pub(super) fn spi_frame(&self, frame: &wire::Frame) -> Served {
        let open = self.get(frame.handle)?;
        let Open::Spi(device) = &*open else { return Err(no_handle(frame.handle)) };
        let mut reads = reads(&frame.operations)?;
        let mut places = reads.iter_mut();
        let mut list = Vec::with_capacity(frame.operations.len());
        for operation in &frame.operations {
            let mut place = || places.next().map_or(&mut [][..], |bytes| &mut bytes.0);
            list.push(match operation {
                wire::Operation::Read(_) => Operation::Read(place()),
                wire::Operation::Write(output) => Operation::Write(&output.0),
                wire::Operation::Transfer(output) => Operation::Transfer(place(), &output.0),
                wire::Operation::DelayNs(ns) => Operation::DelayNs(u32::try_from(ns.0).map_err(|_| {
                    refused(Refusal::Invalid, format!("a pause of {} ns; 4294967295 is the most", ns.0))
                })?),
            });
        }
        self.hold(device)?.frame(&mut list)?;
        drop(list);
        Ok(Reply::Reads(i2c::Reads { reads }))
    }
}

/// A buffer for each operation of a frame that reads.
fn reads(operations: &[wire::Operation]) -> Result<Vec<Bytes>, Refused> {
    let moved = operations.iter().map(|operation| match operation {
        wire::Operation::Read(len) => len.0,
        wire::Operation::Write(bytes) | wire::Operation::Transfer(bytes) => bytes.0.len() as u64,
        wire::Operation::DelayNs(_) => 0,
    });
    admit(moved, "message")?;
    let read = operations.iter().filter_map(|operation| match operation {
        wire::Operation::Read(len) => Some(len.0 as usize),
        wire::Operation::Transfer(bytes) => Some(bytes.0.len()),
        _ => None,
    });
    Ok(read.map(|len| Bytes(vec![0; len])).collect())
}

/// A buffer for each transfer that says how much it reads.
fn buffers(transfers: &[wire::Transfer]) -> Result<Vec<Option<Bytes>>, Refused> {
    let lengths = transfers.iter().flat_map(|transfer| {
        [
            transfer.write.as_ref().map_or(0, |bytes| bytes.0.len() as u64),
            transfer.read.map_or(0, |len| len.0),
        ]
    });
    admit(lengths, "message")?;
    let buffer = |transfer: &wire::Transfer| transfer.read.map(|len| Bytes(vec![0; len.0 as usize]));
    Ok(transfers.iter().map(buffer).collect())
}

#[cfg(test)]
mod tests;
