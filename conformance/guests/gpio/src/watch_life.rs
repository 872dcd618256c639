//! The ends of pollables and of their pins, and pins that are not ready yet.

use crate::log::Kind::{AnalogIn, AnalogInOut, AnalogOut, DigitalIn, DigitalInOut, DigitalOut};
use crate::log::{Pin, Pins, cue, wait};

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
    cue("fall");
    let above = sensor.watch_above(0.5, "above");
    above.ready();
    cue("rise");
    above.block();
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

/// The watch for readiness on a pin of each kind, calls after it, and another such watch when the first is no more.
pub fn ready_each() {
    let pins = Pins::default();
    let kinds = [
        (DigitalOut, "lamp"),
        (DigitalIn, "button"),
        (DigitalInOut, "line"),
        (AnalogOut, "dimmer"),
        (AnalogIn, "sensor"),
        (AnalogInOut, "channel"),
    ];
    for (kind, label) in kinds {
        let pin = pins.open(kind, label);
        for name in ["first", "second"] {
            let usable = pin.watch_for_ready(name);
            usable.block();
            usable.ready();
            pin.set_inactive();
            pin.set_active();
            pin.set_value_raw(0);
            pin.set_value_raw(200);
            pin.read();
            pin.read_raw();
            usable.drop();
        }
    }
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

/// Every function that waits, on lines that may have no means for it.
pub fn each_watch() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    each_of(button, pins.open(AnalogIn, "sensor"), &["press", "rise"]);
}

/// The same on in-out pins, which make the changes themselves.
pub fn each_watch_in_out() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    each_of(line, pins.open(AnalogInOut, "channel"), &[]);
}

fn each_of(digital: &Pin, analog: &Pin, cues: &[&str]) {
    digital.set_inactive();
    analog.set_value_raw(200);
    digital.read();
    analog.read_raw();
    let watches = [
        digital.watch_active("active"),
        digital.watch_inactive("inactive"),
        digital.watch_state(true, "state"),
        digital.watch_rising_edge("rising"),
        digital.watch_falling_edge("falling"),
        analog.watch_above(0.5, "above"),
        analog.watch_above_raw(500, "above-raw"),
        analog.watch_below(0.5, "below"),
        analog.watch_below_raw(500, "below-raw"),
    ];
    cues.iter().for_each(|name| cue(name));
    digital.set_active();
    analog.set_value_raw(800);
    wait(A_WHILE);
    for watch in watches {
        watch.ready();
    }
    digital.read();
    analog.read_raw();
}
