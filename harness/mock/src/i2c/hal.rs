//! `embedded-hal` 1.0 on a bus: each call becomes one message list.

use super::Bus;
use super::messages::{Flags, Message, Refusal};
use embedded_hal::i2c::{
    Error, ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation, SevenBitAddress, TenBitAddress,
};

impl Error for Refusal {
    fn kind(&self) -> ErrorKind {
        match self {
            Refusal::Bus => ErrorKind::Bus,
            Refusal::ArbitrationLost => ErrorKind::ArbitrationLoss,
            Refusal::AddressNack => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address),
            Refusal::DataNack => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data),
            Refusal::Overrun => ErrorKind::Overrun,
            Refusal::Timeout | Refusal::Gone | Refusal::Unsupported | Refusal::Invalid => ErrorKind::Other,
        }
    }
}

impl ErrorType for Bus {
    type Error = Refusal;
}

impl I2c<SevenBitAddress> for Bus {
    fn transaction(
        &mut self,
        address: SevenBitAddress,
        operations: &mut [Operation<'_>],
    ) -> Result<(), Refusal> {
        self.operations(u16::from(address), Flags::NONE, operations)
    }
}

impl I2c<TenBitAddress> for Bus {
    fn transaction(
        &mut self,
        address: TenBitAddress,
        operations: &mut [Operation<'_>],
    ) -> Result<(), Refusal> {
        self.operations(address, Flags::TEN, operations)
    }
}

impl Bus {
    /// As `embedded_hal::i2c::I2c::transaction` asks: neighbours of one direction go out without a
    /// repeated START between them.
    fn operations(
        &self,
        address: u16,
        flags: Flags,
        operations: &mut [Operation<'_>],
    ) -> Result<(), Refusal> {
        let mut before = None;
        let mut messages = Vec::with_capacity(operations.len());
        for operation in operations {
            let (reads, message) = match operation {
                Operation::Read(buffer) => (true, Message::read(address, flags, buffer)),
                Operation::Write(bytes) => (false, Message::write(address, flags, bytes)),
            };
            let joined = before.replace(reads) == Some(reads);
            messages.push(Message { flags: if joined { flags | Flags::NO_START } else { flags }, ..message });
        }
        self.transfer(&mut messages)
    }
}
