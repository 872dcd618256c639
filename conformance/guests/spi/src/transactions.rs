//! Several operations in a frame.

use crate::log::{d, mark_outcome, open, open_as, r, w, x};
use wasi_hw_guest::alloc::vec::Vec;
use wasi_hw_guest::counting;

/// Asks a flash who it is, three times: in one frame, once more, and in two frames, which it does not answer.
pub fn jedec_id() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0x9f]), r(3)]);
    device.transaction(&[w(&[0x9f]), r(1), r(2)]);
    device.write(&[0x9f]);
    device.read(3);
}

/// All four kinds in one list, no two neighbours alike.
pub fn every_operation() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0xa1, 0xa2]), r(2), x(&[0xb1, 0xb2, 0xb3]), d(2_000), x(&[0xc1]), r(1)]);
}

/// Neighbours of one kind; their lengths differ, so that none can stand for another.
pub fn neighbours() {
    let Some(device) = open() else { return };
    device.transaction(&[r(1), r(3), r(2)]);
    device.transaction(&[x(&[0xa1]), x(&[0xb1, 0xb2, 0xb3]), x(&[0xc1, 0xc2])]);
    device.transaction(&[w(&[0xd1]), w(&[0xe1, 0xe2]), r(1)]);
}

/// Two commands in a frame, each with its answer; the order cannot be another.
pub fn reads_between_writes() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&[0x01]), r(1), w(&[0x02, 0x03]), r(2), x(&[0x04])]);
    device.transaction(&[r(2), w(&[0x05]), r(1)]);
}

/// Programs a page of a flash, with address and data apart, and reads it back. The flash takes it when chip
/// select goes up.
pub fn page_program() {
    let Some(device) = open() else { return };
    device.write(&[0x06]);
    device.transaction(&[w(&[0x02, 0x00, 0x01, 0x10]), w(&[0xde, 0xad, 0xbe, 0xef])]);
    device.transaction(&[w(&[0x03, 0x00, 0x01, 0x0f]), r(6)]);
    device.transaction(&[w(&[0x05]), r(1)]);
}

/// A list of forty operations.
pub fn many_operations() {
    let Some(device) = open() else { return };
    device.read(1);
    let bytes = counting(0x40, 20);
    let operations: Vec<_> = bytes.iter().flat_map(|byte| [x(&[*byte]), r(1)]).collect();
    device.transaction(&operations);
}

/// A list of more operations than eight bits count, and than a message of spidev has room for.
pub fn six_hundred_operations() {
    let Some(sensor) = open_as("sensor", "sensor") else { return };
    sensor.read(1);
    let is_ok = sensor.read_by_ones(600);
    mark_outcome(is_ok);
}
