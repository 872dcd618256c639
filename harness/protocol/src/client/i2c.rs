//! I²C buses.

use super::{Opened, fill};
use crate::{Count, Op, i2c};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{Bus, Data, Message};

/// A driver on a bus.
pub(super) struct Driver(pub(super) Opened);

impl Bus for Driver {
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        let list = messages.iter().map(|Message { address, flags, data }| {
            let (address, flags) = (u32::from(*address), *flags);
            match data {
                Data::Write(bytes) => {
                    i2c::Message::Write(i2c::Write { address, flags, bytes: bytes.to_vec().into() })
                }
                Data::Read(buffer) => {
                    i2c::Message::Read(i2c::Read { address, flags, len: Count(buffer.len() as u64) })
                }
            }
        });
        let transfer = i2c::Transfer { handle: self.0.handle, messages: list.collect() };
        let i2c::Reads { reads } = self.0.client.drive(Op::I2cTransfer(transfer))?;
        let buffers = messages.iter_mut().filter_map(|message| match &mut message.data {
            Data::Read(buffer) => Some(&mut **buffer),
            Data::Write(_) => None,
        });
        fill(buffers, &reads)
    }

    fn no_start(&self) -> bool {
        true
    }
}
