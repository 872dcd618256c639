//! The life of handles: open, close, drop.

use crate::device::{claimed, device, init, list, two_devices};
use crate::exchange::{bulk, wait};
use crate::log::{cue, mark, wait_ms};

/// An open with marks around it.
pub fn silent() {
    let Some(device) = device() else { return };
    mark("begin");
    let handle = device.open();
    mark("end");
    let Some(handle) = handle else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A device that the process may not use, and one that it may.
pub fn denied() {
    let Some((first, other)) = two_devices() else { return };
    if let Some(other) = other.open() {
        other.remember(1, &[0x5e]);
    }
    let Some(handle) = first.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A device that was listed and is gone.
pub fn gone() {
    let Some((first, other)) = two_devices() else { return };
    cue("unplug");
    other.open();
    let Some(handle) = first.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Two handles of one device; the older is closed, then the younger is dropped.
pub fn twice() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.remember(1, &[0x0f, 0xd3]);
    second.remember(2, &[0x5e]);
    first.close();
    first.drop();
    second.remember(3, &[0xa5, 0x5a]);
    let Some(third) = device.open_as("third") else { return };
    second.drop();
    third.remember(4, &[0x77]);
}

/// A handle that outlives the device it came from, and the list.
pub fn outlives_device() {
    init();
    let mut all = list();
    let Some(device) = all.take(1) else { return };
    let Some(handle) = device.open() else { return };
    device.drop();
    drop(all);
    handle.claim(0);
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
    handle.get_configuration();
}

/// A handle that is dropped with a claim and without `close`, and the next one.
pub fn drop_open() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    first.claim(0);
    first.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    first.receive(&bulk(0x81, 64));
    mark("dropping");
    first.drop();
    mark("dropped");
    let Some(second) = device.open_as("second") else { return };
    second.claim(0);
    second.send(&bulk(0x02, 0), &[0x5e]);
    second.receive(&bulk(0x81, 64));
}

/// A handle that is closed with a claim, and the next one.
pub fn close_claimed() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(0);
    second.claim(0);
    first.close();
    second.claim(0);
    second.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    second.receive(&bulk(0x81, 64));
}

/// A handle that is closed while a transfer waits for data, which is awaited then.
pub fn close_in_flight() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    first.claim(0);
    let waiting = first.start("waiting", &bulk(0x81, 64));
    wait_ms(10);
    first.close();
    wait(waiting);
    first.drop();
    let Some(second) = device.open_as("second") else { return };
    second.claim(0);
    second.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    second.receive(&bulk(0x81, 64));
}

/// A handle that is closed while a transfer is complete that nobody has awaited yet.
pub fn close_complete() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    first.claim(0);
    first.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    let complete = first.start("complete", &bulk(0x81, 64));
    wait_ms(10);
    first.close();
    wait(complete);
    let Some(second) = device.open_as("second") else { return };
    second.remember(1, &[0x5e]);
}

/// A transfer that outlives the handle it came from: dropped without `close`, then awaited.
pub fn drop_in_flight() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    first.claim(0);
    let waiting = first.start("waiting", &bulk(0x81, 64));
    first.drop();
    wait(waiting);
    let Some(second) = device.open_as("second") else { return };
    second.claim(0);
    second.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    second.receive(&bulk(0x81, 64));
}

/// Every method of a closed handle, and another handle.
pub fn after_close() {
    let Some(device) = device() else { return };
    let Some(first) = device.open() else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(0);
    first.remember(1, &[0x0f, 0xd3]);
    first.close();
    mark("closed");
    first.every_method();
    wait(first.start("late", &bulk(0x81, 64)));
    first.close();
    mark("done");
    first.drop();
    second.remember(2, &[0x5e]);
}

/// A transfer that was made before `close` and is submitted after it.
pub fn submit_after_close() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(0);
    let late = first.new_transfer("late", &bulk(0x02, 2));
    first.close();
    mark("closed");
    if let Some(late) = late {
        late.submit(&[0x0f, 0xd3]);
        late.cancel();
        late.wait_sent();
    }
    mark("done");
    second.remember(2, &[0x5e]);
}

/// A handle that is closed twice, with another opened in between, and dropped.
pub fn close_twice() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    first.remember(1, &[0x0f, 0xd3]);
    first.close();
    let Some(second) = device.open_as("second") else { return };
    first.close();
    second.remember(2, &[0x5e]);
    first.drop();
    second.remember(3, &[0xa5]);
}

/// Ends by a trap, with a claim and a transfer in flight.
pub fn trap_in_flight() {
    let Some(handle) = claimed() else { return };
    let _waiting = handle.start("waiting", &bulk(0x81, 64));
    panic!("the guest ends here");
}

/// Wants the same interface when another instance has ended.
pub fn open_later() {
    wait_ms(10);
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
}

/// What an instance does while another one does harm: uses its device before and after.
pub fn bystander() {
    let Some((_, other)) = two_devices() else { return };
    let Some(handle) = other.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    wait_ms(1_000);
    handle.remember(2, &[0x5e]);
}
