//! Calls and operations without bytes.

use crate::log::{d, open, r, w, x};

/// A list without operations, between two that have some.
pub fn transaction_nothing() {
    let Some(device) = open() else { return };
    device.transaction(&[r(1)]);
    device.transaction(&[]);
    device.transaction(&[r(2)]);
}

/// The three calls, each with nothing.
pub fn exchange_nothing() {
    let Some(device) = open() else { return };
    device.read(1);
    device.read(0);
    device.write(&[]);
    device.transfer(&[]);
    device.read(2);
}

/// Lists with nothing in them, or in some places, after a call that failed.
pub fn nothing_after_a_failure() {
    let Some(device) = open() else { return };
    device.read(2);
    device.transaction(&[]);
    device.transaction(&[d(0), w(&[0xa1]), d(0), r(1)]);
    device.transaction(&[w(&[]), r(1), x(&[])]);
}

/// Operations with nothing in them at every place of a list.
pub fn operations_nothing() {
    let Some(device) = open() else { return };
    device.read(1);
    device.transaction(&[r(0), w(&[0x9f]), x(&[]), r(2), w(&[]), r(0), x(&[0xa1])]);
    device.transaction(&[w(&[]), r(1)]);
}
