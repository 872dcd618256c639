//! Isochronous transfers, and streams.

use crate::device::{Handle, claimed, open};
use crate::exchange::{bulk, isochronous};
use wasi_hw_guest::counting;

fn audio() -> Option<Handle> {
    let handle = open()?;
    handle.claim(2);
    Some(handle)
}

/// Two transfers of three packets each, shared evenly; the boards for this let some come short, or fail.
pub fn receive() {
    let Some(handle) = audio() else { return };
    handle.receive(&isochronous(0x85, 48, 3));
    handle.receive(&isochronous(0x85, 48, 3));
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Lengths that the number of packets does not divide.
pub fn receive_unevenly() {
    let Some(handle) = audio() else { return };
    handle.receive(&isochronous(0x85, 50, 3));
    handle.receive(&isochronous(0x85, 7, 4));
    handle.remember(1, &[0x0f, 0xd3]);
}

/// The same in the other direction, where the packets show.
pub fn send() {
    let Some(handle) = audio() else { return };
    handle.send(&isochronous(0x06, 0, 3), &counting(0x10, 48));
    handle.send(&isochronous(0x06, 0, 3), &counting(0x40, 50));
    handle.send(&isochronous(0x06, 0, 1), &[0x0f, 0xd3]);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// No packets, and then one.
pub fn no_packets() {
    let Some(handle) = audio() else { return };
    handle.receive(&isochronous(0x85, 48, 0));
    handle.send(&isochronous(0x06, 0, 0), &[0x0f, 0xd3]);
    handle.receive(&isochronous(0x85, 16, 1));
}

/// Three transfers in flight together, awaited in order: no packet may be lost between them.
pub fn queue() {
    let Some(handle) = audio() else { return };
    let plan = isochronous(0x85, 32, 2);
    let transfers =
        [handle.start("first", &plan), handle.start("second", &plan), handle.start("third", &plan)];
    transfers.into_iter().for_each(crate::exchange::wait);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Streams on the endpoints of a device that may have some, and transfers on them.
pub fn streams() {
    let Some(handle) = claimed() else { return };
    handle.alloc_streams(4, &[0x81, 0x02]);
    handle.send(&bulk(0x02, 0).stream(1), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64).stream(1).timeout(100));
    handle.free_streams(&[0x81, 0x02]);
    handle.remember(1, &[0x5e]);
}

/// Transfers on three of four streams, each of which has its own number on the wire.
pub fn apart() {
    let Some(handle) = claimed() else { return };
    handle.alloc_streams(4, &[0x81, 0x02]);
    handle.send(&bulk(0x02, 0).stream(4), &[0x0f, 0xd3]);
    handle.send(&bulk(0x02, 0).stream(1), &[0x5e]);
    handle.receive(&bulk(0x81, 64).stream(3).timeout(100));
    handle.free_streams(&[0x81, 0x02]);
    handle.remember(1, &[0x5e]);
}

/// Streams on an interface that nobody has claimed.
pub fn unclaimed() {
    let Some(handle) = open() else { return };
    handle.alloc_streams(4, &[0x81, 0x02]);
    handle.claim(0);
    handle.remember(1, &[0x5e]);
}

/// Transfers on no stream, beside streams that are there, and after they were freed.
pub fn no_stream() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
    handle.claim(1);
    handle.alloc_streams(2, &[0x83]);
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64));
    handle.free_streams(&[0x83]);
}

/// Streams that nobody allocated: before any was, and beyond those that were.
pub fn stream_not_allocated() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0).stream(1), &[0x0f, 0xd3]);
    handle.alloc_streams(2, &[0x81, 0x02]);
    handle.send(&bulk(0x02, 0).stream(3), &[0x0f, 0xd3]);
    handle.send(&bulk(0x02, 0).stream(2), &[0x5e]);
    handle.free_streams(&[0x81, 0x02]);
    handle.send(&bulk(0x02, 0).stream(2), &[0x0f, 0xd3]);
    handle.remember(1, &[0x5e]);
}
