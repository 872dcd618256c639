//! Lengths: long ones, ones beyond a limit, absurd ones.

use crate::log::{mark_outcome, open, open_as, r, w, wait};
use wasi_hw_guest::alloc::vec::Vec;
use wasi_hw_guest::counting;

/// Reads longer than a block of SMBus, of a target whose bytes all differ from their neighbours.
pub fn read_long() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 40);
    bus.write_read(0x48, &[0x01], 33);
    bus.read(0x48, 1);
}

/// The same inside a transaction.
pub fn transaction_long() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[r(34), w(&[0x01]), r(35)]);
    bus.transaction(0x48, &[r(2)]);
}

/// What is written comes back, at lengths that every controller can do.
pub fn round_trip() {
    written_and_read(&[1, 2, 32]);
}

/// The same at lengths around those where a counter of eight bits ends.
pub fn round_trip_longer() {
    written_and_read(&[1, 255, 256, 257]);
}

/// The same at a length beyond what many buffers hold.
pub fn round_trip_longest() {
    written_and_read(&[1, 4096]);
}

fn written_and_read(lengths: &[usize]) {
    let Some(bus) = open() else { return };
    for len in lengths {
        bus.write(0x48, &counting(0xf0, *len));
        bus.read(0x48, *len as u64);
    }
}

/// A write longer than a block of SMBus.
pub fn write_long() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &counting(0xf0, 40));
    bus.read(0x48, 1);
}

/// Lengths past a page of memory and past 15 bits, and one byte, at a target that counts.
pub fn length_between() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    let is_ok = bus.read(0x48, 5_000);
    mark_outcome(is_ok);
    let is_ok = bus.read(0x48, 32_769);
    mark_outcome(is_ok);
    bus.read(0x48, 1);
}

/// One below an embedder's limit of 32 bytes, and exactly at it.
pub fn limit_exactly() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &counting(0x80, 31));
    bus.read(0x48, 31);
    bus.write(0x48, &counting(0xa0, 32));
    bus.read(0x48, 32);
}

/// Many operations, each with a byte of its own, and a byte of another call.
pub fn many_operations() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0xc1]);
    let operations: Vec<_> = (0xe0..0xea).flat_map(|byte| [w(&[byte]), r(1)]).collect();
    let is_ok = bus.transaction(0x48, &operations);
    mark_outcome(is_ok);
    bus.write(0x48, &[0xc2]);
}

/// All values in one transfer, and bytes that texts and flags treat in a special way.
pub fn round_trip_joined() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[w(&counting(0x80, 256)), r(256)]);
    bus.write_read(0x48, &counting(0x00, 256), 256);
    bus.write_read(0x48, &[0x00, 0x0d, 0x0a, 0x80, 0xff, 0xc3, 0x28, 0x00], 8);
}

/// A call at an adapter's limit of 32 bytes, then calls beyond it.
pub fn over_limit() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &counting(0x80, 32));
    bus.read(0x48, 32);
    let is_ok = bus.read(0x48, 33);
    mark_outcome(is_ok);
    let is_ok = bus.write(0x48, &counting(0xa0, 33));
    mark_outcome(is_ok);
    bus.write(0x48, &[0xc1, 0xc2]);
    bus.read(0x48, 2);
}

/// Calls of which one part alone is beyond that limit; the other part comes first.
pub fn over_limit_part() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0xc1, 0xc2]);
    let is_ok = bus.write_read(0x48, &[0xd1], 33);
    mark_outcome(is_ok);
    let is_ok = bus.transaction(0x48, &[r(1), w(&counting(0xa0, 33))]);
    mark_outcome(is_ok);
    bus.write(0x48, &[0xe1, 0xe2]);
}

/// A transaction at an adapter's limit of three messages, then one beyond it. The directions alternate,
/// so no two of the operations are one message.
pub fn too_many_operations() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[w(&[0xc1, 0xc2]), r(2), w(&[0xd1])]);
    let is_ok = bus.transaction(0x48, &[w(&[0xe1]), r(1), w(&[0xe2]), r(1)]);
    mark_outcome(is_ok);
    bus.write(0x48, &[0xf1, 0xf2]);
}

/// Lengths that become 1 in 16 and in 32 bits.
pub fn length_wraps() {
    let Some(bus) = open() else { return };
    bus.write(0x48, &[0xc1]);
    let is_ok = bus.read(0x48, 0x1_0001);
    mark_outcome(is_ok);
    let is_ok = bus.read(0x48, 0x1_0000_0001);
    mark_outcome(is_ok);
    bus.read(0x48, 1);
}

const TERABYTE: u64 = 1 << 40;

/// Lengths that no memory holds, in every call that has one.
pub fn absurd_length() {
    let Some(bus) = open() else { return };
    bus.read(0x48, 1);
    bus.read(0x48, TERABYTE);
    bus.read(0x48, u64::MAX);
    bus.write_read(0x48, &[0x0f], u64::MAX);
    bus.transaction(0x48, &[w(&[0x0f]), r(TERABYTE)]);
    bus.write(0x48, &[0x10, 0xa1]);
}

/// Lengths that add up to nearly nothing in 64 bits.
pub fn absurd_sum() {
    let Some(bus) = open() else { return };
    bus.transaction(0x48, &[r(1 << 63), r(1 << 63)]);
    bus.transaction(0x48, &[r(u64::MAX), w(&[0x0f]), r(1)]);
    bus.read(0x48, 1);
}

/// What another instance does meanwhile, on a bus of its own.
pub fn bystander() {
    let Some(bus) = open_as("bus", "spare") else { return };
    bus.write(0x49, &[0x10, 0xa1]);
    wait(1_000_000);
    bus.read(0x49, 1);
}
