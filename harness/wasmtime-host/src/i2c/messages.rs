//! I²C over message lists, as kernels take them (`I2C_RDWR` of Linux, `i2c_transfer` of Zephyr).

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource, Operation};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{Bus, Flags, Message};

/// Does the operations as one message list.
pub(super) fn transaction(
    driver: &mut impl Bus,
    address: u16,
    width: Flags,
    operations: &mut [Operation<'_>],
) -> Result<(), ErrorKind> {
    let can_join = driver.no_start();
    let mut before = None;
    let mut messages = Vec::with_capacity(operations.len());
    for operation in operations {
        let (reads, message) = match operation {
            Operation::Read(buffer) => (true, Message::read(address, width, buffer)),
            Operation::Write(bytes) => (false, Message::write(address, width, bytes)),
        };
        let joined = before.replace(reads) == Some(reads) && can_join;
        messages.push(Message { flags: if joined { width | Flags::NO_START } else { width }, ..message });
    }
    driver.transfer(&mut messages).map_err(kind)
}

/// What `embedded-hal` calls a refusal, and the interface after it. No more is told apart than the error numbers of a
/// kernel do, whose meanings are those of Linux's `i2c/fault-codes`: `EREMOTEIO` does not say what was not
/// acknowledged, and `EIO` is any fault of the bus.
fn kind(refusal: Refusal) -> ErrorKind {
    match refusal {
        Refusal::AddressNack => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address),
        Refusal::DataNack => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown),
        Refusal::ArbitrationLost => ErrorKind::ArbitrationLoss,
        Refusal::BusError | Refusal::Overrun | Refusal::Io => ErrorKind::Bus,
        _ => ErrorKind::Other,
    }
}
