//! Bulk and interrupt transfers: packets, halts.

use crate::device::{claimed, device, open};
use crate::exchange::{bulk, interrupt, wait, wait_sent};
use crate::log::{cue, mark};
use wasi_hw_guest::counting;

/// Bytes out and back, fewer than a packet holds, and more.
pub fn bulk_loopback() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3, 0x5e]);
    handle.receive(&bulk(0x81, 64));
    handle.send(&bulk(0x02, 0), &counting(0x10, 150));
    handle.receive(&bulk(0x81, 512));
}

/// The same over interrupt endpoints.
pub fn interrupt_loopback() {
    let Some(handle) = open() else { return };
    handle.claim(1);
    handle.send(&interrupt(0x04, 0), &[0x0f, 0xd3, 0x5e]);
    handle.receive(&interrupt(0x83, 8));
    handle.send(&interrupt(0x04, 0), &counting(0x10, 11));
    handle.receive(&interrupt(0x83, 64));
}

/// Far more than a platform moves at once, out and back.
pub fn bulk_long() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &counting(0x10, 70_001));
    handle.receive(&bulk(0x81, 80_000));
}

/// A reception with far more room than the device has to say at once, and two more.
pub fn receive_early_short() {
    let Some(handle) = claimed() else { return };
    handle.receive(&bulk(0x81, 200_000));
    handle.receive(&bulk(0x81, 64));
    handle.receive(&bulk(0x81, 64));
}

/// As many bytes as an embedder may allow, one fewer, and one more, each with a mark of how it ended.
pub fn limits() {
    let Some(handle) = claimed() else { return };
    let ended = |ok| mark(if ok { "succeeded" } else { "failed" });
    for size in [999, 1_000, 1_001] {
        ended(handle.send(&bulk(0x02, 0), &counting(0x10, size)));
    }
    for size in [999, 1_000, 1_001] {
        ended(handle.receive(&bulk(0x83, size)));
    }
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Four receptions with room for eight packets each; the boards for this end them in several ways.
pub fn receive_four() {
    let Some(handle) = claimed() else { return };
    for _ in 0..4 {
        handle.receive(&bulk(0x81, 512));
    }
}

/// Receptions with less room than the device has to give, by whole packets.
pub fn receive_in_parts() {
    let Some(handle) = claimed() else { return };
    for room in [64, 128, 64, 512] {
        handle.receive(&bulk(0x81, room));
    }
}

/// Receptions with room that ends in the middle of a packet, and after that with enough.
pub fn receive_babble() {
    let Some(handle) = claimed() else { return };
    handle.receive(&bulk(0x81, 64));
    handle.receive(&bulk(0x81, 100));
    handle.receive(&bulk(0x81, 64));
}

/// Receptions of an interrupt endpoint, with room for one packet each.
pub fn receive_interrupts() {
    let Some(handle) = open() else { return };
    handle.claim(1);
    for _ in 0..4 {
        handle.receive(&interrupt(0x83, 8));
    }
}

/// Transmissions of exactly one packet, of two, and of one byte more.
pub fn send_whole_packets() {
    let Some(handle) = claimed() else { return };
    for len in [64, 128, 129] {
        handle.send(&bulk(0x02, 0), &counting(0x10, len));
        mark("sent");
    }
    handle.receive(&bulk(0x81, 64));
}

/// A transmission of nothing, which the device gives back.
pub fn send_nothing() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[]);
    handle.receive(&bulk(0x81, 64));
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
}

/// What `await-transfer` gives for transmissions of every type.
pub fn send_result() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    wait(handle.start_sending("bulk", &bulk(0x02, 0), &[0x0f, 0xd3]));
    wait(handle.start_sending("interrupt", &interrupt(0x04, 0), &[0x5e]));
    wait(handle.start_sending("control", &crate::exchange::store(1), &[0x77]));
    handle.receive(&bulk(0x81, 64));
    handle.receive(&interrupt(0x83, 8));
    handle.receive(&crate::exchange::recall(1, 8));
}

/// Bytes given to transfers that receive: more, and fewer, than `buf-size`.
pub fn receive_with_data() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    let plans = [bulk(0x81, 64), crate::exchange::recall(1, 2)];
    handle.send(&crate::exchange::store(1), &[0x5e, 0xa5]);
    for (name, plan) in ["bulk", "control"].into_iter().zip(&plans) {
        let Some(transfer) = handle.new_transfer(name, plan) else { return };
        transfer.submit(&[0x11; 3]);
        transfer.wait();
    }
}

/// Bytes given to transfers that send: fewer and more than `buf-size`.
pub fn send_wrong_length() {
    let Some(handle) = claimed() else { return };
    mark("begin");
    for (name, plan) in [("bulk", bulk(0x02, 3)), ("control", crate::exchange::control(0x40, 0x01, 1, 0, 3))]
    {
        for data in [&[0x0f, 0xd3][..], &[0x0f, 0xd3, 0x5e, 0xa5], &[]] {
            let Some(transfer) = handle.new_transfer(name, &plan) else { return };
            if transfer.submit(data) {
                transfer.wait_sent();
            }
        }
    }
    mark("end");
    let Some(transfer) = handle.new_transfer("bulk", &bulk(0x02, 3)) else { return };
    transfer.submit(&[0x77, 0x88, 0x99]);
    transfer.wait_sent();
    handle.receive(&bulk(0x81, 64));
}

