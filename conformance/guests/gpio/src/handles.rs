//! The end of handles, and what can be had afterwards.

use crate::log::Kind::{AnalogIn, AnalogInOut, AnalogOut, DigitalIn, DigitalInOut, DigitalOut};
use crate::log::{Pins, mark, wait};

/// An output that is dropped while it drives, one that was never used, and a third that goes on.
pub fn drop_output() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    let spare = pins.open(DigitalOut, "spare");
    let line = pins.open(DigitalInOut, "line");
    line.set_inactive();
    mark("dropping");
    lamp.drop();
    spare.drop();
    wait(1_000_000);
    mark("dropped");
    line.set_active();
    mark("dropping");
    line.drop();
    wait(1_000_000);
    mark("dropped");
}

/// The same of an analog output.
pub fn drop_analog_output() {
    let pins = Pins::default();
    let dimmer = pins.open(AnalogOut, "dimmer");
    dimmer.set_value_raw(0);
    dimmer.set_value_raw(100);
    mark("dropping");
    dimmer.drop();
    wait(1_000_000);
    mark("dropped");
    let dimmer = pins.open(AnalogOut, "dimmer");
    dimmer.set_value_raw(0);
    dimmer.set_value_raw(200);
    dimmer.drop();
}

/// The same of an analog pin that is read and of one that is both, while an output beside them goes on.
pub fn drop_analog_others() {
    let pins = Pins::default();
    let dimmer = pins.open(AnalogOut, "dimmer");
    dimmer.set_value_raw(0);
    for value in [100, 200] {
        let sensor = pins.open(AnalogIn, "sensor");
        let channel = pins.open(AnalogInOut, "channel");
        sensor.read_raw();
        channel.set_value_raw(0);
        channel.set_value_raw(value);
        mark("dropping");
        sensor.drop();
        channel.drop();
        wait(1_000_000);
        mark("dropped");
        dimmer.set_value_raw(value);
    }
}

/// An output that is opened again, and toggled before anything else.
pub fn toggle_anew() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    lamp.drop();
    let lamp = pins.open(DigitalOut, "lamp");
    mark("opened");
    lamp.toggle();
    lamp.toggle();
}

/// An output that is opened again.
pub fn reopen_output() {
    let pins = Pins::default();
    for _ in 0..3 {
        let lamp = pins.open(DigitalOut, "lamp");
        lamp.set_inactive();
        lamp.set_active();
        lamp.drop();
    }
}

/// A line that is opened as one kind of pin after the other.
pub fn reopen_otherwise() {
    let pins = Pins::default();
    let pin = pins.open(DigitalIn, "line");
    pin.read();
    pin.drop();
    let pin = pins.open(DigitalOut, "line");
    pin.set_inactive();
    pin.set_active();
    pin.drop();
    let pin = pins.open(DigitalInOut, "line");
    pin.set_inactive();
    pin.set_active();
    pin.read();
    pin.drop();
    let pin = pins.open(DigitalIn, "line");
    pin.read();
}

/// An output that is dropped, while an input watches the line.
pub fn after_drop() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let lamp = pins.open(DigitalOut, "lamp");
    lamp.set_inactive();
    lamp.set_active();
    button.read();
    lamp.drop();
    wait(1_000_000);
    button.read();
}
