//! SPI: lists of transfers.

use super::{Open, place, refused, room};
use crate::runtime::adapter::serve::{Served, Server, no_handle, nothing};
use embedded_hal::spi::Operation;
use wasi_hw_protocol::{Count, Reply, i2c, spi as wire};
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
        let mut buffers = room(&message.transfers, |transfer| {
            (transfer.write.as_ref().map_or(0, |bytes| bytes.0.len()), transfer.read)
        })?;
        let mut list = Vec::with_capacity(message.transfers.len());
        for (transfer, input) in message.transfers.iter().zip(&mut buffers) {
            let wire::Transfer { write, delay_us, hz, cs_change, .. } = transfer;
            let delay_us = delay_us.map_or(0, |delay| delay.0);
            list.push(Transfer {
                output: write.as_ref().map_or(&[], |bytes| &bytes.0),
                input: place(input),
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
        let mut buffers = room(&frame.operations, |operation| match operation {
            wire::Operation::Read(len) => (0, Some(*len)),
            wire::Operation::Write(bytes) => (bytes.0.len(), None),
            wire::Operation::Transfer(bytes) => (0, Some(Count(bytes.0.len() as u64))),
            wire::Operation::DelayNs(_) => (0, None),
        })?;
        let mut list = Vec::with_capacity(frame.operations.len());
        for (operation, buffer) in frame.operations.iter().zip(&mut buffers) {
            list.push(match operation {
                wire::Operation::Read(_) => Operation::Read(place(buffer)),
                wire::Operation::Write(output) => Operation::Write(&output.0),
                wire::Operation::Transfer(output) => Operation::Transfer(place(buffer), &output.0),
                wire::Operation::DelayNs(ns) => Operation::DelayNs(u32::try_from(ns.0).map_err(|_| {
                    refused(Refusal::Invalid, format!("a pause of {} ns; 4294967295 is the most", ns.0))
                })?),
            });
        }
        self.hold(device)?.frame(&mut list)?;
        Ok(Reply::Reads(i2c::Reads { reads: buffers.into_iter().flatten().collect() }))
    }
}

#[cfg(test)]
mod tests;
