//! Lengths: long ones, ones beyond a limit, absurd ones.

use crate::log::{mark_outcome, open, open_as, r, w, wait, x};
use wasi_hw_guest::counting;

/// Every call at lengths around those where a counter of eight bits ends.
pub fn lengths() {
    let Some(device) = open() else { return };
    for len in [2, 255, 256, 257] {
        device.transfer(&counting(0x70, len));
        device.write(&counting(0x90, len));
        device.read(len as u64);
    }
}

/// Every call one byte below the usual limit of a Linux driver, and at it.
pub fn lengths_of_4096() {
    let Some(device) = open() else { return };
    for len in [4095, 4096] {
        device.transfer(&counting(0x70, len));
        device.write(&counting(0x90, len));
        device.read(len as u64);
    }
}

/// Every call beyond that limit.
pub fn beyond_4096() {
    let Some(sensor) = open_as("sensor", "sensor") else { return };
    let Some(flash) = open_as("flash", "flash") else { return };
    let is_ok = sensor.read(4097);
    mark_outcome(is_ok);
    let is_ok = flash.write(&counting(0x90, 4097));
    mark_outcome(is_ok);
    let is_ok = flash.transfer(&counting(0x70, 5000));
    mark_outcome(is_ok);
    flash.transfer(&[0xe1, 0xe2]);
}

/// Calls of one byte less than an embedder allows, of as many, and of one more.
pub fn embedder_limit() {
    let Some(device) = open() else { return };
    let head = [0xb1, 0xb2, 0xb3, 0xb4];
    device.transfer(&counting(0x80, 19));
    device.transfer(&counting(0x80, 20));
    device.write(&counting(0xa0, 20));
    device.read(20);
    device.transaction(&[w(&head), r(16)]);
    device.transfer(&counting(0x80, 21));
    device.write(&counting(0xa0, 21));
    device.read(21);
    device.transaction(&[w(&head), r(17)]);
    device.transfer(&[0xe1, 0xe2]);
}

/// Lengths beyond those of eight bits inside a transaction.
pub fn transaction_lengths() {
    let Some(device) = open() else { return };
    device.transaction(&[w(&counting(0x90, 300)), r(300), x(&counting(0x70, 300)), r(2)]);
}

/// Calls at a driver's limit of 32 bytes, then beyond it.
pub fn over_limit() {
    let Some(device) = open() else { return };
    device.transfer(&counting(0x80, 32));
    let is_ok = device.read(33);
    mark_outcome(is_ok);
    let is_ok = device.write(&counting(0xa0, 33));
    mark_outcome(is_ok);
    let is_ok = device.transfer(&counting(0xc0, 33));
    mark_outcome(is_ok);
    device.transfer(&[0xe1, 0xe2]);
}

/// A list whose second operation is beyond that limit.
pub fn over_limit_second() {
    let Some(device) = open() else { return };
    device.transaction(&[x(&counting(0x80, 8)), x(&counting(0xa0, 8))]);
    let is_ok = device.transaction(&[x(&counting(0x80, 8)), r(33)]);
    mark_outcome(is_ok);
    device.transfer(&[0xe1, 0xe2]);
}

/// Lists of which no operation is beyond that limit, but all together.
pub fn over_limit_together() {
    let Some(device) = open() else { return };
    device.transaction(&[x(&counting(0x80, 20)), r(12)]);
    let is_ok = device.transaction(&[x(&counting(0x80, 12)), r(21)]);
    mark_outcome(is_ok);
    device.transfer(&[0xe1, 0xe2]);
}

/// Calls beyond that limit, and the transactions with that one operation.
pub fn over_limit_alone_and_in_list() {
    let Some(device) = open() else { return };
    device.read(33);
    device.transaction(&[r(33)]);
    device.write(&counting(0xa0, 33));
    device.transaction(&[w(&counting(0xa0, 33))]);
    device.transfer(&counting(0xc0, 33));
    device.transaction(&[x(&counting(0xc0, 33))]);
    device.transfer(&[0xe1, 0xe2]);
}

/// Lengths that become 1 in 16 and in 32 bits.
pub fn length_wraps() {
    let Some(device) = open() else { return };
    device.read(1);
    let is_ok = device.read(0x1_0001);
    mark_outcome(is_ok);
    let is_ok = device.read(0x1_0000_0001);
    mark_outcome(is_ok);
    device.read(1);
}

const TERABYTE: u64 = 1 << 40;

/// Lengths that no memory holds, in every call that has one.
pub fn absurd_length() {
    let Some(device) = open() else { return };
    device.read(1);
    device.read(TERABYTE);
    device.read(u64::MAX);
    device.transaction(&[w(&[0x9f]), r(TERABYTE)]);
    device.transaction(&[r(u64::MAX)]);
    device.read(2);
}

/// Lengths that add up to nearly nothing in 64 bits.
pub fn absurd_sum() {
    let Some(device) = open() else { return };
    device.read(1);
    device.transaction(&[r(1 << 63), r(1 << 63)]);
    device.transaction(&[r(u64::MAX), w(&[0x9f]), r(1)]);
    device.read(2);
}

/// What another instance does meanwhile, with a device of its own.
pub fn bystander() {
    let Some(device) = open_as("device", "sensor") else { return };
    device.read(1);
    wait(1_000_000);
    device.read(2);
}
