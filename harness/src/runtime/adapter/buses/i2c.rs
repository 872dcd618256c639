//! I²C: message lists.

use super::{Open, admit};
use crate::runtime::adapter::serve::{Served, Server, no_handle};
use wasi_hw_protocol::{Bytes, Refused, Reply, i2c as wire};
use wasi_hw_seam::i2c::Message;

impl Server {
    pub(super) fn i2c_transfer(&self, transfer: &wire::Transfer) -> Served {
        let open = self.get(transfer.handle)?;
        let Open::I2c(bus) = &*open else { return Err(no_handle(transfer.handle)) };
        let mut buffers = buffers(&transfer.messages)?;
        let mut reads = buffers.iter_mut();
        // An address that a driver's message cannot hold is as much out of range as the greatest that it can.
        let short = |address| u16::try_from(address).unwrap_or(u16::MAX);
        let list = transfer.messages.iter().filter_map(|message| match message {
            wire::Message::Write(wire::Write { address, flags, bytes }) => {
                Some(Message::write(short(*address), *flags, &bytes.0))
            }
            wire::Message::Read(wire::Read { address, flags, .. }) => {
                reads.next().map(|buffer| Message::read(short(*address), *flags, &mut buffer.0))
            }
        });
        let mut list: Vec<_> = list.collect();
        self.hold(bus)?.transfer(&mut list)?;
        Ok(Reply::Reads(wire::Reads { reads: buffers }))
    }
}

/// A buffer for each message that reads.
fn buffers(messages: &[wire::Message]) -> Result<Vec<Bytes>, Refused> {
    /// More than any adapter takes in one message, so that it refuses such a message itself.
    const ENOUGH: u64 = 1 << 16;
    let lengths = messages.iter().map(|message| match message {
        wire::Message::Write(write) => write.bytes.0.len() as u64,
        wire::Message::Read(read) => read.len.0.min(ENOUGH),
    });
    admit(lengths, "transfer")?;
    let buffers = messages.iter().filter_map(|message| match message {
        wire::Message::Write(_) => None,
        wire::Message::Read(read) => Some(Bytes(vec![0; read.len.0.min(ENOUGH) as usize])),
    });
    Ok(buffers.collect())
}

#[cfg(test)]
mod tests;
