//! Waiting for a state.

use crate::log::Kind::{DigitalIn, DigitalInOut};
use crate::log::{Pins, cue};

/// Watches for the state that the line has and for the other, first in one state and then in the other.
pub fn level_there() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    cue("press");
    let active = button.watch_active("active");
    active.ready();
    active.block();
    let state = button.watch_state(true, "state");
    state.ready();
    let inactive = button.watch_inactive("inactive");
    inactive.ready();
    cue("release");
    let inactive_now = button.watch_inactive("inactive-now");
    inactive_now.ready();
    inactive_now.block();
    let state_now = button.watch_state(false, "state-now");
    state_now.ready();
    let active_now = button.watch_active("active-now");
    active_now.ready();
}

/// Watches for states that the line takes later.
pub fn level_later() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let active = button.watch_active("active");
    let state = button.watch_state(true, "state");
    active.ready();
    state.ready();
    cue("press");
    active.ready();
    state.ready();
    let inactive = button.watch_inactive("inactive");
    let other_state = button.watch_state(false, "other-state");
    inactive.ready();
    other_state.ready();
    cue("release");
    inactive.ready();
    other_state.ready();
}

/// Watches for the state that an in-out pin drives, and for the other.
pub fn level_in_out() {
    let pins = Pins::default();
    let line = pins.open(DigitalInOut, "line");
    line.set_inactive();
    line.set_active();
    let active = line.watch_active("active");
    active.ready();
    let inactive = line.watch_state(false, "inactive");
    inactive.ready();
    line.set_inactive();
    let inactive_now = line.watch_inactive("inactive-now");
    inactive_now.ready();
    let active_now = line.watch_state(true, "active-now");
    active_now.ready();
}

/// Whether a watch that became ready stays so when the state has gone.
pub fn level_leaves() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let active = button.watch_active("active");
    cue("press");
    active.ready();
    cue("release");
    active.ready();
    cue("press");
    active.ready();
}

/// Whether it does when nobody asked while the state was there.
pub fn level_leaves_unseen() {
    let pins = Pins::default();
    let button = pins.open(DigitalIn, "button");
    let active = button.watch_active("active");
    active.ready();
    cue("press");
    cue("release");
    active.ready();
    button.read();
}
