//! I²C: message lists with flags.

#[cfg(feature = "embedded-hal")]
mod hal;

use crate::Refusal;
use std::ops::BitOr;

/// A driver's hold on a bus: one call is one transfer, START to STOP.
pub trait Bus: Send {
    /// Does one transfer: START, the messages, STOP. Blocks until the bus is idle again.
    ///
    /// Refusals before the wire moves: [`Invalid`](Refusal::Invalid) (no message, too many, one that is too long, an
    /// address out of range), [`Unsupported`](Refusal::Unsupported), [`Gone`](Refusal::Gone); afterwards:
    /// [`AddressNack`](Refusal::AddressNack), [`DataNack`](Refusal::DataNack),
    /// [`ArbitrationLost`](Refusal::ArbitrationLost), [`BusError`](Refusal::BusError), [`Overrun`](Refusal::Overrun),
    /// [`Timeout`](Refusal::Timeout), [`Gone`](Refusal::Gone), and [`Io`](Refusal::Io) from a driver that does not
    /// tell these apart.
    ///
    /// What the adapter lacks is refused here, 10-bit addresses (`I2C_FUNC_10BIT_ADDR`) among it: a driver whose
    /// system passes such flags on unchecked checks them itself.
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal>;

    /// Whether the adapter takes [`Flags::NO_START`] (`I2C_FUNC_NOSTART`). Where it does not, neighbours of one
    /// direction can only be joined by a repeated START. Touches no wire and takes no time.
    fn no_start(&self) -> bool;
}

impl<B: Bus + ?Sized> Bus for Box<B> {
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        (**self).transfer(messages)
    }

    fn no_start(&self) -> bool {
        (**self).no_start()
    }
}

/// One message of a transfer: an address, flags, and the bytes that go out or come in.
#[derive(Debug)]
pub struct Message<'a> {
    /// The address, right-aligned: seven bits, or ten with [`Flags::TEN`].
    pub address: u16,
    /// How the message is framed.
    pub flags: Flags,
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

impl<'a> Message<'a> {
    /// A message that writes.
    pub fn write(address: u16, flags: Flags, bytes: &'a [u8]) -> Message<'a> {
        Message { address, flags, data: Data::Write(bytes) }
    }

    /// A message that reads.
    pub fn read(address: u16, flags: Flags, buffer: &'a mut [u8]) -> Message<'a> {
        Message { address, flags, data: Data::Read(buffer) }
    }

    /// Whether it reads.
    pub fn reads(&self) -> bool {
        matches!(self.data, Data::Read(_))
    }

    /// How many bytes it moves.
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Write(bytes) => bytes.len(),
            Data::Read(buffer) => buffer.len(),
        }
    }

    /// Whether it moves none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Flags of a message, with the values of Linux's `struct i2c_msg`: 0x0010 a ten-bit address, 0x0800 no
/// acknowledgement of what is read, 0x1000 go on without acknowledgement, 0x4000 no START (the bytes follow those of the
/// message before), 0x8000 STOP after this message. The direction is not among them: [`Data`] says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Flags(pub u16);

impl Flags {
    /// No flag.
    pub const NONE: Flags = Flags(0);
    /// `I2C_M_TEN`: the address has ten bits.
    pub const TEN: Flags = Flags(0x0010);
    /// `I2C_M_NO_RD_ACK`: the controller acknowledges no byte that it reads.
    pub const NO_READ_ACK: Flags = Flags(0x0800);
    /// `I2C_M_IGNORE_NAK`: the controller goes on when the target does not acknowledge.
    pub const IGNORE_NACK: Flags = Flags(0x1000);
    /// `I2C_M_NOSTART`: no START and no address; the bytes follow those of the message before.
    pub const NO_START: Flags = Flags(0x4000);
    /// `I2C_M_STOP`: a STOP after this message, though others follow.
    pub const STOP: Flags = Flags(0x8000);

    /// Whether all flags of `other` are set.
    pub fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Flags {
    type Output = Flags;

    fn bitor(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}
