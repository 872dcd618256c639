//! Message lists with flags: what a kernel driver takes, and what it checks before the wire moves.

use super::{Bus, BusState, wire};
use crate::board::State;
use std::fmt;
use std::ops::BitOr;

/// One message of a transfer: an address, flags, and the bytes that go out or come in.
#[derive(Debug)]
pub struct Message<'a> {
    /// 7-bit address, not shifted; 10-bit with [`Flags::TEN`].
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
    /// From the target to the controller; the whole buffer is filled.
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

    pub(super) fn reads(&self) -> bool {
        matches!(self.data, Data::Read(_))
    }

    pub(super) fn len(&self) -> usize {
        match &self.data {
            Data::Write(bytes) => bytes.len(),
            Data::Read(buffer) => buffer.len(),
        }
    }
}

/// Flags of a message, with the values of Linux's `struct i2c_msg`. The direction is not among
/// them: [`Data`] says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    const KNOWN: u16 = 0x0010 | 0x0800 | 0x1000 | 0x4000 | 0x8000;

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

/// Why a transfer failed, as a driver tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A START or STOP appeared where none belongs (`EIO`).
    Bus,
    /// Another controller won the bus (`EAGAIN`).
    ArbitrationLost,
    /// No target answered to the address (`ENXIO`).
    AddressNack,
    /// The target did not acknowledge a byte (`EREMOTEIO`).
    DataNack,
    /// The controller was too slow to take a byte (`EIO`).
    Overrun,
    /// The clock was held for longer than the adapter waits (`ETIMEDOUT`).
    Timeout,
    /// The adapter was taken away (`ENODEV`).
    Gone,
    /// The adapter cannot do what a flag, an address or an empty message asks for (`EOPNOTSUPP`).
    Unsupported,
    /// Too many messages, a message that is too long, or an address out of range (`EINVAL`).
    Invalid,
}

impl Refusal {
    /// The name of the error number that Linux gives for it.
    pub fn errno(self) -> &'static str {
        match self {
            Refusal::Bus | Refusal::Overrun => "EIO",
            Refusal::ArbitrationLost => "EAGAIN",
            Refusal::AddressNack => "ENXIO",
            Refusal::DataNack => "EREMOTEIO",
            Refusal::Timeout => "ETIMEDOUT",
            Refusal::Gone => "ENODEV",
            Refusal::Unsupported => "EOPNOTSUPP",
            Refusal::Invalid => "EINVAL",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?} ({})", self.errno())
    }
}

impl std::error::Error for Refusal {}

impl Bus {
    /// Does one transfer: START, the messages, STOP. Returns when the bus is idle again.
    ///
    /// What the adapter cannot do is refused before the wire moves, like the kernel does; a list
    /// without messages is [`Refusal::Invalid`], as on recent Linux.
    pub fn transfer(&self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        let mut state = self.board.lock();
        state.operation();
        let State { now, i2c, .. } = &mut *state;
        let bus = i2c.0.get_mut(&self.name).ok_or(Refusal::Gone)?;
        bus.admit(messages)?;
        bus.transfers += 1;
        let mut frame = wire::Frame::default();
        let result = bus.wire.run(messages, bus.transfers, now.ns, &bus.config, &mut frame);
        bus.gone |= result == Err(Refusal::Gone);
        for (after, line) in frame.lines {
            now.line_after(after, &bus.channel, line);
        }
        let hold = bus.config.hold_after_transfer == Some(bus.transfers);
        state.pass_time(frame.elapsed);
        if hold {
            drop(self.board.offer_turn(state));
        }
        result
    }
}

impl BusState {
    fn admit(&self, messages: &[Message<'_>]) -> Result<(), Refusal> {
        if self.gone {
            return Err(Refusal::Gone);
        }
        let most_messages = usize::from(self.config.most_messages.unwrap_or(42));
        let most_bytes = usize::from(self.config.most_bytes.unwrap_or(u16::MAX));
        if messages.is_empty() || messages.len() > most_messages {
            return Err(Refusal::Invalid);
        }
        for (n, message) in messages.iter().enumerate() {
            let ten = message.flags.has(Flags::TEN);
            let continues = message.flags.has(Flags::NO_START);
            if message.len() > most_bytes || message.address > if ten { 0x3ff } else { 0x7f } {
                return Err(Refusal::Invalid);
            }
            // A message that continues another must go the same way, and have one before it.
            if continues && (n == 0 || messages[n - 1].reads() != message.reads()) {
                return Err(Refusal::Invalid);
            }
            if message.flags.0 & !Flags::KNOWN != 0
                || ten && self.config.no_ten_bit
                || message.len() == 0 && self.config.no_zero_length
            {
                return Err(Refusal::Unsupported);
            }
        }
        Ok(())
    }
}
