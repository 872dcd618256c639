//! Chips that fail or disappear.

use crate::log::Kind::{AnalogIn, AnalogInOut, AnalogOut, DigitalIn, DigitalInOut, DigitalOut};
use crate::log::{Pin, Pins, cue};

/// Every call that can fail, on digital pins of a chip that is gone, and a pin of another chip.
pub fn unplug() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    let button = pins.open(DigitalIn, "button");
    let line = pins.open(DigitalInOut, "line");
    unplugged(&pins, [lamp, button, line]);
    button.get_config();
}

/// The same of analog pins.
pub fn unplug_analog() {
    let pins = Pins::default();
    let dimmer = pins.open(AnalogOut, "dimmer");
    let sensor = pins.open(AnalogIn, "sensor");
    let channel = pins.open(AnalogInOut, "channel");
    unplugged(&pins, [dimmer, sensor, channel]);
}

fn unplugged(pins: &Pins, gone: [&Pin; 3]) {
    let spare = pins.open(DigitalOut, "spare");
    for pin in gone {
        pin.set_inactive();
        pin.set_active();
        pin.set_value_raw(0);
        pin.set_value_raw(100);
        pin.read();
        pin.read_raw();
    }
    cue("unplug");
    for pin in gone {
        pin.set_active();
        pin.set_inactive();
        pin.set_state(true);
        pin.toggle();
        pin.set_value_raw(200);
        pin.set_value(0.5);
        pin.read();
        pin.is_active();
        pin.is_inactive();
        pin.read_raw();
    }
    spare.set_inactive();
    spare.set_active();
}

/// Toggles and readings of lines that fail for a while in one of three ways, however often the host tries.
pub fn faults() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    failing(lamp, pins.open(DigitalIn, "button"));
}

/// The same of an in-out pin.
pub fn faults_in_out() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    failing(line, line);
}

/// The same of analog pins, where a value takes the place of the toggle.
pub fn faults_analog() {
    let pins = Pins::default();
    let dimmer = pins.open(AnalogOut, "dimmer");
    failing(dimmer, pins.open(AnalogIn, "sensor"));
}

/// The same of an analog in-out pin.
pub fn faults_analog_in_out() {
    let pins = Pins::default();
    let channel = pins.open(AnalogInOut, "channel");
    failing(channel, channel);
}

/// What a kind of pin does not have is left out.
fn failing(out: &Pin, input: &Pin) {
    out.set_inactive();
    out.set_active();
    out.set_value_raw(0);
    out.set_value_raw(100);
    let read = || {
        input.read();
        input.read_raw();
    };
    read();
    for _ in 0..3 {
        cue("fail");
        out.toggle();
        out.set_value_raw(200);
        out.set_value(0.5);
        read();
    }
    cue("work");
    out.toggle();
    out.toggle();
    out.set_value_raw(200);
    read();
}
