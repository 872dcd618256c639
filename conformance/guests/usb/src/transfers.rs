//! The life of transfers: made, submitted, cancelled, awaited, dropped.

use crate::device::{claimed, device};
use crate::exchange::{bulk, interrupt, recall, store, wait, wait_sent};
use crate::log::{cue, mark, wait_ms};
use wasi_hw_guest::counting;

/// Transfers of three types that are made and dropped, with marks around them.
pub fn made_and_dropped() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    mark("begin");
    let made = [
        handle.new_transfer("bulk", &bulk(0x81, 64)),
        handle.new_transfer("sending", &bulk(0x02, 2)),
        handle.new_transfer("interrupt", &interrupt(0x83, 8)),
        handle.new_transfer("control", &store(1)),
    ];
    mark("made");
    for transfer in made.into_iter().flatten() {
        transfer.drop();
    }
    mark("end");
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
}

/// A transfer that waits for data is submitted again, twice.
pub fn submit_in_flight() {
    let Some(handle) = claimed() else { return };
    let Some(transfer) = handle.start("first", &bulk(0x81, 64)) else { return };
    transfer.submit(&[]);
    transfer.submit(&[]);
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    transfer.wait();
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64));
}

/// The same with one that sends and waits, given other bytes.
pub fn submit_sending_in_flight() {
    let Some(handle) = claimed() else { return };
    let Some(transfer) = handle.start_sending("first", &bulk(0x02, 0), &[0x0f, 0xd3]) else { return };
    transfer.submit(&[0x77, 0x88]);
    transfer.wait_sent();
    handle.receive(&bulk(0x81, 64));
}

/// A transfer that is complete is submitted again, awaited, and followed by another.
pub fn submit_complete() {
    let Some(handle) = claimed() else { return };
    let Some(transfer) = handle.start_sending("first", &bulk(0x02, 0), &[0x0f, 0xd3]) else { return };
    wait_ms(10);
    mark("complete");
    transfer.submit(&[0x5e, 0xa5]);
    mark("submitted");
    transfer.wait_sent();
    handle.receive(&bulk(0x81, 64));
}

/// Transfers whose time was up, or that were cancelled, are submitted again, and awaited.
pub fn submit_ended() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    let late = handle.start("late", &bulk(0x81, 64).timeout(5));
    let cancelled = handle.start("cancelled", &interrupt(0x83, 8));
    if let Some(cancelled) = &cancelled {
        cancelled.cancel();
    }
    wait_ms(10);
    mark("over");
    for ended in [late, cancelled].into_iter().flatten() {
        ended.submit(&[]);
        ended.wait();
    }
}

/// Transfers that were never submitted are awaited.
pub fn await_unsubmitted() {
    let Some(handle) = claimed() else { return };
    wait(handle.new_transfer("receiving", &bulk(0x81, 64)));
    wait(handle.new_transfer("sending", &bulk(0x02, 2)));
    wait(handle.new_transfer("control", &recall(1, 2)));
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
}

/// Two endpoints; what was submitted first is complete last, and awaited first; then the other way round.
pub fn await_any_order() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    let slow = handle.start("slow", &bulk(0x81, 64));
    let fast = handle.start("fast", &interrupt(0x83, 8));
    wait(slow);
    wait(fast);
    let slow = handle.start("slow", &bulk(0x81, 64));
    let fast = handle.start("fast", &interrupt(0x83, 8));
    wait(fast);
    wait(slow);
}

/// Three receptions on one endpoint, awaited from the last to the first.
pub fn queue_receiving() {
    let Some(handle) = claimed() else { return };
    let first = handle.start("first", &bulk(0x81, 64));
    let second = handle.start("second", &bulk(0x81, 64));
    let third = handle.start("third", &bulk(0x81, 64));
    for byte in [0x01, 0x02, 0x03] {
        handle.send(&bulk(0x02, 0), &[byte; 3]);
    }
    wait(third);
    wait(second);
    wait(first);
}

/// Three transmissions on one endpoint that is not ready, awaited from the last to the first.
pub fn queue_sending() {
    let Some(handle) = claimed() else { return };
    let first = handle.start_sending("first", &bulk(0x02, 0), &counting(0x10, 65));
    let second = handle.start_sending("second", &bulk(0x02, 0), &[0x0f, 0xd3]);
    let third = handle.start_sending("third", &bulk(0x02, 0), &[0x5e]);
    wait_sent(third);
    wait_sent(second);
    wait_sent(first);
    handle.receive(&bulk(0x81, 128));
    handle.receive(&bulk(0x81, 128));
    handle.receive(&bulk(0x81, 128));
}

/// A transfer that was awaited with an error, and the ones after it on the endpoint.
pub fn over_when_awaited() {
    let Some(handle) = claimed() else { return };
    handle.receive(&bulk(0x81, 64).timeout(20));
    mark("awaited");
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64));
    mark("awaited");
    handle.release(0);
}

/// A transfer that waits for data is cancelled after another has ended, and others follow.
pub fn cancel() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x77]);
    handle.receive(&bulk(0x81, 64));
    let Some(transfer) = handle.start("first", &bulk(0x81, 64)) else { return };
    wait_ms(10);
    transfer.cancel();
    transfer.wait();
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
}

