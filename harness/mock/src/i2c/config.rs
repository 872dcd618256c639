//! An I²C bus as data.

use crate::keys::bytes_by_address;
use serde::Deserialize;
use std::collections::BTreeMap;

/// An adapter with its bus, and what hangs on it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct BusConfig {
    /// The targets.
    pub target: Vec<TargetConfig>,
    /// What goes wrong, and when.
    pub fault: Vec<FaultConfig>,
    /// How many drivers may be attached at once; absent: any number.
    pub opens: Option<u32>,
    /// Whether the trace says when drivers come and go.
    pub trace_opens: bool,
    /// After this transfer (1 is the first) the adapter lets others run before it returns to its
    /// driver, so that a driver which splits one call into two transfers is interrupted between them.
    pub hold_after_transfer: Option<u32>,
    /// Whether the adapter refuses 10-bit addresses.
    pub no_ten_bit: bool,
    /// Whether the adapter refuses messages without bytes.
    pub no_zero_length: bool,
    /// The longest message that the adapter takes, in bytes; absent: 65,535, what a 16-bit length holds.
    pub most_bytes: Option<u16>,
    /// The longest message list; absent: 42, as on Linux.
    pub most_messages: Option<u16>,
    /// How long the adapter waits for a stretched clock before it gives up; absent: one second.
    pub timeout_ns: Option<u64>,
}

/// A target: `{ address = 0x48, model = "register-file", registers = { 0x0f = 0xd3 } }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "model", deny_unknown_fields, rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum TargetConfig {
    /// 256 registers of one byte behind a pointer: the first byte written sets the pointer, further
    /// ones are stored, reads start at the pointer; it moves on with each byte and wraps.
    RegisterFile {
        /// 7-bit address, or 10-bit with `ten-bit`.
        address: u16,
        /// Whether the address has ten bits.
        #[serde(default)]
        ten_bit: bool,
        /// What STOP does to the pointer.
        #[serde(default)]
        pointer: Pointer,
        /// Contents; registers that are not named hold 0.
        #[serde(default, deserialize_with = "bytes_by_address")]
        registers: BTreeMap<u32, u8>,
    },
    /// An EEPROM with a 16-bit address and page writes: bytes written past the end of a page land
    /// at its beginning, and a write takes effect, and time, at STOP.
    Eeprom {
        /// 7-bit address.
        address: u16,
        /// Bytes in all, at most 65,536.
        size: u32,
        /// Bytes of a page; a power of two.
        page: u16,
        /// How long the target does not answer after a write.
        #[serde(default)]
        write_ns: u64,
    },
    /// Takes every byte, and answers reads with bytes that count up from `first`, for ever.
    Counter {
        /// 7-bit address, or 10-bit with `ten-bit`.
        address: u16,
        /// Whether the address has ten bits.
        #[serde(default)]
        ten_bit: bool,
        /// The first byte that a read gives.
        #[serde(default)]
        first: u8,
    },
    /// Keeps what is written, and gives it back to the reads that follow, from its beginning.
    Memory {
        /// 7-bit address.
        address: u16,
    },
    /// Expects exactly these messages, in order; what differs is not acknowledged.
    Script {
        /// 7-bit address.
        address: u16,
        /// The messages.
        step: Vec<Step>,
    },
}

/// What STOP does to the pointer of a register file.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Pointer {
    /// Nothing.
    #[default]
    Kept,
    /// It goes back to 0, so that a read after a STOP shows register 0.
    LostOnStop,
}

/// One message of a script: `{ write = [0x0f] }` or `{ read = [0xd3] }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The controller writes these bytes.
    Write(Vec<u8>),
    /// The controller reads, and gets these bytes.
    Read(Vec<u8>),
}

/// Something that goes wrong: `{ kind = "nack", transfer = 1, byte = 2 }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FaultConfig {
    /// What goes wrong.
    pub kind: FaultKind,
    /// In which transfer of this bus, 1 being the first; absent: in every one.
    pub transfer: Option<u32>,
    /// Before which byte of the transfer, addresses not counted, 1 being the first; absent or 0: at
    /// its first address.
    #[serde(default)]
    pub byte: u32,
    /// How long the clock is stretched; absent: for ever.
    pub ns: Option<u64>,
}

/// What can go wrong on a bus.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The address, or the byte if it is a written one, is not acknowledged.
    Nack,
    /// The address after a repeated START is not acknowledged, wherever it comes; the fault has no `byte`.
    NackAtRestart,
    /// Another controller wins the bus.
    ArbitrationLost,
    /// A START or STOP appears where none belongs.
    BusError,
    /// The controller was too slow to take a byte.
    Overrun,
    /// The target holds the clock line.
    Stretch,
    /// The adapter disappears.
    Gone,
}

/// Something that happens to a bus: `{ i2c = "sensors", event = "gone" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ActionConfig {
    /// The bus.
    pub i2c: String,
    /// What happens to it.
    pub event: Event,
}

/// What can happen to a bus.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The adapter is taken away.
    Gone,
    /// It comes back.
    Back,
    /// Nothing; the trace notes the name.
    Note(String),
}
