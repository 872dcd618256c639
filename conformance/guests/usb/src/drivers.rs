//! Kernel drivers, and what the error codes are.

use crate::device::{claimed, device, open, two_devices};
use crate::exchange::{bulk, interrupt, recall};
use crate::log::cue;
use crate::plugging::enable;

/// A driver is taken away, asked about, and given back.
pub fn detach_and_attach() {
    let Some(handle) = open() else { return };
    handle.kernel_driver(0);
    handle.kernel_driver(1);
    handle.detach(1);
    handle.kernel_driver(1);
    handle.claim(1);
    handle.send(&interrupt(0x04, 0), &[0x0f, 0xd3]);
    handle.receive(&interrupt(0x83, 8));
    handle.release(1);
    handle.attach(1);
    handle.kernel_driver(1);
}

/// Interfaces without a driver, and interfaces that are not there.
pub fn no_driver() {
    let Some(handle) = open() else { return };
    handle.detach(0);
    handle.detach(9);
    handle.attach(9);
    handle.detach(1);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A driver that is to come back while the interface is claimed, and after its release.
pub fn attach_claimed() {
    let Some(handle) = open() else { return };
    handle.detach(1);
    handle.claim(1);
    handle.attach(1);
    handle.send(&interrupt(0x04, 0), &[0x0f, 0xd3]);
    handle.receive(&interrupt(0x83, 8));
    handle.release(1);
    handle.attach(1);
}

/// All three calls on a platform that may not know of them.
pub fn unavailable() {
    let Some(handle) = claimed() else { return };
    handle.kernel_driver(0);
    handle.detach(0);
    handle.attach(0);
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
}

/// One call for each error code that has a cause in the device or in the guest.
pub fn error_codes() {
    let Some((first, other)) = two_devices() else { return };
    enable();
    other.open();
    let Some(handle) = first.open() else { return };
    handle.claim(0);
    let second = first.open_as("second");
    if let Some(second) = &second {
        second.claim(0);
    }
    handle.claim(9);
    handle.receive(&bulk(0x81, 32));
    handle.receive(&bulk(0x81, 64));
    handle.clear_halt(0x81);
    handle.receive(&bulk(0x81, 64));
    handle.receive(&recall(9, 8).timeout(20));
    handle.receive(&recall(1, 0x1_0000));
    handle.receive(&bulk(0x81, u32::MAX).timeout(20));
    handle.alloc_streams(2, &[0x81]);
    handle.kernel_driver(0);
    if let Some(waiting) = handle.start("waiting", &bulk(0x81, 64)) {
        waiting.cancel();
        waiting.wait();
    }
    handle.remember(1, &[0x0f, 0xd3]);
    cue("unplug");
    handle.get_configuration();
}

/// A kernel driver of an interface whose number is not its place.
pub fn by_number() {
    let Some(handle) = open() else { return };
    handle.kernel_driver(7);
    handle.kernel_driver(2);
    handle.kernel_driver(5);
    handle.detach(7);
    handle.kernel_driver(7);
    handle.attach(7);
    handle.kernel_driver(7);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A device with one transfer that ends by an error of the bus, and one that does not.
pub fn bus_error() {
    let Some(device) = device() else { return };
    let Some(handle) = device.open() else { return };
    handle.claim(0);
    handle.receive(&bulk(0x81, 64));
    handle.receive(&bulk(0x81, 64));
}
