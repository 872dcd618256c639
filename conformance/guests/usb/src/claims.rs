//! Claims, and alternate settings of what is claimed.

use crate::device::{Handle, claimed, device, open};
use crate::exchange::{bulk, control, interrupt};
use crate::log::{mark, wait_ms};

impl Handle {
    fn echo(&self, data: &[u8]) {
        self.send(&bulk(0x02, 0), data);
        self.receive(&bulk(0x81, 64));
    }

    fn ask_alternate(&self, interface: u16) {
        self.receive(&control(0x81, 0x0a, 0, interface, 1));
    }
}

/// Interfaces that are not there, below and above 32, and some that are.
pub fn missing() {
    let Some(handle) = open() else { return };
    for interface in [0, 1, 3, 31, 32, 64, 255] {
        handle.claim(interface);
    }
    handle.echo(&[0x0f, 0xd3]);
}

/// An interface that only the configuration has that is not in force.
pub fn of_other_configuration() {
    let Some(handle) = open() else { return };
    handle.claim(5);
    handle.set_configuration(2);
    handle.claim(5);
    handle.claim(0);
    handle.receive(&bulk(0x87, 64));
}

/// An interface that may stand behind the end of the configuration, beside one that stands before it.
pub fn beyond() {
    let Some(handle) = open() else { return };
    handle.claim(0);
    handle.claim(1);
    handle.echo(&[0x0f, 0xd3]);
}

/// Interfaces whose numbers are not their places: claimed, set, used, and one of them released.
pub fn by_number() {
    let Some(handle) = open() else { return };
    for interface in [2, 5, 1, 3] {
        handle.claim(interface);
    }
    handle.echo(&[0x0f, 0xd3]);
    handle.set_alternate(2, 1);
    handle.ask_alternate(2);
    handle.release(2);
    handle.echo(&[0x5e]);
}

/// An interface with a number that some systems have no room for.
pub fn above_31() {
    let Some(handle) = open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    handle.claim(40);
    handle.claim(5);
    handle.echo(&[0x5e]);
}

/// Two interfaces claimed, of which one is released and claimed again.
pub fn release_one() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    handle.release(0);
    handle.send(&interrupt(0x04, 0), &[0x77]);
    handle.receive(&interrupt(0x83, 8));
    handle.claim(0);
    handle.echo(&[0x5e]);
}

/// One handle claims and releases, and another claims then.
pub fn after_release() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(0);
    first.echo(&[0x0f, 0xd3]);
    first.release(0);
    second.claim(0);
    second.echo(&[0x5e]);
}

/// One interface claimed twice by one handle, and released once.
pub fn twice() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(0);
    first.claim(0);
    first.echo(&[0x0f, 0xd3]);
    first.release(0);
    second.claim(0);
    second.echo(&[0x5e]);
    first.release(0);
}

/// Two handles that want the same interface, and one that each has for itself.
pub fn contended() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(0);
    second.claim(0);
    second.claim(1);
    first.claim(1);
    first.echo(&[0x0f, 0xd3]);
    second.send(&interrupt(0x04, 0), &[0x77]);
    second.receive(&interrupt(0x83, 8));
    first.release(0);
    second.claim(0);
    second.echo(&[0x5e]);
}

/// Holds the interface for a while, which another instance wants.
pub fn hold() {
    let Some(handle) = claimed() else { return };
    wait_ms(200);
    handle.echo(&[0x0f, 0xd3]);
    handle.release(0);
    wait_ms(200);
}

/// Wants it meanwhile, and afterwards.
pub fn held() {
    wait_ms(100);
    let Some(handle) = claimed() else { return };
    handle.remember(1, &[0x77]);
    wait_ms(200);
    handle.claim(0);
    handle.echo(&[0x5e]);
}

/// A claim while the device is without configuration.
pub fn unconfigured() {
    let Some(handle) = open() else { return };
    handle.claim(0);
    handle.set_configuration(1);
    handle.claim(0);
    handle.echo(&[0x0f, 0xd3]);
}

/// Releases of what nobody, somebody else, and this handle holds.
pub fn release() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.release(0);
    second.claim(0);
    first.release(0);
    second.echo(&[0x0f, 0xd3]);
    second.release(0);
    second.release(0);
}

/// What becomes of an alternate setting when the interface is released.
pub fn release_alternate() {
    let Some(handle) = claimed() else { return };
    handle.set_alternate(0, 1);
    handle.ask_alternate(0);
    handle.release(0);
    handle.claim(0);
    handle.ask_alternate(0);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Alternate settings with numbers that leave gaps, and what they change: an endpoint and its packet size.
pub fn alternate() {
    let Some(handle) = claimed() else { return };
    handle.claim(2);
    handle.ask_alternate(2);
    handle.set_alternate(2, 5);
    handle.ask_alternate(2);
    handle.ask_alternate(0);
    handle.receive(&bulk(0x88, 64));
    handle.set_alternate(2, 3);
    handle.ask_alternate(2);
    handle.receive(&bulk(0x88, 64));
    handle.set_alternate(2, 0);
    handle.ask_alternate(2);
    handle.echo(&[0x0f, 0xd3]);
}

/// Alternate settings of interfaces that nobody, and that another handle has claimed.
pub fn alternate_unclaimed() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    mark("begin");
    first.set_alternate(2, 5);
    second.claim(2);
    first.set_alternate(2, 5);
    mark("end");
    second.ask_alternate(2);
    second.set_alternate(2, 5);
    second.ask_alternate(2);
}

/// Alternate settings that a claimed interface does not have, but another one has.
pub fn alternate_missing() {
    let Some(handle) = claimed() else { return };
    handle.claim(2);
    handle.set_alternate(2, 3);
    handle.set_alternate(2, 1);
    handle.set_alternate(0, 5);
    handle.set_alternate(2, 255);
    handle.ask_alternate(2);
}

/// Halted endpoints of two interfaces, one of which gets an alternate setting.
pub fn alternate_halted() {
    let Some(handle) = claimed() else { return };
    handle.claim(1);
    handle.receive(&bulk(0x81, 64));
    handle.receive(&interrupt(0x83, 8));
    handle.set_alternate(0, 0);
    handle.receive(&bulk(0x81, 64));
    handle.receive(&interrupt(0x83, 8));
}

/// Bulk transfers on an interface that was not claimed, and then on one that was.
pub fn unclaimed_transfer() {
    let Some(handle) = open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64).timeout(100));
    handle.claim(0);
    handle.echo(&[0x77]);
}

/// A kernel driver's interface is claimed without asking, and released.
pub fn driver_at_release() {
    let Some(handle) = open() else { return };
    handle.kernel_driver(1);
    handle.claim(1);
    handle.release(1);
    handle.kernel_driver(1);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// The same with a handle that is closed, one that is dropped, and a third that asks.
pub fn driver_at_close() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    first.claim(1);
    first.close();
    first.drop();
    let Some(second) = device.open_as("second") else { return };
    second.kernel_driver(1);
    second.claim(1);
    second.drop();
    let Some(third) = device.open_as("third") else { return };
    third.kernel_driver(1);
    third.remember(1, &[0x0f, 0xd3]);
}

/// A kernel driver's interface, claimed without asking.
pub fn kernel_driver() {
    let Some(handle) = open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    handle.claim(0);
    handle.claim(1);
    handle.send(&interrupt(0x04, 0), &[0x5e]);
    handle.receive(&interrupt(0x83, 8));
}
