//! Calls that fail on the bus, and the calls after them.

use crate::log::{d, mark, open, open_as, r, w, x};

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

/// A read, and lists that go further; the boards for this fail at the second byte of every frame.
pub fn fault_alone_and_in_list() {
    let Some(device) = open() else { return };
    device.read(1);
    device.read(3);
    device.transaction(&[w(&[0xa1]), r(2), x(&[0xb1, 0xb2]), w(&[0xc1])]);
    device.transaction(&[d(1_000), x(&[0xd1, 0xd2])]);
    device.read(1);
}

/// Two devices by turns; the boards for this fail at the first frame and at the fourth.
pub fn failure_of_another() {
    let Some(flash) = open_as("flash", "flash") else { return };
    let Some(sensor) = open_as("sensor", "sensor") else { return };
    flash.read(2);
    sensor.read(2);
    flash.read(2);
    flash.transaction(&[w(&[0xa1]), r(2)]);
    sensor.transaction(&[w(&[0xb1]), r(1)]);
    flash.transfer(&[0xc1, 0xc2]);
}
