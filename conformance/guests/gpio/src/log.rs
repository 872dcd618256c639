//! Calls that write themselves down: each adds one line with its result to the transcript.
//!
//! ```text
//! open-digital-in button -> ok
//! button: read -> ok active
//! button: watch-rising-edge -> ok rising      the name by which the test calls the pollable from now on
//! rising: ready -> false
//! poll [rising bell] -> [1]
//! dimmer: set-value 0.250 -> err hardware-fault
//! lamp: get-config -> lamp out active-low pull-up
//! drop button
//! ```
//!
//! A call begins with the label of its pin. An analog value, which is an f32, is written in thousandths,
//! rounded to the nearest and outside of the scale away from it, so that `1.000` is never more than 1;
//! others are `nan`, `inf` and `-inf`. Formatting a float in full would take more of the component than
//! all tests of analog pins, and so would `format!` in every call.

mod chain;
mod pin;
mod value;
mod watch;

pub use pin::{Kind, Pin, Pins};
pub use value::saw_order;
pub use watch::{Watch, poll};

use crate::wasi::gpio::delay;
use crate::wasi_hw::conformance::board;
use wasi_hw_guest::decimal;

wasi_hw_guest::log! { saw: board::saw, cue: board::cue, wait: board::wait }

/// Calls `delay-ns`.
pub fn delay_ns(ns: u32) {
    delay::delay_ns(ns);
    delayed("delay-ns ", ns);
}

/// Calls `delay-us`.
pub fn delay_us(us: u32) {
    delay::delay_us(us);
    delayed("delay-us ", us);
}

/// Calls `delay-ms`.
pub fn delay_ms(ms: u32) {
    delay::delay_ms(ms);
    delayed("delay-ms ", ms);
}

#[inline(never)]
fn delayed(call: &str, length: u32) {
    saw(&[call, &decimal(length.into()), " -> ok"]);
}
