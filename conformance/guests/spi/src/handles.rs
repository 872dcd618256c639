//! The life of handles.

use crate::log::{mark, open, open_as};

/// Marks around `open`, before anything else and between two frames.
pub fn open_silent() {
    mark("opening");
    let opened = open_as("display", "display");
    mark("opened");
    let Some(display) = opened else { return };
    display.read(1);
    let Some(device) = open() else { return };
    mark("opened");
    device.read(1);
}

/// A second handle to a device that is open, if the host gives one.
pub fn open_twice() {
    let Some(first) = open_as("first", "flash") else { return };
    first.read(1);
    if let Some(second) = open_as("second", "flash") {
        second.read(1);
    }
    first.read(1);
}

/// The same, then a drop of all there is, and a third.
pub fn open_refused() {
    let Some(first) = open_as("first", "flash") else { return };
    first.read(1);
    let second = open_as("second", "flash");
    first.drop();
    drop(second);
    let Some(third) = open_as("third", "flash") else { return };
    third.read(1);
}

/// Open and drop, several times; the middle handle is never used.
pub fn open_after_drop() {
    let Some(device) = open() else { return };
    device.read(1);
    device.drop();
    let Some(device) = open() else { return };
    device.drop();
    let Some(device) = open() else { return };
    device.read(1);
}

/// Drops after a call that succeeded, after one that failed, and of a handle that was never used. Boards for
/// this fail at the second frame.
pub fn drop_silent() {
    for used in [true, true, false] {
        let Some(device) = open() else { return };
        if used {
            device.read(1);
        }
        mark("dropping");
        device.drop();
        mark("dropped");
    }
    let Some(device) = open() else { return };
    device.read(1);
}

/// Two handles to one device, if the host gives them: what the drop of one means to the other.
pub fn drop_one_of_two() {
    let Some(first) = open_as("first", "flash") else { return };
    first.read(1);
    match open_as("second", "flash") {
        Some(second) => {
            first.drop();
            second.read(1);
        }
        None => {
            first.read(1);
        }
    }
}
