//! What each call looks like on the bus.

use crate::log::{mark, open, r, w};

/// Reads of one byte, whose first byte is also the last, and of three.
pub fn read() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.read(0x48, 3);
}

/// Writes of one byte and of three.
pub fn write() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10]);
    bus.write(0x48, &[0x10, 0xa1, 0xb2]);
}

/// The usual way to read a register.
pub fn write_read() {
    let Some(bus) = open() else { return };
    bus.write_read(0x48, &[0x0f], 1);
}

/// The same as a list of operations.
pub fn transaction_write_read() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[w(&[0x0f]), r(2)]);
}

/// Two registers in one transfer; the reads differ in length, so that none can stand for the other.
pub fn transaction_alternating() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[w(&[0x0f]), r(2), w(&[0x20]), r(3)]);
}

/// A transfer that begins with a read and ends with a write.
pub fn transaction_read_first() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[r(2), w(&[0x0f]), r(1), w(&[0x10, 0xa1])]);
}

/// Lists of one operation.
pub fn transaction_one_operation() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[w(&[0x10, 0xa1])]);
    bus.transaction(0x48, &[r(2)]);
}

/// Neighbours of one direction. The bytes are such that a register file ends up with other contents if a
/// repeated START stands between the writes.
pub fn transaction_neighbours() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[w(&[0x10]), w(&[0x77, 0x88])]);
    bus.transaction(0x48, &[r(1), r(2)]);
    bus.write_read(0x48, &[0x10], 2);
}

/// A page write with address and data apart, as a driver would do that does not want to copy the data.
pub fn transaction_page_write() {
    let Some(bus) = open() else { return };
    bus.transaction(0x50, &[w(&[0x00, 0x10]), w(&[0xde, 0xad, 0xbe, 0xef])]);
    bus.write_read(0x50, &[0x00, 0x10], 4);
}

/// A mark after each call, to show what had happened by its return.
pub fn return_after_stop() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10, 0xa1]);
    mark("returned");
    bus.read(0x48, 2);
    mark("returned");
    bus.write_read(0x48, &[0x10], 1);
    mark("returned");
    bus.transaction(0x48, &[w(&[0x20]), r(1), w(&[0x10, 0xb2])]);
    mark("returned");
}
