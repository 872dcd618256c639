//! Pauses.

use crate::log::{mark, open, open_delay, wait};

/// Pauses that rounding down, to microseconds or to 16 bits of them, makes too short.
pub fn delay() {
    let Some(bus) = open() else { return };
    let delay = open_delay();
    bus.write(0x48, &[0x10, 0xa1]);
    delay.delay_ns(1);
    delay.delay_ns(999);
    delay.delay_ns(1_500);
    delay.delay_ns(70_000_000);
    bus.read(0x48, 1);
}

/// The longest pause that one call can ask for.
pub fn longest() {
    let Some(bus) = open() else { return };
    let delay = open_delay();
    bus.write(0x48, &[0x10, 0xa1]);
    delay.delay_ns(u32::MAX);
    bus.read(0x48, 1);
}

/// A pause of nothing, between two writes whose place in time the board can tell.
pub fn zero() {
    let Some(bus) = open() else { return };
    let delay = open_delay();
    bus.write(0x48, &[0x10, 0xa1]);
    delay.delay_ns(0);
    bus.write(0x48, &[0x11, 0xb2]);
    wait(1_000_000);
    bus.read(0x48, 1);
}

/// A pause while a bus is open, with marks around it.
pub fn silent() {
    let Some(bus) = open() else { return };
    let delay = open_delay();
    bus.write(0x48, &[0x10, 0xa1]);
    mark("delay-begins");
    delay.delay_ns(2_000_000);
    mark("delay-over");
    delay.drop();
    mark("delay-dropped");
    bus.read(0x48, 1);
}

/// Pauses before a bus is opened and after it was dropped.
pub fn alone() {
    let delay = open_delay();
    delay.delay_ns(2_500);
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.drop();
    delay.delay_ns(3_500);
}

/// Two delays beside a bus, of which one is dropped.
pub fn two() {
    let Some(bus) = open() else { return };
    let first = open_delay();
    let second = open_delay();
    first.delay_ns(1_500);
    first.drop();
    bus.write(0x48, &[0x10, 0xa1]);
    second.delay_ns(2_500);
    bus.read(0x48, 1);
}

/// A pause between two writes, then time enough for the board to note how late the second came.
pub fn overshoot() {
    let Some(bus) = open() else { return };
    let delay = open_delay();
    bus.write(0x48, &[0x10]);
    delay.delay_ns(1_000_000);
    bus.write(0x48, &[0x11]);
    wait(100_000_000);
    bus.write(0x48, &[0x12]);
}
