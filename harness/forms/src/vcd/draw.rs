//! The bits of a bus, as its decoders look for them.

use super::tape::Tape;
use crate::wire::{i2c, spi};
use std::io;
use vcd::{IdCode, Value};

/// An I²C bus. SDA moves while SCL is low, but for a START and a STOP.
pub(super) struct I2c {
    pub(super) scl: IdCode,
    pub(super) sda: IdCode,
}

impl I2c {
    pub(super) fn idle(&self, tape: &mut Tape) -> io::Result<()> {
        tape.level(self.scl, true)?;
        tape.level(self.sda, true)
    }

    /// Draws an event; `left` bytes may be drawn yet.
    pub(super) fn event(&self, tape: &mut Tape, text: &str, left: &mut usize) -> io::Result<()> {
        let event = i2c::Event::parse(text);
        match &event {
            i2c::Event::Start { .. } => {
                // Both are let go before SDA falls, whatever was before.
                tape.level(self.sda, true)?;
                tape.wait(1);
                tape.level(self.scl, true)?;
                tape.wait(1);
                tape.level(self.sda, false)?;
                tape.wait(1);
                tape.level(self.scl, false)?;
                tape.wait(1);
            }
            i2c::Event::Stop => {
                tape.level(self.scl, false)?;
                tape.wait(1);
                tape.level(self.sda, false)?;
                tape.wait(1);
                tape.level(self.scl, true)?;
                tape.wait(1);
                tape.level(self.sda, true)?;
                tape.wait(2);
                return Ok(());
            }
            _ => {}
        }
        for (byte, ack) in event.frames() {
            if *left == 0 {
                return Ok(());
            }
            *left -= 1;
            let bits = (0..8).rev().map(|bit| byte >> bit & 1 == 1).chain(ack.map(|ack| !ack));
            for bit in bits {
                tape.level(self.sda, bit)?;
                tape.wait(1);
                tape.level(self.scl, true)?;
                tape.wait(2);
                tape.level(self.scl, false)?;
                tape.wait(1);
            }
        }
        Ok(())
    }
}

/// An SPI bus, with its chip selects.
pub(super) struct Spi {
    clk: IdCode,
    mosi: IdCode,
    miso: IdCode,
    selects: Vec<(String, IdCode)>,
    mode: u8,
    lsb_first: bool,
}

impl Spi {
    pub(super) fn new(clk: IdCode, mosi: IdCode, miso: IdCode, selects: Vec<(String, IdCode)>) -> Spi {
        Spi { clk, mosi, miso, selects, mode: 0, lsb_first: false }
    }

    pub(super) fn idle(&self, tape: &mut Tape) -> io::Result<()> {
        for wire in [self.clk, self.mosi, self.miso] {
            tape.set(wire, Value::V0)?;
        }
        self.selects.iter().try_for_each(|(_, wire)| tape.level(*wire, true))
    }

    /// Draws an event; `left` bytes may be drawn yet.
    pub(super) fn event(&mut self, tape: &mut Tape, text: &str, left: &mut usize) -> io::Result<()> {
        match spi::Event::parse(text) {
            spi::Event::Config { mode, lsb_first } => {
                (self.mode, self.lsb_first) = (mode, lsb_first);
                tape.level(self.clk, mode & 2 != 0)?;
                tape.wait(1);
            }
            spi::Event::Select { device, high } => {
                if let Some((_, wire)) = self.selects.iter().find(|(name, _)| *name == device) {
                    // What is not selected has been so for a moment.
                    tape.wait(u64::from(tape.is_high(*wire)));
                    tape.level(*wire, high)?;
                    tape.wait(2);
                }
            }
            spi::Event::Bytes { out, into } => {
                for (out, into) in out.into_iter().zip(into) {
                    if *left == 0 {
                        return Ok(());
                    }
                    *left -= 1;
                    self.byte(tape, out, into)?;
                }
            }
            spi::Event::Other => {}
        }
        Ok(())
    }

    fn byte(&self, tape: &mut Tape, out: u8, into: u8) -> io::Result<()> {
        let (idle, late) = (self.mode & 2 != 0, self.mode & 1 != 0);
        for place in 0..8 {
            let shift = if self.lsb_first { place } else { 7 - place };
            // In the odd modes the first edge changes the data, and the second is where they are taken.
            if late {
                tape.level(self.clk, !idle)?;
            }
            tape.level(self.mosi, out >> shift & 1 == 1)?;
            tape.level(self.miso, into >> shift & 1 == 1)?;
            tape.wait(1);
            tape.level(self.clk, if late { idle } else { !idle })?;
            tape.wait(1);
            if !late {
                tape.level(self.clk, idle)?;
            }
        }
        tape.wait(1);
        Ok(())
    }
}
