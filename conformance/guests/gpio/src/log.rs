//! Calls that write themselves down: each adds one line with its result to the transcript. The notation is taught in
//! `conformance/NOTATION.md`.
//!
//! Analog values are written in thousandths: formatting a float in full would take more of the component than all tests
//! of analog pins, and so would `format!` in every call.

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
