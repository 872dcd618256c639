//! Reading analog lines. The boards for this have a scale up to 1,000, so that thousandths are steps.

use crate::log::Kind::{AnalogIn, AnalogInOut};
use crate::log::{Pins, cue, saw_order, wait};

/// `read` at levels from one end of the scale to the other.
pub fn read_levels() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    let first = sensor.read_value();
    let readings = [1, 2, 3, 4].map(|_| {
        cue("next");
        sensor.read_value()
    });
    saw_order(&[first, readings[0], readings[1], readings[2], readings[3]]);
}

/// `read-raw` at the same levels.
pub fn read_raw_levels() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    sensor.read_raw();
    for _ in 0..4 {
        cue("next");
        sensor.read_raw();
    }
}

/// Both functions at each level.
pub fn read_both() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    sensor.read_raw();
    sensor.read();
    for _ in 0..4 {
        cue("next");
        sensor.read();
        sensor.read_raw();
    }
}

/// Readings of a line that moves by itself, half a millisecond apart.
pub fn read_ramp() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    cue("ramp");
    let readings = [0; 8].map(|_| {
        let value = sensor.read_value();
        wait(500_000);
        value
    });
    saw_order(&readings);
}

/// `read` of an in-out pin that drives values from one end of the scale to the other.
pub fn read_driven() {
    let pins = Pins::default();
    let channel = pins.open(AnalogInOut, "channel");
    channel.set_value_raw(0);
    let readings = [0.0, 0.25, 0.5, 1.0].map(|value| {
        channel.set_value(value);
        channel.read_value()
    });
    saw_order(&readings);
}
