//! Driving analog lines. As with digital ones, a test first goes to a value that a host may have been at
//! already.

use crate::log::Kind::{AnalogInOut, AnalogOut};
use crate::log::{Pin, Pins, mark_outcome};

/// Raw values up to the greatest of the boards for this, 255.
pub fn set_raw() {
    let pins = Pins::default();
    let dimmer = pins.open(AnalogOut, "dimmer");
    for value in [0, 100, 1, 255, 254, 0] {
        dimmer.set_value_raw(value);
    }
}

/// Raw values beyond the greatest, among them such as an 8-bit or a 16-bit register would take for 0.
pub fn saturate() {
    let pins = Pins::default();
    let dimmer = pins.open(AnalogOut, "dimmer");
    dimmer.set_value_raw(0);
    for beyond in [256, 65_536, u32::MAX] {
        dimmer.set_value_raw(100);
        dimmer.set_value_raw(beyond);
    }
    dimmer.set_value_raw(100);
}

/// The same on an in-out pin, whose greatest is 1,000.
pub fn saturate_in_out() {
    let pins = Pins::default();
    let channel = pins.open(AnalogInOut, "channel");
    channel.set_value_raw(0);
    for beyond in [1_001, 65_536, u32::MAX] {
        channel.set_value_raw(100);
        channel.set_value_raw(beyond);
        channel.read_raw();
    }
}

/// Quarters of the scale, both ends included.
pub fn set_value() {
    let pins = Pins::default();
    let dimmer = pins.open(AnalogOut, "dimmer");
    for value in [0.0, 0.25, 0.5, 0.75, 1.0, 0.0] {
        dimmer.set_value(value);
    }
}

/// Values outside of the scale, each after one that is inside.
pub fn set_value_outside() {
    let pins = Pins::default();
    outside_with(pins.open(AnalogOut, "dimmer"), &[-0.25, 1.5, f32::NEG_INFINITY, f32::INFINITY]);
}

/// The same on an in-out pin, with what is not a number.
pub fn set_value_outside_in_out() {
    let pins = Pins::default();
    outside_with(
        pins.open(AnalogInOut, "channel"),
        &[-0.25, 1.5, f32::NEG_INFINITY, f32::INFINITY, f32::NAN],
    );
}

fn outside_with(pin: &Pin, values: &[f32]) {
    pin.set_value(0.0);
    for outside in values {
        pin.set_value(0.5);
        mark_outcome(pin.set_value(*outside));
    }
    pin.set_value(0.25);
}

/// What is not a number, and is neither inside nor outside.
pub fn set_value_nan() {
    let pins = Pins::default();
    outside_with(pins.open(AnalogOut, "dimmer"), &[f32::NAN]);
}

/// An in-out pin that drives and reads what it drives.
pub fn drive_and_read() {
    let pins = Pins::default();
    let channel = pins.open(AnalogInOut, "channel");
    channel.set_value_raw(0);
    channel.set_value_raw(200);
    channel.read_raw();
    channel.read();
    channel.set_value(0.75);
    channel.read_raw();
    channel.read();
    channel.set_value(1.0);
    channel.read_raw();
    channel.read();
}
