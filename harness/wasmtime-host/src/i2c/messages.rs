//! I²C over message lists, as kernels take them (`I2C_RDWR` of Linux, `i2c_transfer` of Zephyr).

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource, Operation};

/// A kernel's bus: one call is one transfer, START to STOP.
pub trait MessageList: Send {
    /// Does one transfer. Returns when the bus is idle again.
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Errno>;

    /// Whether the adapter takes 10-bit addresses (`I2C_FUNC_10BIT_ADDR`).
    fn ten_bit(&self) -> bool;

    /// Whether the adapter takes [`Message::no_start`] (`I2C_FUNC_NOSTART`). Where it does not, neighbours of one
    /// direction are joined with a repeated START, because nothing else can be had.
    fn no_start(&self) -> bool;
}

/// One message of a transfer.
#[derive(Debug)]
pub struct Message<'a> {
    /// 7-bit address, not shifted; or 10-bit.
    pub address: u16,
    /// Whether the address has ten bits (`I2C_M_TEN`).
    pub ten_bit: bool,
    /// Whether the bytes follow those of the message before, without START and address
    /// (`I2C_M_NOSTART`).
    pub no_start: bool,
    /// The bytes.
    pub data: Data<'a>,
}

/// The bytes of a message, with their direction.
#[derive(Debug)]
pub enum Data<'a> {
    /// From the controller to the target.
    Write(&'a [u8]),
    /// From the target to the controller (`I2C_M_RD`); the whole buffer is filled.
    Read(&'a mut [u8]),
}

/// Why a kernel refused, by the name of its error number: the numbers differ between systems. The
/// meanings are those of Linux's `i2c/fault-codes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errno {
    /// `ENXIO`: nobody answered to the address.
    Nxio,
    /// `EREMOTEIO`: something was not acknowledged; the driver does not say what.
    RemoteIo,
    /// `EAGAIN`: arbitration was lost.
    Again,
    /// `ETIMEDOUT`: the clock was held for too long.
    TimedOut,
    /// `EIO`: a fault of the bus, of which the driver says no more.
    Io,
    /// Any other.
    Other,
}

impl Errno {
    /// What `embedded-hal` calls it, and the interface after it.
    pub fn kind(self) -> ErrorKind {
        match self {
            Errno::Nxio => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address),
            Errno::RemoteIo => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown),
            Errno::Again => ErrorKind::ArbitrationLoss,
            Errno::Io => ErrorKind::Bus,
            Errno::TimedOut | Errno::Other => ErrorKind::Other,
        }
    }
}

/// Does the operations as one message list.
pub(super) fn transaction(
    driver: &mut impl MessageList,
    address: u16,
    ten_bit: bool,
    operations: &mut [Operation<'_>],
) -> Result<(), ErrorKind> {
    if ten_bit && !driver.ten_bit() {
        return Err(ErrorKind::Other);
    }
    let can_join = driver.no_start();
    let mut before = None;
    let mut messages = Vec::with_capacity(operations.len());
    for operation in operations {
        let (reads, data) = match operation {
            Operation::Read(buffer) => (true, Data::Read(buffer)),
            Operation::Write(bytes) => (false, Data::Write(bytes)),
        };
        let no_start = before.replace(reads) == Some(reads) && can_join;
        messages.push(Message { address, ten_bit, no_start, data });
    }
    driver.transfer(&mut messages).map_err(Errno::kind)
}
