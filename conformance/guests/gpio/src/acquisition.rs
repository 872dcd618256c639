//! Getting pins, and what they say of themselves.

use crate::log::Kind::{AnalogIn, AnalogInOut, AnalogOut, DigitalIn, DigitalInOut, DigitalOut};
use crate::log::{Pins, cue, wait};

/// A pin of each kind, used once.
pub fn each_kind() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    let button = pins.open(DigitalIn, "button");
    button.read();
    cue("press");
    button.read();
    let line = pins.open(DigitalInOut, "line");
    line.set_inactive();
    line.set_active();
    line.read();
    let dimmer = pins.open(AnalogOut, "dimmer");
    dimmer.set_value_raw(0);
    dimmer.set_value_raw(200);
    let sensor = pins.open(AnalogIn, "sensor");
    sensor.read_raw();
    let channel = pins.open(AnalogInOut, "channel");
    channel.set_value_raw(0);
    channel.set_value_raw(600);
    channel.read_raw();
}

/// Two outputs and two inputs, all open at once.
pub fn two_of_a_kind() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    let spare = pins.open(DigitalOut, "spare");
    let button = pins.open(DigitalIn, "button");
    let bell = pins.open(DigitalIn, "bell");
    lamp.set_inactive();
    spare.set_inactive();
    spare.set_active();
    lamp.set_active();
    lamp.set_inactive();
    cue("press");
    button.read();
    bell.read();
    cue("ring");
    cue("release");
    button.read();
    bell.read();
}

/// Labels that differ in little, or hold characters that a shell or a file system would mind.
pub fn similar_labels() {
    let pins = Pins::default();
    let labels = ["lamp", "LAMP", "lamp ", "läm-pe/2", ""];
    for label in labels {
        let lamp = pins.open(DigitalOut, label);
        lamp.set_inactive();
        lamp.set_active();
        lamp.drop();
    }
}

/// Labels that are longer than a field of 32 bytes, and the same up to there.
pub fn long_labels() {
    let pins = Pins::default();
    for label in ["lamp-above-the-door-to-the-cellar-outside", "lamp-above-the-door-to-the-cellar-inside"] {
        let lamp = pins.open(DigitalOut, label);
        lamp.get_config();
        lamp.set_inactive();
        lamp.set_active();
    }
}

/// Each reason for which a pin is refused, alone.
pub fn refused() {
    let pins = Pins::default();
    pins.open(DigitalOut, "nowhere");
    pins.open(DigitalOut, "secret");
    pins.open(DigitalIn, "lamp");
    pins.open(AnalogOut, "spare");
    pins.open(DigitalOut, "lamp");
    pins.open(DigitalOut, "lamp");
}

/// Two reasons at once.
pub fn refused_twice_over() {
    let pins = Pins::default();
    pins.open(DigitalOut, "lamp");
    pins.open(AnalogIn, "nowhere");
    pins.open(AnalogOut, "secret");
    pins.open(AnalogOut, "lamp");
    pins.open(DigitalIn, "lamp");
    pins.open(AnalogOut, "spare");
    pins.open(DigitalOut, "spare");
    pins.open(AnalogOut, "spare");
}

/// An output that is opened, used and asked for its configuration.
pub fn open_and_drive() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.get_config();
    lamp.set_inactive();
    lamp.set_active();
}

/// What digital pins say of themselves, before they are used and after.
pub fn config_digital() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    let button = pins.open(DigitalIn, "button");
    let line = pins.open(DigitalInOut, "line");
    lamp.get_config();
    button.get_config();
    line.get_config();
    lamp.set_inactive();
    lamp.set_active();
    line.set_inactive();
    line.set_active();
    cue("press");
    button.read();
    line.read();
    lamp.get_config();
    button.get_config();
    line.get_config();
}

/// The same of analog pins.
pub fn config_analog() {
    let pins = Pins::default();
    let dimmer = pins.open(AnalogOut, "dimmer");
    let sensor = pins.open(AnalogIn, "sensor");
    let channel = pins.open(AnalogInOut, "channel");
    dimmer.get_config();
    sensor.get_config();
    channel.get_config();
    dimmer.set_value_raw(0);
    dimmer.set_value_raw(200);
    sensor.read_raw();
    channel.set_value_raw(0);
    channel.set_value_raw(600);
    dimmer.get_config();
    sensor.get_config();
    channel.get_config();
}

/// Owns a pin for two milliseconds.
pub fn hold() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    wait(2_000_000);
    lamp.set_inactive();
    lamp.drop();
    wait(2_000_000);
}

/// Wants it meanwhile, and again when it is free, and then keeps it beyond the end of the other.
pub fn contend() {
    let pins = Pins::default();
    wait(1_000_000);
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.toggle();
    wait(2_000_000);
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    wait(2_000_000);
    lamp.set_inactive();
}

/// A line that has an owner, asked for under its label in the same kind and in another, and under a
/// second label; then again after the drop.
pub fn open_twice() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    pins.open(DigitalOut, "lamp");
    pins.open(DigitalInOut, "lamp");
    pins.open(DigitalIn, "spare");
    lamp.set_inactive();
    lamp.drop();
    let spare = pins.open(DigitalOut, "spare");
    spare.set_inactive();
    spare.set_active();
}

/// An input that has an owner: even two readers are one too many.
pub fn open_input_twice() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    pins.open(DigitalIn, "button");
    cue("press");
    button.read();
    button.drop();
    let button = pins.open(DigitalIn, "button");
    button.read();
}

/// An analog line that has an owner.
pub fn open_analog_twice() {
    let pins = Pins::default();
    let channel = pins.open(AnalogInOut, "channel");
    channel.set_value_raw(0);
    channel.set_value_raw(600);
    pins.open(AnalogIn, "channel");
    pins.open(AnalogOut, "channel");
    channel.read_raw();
    channel.drop();
    pins.open(AnalogIn, "channel").read_raw();
}

/// A line that something outside of the host owns at first.
pub fn open_taken() {
    let pins = Pins::default();
    pins.open(DigitalOut, "lamp");
    cue("give-back");
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
}
