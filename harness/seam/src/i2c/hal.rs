//! `embedded-hal`'s trait on a bus: each call becomes one message list.

use super::{Bus, Flags, Message};
use crate::Refusal;
use embedded_hal::i2c::{
    Error, ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation, SevenBitAddress, TenBitAddress,
};

impl Error for Refusal {
    fn kind(&self) -> ErrorKind {
        match self {
            Refusal::BusError => ErrorKind::Bus,
            Refusal::ArbitrationLost => ErrorKind::ArbitrationLoss,
            Refusal::AddressNack => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address),
            Refusal::DataNack => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data),
            Refusal::Overrun => ErrorKind::Overrun,
            _ => ErrorKind::Other,
        }
    }
}

impl ErrorType for Box<dyn Bus> {
    type Error = Refusal;
}

impl I2c<SevenBitAddress> for Box<dyn Bus> {
    fn transaction(
        &mut self,
        address: SevenBitAddress,
        operations: &mut [Operation<'_>],
    ) -> Result<(), Refusal> {
        transaction(&mut **self, u16::from(address), Flags::NONE, operations)
    }
}

impl I2c<TenBitAddress> for Box<dyn Bus> {
    fn transaction(
        &mut self,
        address: TenBitAddress,
        operations: &mut [Operation<'_>],
    ) -> Result<(), Refusal> {
        transaction(&mut **self, address, Flags::TEN, operations)
    }
}

/// Neighbours of one direction go out without a repeated START between them, as the trait asks.
fn transaction(
    bus: &mut dyn Bus,
    address: u16,
    width: Flags,
    operations: &mut [Operation<'_>],
) -> Result<(), Refusal> {
    let mut before = None;
    let mut messages = Vec::with_capacity(operations.len());
    for operation in operations {
        let (reads, message) = match operation {
            Operation::Read(buffer) => (true, Message::read(address, width, buffer)),
            Operation::Write(bytes) => (false, Message::write(address, width, bytes)),
        };
        let joined = before.replace(reads) == Some(reads);
        messages.push(Message { flags: if joined { width | Flags::NO_START } else { width }, ..message });
    }
    bus.transfer(&mut messages)
}
