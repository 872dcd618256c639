//! An SPI bus as data.

use crate::keys::bytes_by_address;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A controller with its bus, and what hangs on it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct BusConfig {
    /// The devices, each behind a chip select of its own.
    pub device: Vec<DeviceConfig>,
    /// What goes wrong, and when.
    pub fault: Vec<FaultConfig>,
    /// What MISO reads as while nobody drives it; absent: 0xff, pulled up.
    pub idle: Option<u8>,
    /// The most bytes of one message in each direction, like the module parameter `bufsiz` of Linux's
    /// spidev. Absent: 4096 for lists of transfers, none at `embedded-hal`.
    pub most_bytes: Option<u32>,
    /// Whether the controller takes no notice of the clock rate that a transfer asks for.
    pub ignores_transfer_speed: bool,
    /// After this message (1 is the first) the controller lets others run before it returns to its driver, so
    /// that a driver which splits one call into two messages is interrupted between them.
    pub hold_after_message: Option<u32>,
}

/// A device behind a chip select: `{ name = "adc", model = { counter = { first = 0x10 } } }`, or
/// `model = "loopback"` where the model needs nothing more.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeviceConfig {
    /// The name by which drivers ask for it; no other device of the board has it.
    pub name: String,
    /// What it does.
    pub model: Model,
    /// The clock modes in which it works; absent: in all. In another one it samples at the wrong edges:
    /// each byte, in both directions, is shifted by one bit.
    pub modes: Option<Vec<u8>>,
    /// The highest clock rate in hertz at which it works; absent: any. Above it, it samples too late: as in a wrong mode.
    pub most_hz: Option<u32>,
    /// How many drivers may hold it at once; absent: any number.
    pub opens: Option<u32>,
}

/// What a device does with what it hears.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Model {
    /// MISO is wired to MOSI.
    Loopback,
    /// Says each byte one byte later; the first of a frame is `first`.
    Shift {
        /// What it says before it has heard anything.
        #[serde(default)]
        first: u8,
    },
    /// Says bytes that count up from `first`, for ever, whatever it hears.
    Counter {
        /// The first byte.
        #[serde(default)]
        first: u8,
    },
    /// A serial NOR flash.
    Flash(Flash),
    /// Expects exactly these frames, in order.
    Script {
        /// The frames.
        frame: Vec<ScriptFrame>,
    },
    /// Nobody: MISO is not driven.
    Absent,
}

/// A serial NOR flash: commands 9f (identification), 03 (read), 06 and 04 (write enable and disable), 05
/// (status; bit 1 is write enable), 02 (page program, pages of 256 bytes, when the frame ends). Addresses
/// have three bytes and wrap at the size; programming clears bits only and takes no time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Flash {
    /// Manufacturer, memory type and capacity, as command 9f says them, for ever.
    pub id: [u8; 3],
    /// Bytes in all, a multiple of 256, at most 1 MiB; absent: 4096.
    pub size: Option<u32>,
    /// What is not erased.
    #[serde(default, deserialize_with = "bytes_by_address")]
    pub contents: BTreeMap<u32, u8>,
}

/// A frame of a script: `{ hears = "9f * * *", says = "* bf 25 41" }`, in hexadecimal.
///
/// A star is a byte that does not matter, or one during which MISO is not driven. The frame has as many
/// bytes as the longer of the two. A byte that is not the one expected is answered as if nobody were there,
/// and so are all after it; the frame then counts as not seen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScriptFrame {
    /// What comes in on MOSI.
    #[serde(default)]
    pub hears: String,
    /// What goes out on MISO.
    #[serde(default)]
    pub says: String,
}

/// Something that goes wrong: `{ kind = "overrun", frame = 2, byte = 3 }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FaultConfig {
    /// What goes wrong.
    pub kind: FaultKind,
    /// In which frame of this bus, 1 being the first; absent: in every one.
    pub frame: Option<u32>,
    /// Before which byte of the frame, 1 being the first; so it strikes the operation which that byte
    /// belongs to. It says nothing of a chip select. Absent: before the first.
    pub byte: Option<u32>,
}

/// What can go wrong on a bus.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The receive buffer is full.
    Overrun,
    /// Another controller drives chip select.
    ModeFault,
    /// What comes in has another frame format.
    FrameFormat,
    /// Anything else, such as a DMA channel that stops.
    Failure,
    /// Chip select cannot be asserted.
    StuckHigh,
    /// Chip select cannot be deasserted.
    StuckLow,
}

/// Something that happens to a bus: `{ spi = "main", event = { note = "returned" } }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ActionConfig {
    /// The bus.
    pub spi: String,
    /// What happens to it.
    pub event: Event,
}

/// What can happen to a bus.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Nothing; the trace notes the name.
    Note(String),
}
