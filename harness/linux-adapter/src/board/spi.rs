//! SPI: a message of the kernel, as a message of the seam.

use super::device::Controller;
use super::forward::Answer;
use super::message::Request;
use wasi_hw_seam::spi::{Device as Driver, Settings, Transfer};
use wasi_hw_seam::{Refusal, spi};

/// `SPI_CPHA`, `SPI_CPOL`, `SPI_LSB_FIRST`.
const MODES: u32 = 0x1 | 0x2;
const LSB_FIRST: u32 = 0x8;

/// `WHB_SPI_WRITES`, `_READS`, `_CS_CHANGE`.
const WRITES: u16 = 1;
const READS: u16 = 2;
const CS_CHANGE: u16 = 4;

/// A controller with one device: which devices share a bus stands in no embedder's configuration, and the board sees to it
/// that their messages do not mix.
pub(super) fn controller() -> Controller {
    Controller {
        mode_bits: MODES | LSB_FIRST,
        bits_per_word_mask: 1 << 7 | 1 << 15 | 1 << 31,
        count: 1,
        ..Controller::default()
    }
}

/// A driver on the board, with the settings that the kernel last asked for.
pub(super) struct Device {
    driver: Box<dyn spi::Device>,
    settings: Settings,
}

impl Device {
    pub(super) fn new(driver: Box<dyn Driver>) -> Device {
        Device { driver, settings: Settings::default() }
    }

    /// Does a message. Mode and order of bits are the kernel's, rate and length of words the first transfer's.
    pub(super) fn message(&mut self, request: &Request) -> Answer {
        let Some(first) = request.segments.first() else { return Ok((0, Vec::new())) };
        let settings = Settings {
            mode: (request.value & MODES) as u8,
            hz: if first.speed_hz == 0 { self.settings.hz } else { first.speed_hz },
            bits: first.bits_per_word,
            lsb_first: request.value & LSB_FIRST != 0,
        };
        if settings != self.settings {
            self.driver.configure(settings)?;
            self.settings = settings;
        }
        let kept = |flags: u16| flags & READS != 0;
        let total =
            request.segments.iter().filter(|segment| kept(segment.flags)).map(|segment| segment.len).sum();
        let mut read = vec![0; total];
        let (mut to, mut from) = (&mut read[..], &request.bytes[..]);
        // What is clocked and neither given nor kept goes out as zeros.
        let longest = request.segments.iter().map(|segment| segment.len).max().unwrap_or(0);
        let zeros = vec![0; longest];
        let mut transfers = Vec::with_capacity(request.segments.len());
        for segment in &request.segments {
            let mut transfer = Transfer {
                delay_us: u16::try_from(segment.delay_ns.div_ceil(1000)).map_err(|_| Refusal::Invalid)?,
                speed_hz: if segment.speed_hz == settings.hz { 0 } else { segment.speed_hz },
                cs_change: segment.flags & CS_CHANGE != 0,
                ..Transfer::default()
            };
            if kept(segment.flags) {
                let (buffer, rest) = to.split_at_mut(segment.len);
                (transfer.input, to) = (buffer, rest);
            }
            if segment.flags & WRITES != 0 {
                let (bytes, rest) = from.split_at_checked(segment.len).ok_or(Refusal::Other)?;
                (transfer.output, from) = (bytes, rest);
            } else if !kept(segment.flags) {
                transfer.output = &zeros[..segment.len];
            }
            transfers.push(transfer);
        }
        self.driver.message(&mut transfers)?;
        Ok((0, read))
    }
}
