//! Reading digital lines.

use crate::log::Kind::{DigitalIn, DigitalInOut};
use crate::log::{Pins, cue, mark, wait};

/// A button that is pressed and released.
pub fn read() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    cue("press");
    button.read();
    button.read();
    cue("release");
    button.read();
}

/// Readings a millisecond apart, of a line that changes by itself.
pub fn read_over_time() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    for _ in 0..6 {
        wait(1_000_000);
        button.read();
    }
}

/// Changes between two readings, so many that the second finds what the first found, or does not.
pub fn read_after_changes() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    cue("press");
    cue("release");
    button.read();
    cue("press");
    cue("release");
    cue("press");
    button.read();
    button.is_active();
}

/// The three functions that tell the state, in both states.
pub fn complements() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.is_active();
    button.is_inactive();
    button.read();
    cue("press");
    button.is_active();
    button.is_inactive();
    button.read();
    cue("release");
    button.is_inactive();
    button.is_active();
}

/// The same of an in-out pin, which drives the states itself.
pub fn complements_in_out() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    line.set_inactive();
    line.is_active();
    line.is_inactive();
    line.read();
    line.set_active();
    line.is_active();
    line.is_inactive();
    line.read();
}

/// A line that nothing drives, that is driven against its resistor and then let go.
pub fn read_floating() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    cue("drive");
    button.read();
    cue("let-go");
    button.read();
    button.is_active();
}

/// An in-out pin that drives and reads what it drives.
pub fn drive_and_read() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    line.set_inactive();
    line.read();
    line.set_active();
    line.read();
    line.toggle();
    line.read();
    line.set_state(true);
    line.read();
    line.read();
}

/// An in-out pin that is read while something stronger holds its line at the other level.
pub fn read_held() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    line.set_active();
    line.read();
    cue("hold");
    line.read();
    line.is_active();
    cue("let-go");
    line.read();
}

/// When the driver of an in-out pin is on: before a set, after it, and after a reading.
pub fn direction() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    mark("opened");
    line.read();
    mark("read");
    line.set_active();
    mark("set");
    line.read();
    line.read();
    mark("read");
    line.toggle();
    line.read();
}

/// Reads, while another instance drives the line through a wire.
pub fn observe() {
    let pins = Pins::default();
    wait(1_000_000);
    let button = pins.open(DigitalIn, "button");
    button.read();
    wait(2_000_000);
    button.read();
}
