//! The life of handles.

use crate::log::{mark, open, open_as, wait};

/// A bus that one driver at a time can have, opened again after a drop.
pub fn drop_and_reopen() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10, 0xa1]);
    bus.drop();
    mark("dropped");
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.drop();
    mark("dropped");
}

/// One handle after the other, more often than a small table has room for.
pub fn reopen_often() {
    for _ in 0..20 {
        let Some(bus) = open() else { return };
        bus.read(0x48, 1);
        bus.drop();
    }
}

/// Drops after a call that succeeded, after one that failed, and of a handle that was never used.
pub fn drop_silent() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10, 0xa1]);
    mark("dropping");
    bus.drop();
    mark("dropped");
    let Some(bus) = open() else { return };
    bus.read(0x51, 1);
    mark("dropping");
    bus.drop();
    mark("dropped");
    let Some(bus) = open() else { return };
    mark("dropping");
    bus.drop();
    mark("dropped");
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
}

/// Two handles of one bus, twice: first the older of the two is dropped, then the younger.
pub fn drop_one_of_two() {
    let Some(first) = open_as("first", "sensors") else { return };
    first.write(0x48, &[0x10, 0xa1]);
    let Some(second) = open_as("second", "sensors") else { return };
    first.drop();
    second.read(0x48, 1);
    let Some(third) = open_as("third", "sensors") else { return };
    third.drop();
    second.write(0x48, &[0x10, 0xb2]);
}

/// Handles of two buses, one of which is dropped.
pub fn drop_other_bus() {
    let Some(first) = open_as("first", "sensors") else { return };
    let Some(second) = open_as("second", "spare") else { return };
    first.write(0x48, &[0x10, 0xa1]);
    second.write(0x49, &[0x10, 0xb2]);
    first.drop();
    second.read(0x49, 1);
}

/// Two handles of one bus, used in turn, each for what the other has left behind.
pub fn two_handles() {
    let Some(first) = open_as("first", "sensors") else { return };
    let Some(second) = open_as("second", "sensors") else { return };
    first.write(0x48, &[0x10, 0xa1]);
    second.write(0x48, &[0x11, 0xb2]);
    first.write_read(0x48, &[0x11], 1);
    second.write_read(0x48, &[0x10], 1);
}

/// Ends without having dropped the handle.
pub fn leave_open() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.keep();
}

/// Ends by a trap, while it owns a handle.
pub fn trap_while_open() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    panic!("the guest ends here");
}

/// Wants the bus when another instance has ended.
pub fn open_later() {
    wait(1_000_000);
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
}
