//! Two rows of boxes: what the system does for a driver, and what the bus sees.

use super::pen::{BEGIN, Pen, short, width};

pub(crate) const HEIGHT: i32 = 62;
pub(crate) const NAMES: [(&str, i32); 2] = [("host", 28), ("bus", 52)];

const BOX: i32 = 18;

pub(crate) struct Lane {
    y: i32,
}

pub(crate) fn columns(text: &str) -> i32 {
    width(&shown(text)) + 16
}

/// The line, with an empty packet called by its name.
fn shown(text: &str) -> String {
    match text.strip_suffix(" []") {
        Some(transfer) => short(&format!("{transfer} ZLP")),
        None => short(text),
    }
}

/// The row, and the class of the box.
fn kind(text: &str) -> (i32, &'static str) {
    match text.split(' ').next().unwrap_or_default() {
        "SETUP" => (1, "su"),
        "OUT" => (1, "o"),
        "IN" => (1, "i"),
        "ISO" => (1, "iso"),
        "STATUS" => (1, "st"),
        "STALL" | "BABBLE" | "ERROR" | "DISCARD" | "CANCEL" => (1, "bad"),
        "NAK" => (1, "m"),
        "ARRIVED" | "GONE" => (2, "plug"),
        _ => (0, "sys"),
    }
}

impl Lane {
    pub(crate) fn new(y: i32) -> Lane {
        Lane { y }
    }

    pub(crate) fn event(&mut self, pen: &mut Pen, x: i32, text: &str) {
        let (row, class) = kind(text);
        let label = shown(text);
        let w = width(&label) + 10;
        // Plugged in or out is about both rows.
        let (top, height) = if row == 2 { (self.y + 14, 2 * BOX + 6) } else { (self.y + 14 + row * 24, BOX) };
        pen.rect(class, x, top, w, height);
        pen.text(x + 5, top + height / 2 + 4, "e", label);
    }

    pub(crate) fn finish(self, pen: &mut Pen, x: i32) {
        pen.path("b", format!("M{BEGIN} {}H{x}M{BEGIN} {}H{x}", self.y + 23, self.y + 47));
    }
}
