//! Waiting for a change.

use crate::log::Kind::{DigitalIn, DigitalInOut};
use crate::log::{Pins, cue, delay_ms, wait};

/// Longer than the shortest level that every host notices.
const A_WHILE: u64 = 20_000_000;

/// A rising edge after its watch was made.
pub fn rising() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let rising = button.watch_rising_edge("rising");
    rising.ready();
    cue("press");
    wait(A_WHILE);
    rising.ready();
    button.read();
}

/// A falling one.
pub fn falling() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    cue("press");
    let falling = button.watch_falling_edge("falling");
    falling.ready();
    cue("release");
    wait(A_WHILE);
    falling.ready();
    button.read();
}

/// A watch for a rising edge on a pin that is active.
pub fn rising_when_active() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    cue("press");
    button.read();
    let rising = button.watch_rising_edge("rising");
    rising.ready();
    wait(A_WHILE);
    rising.ready();
    cue("release");
    wait(A_WHILE);
    rising.ready();
    cue("press");
    wait(A_WHILE);
    rising.ready();
}

/// A watch for a falling edge on a pin that is inactive.
pub fn falling_when_inactive() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    let falling = button.watch_falling_edge("falling");
    falling.ready();
    wait(A_WHILE);
    falling.ready();
    cue("press");
    wait(A_WHILE);
    falling.ready();
    cue("release");
    wait(A_WHILE);
    falling.ready();
}

/// Both kinds pending at once, while first a falling edge comes and then a rising one; then the other
/// way round.
pub fn opposite_edges() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    cue("press");
    let rising = button.watch_rising_edge("rising");
    let falling = button.watch_falling_edge("falling");
    cue("release");
    wait(A_WHILE);
    rising.ready();
    falling.ready();
    cue("press");
    wait(A_WHILE);
    rising.ready();
    rising.drop();
    falling.drop();
    cue("release");
    let rising = button.watch_rising_edge("rising");
    let falling = button.watch_falling_edge("falling");
    cue("press");
    wait(A_WHILE);
    rising.ready();
    falling.ready();
    cue("release");
    wait(A_WHILE);
    falling.ready();
}

/// Edges of both kinds before the watches are made.
pub fn edge_before() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    button.read();
    cue("press");
    wait(A_WHILE);
    cue("release");
    wait(A_WHILE);
    let rising = button.watch_rising_edge("rising");
    let falling = button.watch_falling_edge("falling");
    rising.ready();
    falling.ready();
    wait(A_WHILE);
    rising.ready();
    falling.ready();
    cue("press");
    wait(A_WHILE);
    rising.ready();
    falling.ready();
}

/// Edges of both kinds before the one watch that is made, which is for the last of them.
pub fn falling_before() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    cue("press");
    wait(A_WHILE);
    cue("release");
    wait(A_WHILE);
    let falling = button.watch_falling_edge("falling");
    falling.ready();
    wait(A_WHILE);
    falling.ready();
    cue("press");
    wait(A_WHILE);
    falling.ready();
    cue("release");
    wait(A_WHILE);
    falling.ready();
}

/// Edges between an earlier watch, which is ready and then dropped, and a later one.
pub fn edge_between() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let first = button.watch_rising_edge("first");
    cue("press");
    wait(A_WHILE);
    first.ready();
    cue("release");
    wait(A_WHILE);
    let second = button.watch_rising_edge("second");
    second.ready();
    first.drop();
    second.drop();
    cue("press");
    wait(A_WHILE);
    cue("release");
    wait(A_WHILE);
    let third = button.watch_rising_edge("third");
    third.ready();
    cue("press");
    wait(A_WHILE);
    third.ready();
}

/// A pulse that is over when it is asked for: the host's own time, in which it may look at the line,
/// passes while the guest waits for another pin.
pub fn pulse() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let bell = pins.open(DigitalIn, "bell");
    let rising = button.watch_rising_edge("rising");
    let falling = button.watch_falling_edge("falling");
    let over = bell.watch_active("over");
    rising.ready();
    falling.ready();
    over.block();
    rising.ready();
    falling.ready();
    button.read();
}

/// The same while the guest pauses, so that it is in no function that waits for pins.
pub fn pulse_in_delay() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let rising = button.watch_rising_edge("rising");
    let falling = button.watch_falling_edge("falling");
    rising.ready();
    falling.ready();
    delay_ms(100);
    rising.ready();
    falling.ready();
    button.read();
}

/// One watch, and more edges than one; then a new watch.
pub fn one_shot() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let first = button.watch_rising_edge("first");
    cue("press");
    wait(A_WHILE);
    first.ready();
    cue("release");
    wait(A_WHILE);
    first.ready();
    cue("press");
    wait(A_WHILE);
    first.ready();
    first.block();
    let second = button.watch_rising_edge("second");
    second.ready();
    cue("release");
    wait(A_WHILE);
    second.ready();
    first.ready();
    cue("press");
    wait(A_WHILE);
    second.ready();
}

/// A contact that bounces: more edges than one at a time when nobody asks.
pub fn bounce() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let first = button.watch_rising_edge("first");
    cue("press");
    first.block();
    wait(A_WHILE);
    first.ready();
    button.read();
    let second = button.watch_rising_edge("second");
    second.ready();
    cue("release");
    wait(A_WHILE);
    button.read();
    first.ready();
}

/// Watches of one kind and of several on one pin.
pub fn several() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let first = button.watch_rising_edge("first");
    let second = button.watch_rising_edge("second");
    let level = button.watch_active("level");
    let falling = button.watch_falling_edge("falling");
    first.ready();
    second.ready();
    level.ready();
    falling.ready();
    cue("press");
    wait(A_WHILE);
    second.ready();
    first.ready();
    level.ready();
    falling.ready();
    cue("release");
    wait(A_WHILE);
    falling.ready();
}

/// Two watches of one kind, the first of which is dropped.
pub fn several_less_one() {
    several_after_drop(false);
}

/// The same with a third that is made after the drop.
pub fn several_after_one() {
    several_after_drop(true);
}

fn several_after_drop(another: bool) {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let first = button.watch_rising_edge("first");
    let second = button.watch_rising_edge("second");
    first.drop();
    let third = another.then(|| button.watch_rising_edge("third"));
    second.ready();
    cue("press");
    wait(A_WHILE);
    second.ready();
    if let Some(third) = third {
        third.ready();
    }
}

/// Edges that an in-out pin makes itself.
pub fn edge_in_out() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    line.set_inactive();
    let rising = line.watch_rising_edge("rising");
    rising.ready();
    line.set_active();
    wait(A_WHILE);
    rising.ready();
    let falling = line.watch_falling_edge("falling");
    falling.ready();
    line.set_inactive();
    wait(A_WHILE);
    falling.ready();
}
