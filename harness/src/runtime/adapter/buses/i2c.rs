//! I²C: message lists.

use super::{MOST_BYTES, Open, refused};
use crate::runtime::adapter::serve::{Served, Server, no_handle};
use wasi_hw_mock::i2c::{AttachError, Flags, Message, Refusal};
use wasi_hw_protocol::i2c as wire;
use wasi_hw_protocol::{Bytes, Code, Refused, Reply};

impl Server {
    pub(super) fn i2c_open(&self, open: &wire::Open) -> Served {
        match self.board.i2c(&open.bus) {
            Ok(bus) => self.handle(Open::I2c(bus)),
            Err(why) => Err(refused(
                match why {
                    AttachError::Missing => Code::Missing,
                    AttachError::Busy => Code::Busy,
                    AttachError::Gone => Code::Gone,
                },
                why.to_string(),
            )),
        }
    }

    pub(super) fn i2c_transfer(&self, transfer: &wire::Transfer) -> Served {
        let open = self.get(transfer.handle)?;
        let Open::I2c(bus) = &*open else { return Err(no_handle(transfer.handle)) };
        let mut buffers = buffers(&transfer.messages)?;
        let mut reads = buffers.iter_mut();
        let mut list = Vec::with_capacity(transfer.messages.len());
        for message in &transfer.messages {
            let (wire::Message::Write(wire::Write { address, flags, .. })
            | wire::Message::Read(wire::Read { address, flags, .. })) = message;
            // An address that the mock's type cannot hold is as much out of range as this one.
            let address = u16::try_from(*address).unwrap_or(u16::MAX);
            match message {
                wire::Message::Write(write) => {
                    list.push(Message::write(address, Flags(*flags), &write.bytes.0))
                }
                wire::Message::Read(_) => {
                    list.extend(
                        reads.next().map(|buffer| Message::read(address, Flags(*flags), &mut buffer.0)),
                    );
                }
            }
        }
        bus.transfer(&mut list).map_err(refusal)?;
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
    if lengths.sum::<u64>() > MOST_BYTES {
        return Err(refused(Code::TooMuch, format!("more than {MOST_BYTES} bytes in one transfer")));
    }
    let buffers = messages.iter().filter_map(|message| match message {
        wire::Message::Write(_) => None,
        wire::Message::Read(read) => Some(Bytes(vec![0; read.len.0.min(ENOUGH) as usize])),
    });
    Ok(buffers.collect())
}

fn refusal(why: Refusal) -> Refused {
    let code = match why {
        Refusal::Bus => Code::BusError,
        Refusal::ArbitrationLost => Code::ArbitrationLost,
        Refusal::AddressNack => Code::AddressNack,
        Refusal::DataNack => Code::DataNack,
        Refusal::Overrun => Code::Overrun,
        Refusal::Timeout => Code::Timeout,
        Refusal::Gone => Code::Gone,
        Refusal::Unsupported => Code::Unsupported,
        Refusal::Invalid => Code::Invalid,
    };
    refused(code, why.to_string())
}
