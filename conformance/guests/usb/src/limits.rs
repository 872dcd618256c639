//! Sizes that no memory holds.

use crate::device::claimed;
use crate::exchange::{Plan, bulk, control, interrupt, isochronous, recall};
use crate::log::mark;

fn try_plan(handle: &crate::device::Handle, name: &'static str, plan: &Plan) {
    let Some(transfer) = handle.new_transfer(name, plan) else { return };
    if transfer.submit(&[]) {
        transfer.wait();
    }
}

/// The largest `buf-size`, for every type and direction.
pub fn buf_size() {
    let Some(handle) = claimed() else { return };
    handle.claim(2);
    mark("begin");
    try_plan(&handle, "receiving", &bulk(0x81, u32::MAX).timeout(20));
    try_plan(&handle, "half", &bulk(0x81, 1 << 31).timeout(20));
    try_plan(&handle, "sending", &bulk(0x02, u32::MAX).timeout(20));
    try_plan(&handle, "control", &recall(1, u32::MAX).timeout(20));
    try_plan(&handle, "storing", &control(0x40, 0x01, 1, 0, u32::MAX - 7).timeout(20));
    try_plan(&handle, "isochronous", &isochronous(0x85, u32::MAX, 1).timeout(20));
    mark("end");
    handle.remember(1, &[0x0f, 0xd3]);
}

/// The largest `buf-size` that a signed number of 32 bits holds, and the next smaller power of two.
pub fn greatest_buf_size() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    handle.claim(2);
    mark("begin");
    for size in [i32::MAX as u32, 1 << 30] {
        try_plan(&handle, "receiving", &bulk(0x81, size).timeout(20));
        try_plan(&handle, "waiting", &interrupt(0x83, size).timeout(20));
        try_plan(&handle, "control", &recall(1, size).timeout(20));
        try_plan(&handle, "isochronous", &isochronous(0x85, size, 1).timeout(20));
    }
    mark("end");
    handle.remember(1, &[0x0f, 0xd3]);
}

/// The largest number, or none, wherever a method takes one.
pub fn arguments() {
    let Some(handle) = claimed() else { return };
    handle.set_configuration(255);
    handle.claim(255);
    handle.release(255);
    handle.set_alternate(255, 255);
    handle.set_alternate(0, 255);
    for endpoint in [0x00, 0x80, 0x7f, 0xff] {
        handle.clear_halt(endpoint);
        try_plan(&handle, "anywhere", &bulk(endpoint, 8).timeout(20));
    }
    handle.alloc_streams(0, &[]);
    handle.alloc_streams(u32::MAX, &[0x81; 300]);
    handle.free_streams(&[0xff; 300]);
    handle.free_streams(&[]);
    handle.kernel_driver(255);
    handle.detach(255);
    handle.attach(255);
    try_plan(&handle, "stream", &bulk(0x81, 8).stream(u32::MAX).timeout(20));
    try_plan(&handle, "request", &control(0xff, 0xff, 0xffff, 0xffff, 0xffff).timeout(20));
    handle.send(&control(0x40, 0x01, 1, 0, 0).timeout(u32::MAX), &[0x0f, 0xd3]);
    handle.receive(&recall(1, 16).timeout(u32::MAX).packets(u32::MAX));
}

/// More packets than there are bytes, or frames in a week.
pub fn iso_packets() {
    let Some(handle) = claimed() else { return };
    handle.claim(2);
    mark("begin");
    try_plan(&handle, "receiving", &isochronous(0x85, 48, 1 << 31).timeout(20));
    try_plan(&handle, "most", &isochronous(0x85, 0, u32::MAX).timeout(20));
    try_plan(&handle, "sending", &isochronous(0x06, 0, 1 << 31).timeout(20));
    mark("end");
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Packets whose table of 12 or 16 bytes each has a size that wraps round in 32 bits, on an isochronous endpoint and on
/// one that has no packets.
pub fn wrapping_packets() {
    let Some(handle) = claimed() else { return };
    handle.claim(2);
    mark("begin");
    for packets in [0x1555_5556, 0x1000_0001] {
        try_plan(&handle, "receiving", &isochronous(0x85, 48, packets).timeout(20));
        try_plan(&handle, "sending", &isochronous(0x06, 0, packets).timeout(20));
        try_plan(&handle, "none", &bulk(0x81, 64).packets(packets).timeout(20));
    }
    mark("end");
    handle.remember(1, &[0x0f, 0xd3]);
}
