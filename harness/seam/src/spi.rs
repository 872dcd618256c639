//! SPI: lists of transfers.

#[cfg(feature = "embedded-hal")]
mod hal;

use crate::Refusal;
use std::fmt;

/// A driver's hold on a device: its chip select, and the bus for the length of a message. Messages of the devices on
/// one bus never mix; the settings are this driver's.
pub trait Device: Send {
    /// Sets how the controller clocks for this driver from its next message on.
    ///
    /// Refusals: [`Invalid`](Refusal::Invalid) for settings that no controller has,
    /// [`Unsupported`](Refusal::Unsupported) for those that this one lacks.
    fn configure(&mut self, settings: Settings) -> Result<(), Refusal>;

    /// Does one message: chip select, the transfers, chip select. Blocks until the bus is idle, but for a chip
    /// select that [`Transfer::cs_change`] keeps. An empty list succeeds and does nothing.
    ///
    /// Refusals before the wires move: [`Invalid`](Refusal::Invalid) (buffers of different lengths, too many
    /// transfers), [`TooLong`](Refusal::TooLong), [`Gone`](Refusal::Gone); afterwards: [`Overrun`](Refusal::Overrun),
    /// [`ModeFault`](Refusal::ModeFault), [`FrameFormat`](Refusal::FrameFormat), [`ChipSelect`](Refusal::ChipSelect),
    /// [`Io`](Refusal::Io).
    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Result<(), Refusal>;

    /// Does one message as `embedded-hal`'s `SpiDevice` asks for it: pauses are in nanoseconds, and a list has no
    /// limit. [`Unsupported`](Refusal::Unsupported) from a driver that has lists of transfers only, as kernels do: how
    /// pauses and long lists fit into those is the affair of whoever has them.
    #[cfg(feature = "embedded-hal")]
    fn frame(&mut self, operations: &mut [embedded_hal::spi::Operation<'_, u8>]) -> Result<(), Refusal> {
        let _ = operations;
        Err(Refusal::Unsupported)
    }
}

impl<D: Device + ?Sized> Device for Box<D> {
    fn configure(&mut self, settings: Settings) -> Result<(), Refusal> {
        (**self).configure(settings)
    }

    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Result<(), Refusal> {
        (**self).message(transfers)
    }

    #[cfg(feature = "embedded-hal")]
    fn frame(&mut self, operations: &mut [embedded_hal::spi::Operation<'_, u8>]) -> Result<(), Refusal> {
        (**self).frame(operations)
    }
}

/// One transfer of a message, like `struct spi_ioc_transfer`.
#[derive(Debug, Default)]
pub struct Transfer<'a> {
    /// What goes out (`tx_buf`). Empty where nothing matters: then zeros go out.
    pub output: &'a [u8],
    /// Where to put what comes in (`rx_buf`). Empty where it is discarded. If neither is empty, both have the same
    /// length; if both are, the transfer clocks nothing.
    pub input: &'a mut [u8],
    /// Microseconds to wait after the last bit, before chip select changes or the next transfer begins
    /// (`delay_usecs`).
    pub delay_us: u16,
    /// The greatest clock rate for this transfer in hertz; 0: the settings' (`speed_hz`).
    pub speed_hz: u32,
    /// Whether chip select goes up after this transfer, and down again before the next; after the last one of a
    /// message: whether it stays asserted (`cs_change`).
    pub cs_change: bool,
}

/// How a controller clocks while it serves a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Clock mode, 0 to 3: polarity in bit 1, phase in bit 0.
    pub mode: u8,
    /// The greatest clock rate in hertz, not 0.
    pub hz: u32,
    /// Bits of a word: 8, 16 or 32. In memory a word is little-endian.
    pub bits: u8,
    /// Whether the least significant bit of a word goes first.
    pub lsb_first: bool,
}

impl Default for Settings {
    /// Mode 0, 1 MHz, 8 bits, most significant first.
    fn default() -> Settings {
        Settings { mode: 0, hz: 1_000_000, bits: 8, lsb_first: false }
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { mode, hz, bits, lsb_first } = self;
        let order = if *lsb_first { ", least significant first" } else { "" };
        write!(f, "mode {mode}, {hz} Hz, {bits} bit{order}")
    }
}
