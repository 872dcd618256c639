//! Blocking until something happens. On the boards for this the button goes down at 20 ms and up at 60 ms,
//! the bell at 40 ms.

use crate::log::Kind::{AnalogIn, DigitalIn};
use crate::log::{Pins, cue, poll};

/// A watch for a change.
pub fn block_edge() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    let rising = button.watch_rising_edge("rising");
    rising.ready();
    rising.block();
    button.read();
    let falling = button.watch_falling_edge("falling");
    falling.block();
    button.read();
}

/// A watch for a state.
pub fn block_level() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let active = button.watch_active("active");
    active.ready();
    active.block();
    button.read();
    active.block();
    let inactive = button.watch_inactive("inactive");
    inactive.block();
    button.read();
}

/// Another pin, for an instance of its own.
pub fn block_bell() {
    let pins = Pins::default();
    let bell = pins.open(DigitalIn, "bell");
    let rising = bell.watch_rising_edge("rising");
    rising.block();
    bell.read();
}

/// Two pins, one after the other; then states that both have.
pub fn poll_two() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let bell = pins.open(DigitalIn, "bell");
    let ringing = bell.watch_rising_edge("ringing");
    let pressed = button.watch_rising_edge("pressed");
    poll(&[ringing, pressed]);
    button.read();
    bell.read();
    poll(&[ringing]);
    bell.read();
    let down = button.watch_active("down");
    let on = bell.watch_active("on");
    poll(&[down, on]);
}

/// One that is ready already, among others that are not; and that one twice.
pub fn poll_ready() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let bell = pins.open(DigitalIn, "bell");
    let active = button.watch_active("active");
    let inactive = button.watch_inactive("inactive");
    let ringing = bell.watch_rising_edge("ringing");
    poll(&[active, inactive, ringing]);
    poll(&[inactive, ringing, inactive]);
    cue("press-and-ring");
    poll(&[active, ringing]);
    button.read();
}

/// Two pins that change at the same moment.
pub fn poll_together() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let bell = pins.open(DigitalIn, "bell");
    let pressed = button.watch_rising_edge("pressed");
    let ringing = bell.watch_rising_edge("ringing");
    let later = button.watch_falling_edge("later");
    cue("press-and-ring");
    poll(&[pressed, later, ringing]);
    button.read();
    bell.read();
}

/// Nothing, after something.
pub fn poll_empty() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let inactive = button.watch_inactive("inactive");
    let pressed = button.watch_rising_edge("pressed");
    pressed.ready();
    poll(&[inactive]);
    poll(&[pressed]);
    button.read();
    poll(&[]);
}

/// Pollables of every source that the package has, in one list.
pub fn poll_mixed() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let sensor = pins.open(AnalogIn, "sensor");
    let pressed = button.watch_rising_edge("pressed");
    let released = button.watch_falling_edge("released");
    let above = sensor.watch_above_raw(500, "above");
    pressed.ready();
    above.ready();
    poll(&[above, pressed, released]);
    let below = sensor.watch_below(0.5, "below");
    poll(&[released, below]);
    let usable = button.watch_for_ready("usable");
    poll(&[released, usable]);
    poll(&[released]);
    sensor.read_raw();
}
