//! The ends of pollables and of their pins, and pins that are not ready yet.

use crate::log::Kind::{AnalogIn, AnalogInOut, AnalogOut, DigitalIn, DigitalInOut, DigitalOut};
use crate::log::{Pins, cue, wait};

const A_WHILE: u64 = 20_000_000;

/// Pollables of every kind that are dropped before they are ready.
pub fn drop_pending() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let rising = button.watch_rising_edge("rising");
    let falling = button.watch_falling_edge("falling");
    let active = button.watch_active("active");
    let usable = button.watch_for_ready("usable");
    falling.drop();
    rising.drop();
    usable.drop();
    active.drop();
    cue("press");
    wait(A_WHILE);
    button.read();
    let falling = button.watch_falling_edge("falling");
    cue("release");
    wait(A_WHILE);
    falling.ready();
    button.read();
}

/// The same of analog ones.
pub fn drop_pending_analog() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    let above = sensor.watch_above(0.5, "above");
    let above_raw = sensor.watch_above_raw(500, "above-raw");
    above.ready();
    above.drop();
    above_raw.drop();
    cue("rise");
    wait(A_WHILE);
    sensor.read_raw();
    let above = sensor.watch_above(0.5, "above");
    above.ready();
}

/// A pin that is dropped before its pollables, and is opened again while they are still there.
pub fn drop_pin_first() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    let rising = button.watch_rising_edge("rising");
    let active = button.watch_active("active");
    button.drop();
    rising.ready();
    let again = pins.open(DigitalIn, "button");
    cue("press");
    wait(A_WHILE);
    again.read();
    rising.ready();
    active.ready();
    rising.drop();
    active.drop();
    again.read();
}

/// An instance that goes on, whatever happens to another one: it waits for a bell at 40 ms.
pub fn bystander() {
    let pins = Pins::default();
    let bell = pins.open(DigitalIn, "bell");
    bell.read();
    let ringing = bell.watch_rising_edge("ringing");
    ringing.ready();
    ringing.block();
    bell.read();
}

/// The watch for readiness on a pin of each kind, and a call after it.
pub fn ready_each() {
    let pins = Pins::default();
    let lamp = pins.open(DigitalOut, "lamp");
    let lamp_ready = lamp.watch_for_ready("lamp-ready");
    lamp_ready.block();
    lamp_ready.ready();
    lamp.set_inactive();
    lamp.set_active();
    let button = pins.open(DigitalIn, "button");
    let button_ready = button.watch_for_ready("button-ready");
    button_ready.block();
    button_ready.ready();
    button.read();
    let line = pins.open(DigitalInOut, "line");
    let line_ready = line.watch_for_ready("line-ready");
    line_ready.block();
    line.set_inactive();
    line.set_active();
    line.read();
    let dimmer = pins.open(AnalogOut, "dimmer");
    let dimmer_ready = dimmer.watch_for_ready("dimmer-ready");
    dimmer_ready.block();
    dimmer.set_value_raw(0);
    dimmer.set_value_raw(200);
    let sensor = pins.open(AnalogIn, "sensor");
    let sensor_ready = sensor.watch_for_ready("sensor-ready");
    sensor_ready.block();
    sensor.read_raw();
    let channel = pins.open(AnalogInOut, "channel");
    let channel_ready = channel.watch_for_ready("channel-ready");
    channel_ready.block();
    channel.set_value_raw(0);
    channel.set_value_raw(600);
    channel.read_raw();
}

/// Calls on pins that need time before they can be used, without waiting for it.
pub fn use_before_ready() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let sensor = pins.open(AnalogIn, "sensor");
    button.read();
    button.is_inactive();
    sensor.read_raw();
    let button_ready = button.watch_for_ready("button-ready");
    button_ready.block();
    button.read();
    let sensor_ready = sensor.watch_for_ready("sensor-ready");
    sensor_ready.block();
    sensor.read_raw();
}

/// Pollables of a chip that goes, and one of a chip that stays.
pub fn unplug_pending() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let sensor = pins.open(AnalogIn, "sensor");
    let bell = pins.open(DigitalIn, "bell");
    let rising = button.watch_rising_edge("rising");
    let active = button.watch_active("active");
    let above = sensor.watch_above(0.5, "above");
    let ringing = bell.watch_rising_edge("ringing");
    rising.ready();
    active.ready();
    above.ready();
    cue("unplug");
    rising.block();
    active.block();
    above.block();
    ringing.ready();
    button.read();
    cue("ring");
    ringing.block();
    bell.read();
}

/// Every function that waits, on a line that may have no means for it.
pub fn each_watch() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let sensor = pins.open(AnalogIn, "sensor");
    button.read();
    sensor.read_raw();
    let watches = [
        button.watch_active("active"),
        button.watch_inactive("inactive"),
        button.watch_state(true, "state"),
        button.watch_rising_edge("rising"),
        button.watch_falling_edge("falling"),
        sensor.watch_above(0.5, "above"),
        sensor.watch_above_raw(500, "above-raw"),
        sensor.watch_below(0.5, "below"),
        sensor.watch_below_raw(500, "below-raw"),
    ];
    cue("press");
    cue("rise");
    wait(A_WHILE);
    for watch in watches {
        watch.ready();
    }
    button.read();
    sensor.read_raw();
}
