//! Devices that are unplugged, plugged in again, or reset.

use crate::device::{Handle, claimed, device, init, list, two_devices};
use crate::exchange::{bulk, interrupt, recall, store, wait, wait_sent};
use crate::log::{cue, mark, wait_ms};

impl Handle {
    /// Calls every method but `new-transfer` and `close`.
    pub fn every_method(&self) {
        self.get_configuration();
        self.set_configuration(1);
        self.unconfigure();
        self.claim(0);
        self.claim(1);
        self.set_alternate(0, 0);
        self.clear_halt(0x81);
        self.release(0);
        self.reset();
        self.alloc_streams(1, &[0x81]);
        self.free_streams(&[0x81]);
        self.kernel_driver(0);
        self.detach(0);
        self.attach(0);
    }
}

/// Every method after the device was unplugged, and then the other device.
pub fn methods() {
    let Some((first, other)) = two_devices() else { return };
    let Some(handle) = first.open() else { return };
    handle.claim(0);
    handle.remember(1, &[0x0f, 0xd3]);
    cue("unplug");
    handle.every_method();
    let Some(other) = other.open() else { return };
    other.remember(1, &[0x5e]);
}

/// `close` and drops after the device was unplugged: of a transfer, of handles with and without `close`.
pub fn close() {
    let Some((first, other)) = two_devices() else { return };
    let Some(handle) = first.open() else { return };
    let Some(second) = first.open_as("second") else { return };
    handle.claim(0);
    second.claim(1);
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    let waiting = second.start("waiting", &interrupt(0x83, 8));
    cue("unplug");
    handle.close();
    handle.drop();
    if let Some(waiting) = waiting {
        waiting.drop();
    }
    second.drop();
    first.drop();
    let Some(other) = other.open() else { return };
    other.remember(1, &[0x5e]);
}

/// A handle that was closed before its device was unplugged: every method, a transfer, another `close`, the drop.
pub fn after_close() {
    let Some(handle) = claimed() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    handle.close();
    wait_ms(10);
    cue("unplug");
    mark("gone");
    handle.every_method();
    wait(handle.start("late", &bulk(0x81, 64)));
    handle.close();
    handle.drop();
}

/// Transfers in flight when the device is unplugged: two on one endpoint, one on another, one that sends.
pub fn in_flight() {
    let Some((first, other)) = two_devices() else { return };
    let Some(handle) = first.open() else { return };
    handle.claim(0);
    handle.claim(1);
    let one = handle.start("one", &bulk(0x81, 64));
    let two = handle.start("two", &bulk(0x81, 64));
    let three = handle.start("three", &interrupt(0x83, 8).timeout(10_000));
    let four = handle.start_sending("four", &bulk(0x02, 0), &[0x0f, 0xd3]);
    cue("unplug");
    wait(two);
    wait(one);
    wait(three);
    wait_sent(four);
    let Some(other) = other.open() else { return };
    other.remember(1, &[0x5e]);
}

/// A reception in the middle of which the device goes; the boards for this have it go after a packet.
pub fn in_the_middle() {
    let Some((first, other)) = two_devices() else { return };
    let Some(handle) = first.open() else { return };
    handle.claim(0);
    handle.receive(&bulk(0x81, 64));
    handle.receive(&bulk(0x81, 512));
    handle.get_configuration();
    let Some(other) = other.open() else { return };
    other.remember(1, &[0x5e]);
}

/// Transfers made before the device was unplugged and submitted after it, and one made after it.
pub fn submit() {
    let Some((first, other)) = two_devices() else { return };
    let Some(handle) = first.open() else { return };
    handle.claim(0);
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    let made = handle.new_transfer("receiving", &bulk(0x81, 64));
    let sending = handle.new_transfer("sending", &bulk(0x02, 2));
    cue("unplug");
    if let Some(made) = made.filter(|made| made.submit(&[])) {
        made.wait();
    }
    if let Some(sending) = sending.filter(|sending| sending.submit(&[0x5e, 0xa5])) {
        sending.wait_sent();
    }
    handle.receive(&recall(1, 8));
    let Some(other) = other.open() else { return };
    other.remember(1, &[0x5e]);
}

/// Unplugged and plugged in again at the same place: old handles, old devices, and new ones.
pub fn replug() {
    let Some(device) = device() else { return };
    let Some(old) = device.open_as("old") else { return };
    old.claim(0);
    old.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    old.receive(&bulk(0x81, 64));
    cue("unplug");
    cue("plug");
    mark("begin");
    old.get_configuration();
    old.send(&store(1), &[0x77]);
    old.send(&bulk(0x02, 0), &[0x88]);
    old.claim(1);
    device.open_as("revived");
    mark("end");
    let Some(fresh) = list().take(1) else { return };
    let Some(new) = fresh.open_as("new") else { return };
    new.claim(0);
    new.send(&bulk(0x02, 0), &[0x5e]);
    new.receive(&bulk(0x81, 64));
    old.drop();
    new.remember(1, &[0xa5]);
}

/// A port reset in the middle of work: a configuration and an alternate setting were chosen.
pub fn reset() {
    let Some(handle) = claimed() else { return };
    handle.claim(2);
    handle.set_alternate(2, 5);
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
    handle.reset();
    handle.get_configuration();
    handle.receive(&crate::exchange::control(0x81, 0x0a, 0, 2, 1));
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64));
    handle.release(2);
    handle.claim(2);
}

/// A port reset, and what every handle can do that still works.
pub fn reset_works() {
    let Some(handle) = claimed() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    handle.reset();
    handle.remember(2, &[0x5e]);
    handle.claim(0);
    handle.send(&bulk(0x02, 0), &[0x77]);
    handle.receive(&bulk(0x81, 64));
}

/// A port reset on a platform that may have none.
pub fn reset_refused() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.reset();
    handle.receive(&bulk(0x81, 64));
    handle.remember(1, &[0x5e]);
}

/// A port reset after which another device is there, and the guest that looks for it.
pub fn reset_changes() {
    init();
    let Some(device) = list().take(1) else { return };
    let Some(handle) = device.open() else { return };
    handle.claim(0);
    handle.remember(1, &[0x0f, 0xd3]);
    handle.reset();
    mark("begin");
    handle.every_method();
    handle.receive(&recall(1, 8));
    mark("end");
    handle.close();
    let Some(fresh) = list().take(1) else { return };
    let Some(new) = fresh.open_as("new") else { return };
    new.remember(1, &[0x5e]);
}