/// An endpoint that halts, two attempts, and `clear-halt`.
pub fn stall_bulk() {
    let Some(handle) = claimed() else { return };
    handle.receive(&bulk(0x81, 64));
    handle.receive(&bulk(0x81, 64));
    handle.receive(&bulk(0x81, 64));
    handle.clear_halt(0x81);
    handle.receive(&bulk(0x81, 64));
}

/// The same in the other direction.
pub fn stall_sending() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f]);
    handle.send(&bulk(0x02, 0), &[0xd3]);
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.clear_halt(0x02);
    handle.send(&bulk(0x02, 0), &[0xa5]);
    handle.receive(&bulk(0x81, 64));
}

/// The same at an interrupt endpoint, with bulk transfers meanwhile.
pub fn stall_interrupt() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    handle.receive(&interrupt(0x83, 8));
    handle.receive(&interrupt(0x83, 8));
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
    handle.clear_halt(0x83);
    handle.receive(&interrupt(0x83, 8));
}

/// `clear-halt` in the middle of a sequence of packets, in both directions, with no halt at all.
pub fn clear_unhalted() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f]);
    handle.receive(&bulk(0x81, 64));
    handle.clear_halt(0x02);
    handle.clear_halt(0x81);
    handle.send(&bulk(0x02, 0), &[0xd3]);
    handle.receive(&bulk(0x81, 64));
    handle.clear_halt(0x02);
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64));
}

/// `clear-halt` of endpoints that are not there, one of them the other direction of one that is.
pub fn clear_missing() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    mark("begin");
    for endpoint in [0x01, 0x82, 0x8f] {
        handle.clear_halt(endpoint);
    }
    mark("end");
    handle.receive(&bulk(0x81, 64));
}

/// Two handles, one of which halts an endpoint of its own while the other works.
pub fn stall_beside() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(0);
    second.claim(1);
    first.receive(&bulk(0x81, 64));
    second.send(&interrupt(0x04, 0), &[0x0f]);
    second.receive(&interrupt(0x83, 8));
    first.receive(&bulk(0x81, 64));
    first.clear_halt(0x81);
    first.receive(&bulk(0x81, 64));
}

/// Two handles, of which one has nothing but errors while the other works.
pub fn errors_apart() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(9);
    second.claim(1);
    first.release(0);
    second.remember(1, &[0x0f, 0xd3]);
    first.receive(&crate::exchange::control(0xc0, 0x7f, 0, 0, 4));
    second.send(&interrupt(0x04, 0), &[0x77]);
    first.clear_halt(0x8f);
    second.receive(&interrupt(0x83, 8));
    first.set_alternate(2, 9);
    second.release(1);
    first.close();
    second.get_configuration();
}

/// A halt that comes while a transfer waits, and the one queued behind it.
pub fn stall_while_waiting() {
    let Some(handle) = claimed() else { return };
    let first = handle.start("first", &bulk(0x81, 64));
    let second = handle.start("second", &bulk(0x81, 64));
    cue("stall");
    wait(first);
    wait(second);
    handle.clear_halt(0x81);
    handle.receive(&bulk(0x81, 64));
}

/// Transfers to endpoints that are not there, of another direction, and of another type.
pub fn bad_endpoint() {
    let Some(handle) = claimed() else { return };
    for (name, plan) in
        [("missing", bulk(0x8f, 64)), ("mistyped", interrupt(0x81, 64)), ("zero", bulk(0x80, 64))]
    {
        if let Some(transfer) = handle.start(name, &plan.timeout(100)) {
            transfer.wait();
        }
    }
    wait_sent(handle.start_sending("missing", &bulk(0x01, 0).timeout(100), &[0x0f]));
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
}

/// A number of packets and a stream of 0, which mean nothing to these types.
pub fn packets_ignored() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    handle.send(&bulk(0x02, 0).packets(3), &counting(0x10, 70));
    handle.receive(&bulk(0x81, 128).packets(7));
    handle.send(&interrupt(0x04, 0).packets(2), &[0x0f, 0xd3]);
    handle.receive(&interrupt(0x83, 8).packets(5));
    handle.send(&crate::exchange::store(1).packets(9), &[0x5e]);
    handle.receive(&crate::exchange::recall(1, 2).packets(9));
}

/// What a driver of a gamepad does: its report descriptor, then reports as they come.
pub fn gamepad() {
    let Some(handle) = open() else { return };
    handle.kernel_driver(0);
    handle.claim(0);
    handle.receive(&crate::exchange::control(0x81, 0x06, 0x2200, 0, 255));
    handle.send(&crate::exchange::control(0x21, 0x0a, 0, 0, 0), &[]);
    for _ in 0..3 {
        handle.receive(&interrupt(0x81, 8));
    }
    handle.receive(&interrupt(0x81, 8).timeout(50));
    cue("press");
    handle.receive(&interrupt(0x81, 8).timeout(50));
}
