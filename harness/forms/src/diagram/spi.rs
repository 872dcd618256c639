//! Chip selects, SCLK in its mode, MOSI and MISO.

use super::pen::{FLOAT, HIGH, LOW, Pen, Wire, short, width};
use crate::wire::spi::Event;

/// A bit: half of it before the edge at which it is taken.
const BIT: i32 = 8;
const BYTE: i32 = 8 * BIT + 4;
const MOST: usize = 3;
const ROW: i32 = 20;

/// The most chip selects that have a wire of their own.
const MOST_SELECTS: usize = 4;

pub(crate) struct Lane {
    y: i32,
    mode: u8,
    lsb_first: bool,
    selects: Vec<(String, Wire)>,
    clock: Wire,
    out: Wire,
    into: Wire,
}

/// The chip selects that the lines name.
pub(crate) fn selects<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found = Vec::new();
    for line in lines {
        if let Event::Select { device, .. } = Event::parse(line)
            && !found.contains(&device)
            && found.len() < MOST_SELECTS
        {
            found.push(device);
        }
    }
    found
}

pub(crate) fn height(selects: &[String]) -> i32 {
    14 + ROW * (selects.len() as i32 + 3)
}

pub(crate) fn names(selects: &[String]) -> Vec<(String, i32)> {
    let selects = selects.iter().map(|device| format!("CS {}", crate::safe::name(device)));
    let names = selects.chain(["SCLK", "MOSI", "MISO"].map(str::to_owned));
    (0..).zip(names).map(|(row, name)| (name, 14 + ROW * row + 14)).collect()
}

pub(crate) fn columns(text: &str) -> i32 {
    let drawn = match Event::parse(text) {
        Event::Bytes { out, .. } if out.len() <= MOST => BYTE * out.len() as i32,
        Event::Bytes { .. } => 3 * BYTE,
        _ => 12,
    };
    drawn.max(width(&short(text)) + 8)
}

impl Lane {
    pub(crate) fn new(y: i32, selects: &[String]) -> Lane {
        let row = |row: usize, level| Wire::new(y + 18 + ROW * row as i32, 12, level);
        let all = selects.len();
        let select = |(n, device): (usize, &String)| (device.clone(), row(n, Some(HIGH)));
        Lane {
            y,
            mode: 0,
            lsb_first: false,
            selects: selects.iter().enumerate().map(select).collect(),
            clock: row(all, Some(LOW)),
            out: row(all + 1, Some(FLOAT)),
            into: row(all + 2, Some(FLOAT)),
        }
    }

    pub(crate) fn event(&mut self, pen: &mut Pen, x: i32, text: &str) {
        pen.text(x, self.y + 11, "e", short(text));
        match Event::parse(text) {
            Event::Config { mode, lsb_first } => {
                (self.mode, self.lsb_first) = (mode, lsb_first);
                self.clock.set(x + 6, Some(self.idle()));
            }
            Event::Select { device, high } => {
                if let Some((_, wire)) = self.selects.iter_mut().find(|(name, _)| *name == device) {
                    wire.set(x + 6, Some(if high { HIGH } else { LOW }));
                }
            }
            Event::Bytes { out, into } => {
                let all = out.len();
                let shown: Vec<_> = if all <= MOST { (0..all).collect() } else { vec![0, all - 1] };
                let mut at = x;
                for place in shown {
                    if place > 1 && all > MOST {
                        self.gap(pen, at, all - 2);
                        at += BYTE;
                    }
                    self.byte(at, out[place], into[place]);
                    at += BYTE;
                }
                self.clock.set(at - 4, Some(self.idle()));
            }
            Event::Other => {
                let rows = self.selects.len() as i32 + 3;
                pen.path("f", format!("M{} {}V{}", x, self.y + 14, self.y + 14 + ROW * rows));
            }
        }
    }

    fn idle(&self) -> i32 {
        if self.mode & 2 == 0 { LOW } else { HIGH }
    }

    fn gap(&mut self, pen: &mut Pen, x: i32, bytes: usize) {
        let top = self.y + 18 + ROW * self.selects.len() as i32;
        pen.rect("m", x, top, BYTE - 4, 2 * ROW + 12);
        pen.text(x + 4, top + ROW + 10, "n", format!("…{bytes} more"));
        for wire in [&mut self.clock, &mut self.out, &mut self.into] {
            let level = wire.level();
            wire.set(x, None);
            wire.set(x + BYTE - 4, level);
        }
    }

    fn byte(&mut self, x: i32, out: u8, into: u8) {
        let (idle, active) = (self.idle(), HIGH - self.idle());
        let late = self.mode & 1 == 1;
        for place in 0..8 {
            let at = x + place * BIT;
            let bit = |byte: u8| {
                let bit = if self.lsb_first { place } else { 7 - place };
                Some(if byte >> bit & 1 == 1 { HIGH } else { LOW })
            };
            self.out.set(at, bit(out));
            self.into.set(at, bit(into));
            // In the odd modes the first edge changes the data, and the second is where they are taken.
            self.clock.set(at, Some(if late { active } else { idle }));
            self.clock.set(at + BIT / 2, Some(if late { idle } else { active }));
        }
        self.clock.set(x + 8 * BIT, Some(idle));
    }

    pub(crate) fn finish(self, pen: &mut Pen, x: i32) {
        let selects = self.selects.into_iter().map(|(_, wire)| wire);
        selects.chain([self.clock, self.out, self.into]).for_each(|wire| wire.finish(pen, x));
    }
}
