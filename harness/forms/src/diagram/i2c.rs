//! SCL and SDA. SDA moves while SCL is low, but for a START and a STOP, which are just that.

use super::pen::{HIGH, LOW, Pen, Wire, short, width};
use crate::wire::i2c::Event;

/// A bit, and what stands around the nine of a byte.
const BIT: i32 = 7;
const EDGE: i32 = 6;
const FRAME: i32 = 9 * BIT + EDGE;

/// So many bytes of a line are drawn bit by bit; of more, the first and the last.
const MOST: usize = 4;

pub(crate) const HEIGHT: i32 = 54;
pub(crate) const NAMES: [(&str, i32); 2] = [("SCL", 28), ("SDA", 48)];

pub(crate) struct Lane {
    y: i32,
    scl: Wire,
    sda: Wire,
}

pub(crate) fn columns(text: &str) -> i32 {
    let drawn = match Event::parse(text) {
        event @ Event::Start { .. } => 4 * EDGE + FRAME * event.frames().len() as i32,
        Event::Bytes { bytes, .. } if bytes.len() <= MOST => FRAME * bytes.len() as i32,
        Event::Bytes { .. } => 3 * FRAME,
        Event::Stop => 4 * EDGE,
        Event::Stretch { .. } => 8 * EDGE,
        Event::Other => 0,
    };
    drawn.max(width(&short(text)) + 8)
}

impl Lane {
    pub(crate) fn new(y: i32) -> Lane {
        Lane { y, scl: Wire::new(y + 18, 12, Some(HIGH)), sda: Wire::new(y + 38, 12, Some(HIGH)) }
    }

    pub(crate) fn event(&mut self, pen: &mut Pen, x: i32, text: &str) {
        pen.text(x, self.y + 11, "e", short(text));
        let event = Event::parse(text);
        match &event {
            Event::Start { again, .. } => {
                if *again {
                    // Both are let go before SDA falls once more.
                    self.sda.set(x + EDGE / 2, Some(HIGH));
                    self.scl.set(x + EDGE, Some(HIGH));
                }
                self.sda.set(x + 2 * EDGE, Some(LOW));
                self.scl.set(x + 3 * EDGE, Some(LOW));
                let mut x = x + 4 * EDGE;
                for (byte, ack) in event.frames() {
                    x = self.frame(x, byte, ack);
                }
            }
            Event::Bytes { bytes, ack } if bytes.len() <= MOST => {
                let mut x = x;
                for byte in bytes {
                    x = self.frame(x, *byte, Some(*ack));
                }
            }
            Event::Bytes { bytes, ack } => {
                let after = self.frame(x, bytes[0], Some(*ack));
                pen.rect("m", after + 2, self.y + 18, FRAME - 4, 32);
                pen.text(after + 6, self.y + 37, "n", format!("…{} more", bytes.len() - 2));
                self.scl.set(after + 2, None);
                self.sda.set(after + 2, None);
                self.scl.set(after + FRAME - 2, Some(LOW));
                self.sda.set(after + FRAME - 2, Some(LOW));
                self.frame(after + FRAME, bytes[bytes.len() - 1], Some(*ack));
            }
            Event::Stop => {
                self.scl.set(x + 2, Some(LOW));
                self.sda.set(x + EDGE, Some(LOW));
                self.scl.set(x + 2 * EDGE, Some(HIGH));
                self.sda.set(x + 3 * EDGE, Some(HIGH));
            }
            Event::Stretch { .. } => {
                self.scl.set(x + 2, Some(LOW));
                pen.rect("m", x + 2, self.y + 18, 8 * EDGE - 4, 12);
            }
            Event::Other => pen.path("f", format!("M{} {}V{}", x, self.y + 14, self.y + HEIGHT - 2)),
        }
    }

    /// Eight bits, the highest first, and the answer.
    fn frame(&mut self, x: i32, byte: u8, ack: Option<bool>) -> i32 {
        let bits = (0..8).rev().map(|bit| byte >> bit & 1 == 1).chain(ack.map(|ack| !ack));
        for (place, bit) in (0..).zip(bits) {
            let x = x + place * BIT;
            self.scl.set(x, Some(LOW));
            self.sda.set(x + 1, Some(if bit { HIGH } else { LOW }));
            self.scl.set(x + 3, Some(HIGH));
            self.scl.set(x + BIT - 1, Some(LOW));
        }
        x + FRAME
    }

    pub(crate) fn finish(self, pen: &mut Pen, x: i32) {
        self.scl.finish(pen, x);
        self.sda.finish(pen, x);
    }
}
