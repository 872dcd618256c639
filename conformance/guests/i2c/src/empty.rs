//! Calls and operations without bytes.

use crate::log::{open, r, w};

/// Reads of nothing, where a target is and where none is.
pub fn read_nothing() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10, 0xa1]);
    bus.read(0x48, 0);
    bus.read(0x51, 0);
    bus.read(0x48, 1);
}

/// Writes of nothing, as a scan of the bus does.
pub fn write_nothing() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[]);
    bus.write(0x51, &[]);
    bus.read(0x48, 1);
}

/// Lists without operations, where a target is and where none is.
pub fn transaction_nothing() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[r(1)]);
    bus.transaction(0x48, &[]);
    bus.transaction(0x51, &[]);
    bus.write(0x48, &[0x10, 0xa1]);
}

/// An empty read between others, and before all others.
pub fn transaction_empty_read() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[r(1), w(&[0x20]), r(0), r(2)]);
    bus.transaction(0x48, &[r(0), w(&[0x0f]), r(1)]);
}

/// An empty write beside a write, and between two reads.
pub fn transaction_empty_write() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[w(&[0x0f]), w(&[]), r(1)]);
    bus.transaction(0x48, &[r(1), w(&[]), r(1)]);
}

/// A read and a write of nothing, each as a call of its own and as the only operation of a list.
pub fn nothing_alone() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[]);
    bus.transaction(0x48, &[w(&[])]);
    bus.read(0x48, 0);
    bus.transaction(0x48, &[r(0)]);
    bus.read(0x48, 1);
}

/// Several operations, and not a byte in any.
pub fn nothing_together() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.transaction(0x48, &[w(&[]), w(&[])]);
    bus.transaction(0x48, &[w(&[]), r(0)]);
    bus.write_read(0x48, &[], 0);
    bus.write(0x48, &[0x10, 0xa1]);
}

/// `write-read` with nothing in one half.
pub fn write_read_empty_half() {
    let Some(bus) = open() else { return };
    bus.write_read(0x48, &[], 2);
    bus.write_read(0x48, &[0x0f], 0);
    bus.write_read(0x48, &[0x0f], 1);
}
