//! Which configuration is in force, and who may change it.

use crate::device::{claimed, device, open};
use crate::exchange::{bulk, control};
use crate::log::mark;

/// The configuration in force, from none at all to one after the other.
pub fn get() {
    let Some(handle) = open() else { return };
    handle.get_configuration();
    for value in [7, 2] {
        handle.set_configuration(value);
        handle.get_configuration();
    }
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Each configuration, one that does not exist, and what the device itself says of it.
pub fn set() {
    let Some(handle) = open() else { return };
    for value in [7, 2] {
        handle.set_configuration(value);
        handle.receive(&control(0x80, 0x08, 0, 0, 1));
    }
    handle.set_configuration(3);
    handle.set_configuration(1);
    handle.receive(&control(0x80, 0x08, 0, 0, 1));
}

/// Every change while interface 0 is claimed, and after its release.
pub fn set_while_claimed() {
    let Some(handle) = claimed() else { return };
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
    mark("begin");
    handle.set_configuration(2);
    handle.set_configuration(7);
    handle.unconfigure();
    mark("end");
    handle.send(&bulk(0x02, 0), &[0x5e]);
    handle.receive(&bulk(0x81, 64));
    handle.release(0);
    handle.set_configuration(2);
}

/// A change by one handle while another holds a claim.
pub fn set_while_other_claims() {
    let Some(device) = device() else { return };
    let Some(first) = device.open_as("first") else { return };
    let Some(second) = device.open_as("second") else { return };
    first.claim(0);
    second.set_configuration(2);
    first.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    first.receive(&bulk(0x81, 64));
    first.release(0);
    second.set_configuration(2);
    second.receive(&control(0x80, 0x08, 0, 0, 1));
}

/// The configuration in force set once more, with an alternate setting chosen before.
pub fn set_again() {
    let Some(handle) = claimed() else { return };
    handle.set_alternate(0, 1);
    handle.receive(&control(0x81, 0x0a, 0, 0, 1));
    handle.release(0);
    handle.set_configuration(1);
    handle.claim(0);
    handle.receive(&control(0x81, 0x0a, 0, 0, 1));
}

/// The same with an endpoint halted before, and one in the middle of a sequence of packets.
pub fn set_again_halted() {
    let Some(handle) = claimed() else { return };
    handle.receive(&bulk(0x81, 64));
    handle.send(&bulk(0x02, 0), &[0x0f]);
    handle.release(0);
    handle.set_configuration(1);
    handle.claim(0);
    handle.receive(&bulk(0x81, 64));
    handle.send(&bulk(0x02, 0), &[0x5e]);
}

/// No configuration, and back.
pub fn unconfigure() {
    let Some(handle) = open() else { return };
    handle.get_configuration();
    handle.unconfigure();
    handle.get_configuration();
    handle.receive(&control(0x80, 0x08, 0, 0, 1));
    handle.set_configuration(1);
    handle.get_configuration();
    handle.receive(&control(0x80, 0x08, 0, 0, 1));
}

/// The value that the standard keeps for "none".
pub fn set_zero() {
    let Some(handle) = open() else { return };
    handle.set_configuration(0);
    handle.get_configuration();
    handle.receive(&control(0x80, 0x08, 0, 0, 1));
    handle.set_configuration(1);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A change on a platform that may not allow it.
pub fn set_refused() {
    let Some(handle) = open() else { return };
    handle.set_configuration(2);
    handle.receive(&control(0x80, 0x08, 0, 0, 1));
    handle.remember(1, &[0x0f, 0xd3]);
}

/// What is in force, without any change of it.
pub fn as_found() {
    let Some(device) = device() else { return };
    let Some(handle) = device.open() else { return };
    handle.get_configuration();
    device.active();
    handle.remember(1, &[0x0f, 0xd3]);
}

/// CLEAR_FEATURE(ENDPOINT_HALT) as a raw request, for an endpoint that is halted in the middle of its packets.
pub fn raw_clear_halt() {
    let Some(handle) = claimed() else { return };
    handle.receive(&bulk(0x81, 64));
    handle.send(&control(0x02, 0x01, 0, 0x81, 0), &[]);
    handle.receive(&bulk(0x81, 64).timeout(100));
    handle.clear_halt(0x81);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// SET_CONFIGURATION and SET_INTERFACE as raw requests, and what the host believes then.
pub fn raw_requests() {
    let Some(handle) = open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    handle.send(&control(0x00, 0x09, 2, 0, 0), &[]);
    handle.get_configuration();
    handle.set_configuration(1);
    handle.claim(0);
    handle.send(&control(0x01, 0x0b, 1, 0, 0), &[]);
    handle.receive(&control(0x81, 0x0a, 0, 0, 1));
}
