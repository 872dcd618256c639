//! Lists of transfers: what Linux's spidev takes, and what it checks before the wires move.

use super::Device;
use super::wire::{Step, run};
use std::borrow::Cow;
use std::fmt;
use std::sync::PoisonError;

/// One transfer of a message, like `struct spi_ioc_transfer`.
#[derive(Debug, Default)]
pub struct Transfer<'a> {
    /// What goes out (`tx_buf`). Empty where nothing matters: then zeros go out.
    pub output: &'a [u8],
    /// Where to put what comes in (`rx_buf`). Empty where it is discarded. If neither is empty, both have
    /// the same length; if both are, the transfer clocks nothing.
    pub input: &'a mut [u8],
    /// Microseconds to wait after the last bit, before chip select changes or the next transfer begins
    /// (`delay_usecs`).
    pub delay_us: u16,
    /// The clock rate for this transfer in hertz; 0: the device's (`speed_hz`).
    pub speed_hz: u32,
    /// Whether chip select goes up after this transfer, and down again before the next; after the last one
    /// of a message: whether it stays asserted (`cs_change`).
    pub cs_change: bool,
}

/// How a controller clocks while it serves a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Clock mode, 0 to 3: polarity in bit 1, phase in bit 0.
    pub mode: u8,
    /// Clock rate in hertz, not 0.
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
        write!(
            f,
            "mode {mode}, {hz} Hz, {bits} bit{}",
            if *lsb_first { ", least significant first" } else { "" }
        )
    }
}

/// Why a message failed, as a driver tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The receive buffer was full (`EIO`).
    Overrun,
    /// Another controller drives chip select (`EIO`).
    ModeFault,
    /// What came in has another frame format (`EIO`).
    FrameFormat,
    /// Chip select could not be driven (`EIO`).
    ChipSelect,
    /// Anything else (`EIO`).
    Failure,
    /// The message has more bytes than the driver takes (`EMSGSIZE`).
    TooLong,
    /// Buffers of different lengths, too many transfers, or settings that no controller has (`EINVAL`).
    Invalid,
}

impl Refusal {
    /// The name of the error number that Linux gives for it.
    pub fn errno(self) -> &'static str {
        match self {
            Refusal::TooLong => "EMSGSIZE",
            Refusal::Invalid => "EINVAL",
            _ => "EIO",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?} ({})", self.errno())
    }
}

impl std::error::Error for Refusal {}

/// The most transfers of one message: the size of the list is a field of 14 bits, and each takes 32 bytes.
const MOST_TRANSFERS: usize = 511;

/// spidev's `bufsiz`, unless the fixture says otherwise.
const MOST_BYTES: u32 = 4096;

impl Device {
    /// Sets how the controller clocks for this driver from its next message on. The bus hears of it then.
    pub fn configure(&self, settings: Settings) -> Result<(), Refusal> {
        let known = settings.mode <= 3 && settings.hz > 0 && matches!(settings.bits, 8 | 16 | 32);
        if !known {
            return Err(Refusal::Invalid);
        }
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(())
    }

    pub(super) fn settings(&self) -> Settings {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does one message: chip select, the transfers, chip select. Returns when the bus is idle, but for a
    /// chip select that `cs_change` keeps. What spidev refuses is refused before the wires move; an empty
    /// list succeeds and does nothing, as there.
    pub fn message(&self, transfers: &mut [Transfer<'_>]) -> Result<(), Refusal> {
        if transfers.is_empty() {
            return Ok(());
        }
        let different =
            |t: &Transfer<'_>| !t.output.is_empty() && !t.input.is_empty() && t.output.len() != t.input.len();
        if transfers.len() > MOST_TRANSFERS || transfers.iter().any(different) {
            return Err(Refusal::Invalid);
        }
        let last = transfers.len() - 1;
        let keep = transfers[last].cs_change;
        let mut steps = Vec::new();
        for (n, transfer) in transfers.iter_mut().enumerate() {
            steps.push(Step::Speed(transfer.speed_hz));
            steps.push(Step::Clock { output: Cow::Borrowed(transfer.output), input: &mut *transfer.input });
            steps.push(Step::Pause(u64::from(transfer.delay_us) * 1_000));
            if transfer.cs_change && n < last {
                steps.push(Step::Pulse);
            }
        }
        run(&self.board, &self.place, self.settings(), &mut steps, keep, Some(MOST_BYTES))
    }
}
