//! Calls that fail on the bus, and the calls after them.

use crate::log::{mark_outcome, open, open_as, open_delay, r, w};

/// Every method, where no target is.
pub fn absent() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10, 0xa1]);
    bus.read(0x51, 1);
    bus.write(0x51, &[0x10, 0xb2]);
    bus.write_read(0x51, &[0x10], 1);
    bus.transaction(0x51, &[w(&[0x10]), r(1)]);
    bus.read(0x48, 1);
}

/// A write of three bytes, and calls of one byte around it: the boards for this fail at a second byte.
pub fn write_fault() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.write(0x48, &[0x10, 0xa1, 0xb2]);
    bus.write(0x48, &[0x20]);
    bus.read(0x48, 1);
}

/// A read of three bytes, likewise.
pub fn read_fault() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x20]);
    bus.read(0x48, 3);
    bus.read(0x48, 1);
}

/// `write-read`, and its write half fails.
pub fn write_read_fault() {
    let Some(bus) = open() else { return };
    bus.write_read(0x48, &[0x10, 0xa1], 2);
    bus.read(0x48, 1);
}

/// A transaction that fails in its third operation, and then a look at what it has left.
pub fn transaction_fault() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[w(&[0x10, 0xa1]), r(1), w(&[0x20, 0xb2]), r(1)]);
    bus.write(0x48, &[0x10]);
    bus.read(0x48, 1);
    bus.write(0x48, &[0x20]);
    bus.read(0x48, 1);
}

/// Two writes, and how each ended: the boards for this fail once.
pub fn write_twice() {
    let Some(bus) = open() else { return };
    let is_ok = bus.write(0x48, &[0x10, 0xa1]);
    mark_outcome(is_ok);
    let is_ok = bus.write(0x48, &[0x10, 0xb2]);
    mark_outcome(is_ok);
}

/// Calls that turn round, at a target that does not answer to its address again.
pub fn restart_refused() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.write_read(0x48, &[0x0f], 1);
    bus.transaction(0x48, &[w(&[0x0f]), r(2)]);
    bus.write(0x48, &[0x10, 0xa1]);
}

/// Two handles of one bus, of which each fails once, with calls through the other in between.
pub fn errors_apart() {
    let Some(first) = open_as("first", "sensors") else { return };
    first.read(0x48, 1);
    let Some(second) = open_as("second", "sensors") else { return };
    first.read(0x51, 1);
    second.read(0x48, 1);
    second.write(0x51, &[0x10]);
    first.write(0x48, &[0x10, 0xa1]);
    second.write_read(0x48, &[0x10], 1);
}

/// Each of the three calls, and the transaction that is the same.
pub fn as_transaction() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.transaction(0x48, &[r(1)]);
    bus.read(0x48, 2);
    bus.transaction(0x48, &[r(2)]);
    bus.write(0x48, &[0x10, 0xa1]);
    bus.transaction(0x48, &[w(&[0x10, 0xa1])]);
    bus.write_read(0x48, &[0x0f], 2);
    bus.transaction(0x48, &[w(&[0x0f]), r(2)]);
    bus.write(0x51, &[0x10]);
    bus.transaction(0x51, &[w(&[0x10])]);
}

/// A memory that does not answer while it stores a page.
pub fn busy_target() {
    let Some(bus) = open() else { return };
    let delay = open_delay();
    bus.write(0x50, &[0x00, 0x10, 0xde, 0xad, 0xbe, 0xef]);
    bus.write(0x50, &[0x00, 0x10]);
    delay.delay_ns(5_000_000);
    bus.write(0x50, &[0x00, 0x10]);
    bus.read(0x50, 4);
}
