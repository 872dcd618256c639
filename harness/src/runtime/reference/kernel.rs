//! The mock's kernel-like seams, as the reference host's traits for them.

use wasi_hw_mock::i2c::{Bus, Flags, Message, Refusal};
use wasi_hw_wasmtime::i2c::{self as host, Data, Errno, MessageList};

/// Message lists of an I²C bus.
pub(super) struct KernelI2c(pub(super) Bus);

impl MessageList for KernelI2c {
    fn transfer(&mut self, messages: &mut [host::Message<'_>]) -> Result<(), Errno> {
        let mut list = Vec::with_capacity(messages.len());
        for host::Message { address, ten_bit, no_start, data } in messages {
            let width = if *ten_bit { Flags::TEN } else { Flags::NONE };
            let flags = if *no_start { width | Flags::NO_START } else { width };
            list.push(match data {
                Data::Write(bytes) => Message::write(*address, flags, bytes),
                Data::Read(buffer) => Message::read(*address, flags, buffer),
            });
        }
        self.0.transfer(&mut list).map_err(|refusal| match refusal {
            Refusal::AddressNack => Errno::Nxio,
            Refusal::DataNack => Errno::RemoteIo,
            Refusal::ArbitrationLost => Errno::Again,
            Refusal::Timeout => Errno::TimedOut,
            Refusal::Bus | Refusal::Overrun => Errno::Io,
            Refusal::Gone | Refusal::Unsupported | Refusal::Invalid => Errno::Other,
        })
    }

    fn ten_bit(&self) -> bool {
        true
    }

    fn no_start(&self) -> bool {
        true
    }
}
