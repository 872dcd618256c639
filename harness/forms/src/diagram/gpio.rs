//! A line: its level or its value, and in the text who drives it.

use super::pen::{FLOAT, HIGH, LOW, Pen, Wire, short, width};
use crate::wire::gpio::{Level, level};

pub(crate) const HEIGHT: i32 = 46;

pub(crate) struct Lane {
    y: i32,
    wire: Wire,
}

pub(crate) fn columns(text: &str) -> i32 {
    width(&short(text)) + 10
}

impl Lane {
    pub(crate) fn new(y: i32) -> Lane {
        Lane { y, wire: Wire::new(y + 18, 22, None) }
    }

    pub(crate) fn event(&mut self, pen: &mut Pen, x: i32, text: &str) {
        pen.text(x, self.y + 11, "e", short(text));
        match level(text) {
            Some(level) => self.wire.set(x + 3, Some(height(level))),
            None => pen.path("f", format!("M{} {}V{}", x, self.y + 14, self.y + HEIGHT - 4)),
        }
    }

    pub(crate) fn finish(self, pen: &mut Pen, x: i32) {
        self.wire.finish(pen, x);
    }
}

fn height(level: Level) -> i32 {
    match level {
        Level::Low => LOW,
        Level::High => HIGH,
        Level::Float => FLOAT,
        Level::Share(share) => LOW + (share * f64::from(HIGH - LOW)) as i32,
    }
}
