//! SPI: lists of transfers, like the `SPI_IOC_MESSAGE` call of Linux.

use crate::{Bytes, Count};
use serde::{Deserialize, Serialize};
use wasi_hw_seam::spi::Settings;

/// A device to attach to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SpiOpen"))]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The device's name on the board. Refusals: `missing`, `busy`.
    pub device: String,
}

/// How a controller clocks while it serves a device. In force from the next message on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SpiConfigure"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Configure {
    /// The device.
    pub handle: u32,
    /// Clock mode, 0 to 3: polarity in bit 1, phase in bit 0.
    pub mode: u32,
    /// Clock rate in hertz, not 0.
    pub hz: u32,
    /// Bits of a word: 8, 16 or 32. In memory a word is little-endian.
    #[serde(default = "eight")]
    pub bits: u32,
    /// Whether the least significant bit of a word goes first.
    #[serde(default)]
    pub lsb_first: bool,
}

fn eight() -> u32 {
    8
}

impl Configure {
    /// Asks for these settings.
    pub fn new(handle: u32, settings: Settings) -> Configure {
        let Settings { mode, hz, bits, lsb_first } = settings;
        Configure { handle, mode: mode.into(), hz, bits: bits.into(), lsb_first }
    }

    /// What is asked for. A number that a driver's settings cannot hold is as little a mode, or a length of words, as
    /// the greatest that they can.
    pub fn settings(&self) -> Settings {
        let small = |number| u8::try_from(number).unwrap_or(u8::MAX);
        Settings { mode: small(self.mode), hz: self.hz, bits: small(self.bits), lsb_first: self.lsb_first }
    }
}

/// One message: chip select, the transfers, chip select.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SpiMessage"))]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The device.
    pub handle: u32,
    /// The transfers. Refusals before the wires move: `invalid`, `too-long`; after it: `overrun`,
    /// `mode-fault`, `frame-format`, `chip-select`, `io`.
    pub transfers: Vec<Transfer>,
}

/// One transfer of a message, like `struct spi_ioc_transfer`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SpiTransfer"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Transfer {
    /// What goes out; absent: zeros.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write: Option<Bytes>,
    /// How many bytes of what comes in to keep: none (absent or 0), or as many as go out; without `write`, how
    /// many to clock. Where it is not absent the answer's `reads` has a place for it, which of 0 bytes is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<Count>,
    /// Microseconds to wait after the last bit, before chip select changes or the next transfer begins; at
    /// most 65,535, as in the field of Linux's structure. Rounding and splitting are the host's work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_us: Option<Count>,
    /// The clock rate for this transfer in hertz; absent or 0: the device's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hz: Option<u32>,
    /// Whether chip select goes up after this transfer and down again before the next; after the last one
    /// of a message: whether it stays asserted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cs_change: bool,
}

/// One message as the `SpiDevice` of `embedded-hal` 1.0 has it, for a host whose seam is `hal`: pauses are in
/// nanoseconds, and a list has no limit but that of all operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SpiFrame"))]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// The device.
    pub handle: u32,
    /// The operations. Refusals: as of a message.
    pub operations: Vec<Operation>,
}

/// One operation of a frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SpiOperation"))]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Clocks so many bytes in; the answer's `reads` has them.
    Read(Count),
    /// Clocks these out.
    Write(Bytes),
    /// Clocks these out and as many in; the answer's `reads` has them.
    Transfer(Bytes),
    /// Waits so many nanoseconds, at most 4,294,967,295.
    DelayNs(Count),
}
