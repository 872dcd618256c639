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
use value::decimal;
use wasi_hw_guest::alloc::string::String;

/// Writes down a line that is made of these parts.
#[inline(never)]
fn saw(parts: &[&str]) {
    let mut line = String::new();
    parts.iter().for_each(|part| line.push_str(part));
    board::saw(&line);
}

/// Calls `delay-ns`.
pub fn delay_ns(ns: u32) {
    delay::delay_ns(ns);
    saw(&["delay-ns ", &decimal(ns.into()), " -> ok"]);
}

/// Calls `delay-us`.
pub fn delay_us(us: u32) {
    delay::delay_us(us);
    saw(&["delay-us ", &decimal(us.into()), " -> ok"]);
}

/// Calls `delay-ms`.
pub fn delay_ms(ms: u32) {
    delay::delay_ms(ms);
    saw(&["delay-ms ", &decimal(ms.into()), " -> ok"]);
}

/// Makes something happen to the board.
#[inline(never)]
pub fn cue(name: &str) {
    let done = if board::cue(name).is_ok() { "ok" } else { "err" };
    saw(&["cue ", name, " -> ", done]);
}

/// Lets board time pass; other instances may run meanwhile.
#[inline(never)]
pub fn wait(ns: u64) {
    board::wait(ns);
    saw(&["wait ", &decimal(ns), " -> ok"]);
}

/// Leaves a note in the trace of a line, so that a case can tell what came before and what after. It
/// stands in no transcript, and a board that has no use for it has no such cue.
#[inline(never)]
pub fn mark(note: &str) {
    let _ = board::cue(note);
}

/// Leaves a note that says how a call ended, so that the trace and the result can be held together.
pub fn mark_outcome(is_ok: bool) {
    mark(if is_ok { "succeeded" } else { "failed" });
}
