//! I²C: message lists.

use super::{Open, place, room};
use crate::runtime::adapter::serve::{Served, Server, no_handle};
use wasi_hw_protocol::{Count, Reply, i2c as wire};
use wasi_hw_seam::i2c::Message;

impl Server {
    pub(super) fn i2c_transfer(&self, transfer: &wire::Transfer) -> Served {
        let open = self.get(transfer.handle)?;
        let Open::I2c(bus) = &*open else { return Err(no_handle(transfer.handle)) };
        let mut buffers = room(&transfer.messages, |message| match message {
            wire::Message::Write(write) => (write.bytes.0.len(), None),
            wire::Message::Read(read) => (0, Some(Count(read.len.0.min(ENOUGH)))),
        })?;
        // An address that a driver's message cannot hold is as much out of range as the greatest that it can.
        let short = |address| u16::try_from(address).unwrap_or(u16::MAX);
        let mut list = Vec::with_capacity(buffers.len());
        for (message, buffer) in transfer.messages.iter().zip(&mut buffers) {
            list.push(match message {
                wire::Message::Write(wire::Write { address, flags, bytes }) => {
                    Message::write(short(*address), *flags, &bytes.0)
                }
                wire::Message::Read(wire::Read { address, flags, .. }) => {
                    Message::read(short(*address), *flags, place(buffer))
                }
            });
        }
        self.hold(bus)?.transfer(&mut list)?;
        Ok(Reply::Reads(wire::Reads { reads: buffers.into_iter().flatten().collect() }))
    }
}

/// More than any adapter takes in one message, so that it refuses such a message itself.
const ENOUGH: u64 = 1 << 16;

#[cfg(test)]
mod tests;
