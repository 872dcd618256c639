//! Calls that fail on the bus, and the calls after them.

use crate::log::{d, mark, open, r, w, x};

/// Three reads; the boards for this fail at the second.
pub fn read_thrice() {
    let Some(device) = open() else { return };
    device.read(2);
    device.read(3);
    device.read(2);
}

/// Every call twice; the boards for this fail at the first of each two.
pub fn each_call_fails() {
    let Some(device) = open() else { return };
    for _ in 0..2 {
        device.read(2);
    }
    for _ in 0..2 {
        device.write(&[0xa1, 0xa2]);
    }
    for _ in 0..2 {
        device.transfer(&[0xb1, 0xb2]);
    }
    for _ in 0..2 {
        device.transaction(&[w(&[0xc1]), r(1)]);
    }
}

/// A list of four that fails in its second or third, and what the next one finds.
pub fn transaction_fault() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0xa1]), r(2), x(&[0xb1, 0xb2]), w(&[0xc1])]);
    mark("returned");
    device.transaction(&[w(&[0xd1]), r(2)]);
}

/// A list that fails before a pause.
pub fn fault_then_delay() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0xa1, 0xa2]), d(5_000), w(&[0xb1])]);
    mark("returned");
    device.transaction(&[w(&[0xd1]), d(5_000), r(1)]);
}
