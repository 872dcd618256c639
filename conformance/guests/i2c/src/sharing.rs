//! Several instances on one bus. An instance that waits lets the others run.

use crate::log::{open, wait};

/// Writes, and stays alive for a while.
pub fn publish() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10, 0xa1]);
    wait(2_000_000);
    bus.write_read(0x48, &[0x11], 1);
}

/// Meanwhile reads what the other wrote, and writes something for it.
pub fn collect() {
    wait(1_000_000);
    let Some(bus) = open() else { return };
    bus.write_read(0x48, &[0x10], 1);
    bus.write(0x48, &[0x11, 0xb2]);
}

/// Calls with pauses between, in which the other makes its own.
pub fn take_turns_first() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0x10, 0xa1]);
    wait(2_000_000);
    bus.write(0x48, &[0x10, 0xa2]);
    wait(2_000_000);
    bus.write_read(0x48, &[0x10], 1);
}

/// The other, half a step later.
pub fn take_turns_second() {
    let Some(bus) = open() else { return };
    wait(1_000_000);
    bus.write(0x48, &[0x20, 0xb1]);
    wait(2_000_000);
    bus.write(0x48, &[0x20, 0xb2]);
    wait(2_000_000);
    bus.write_read(0x48, &[0x20], 1);
}
