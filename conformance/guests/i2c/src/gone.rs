//! A bus that disappears.

use crate::log::{cue, open_as, r, w};

/// Every method after the adapter was taken away, and a bus that is still there.
pub fn unplug() {
    let Some(first) = open_as("first", "sensors") else { return };
    let Some(other) = open_as("other", "spare") else { return };
    first.write(0x48, &[0x10, 0xa1]);
    cue("unplug");
    first.read(0x48, 1);
    first.write(0x48, &[0x10, 0xb2]);
    first.write_read(0x48, &[0x10], 1);
    first.transaction(0x48, &[w(&[0x10]), r(1)]);
    other.read(0x49, 1);
}

/// The adapter goes in the middle of a read; the boards for this have it go at a second byte.
pub fn unplug_during() {
    let Some(first) = open_as("first", "sensors") else { return };
    let Some(other) = open_as("other", "spare") else { return };
    first.read(0x48, 1);
    first.read(0x48, 3);
    first.read(0x48, 1);
    other.write(0x49, &[0x10]);
}
