//! Transfers in flight when the handle gives up what they run on.

use crate::device::{Handle, claimed};
use crate::exchange::{bulk, interrupt, wait};

/// Two receptions on interface 0 wait, one on interface 1, and something happens; then those of interface 0 are
/// awaited, and interface 1 goes on.
fn during(handle: &Handle, event: fn(&Handle)) {
    handle.claim(1);
    let first = handle.start("first", &bulk(0x81, 64));
    let second = handle.start("second", &bulk(0x81, 64));
    let beside = handle.start("beside", &interrupt(0x83, 8));
    event(handle);
    wait(first);
    wait(second);
    handle.send(&interrupt(0x04, 0), &[0x77]);
    wait(beside);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// The release of their interface.
pub fn at_release() {
    let Some(handle) = claimed() else { return };
    during(&handle, |handle| _ = handle.release(0));
}

/// The choice of an alternate setting of their interface.
pub fn at_alternate() {
    let Some(handle) = claimed() else { return };
    during(&handle, |handle| _ = handle.set_alternate(0, 1));
}

/// A reset of the port.
pub fn at_reset() {
    let Some(handle) = claimed() else { return };
    let first = handle.start("first", &bulk(0x81, 64));
    let second = handle.start("second", &bulk(0x81, 64));
    if !handle.reset() {
        return;
    }
    wait(first);
    wait(second);
    handle.remember(1, &[0x0f, 0xd3]);
}

/// `clear-halt` of their endpoint, which is not halted; then there are data for one of them, and time for the other.
pub fn at_clear_halt() {
    let Some(handle) = claimed() else { return };
    let first = handle.start("first", &bulk(0x81, 64).timeout(100));
    let second = handle.start("second", &bulk(0x81, 64).timeout(100));
    handle.clear_halt(0x81);
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    wait(first);
    wait(second);
    handle.remember(1, &[0x0f, 0xd3]);
}
