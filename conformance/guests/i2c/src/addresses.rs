//! Which target a call reaches.

use crate::log::{open, r, w};

/// Even and odd addresses, and both ends of what is not reserved.
pub fn seven_bit() {
    let Some(bus) = open() else { return };
    bus.write(0x32, &[0x5a]);
    bus.read(0x33, 2);
    bus.write(0x08, &[0x6b]);
    bus.read(0x77, 2);
}

/// An address of more than seven bits, whose low seven belong to somebody else.
pub fn wide_address() {
    let Some(bus) = open() else { return };
    bus.read(0x23, 1);
    bus.write(0x123, &[0x10, 0xa1]);
    bus.read(0x123, 1);
    bus.write_read(0x123, &[0x10], 1);
    bus.transaction(0x123, &[w(&[0x10, 0xa1])]);
    bus.read(0x23, 1);
}

/// 10-bit targets, both ends of the range among them.
pub fn ten_bit() {
    let Some(bus) = open() else { return };
    bus.read(0x23, 1);
    bus.write(0x123, &[0x10, 0xa1]);
    bus.write_read(0x123, &[0x10], 1);
    bus.read(0x080, 2);
    bus.transaction(0x3ff, &[w(&[0x01]), r(2)]);
    bus.read(0x23, 1);
}

/// Addresses that no target can have; cut down to ten, eight or seven bits each is one that some target has.
pub fn out_of_range() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10, 0xa1]);
    bus.write(0x448, &[0x10, 0xb2]);
    bus.read(0xffff, 1);
    bus.write_read(0x400, &[0x10], 1);
    bus.transaction(0x8048, &[w(&[0x10, 0xb2])]);
    bus.read(0x48, 1);
}

/// A general call, and other addresses that the specification keeps for itself.
pub fn reserved() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.write(0x00, &[0x06]);
    bus.write(0x03, &[0x01]);
    bus.read(0x78, 1);
    bus.write_read(0x7c, &[0x90], 3);
    bus.read(0x48, 1);
}
