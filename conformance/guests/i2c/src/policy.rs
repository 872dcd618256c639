//! Calls that the embedder's policy denies: it gives 0x48 for both directions, 0x49 for reads, 0x4a for
//! writes, and nothing else.

use crate::log::{open, open_as, r, w};

/// Every method at a target that is denied, and a write where no target is.
pub fn denied_address() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10, 0xa1]);
    bus.read(0x4b, 1);
    bus.write(0x4b, &[0x10, 0xb2]);
    bus.write_read(0x4b, &[0x10], 1);
    bus.transaction(0x4b, &[w(&[0x10]), r(1)]);
    bus.write(0x51, &[0x10]);
    bus.read(0x48, 1);
}

/// Two buses, each of which allows another target.
pub fn two_policies() {
    let Some(first) = open_as("first", "sensors") else { return };
    let Some(second) = open_as("second", "spare") else { return };
    first.read(0x48, 1);
    second.read(0x48, 1);
    second.read(0x49, 1);
    first.read(0x49, 1);
}

/// One direction allowed and the other denied, alone and in one call.
pub fn denied_direction() {
    let Some(bus) = open() else { return };
    bus.read(0x49, 1);
    bus.write(0x49, &[0x10, 0xb2]);
    bus.write_read(0x49, &[0x10], 1);
    bus.transaction(0x49, &[r(1), w(&[0x10, 0xb2])]);
    bus.write(0x4a, &[0x10, 0xa1]);
    bus.read(0x4a, 1);
    bus.write_read(0x4a, &[0x10], 1);
    bus.transaction(0x4a, &[w(&[0x10, 0xb2]), r(1)]);
    bus.read(0x49, 1);
}
