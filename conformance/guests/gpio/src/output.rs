//! Driving digital lines.
//!
//! What an output carries before the first set is open, so a test begins with `set-inactive`, whose line
//! in the trace a case leaves to the host; only then has the first `set-active` something to change.

use crate::log::Kind::{DigitalIn, DigitalInOut, DigitalOut};
use crate::log::{Pin, Pins, cue, mark, wait};

/// Active and inactive, each twice, as setting what is set changes nothing.
pub fn drive() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    drive_with(lamp);
}

/// The same on an in-out pin.
pub fn drive_in_out() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    drive_with(line);
}

fn drive_with(pin: &Pin) {
    pin.set_inactive();
    pin.set_active();
    pin.set_active();
    pin.set_inactive();
    pin.set_inactive();
    pin.set_active();
}

/// `set-state` in place of the functions that it stands for, and mixed with them.
pub fn set_state() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    set_state_with(lamp);
}

/// The same on an in-out pin.
pub fn set_state_in_out() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    set_state_with(line);
}

fn set_state_with(pin: &Pin) {
    pin.set_inactive();
    pin.set_state(true);
    pin.set_state(false);
    pin.set_state(true);
    pin.set_inactive();
    pin.set_state(false);
    pin.set_active();
    pin.set_state(true);
    pin.set_state(false);
}

/// Toggles from either state, and after `set-state`.
pub fn toggle() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    lamp.toggle();
    lamp.toggle();
    lamp.toggle();
    lamp.set_inactive();
    lamp.toggle();
    lamp.set_state(false);
    lamp.toggle();
    lamp.toggle();
}

/// Toggles while something stronger holds the line.
pub fn toggle_held() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    cue("hold");
    lamp.toggle();
    lamp.toggle();
    lamp.toggle();
    cue("let-go");
    lamp.toggle();
}

/// The same on an in-out pin, which is read in between.
pub fn toggle_held_in_out() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    line.set_inactive();
    line.set_active();
    line.read();
    cue("hold");
    line.read();
    line.toggle();
    line.read();
    line.toggle();
    cue("let-go");
    line.read();
    line.toggle();
    line.read();
}

/// Toggles a pin that was never set.
pub fn toggle_first() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    mark("opened");
    lamp.toggle();
    lamp.toggle();
}

/// Opens an output and leaves it alone for a while; another pin watches the line.
pub fn untouched() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    let lamp = pins.open(DigitalOut, "lamp");
    mark("opened");
    wait(1_000_000);
    button.read();
    lamp.set_active();
    button.read();
}

/// Sets a line that something holds at the other level.
pub fn set_held() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    cue("hold");
    lamp.set_active();
    lamp.set_state(true);
    cue("let-go");
    lamp.set_inactive();
    lamp.set_active();
}

/// An output and an input that a wire joins, each with a polarity of its own.
pub fn loop_back() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    let button = pins.open(DigitalIn, "button");
    lamp.set_inactive();
    button.read();
    lamp.set_active();
    button.read();
    button.is_active();
    lamp.toggle();
    button.read();
    button.is_active();
}
