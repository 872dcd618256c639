//! One exchange at a time.

use crate::log::{mark, open, open_as, r, w, x};

/// A read of one byte, and one of more.
pub fn read() {
    let Some(device) = open() else { return };
    device.read(1);
    device.read(3);
}

/// A write of one byte, and one of more.
pub fn write() {
    let Some(device) = open() else { return };
    device.write(&[0xa1]);
    device.write(&[0x00, 0x7f, 0xff]);
}

/// A transfer of one byte, and one of more.
pub fn transfer() {
    let Some(device) = open() else { return };
    device.transfer(&[0xa1]);
    device.transfer(&[0x01, 0x80, 0xc3]);
}

/// Bytes that lose something when bits or bytes change places, and neighbours that are equal.
pub fn transfer_mixed() {
    let Some(device) = open() else { return };
    device.transfer(&[0x01, 0x02, 0x04, 0x80, 0x80, 0x00, 0xff, 0x7f, 0x35]);
    device.transfer(&[0x35, 0x35]);
}

/// Reads after writes, of a device that says something all the time.
pub fn write_then_read() {
    let Some(device) = open() else { return };
    device.read(2);
    device.write(&[0xa1, 0xb2, 0xc3]);
    device.read(2);
    device.transaction(&[w(&[0xd4, 0xe5]), r(2)]);
    device.write(&[0xf6]);
    device.transfer(&[0x17]);
}

/// Bytes of which no two neighbours are alike or one apart.
pub const UNEVEN: [u8; 20] = [
    0xa5, 0x3c, 0x96, 0xe1, 0x07, 0x5a, 0xc3, 0x78, 0x1e, 0xb4, 0x2d, 0xf0, 0x69, 0x8b, 0x47, 0xd2, 0x35,
    0x9c, 0x60, 0xae,
];

/// Reads as long as the writes before them, alone and in lists.
pub fn read_after_writes() {
    let Some(device) = open() else { return };
    device.write(&UNEVEN);
    device.read(20);
    device.transaction(&[w(&UNEVEN), r(20)]);
    device.transfer(&UNEVEN);
    device.transaction(&[r(20)]);
}

/// Each of the three calls, and the transaction with that one operation.
pub fn single_and_transaction() {
    let Some(device) = open() else { return };
    device.read(2);
    device.transaction(&[r(2)]);
    device.write(&[0xa1, 0xb2]);
    device.transaction(&[w(&[0xa1, 0xb2])]);
    device.transfer(&[0xc3, 0xd4]);
    device.transaction(&[x(&[0xc3, 0xd4])]);
}

/// A mark after each call, to show what had happened by its return.
pub fn return_is_idle() {
    let Some(device) = open() else { return };
    device.write(&[0xa1]);
    mark("returned");
    device.read(2);
    mark("returned");
    device.transfer(&[0xb2]);
    mark("returned");
    device.transaction(&[w(&[0xc3, 0xd4]), r(1), w(&[0xe5])]);
    mark("returned");
}

/// Every call, to a chip select with nobody behind it; then to a device that is there.
pub fn absent() {
    let Some(absent) = open_as("absent", "absent") else { return };
    absent.read(3);
    absent.write(&[0x9f]);
    absent.transfer(&[0x9f, 0x00]);
    absent.transaction(&[w(&[0x9f]), r(3)]);
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0x9f]), r(3)]);
}
