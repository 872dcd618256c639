//! Control transfers.

use crate::device::{claimed, open};
use crate::exchange::{bulk, control, recall, store, wait};
use crate::log::mark;

/// A data stage out, and the same bytes back, with values that differ in both halves.
pub fn round_trip() {
    let Some(handle) = open() else { return };
    handle.send(
        &control(0x40, 0x01, 0x1234, 0x5678, 0),
        &[0xc0, 0x01, 0x34, 0x12, 0x78, 0x56, 0x08, 0x00, 0x99],
    );
    handle.receive(&control(0xc0, 0x01, 0x1234, 0x5678, 9));
    handle.send(&store(0x3412), &[0x5e]);
    handle.receive(&recall(0x3412, 1));
}

/// Three types and four recipients, in both directions.
pub fn types() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    for (n, kind) in [(0, 0x00), (1, 0x20), (2, 0x40)] {
        for (recipient, index) in [(0, 0), (1, 1), (2, 0x81), (3, 0)] {
            let (request, value) = (if n == 0 { 0x31 } else { 0x01 }, 0x0a00 + 16 * n + u16::from(recipient));
            handle.send(&control(kind | recipient, request, value, index, 0), &[n as u8, recipient]);
            handle.receive(&control(0x80 | kind | recipient, request, value, index, 2));
        }
    }
}

/// Requests without a data stage, one in each direction.
pub fn no_data() {
    let Some(handle) = open() else { return };
    let out = handle.start_sending("out", &control(0x40, 0x02, 0x0001, 0, 0), &[]);
    wait(out);
    let into = handle.start("in", &control(0xc0, 0x02, 0x0002, 0, 0));
    wait(into);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Endpoints in the options that say the other direction, or nothing that exists.
pub fn direction() {
    let Some(handle) = open() else { return };
    handle.send(&store(1).endpoint(0x81), &[0x0f, 0xd3]);
    handle.receive(&recall(1, 2).endpoint(0x02));
    handle.send(&store(2).endpoint(0x80), &[0x5e]);
    handle.receive(&recall(2, 2).endpoint(0x7f));
}

/// Requests to the device while nothing is claimed.
pub fn unclaimed() {
    let Some(handle) = open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    handle.receive(&control(0x80, 0x00, 0, 0, 2));
    handle.receive(&control(0x80, 0x06, 0x0100, 0, 8));
}

/// Requests to other recipients than the device while nothing is claimed: to nobody that the standard knows, to an
/// interface and to an endpoint, vendor's and class's.
pub fn recipients() {
    let Some(handle) = open() else { return };
    for (kind, recipient, index) in
        [(0x40, 3, 0), (0x40, 1, 1), (0x40, 2, 0x81), (0x20, 1, 1), (0x20, 2, 0x81)]
    {
        handle.send(&control(kind | recipient, 0x01, 0x0a00, index, 0), &[kind, recipient]);
        handle.receive(&control(0x80 | kind | recipient, 0x01, 0x0a00, index, 2));
    }
    handle.claim(0);
}

/// A request that the device refuses, at once and after a data stage, and the ones after it.
pub fn stall() {
    let Some(handle) = open() else { return };
    handle.receive(&control(0xc0, 0x7f, 0, 0, 4));
    handle.remember(1, &[0x0f, 0xd3]);
    handle.send(&control(0x40, 0x7f, 0, 0, 0), &[0x01, 0x02]);
    handle.send(&control(0x40, 0x7f, 0, 0, 0), &[]);
    handle.remember(2, &[0x5e]);
}

/// More bytes than wLength can say, one of which is in its low half, and a request that stays below.
pub fn too_long() {
    let Some(handle) = open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    mark("begin");
    for (name, size) in [("by-three", 0x1_0002), ("by-one", 0x1_0000)] {
        wait(handle.start(name, &recall(1, size)));
    }
    wait(handle.start_sending("sending", &store(1), &wasi_hw_guest::counting(0, 0x1_0001)));
    mark("end");
    handle.receive(&recall(1, 2));
}

/// Descriptors with more room than they need, exactly as much, and less.
pub fn descriptor_room() {
    let Some(handle) = open() else { return };
    for room in [255, 18, 8] {
        handle.receive(&control(0x80, 0x06, 0x0100, 0, room));
    }
    for room in [255, 4, 2] {
        handle.receive(&control(0x80, 0x06, 0x0302, 0x0409, room));
    }
}

/// More data than packets hold, out and back.
pub fn long() {
    let Some(handle) = open() else { return };
    handle.send(&store(1), &wasi_hw_guest::counting(0x10, 200));
    handle.receive(&recall(1, 1_000));
    handle.receive(&recall(1, 130));
}

/// As many bytes as some platforms refuse, and as many as wLength can say, each with a mark of how it ended.
pub fn large() {
    let Some(handle) = open() else { return };
    let ended = |ok| mark(if ok { "succeeded" } else { "failed" });
    ended(handle.send(&store(1), &wasi_hw_guest::counting(0x10, 5_000)));
    ended(handle.receive(&control(0xc0, 0x02, 0, 0, 5_000)));
    ended(handle.receive(&control(0xc0, 0x02, 0, 0, 0xffff)));
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A configuration as the device sends it, with descriptors that no record has.
pub fn raw_descriptor() {
    let Some(handle) = open() else { return };
    handle.receive(&control(0x80, 0x06, 0x0200, 0, 9));
    handle.receive(&control(0x80, 0x06, 0x0200, 0, 255));
}

/// A class driver's work on a serial line: settings by control transfers, data by bulk transfers.
pub fn serial_line() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    let coding = [0x00, 0xc2, 0x01, 0x00, 0x00, 0x00, 0x08];
    handle.send(&control(0x21, 0x20, 0, 0, 0), &coding);
    handle.receive(&control(0xa1, 0x21, 0, 0, 7));
    handle.send(&control(0x21, 0x22, 0x0003, 0, 0), &[]);
    handle.send(&bulk(0x02, 0), b"AT\r");
    handle.receive(&bulk(0x81, 64));
    handle.send(&bulk(0x02, 0), b"ATI\r");
    handle.receive(&bulk(0x81, 64));
}
