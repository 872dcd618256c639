//! Pauses between the changes of a line, whose times the board knows.

use crate::log::Kind::DigitalOut;
use crate::log::{Pin, Pins, delay_ms, delay_ns, delay_us};

/// Pauses that rounding down, to microseconds or to 16 bits of them, makes too short.
pub fn nanoseconds() {
    let pins = Pins::default();
    let lamp = open(&pins);
    for ns in [1, 999, 1_500, 70_000_000] {
        delay_ns(ns);
        lamp.toggle();
    }
}

/// Pauses that 16 bits, or 32 bits of nanoseconds, do not hold.
pub fn microseconds() {
    let pins = Pins::default();
    let lamp = open(&pins);
    for us in [1, 1_500, 70_000, 5_000_000] {
        delay_us(us);
        lamp.toggle();
    }
}

/// Pauses that 32 bits, of nanoseconds or of microseconds, do not hold.
pub fn milliseconds() {
    let pins = Pins::default();
    let lamp = open(&pins);
    for ms in [1, 70, 5_000, 5_000_000] {
        delay_ms(ms);
        lamp.toggle();
    }
}

/// The longest pauses that one call can ask for, the longest one last.
pub fn longest() {
    let pins = Pins::default();
    let lamp = open(&pins);
    delay_ns(u32::MAX);
    lamp.toggle();
    delay_us(u32::MAX);
    lamp.toggle();
    delay_ms(u32::MAX);
    lamp.toggle();
}

/// Pauses of nothing, before one of something.
pub fn zero() {
    let pins = Pins::default();
    let lamp = open(&pins);
    delay_ns(0);
    delay_us(0);
    delay_ms(0);
    lamp.toggle();
    delay_ms(3);
    lamp.toggle();
}

fn open(pins: &Pins) -> &Pin {
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    lamp
}