/// A transfer that is cancelled, and would otherwise reach its time limit, and the ones after it.
pub fn over_when_cancelled() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x77]);
    handle.receive(&bulk(0x81, 64));
    let Some(transfer) = handle.start("first", &bulk(0x81, 64).timeout(50)) else { return };
    wait_ms(10);
    transfer.cancel();
    transfer.wait();
    mark("awaited");
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64));
}

/// The middle one of three on an endpoint is cancelled.
pub fn cancel_one_of_three() {
    let Some(handle) = claimed() else { return };
    let first = handle.start("first", &bulk(0x81, 64));
    let second = handle.start("second", &bulk(0x81, 64));
    let third = handle.start("third", &bulk(0x81, 64));
    if let Some(second) = &second {
        second.cancel();
    }
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.send(&bulk(0x02, 0), &[0x5e]);
    wait(first);
    wait(second);
    wait(third);
}

/// A transfer that was not submitted is cancelled, and then used.
pub fn cancel_unsubmitted() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    let Some(transfer) = handle.new_transfer("first", &bulk(0x81, 64)) else { return };
    transfer.cancel();
    transfer.submit(&[]);
    transfer.wait();
}

/// A transfer that is complete is cancelled, twice, and awaited.
pub fn cancel_complete() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    let Some(transfer) = handle.start("first", &bulk(0x81, 64)) else { return };
    wait_ms(10);
    transfer.cancel();
    transfer.cancel();
    transfer.wait();
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64));
}

/// A transfer that waits for data is dropped, with marks around it, and others follow.
pub fn drop_in_flight() {
    let Some(handle) = claimed() else { return };
    let Some(transfer) = handle.start("first", &bulk(0x81, 64)) else { return };
    wait_ms(10);
    mark("dropping");
    transfer.drop();
    mark("dropped");
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64));
}

/// Transfers in flight on several endpoints and of both directions are dropped.
pub fn drop_several() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    let several = [
        handle.start("first", &bulk(0x81, 64)),
        handle.start("second", &bulk(0x81, 64)),
        handle.start("third", &interrupt(0x83, 8)),
    ];
    wait_ms(10);
    for transfer in several.into_iter().flatten() {
        transfer.drop();
    }
    handle.send(&store(1), &[0x0f, 0xd3]);
    handle.receive(&recall(1, 8));
}

/// The device goes when transfers in flight on it were dropped.
pub fn drop_then_unplug() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    let several = [handle.start("first", &bulk(0x81, 64)), handle.start("second", &interrupt(0x83, 8))];
    wait_ms(10);
    for transfer in several.into_iter().flatten() {
        transfer.drop();
    }
    cue("unplug");
    handle.remember(1, &[0x0f, 0xd3]);
    handle.drop();
}

/// A transfer without time limit, whose device answers only after an hour.
pub fn no_limit() {
    let Some(handle) = claimed() else { return };
    handle.receive(&bulk(0x81, 64));
    handle.receive(&recall(9, 8));
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
}

/// Time limits of more milliseconds than 31 bits hold, of a device that answers in good time.
pub fn limit_greatest() {
    let Some(handle) = claimed() else { return };
    handle.receive(&bulk(0x81, 64).timeout(1 << 31));
    handle.receive(&recall(9, 8).timeout(u32::MAX));
    handle.send(&bulk(0x02, 0).timeout(u32::MAX), &[0x0f, 0xd3]);
}

/// Time limits in both directions and at endpoint 0, where the device does not answer, and one that is kept.
pub fn limit() {
    let Some(handle) = claimed() else { return };
    mark("begin");
    handle.receive(&bulk(0x81, 64).timeout(20));
    mark("over");
    handle.send(&bulk(0x02, 0).timeout(1), &[0x0f, 0xd3]);
    mark("over");
    handle.receive(&recall(9, 8).timeout(300));
    mark("over");
    handle.receive(&bulk(0x81, 64).timeout(70_000));
    mark("over");
    handle.send(&store(1).timeout(1_000), &[0x5e]);
    handle.receive(&recall(1, 8).timeout(1_000));
}

/// A limit that runs from `submit-transfer`, and half of which is over when the transfer is awaited.
pub fn limit_from_submit() {
    let Some(handle) = claimed() else { return };
    mark("begin");
    let late = handle.start("late", &bulk(0x81, 64).timeout(40));
    wait_ms(30);
    wait(late);
    mark("over");
    wait_ms(1_000);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A limit that is over when a part of the data has arrived, and another transfer.
pub fn limit_in_the_middle() {
    let Some(handle) = claimed() else { return };
    handle.receive(&bulk(0x81, 256).timeout(20));
    handle.receive(&bulk(0x81, 64).timeout(20));
    cue("more");
    handle.receive(&bulk(0x81, 64).timeout(20));
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A limit that is over when a part of the data has gone out, and another transfer.
pub fn limit_sending() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0).timeout(20), &counting(0x10, 130));
    handle.send(&bulk(0x02, 0).timeout(20), &[0x0f, 0xd3]);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Two transfers on two handles of one device, of which each gets its own.
pub fn two_handles() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(0);
    second.claim(1);
    let one = first.start("one", &bulk(0x81, 64));
    let two = second.start("two", &interrupt(0x83, 8));
    first.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    second.send(&interrupt(0x04, 0), &[0x5e]);
    wait(two);
    wait(one);
}
