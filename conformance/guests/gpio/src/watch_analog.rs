//! Waiting for an analog value to pass a threshold. The boards for this have a scale up to 1,000.

use crate::log::Kind::{AnalogIn, AnalogInOut};
use crate::log::{Pin, Pins, cue, wait};

const A_WHILE: u64 = 20_000_000;

/// Thresholds on whose side the reading is, and is not, at a low reading and at a high one.
pub fn threshold_there() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    for cue_after in ["rise", "fall"] {
        sensor.read_raw();
        let above = sensor.watch_above(0.5, "above");
        above.ready();
        let above_raw = sensor.watch_above_raw(500, "above-raw");
        above_raw.ready();
        let below = sensor.watch_below(0.5, "below");
        below.ready();
        let below_raw = sensor.watch_below_raw(500, "below-raw");
        below_raw.ready();
        cue(cue_after);
    }
}

/// Thresholds that the reading passes later.
pub fn threshold_later() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    let above = sensor.watch_above(0.5, "above");
    let above_raw = sensor.watch_above_raw(900, "above-raw");
    above.ready();
    above_raw.ready();
    cue("rise");
    wait(A_WHILE);
    above.ready();
    above_raw.ready();
    let below = sensor.watch_below(0.25, "below");
    let below_raw = sensor.watch_below_raw(100, "below-raw");
    below.ready();
    cue("fall");
    wait(A_WHILE);
    below.ready();
    below_raw.ready();
}

/// Thresholds on a value that an in-out pin drives.
pub fn threshold_in_out() {
    let pins = Pins::default();
    let channel = pins.open(AnalogInOut, "channel");
    channel.set_value_raw(0);
    channel.set_value_raw(800);
    let above = channel.watch_above(0.5, "above");
    above.ready();
    let below = channel.watch_below_raw(500, "below");
    below.ready();
    channel.set_value_raw(200);
    let below_now = channel.watch_below(0.5, "below-now");
    below_now.ready();
    let above_now = channel.watch_above_raw(500, "above-now");
    above_now.ready();
}

/// Thresholds at the ends of the scale and outside of it, for an in-out pin that drives an end, or one step from it.
pub fn threshold_ends_in_out() {
    let pins = Pins::default();
    let channel = pins.open(AnalogInOut, "channel");
    channel.set_value_raw(0);
    channel.set_value_raw(1_000);
    let beyond = channel.watch_above_raw(u32::MAX, "beyond");
    beyond.ready();
    for (value, end) in [(1_000, 1.0), (999, 1.0), (1, 0.0)] {
        channel.set_value_raw(value);
        let above = channel.watch_above(end, "above");
        above.ready();
        let below = channel.watch_below(end, "below");
        below.ready();
    }
    invalid_with(channel);
}

fn invalid_with(pin: &Pin) {
    for threshold in [f32::NAN, -0.25, 1.5, f32::NEG_INFINITY, f32::INFINITY] {
        pin.watch_above(threshold, "invalid");
        pin.watch_below(threshold, "invalid");
    }
}

/// Thresholds at the greatest value and beyond it; the reading is one step below, and then there.
pub fn threshold_greatest() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    sensor.read_raw();
    let at = sensor.watch_above_raw(1_000, "at");
    let beyond = sensor.watch_above_raw(1_001, "beyond");
    let far_beyond = sensor.watch_above_raw(u32::MAX, "far-beyond");
    let one = sensor.watch_above(1.0, "one");
    at.ready();
    beyond.ready();
    far_beyond.ready();
    one.ready();
    cue("full");
    wait(A_WHILE);
    at.ready();
    beyond.ready();
    far_beyond.ready();
    one.ready();
    sensor.read_raw();
    let there = sensor.watch_above_raw(u32::MAX, "there");
    there.ready();
    let one_there = sensor.watch_above(1.0, "one-there");
    one_there.ready();
}

/// Thresholds that the reading equals.
pub fn threshold_equal() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    sensor.read_raw();
    let above = sensor.watch_above_raw(500, "above-raw");
    above.ready();
    let below = sensor.watch_below_raw(500, "below-raw");
    below.ready();
    let above = sensor.watch_above(0.5, "above");
    above.ready();
    let below = sensor.watch_below(0.5, "below");
    below.ready();
    cue("empty");
    let nothing = sensor.watch_below_raw(0, "below-nothing");
    nothing.ready();
}

/// Thresholds that are none, after one that is.
pub fn threshold_invalid() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    let above = sensor.watch_above(0.5, "above");
    above.ready();
    invalid_with(sensor);
    let below = sensor.watch_below(0.0, "below");
    below.ready();
    sensor.read_raw();
    cue("rise");
    wait(A_WHILE);
    above.ready();
}

/// Waits for a value on its way up, and then down.
pub fn block() {
    let pins = Pins::default();
    let sensor = pins.open(AnalogIn, "sensor");
    let above = sensor.watch_above(0.5, "above");
    above.ready();
    above.block();
    sensor.read_raw();
    let below = sensor.watch_below_raw(300, "below");
    below.block();
    sensor.read_raw();
}
