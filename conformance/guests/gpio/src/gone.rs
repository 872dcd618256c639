//! Chips that fail or disappear.

use crate::log::Kind::{AnalogIn, AnalogOut, DigitalIn, DigitalInOut, DigitalOut};
use crate::log::{Pins, cue};

/// Every call that can fail, on digital pins of a chip that is gone, and a pin of another chip.
pub fn unplug() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    let button = pins.open(DigitalIn, "button");
    let line = pins.open(DigitalInOut, "line");
    let spare = pins.open(DigitalOut, "spare");
    lamp.set_inactive();
    lamp.set_active();
    button.read();
    line.set_inactive();
    cue("unplug");
    lamp.set_active();
    lamp.set_inactive();
    lamp.set_state(true);
    lamp.toggle();
    button.read();
    button.is_active();
    button.is_inactive();
    line.set_active();
    line.read();
    button.get_config();
    spare.set_inactive();
    spare.set_active();
}

/// The same of analog pins.
pub fn unplug_analog() {
    let pins = Pins::default();
    let dimmer = pins.open(AnalogOut, "dimmer");
    let sensor = pins.open(AnalogIn, "sensor");
    dimmer.set_value_raw(0);
    dimmer.set_value_raw(100);
    sensor.read_raw();
    cue("unplug");
    dimmer.set_value_raw(200);
    dimmer.set_value(0.5);
    sensor.read_raw();
    sensor.read();
}

/// Toggles and readings, three of each hit by a fault of the board. Which three depends on what the host itself
/// has done with the line before.
pub fn faults() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    let button = pins.open(DigitalIn, "button");
    lamp.set_inactive();
    lamp.set_active();
    for _ in 0..6 {
        lamp.toggle();
    }
    for _ in 0..6 {
        button.read();
    }
}
