//! Pauses inside a frame.

use crate::log::{d, open, r, w, x};

/// Pauses that rounding down to microseconds, or sixteen bits of them, makes too short.
pub fn delays() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0xa1]), d(1_500), r(1), d(999), x(&[0xb2]), d(70_000_000), w(&[0xc3])]);
}

/// The longest pause that one operation can ask for.
pub fn longest() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0xa1]), d(u32::MAX), r(1)]);
}

/// Short pauses in a row: each counts.
pub fn short() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0xa1]), d(400), d(400), d(400), d(1), r(1)]);
    device.transaction(&[w(&[0xb2]), d(1), r(1)]);
}

/// A pause of nothing at each place of a list.
pub fn zero() {
    let Some(device) = open() else { return };
    device.transaction(&[d(0), w(&[0x9f]), d(0), r(2), d(0)]);
    device.transaction(&[w(&[0x9f]), r(2)]);
}

/// Lists of pauses alone.
pub fn alone() {
    let Some(device) = open() else { return };
    device.transaction(&[d(2_500)]);
    device.transaction(&[d(70_000_000), d(1_500)]);
    device.read(1);
}

/// Pauses before the first byte and after the last.
pub fn at_the_ends() {
    let Some(device) = open() else { return };
    device.transaction(&[d(2_500), w(&[0xa1]), r(1), d(70_000_000)]);
    device.read(1);
}

/// Pauses that are more together than one can be.
pub fn long() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0xa1]), d(u32::MAX), d(u32::MAX), d(1_500), r(1)]);
    device.read(1);
}
