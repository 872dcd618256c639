//! What makes the lines of a transcript. Their notation is taught in `conformance/NOTATION.md`.

use crate::alloc::string::String;

/// A line that is made of these parts: smaller than `format!` in each call.
#[inline(never)]
pub fn line(parts: &[&str]) -> String {
    let mut line = String::new();
    parts.iter().for_each(|part| line.push_str(part));
    line
}

/// The line of a call: `who: call -> ok value`, or `err` with the error's name. The name of who is called, the
/// value and the name of the error may be empty.
#[inline(never)]
pub fn call_line(who: &str, call: &str, outcome: Result<&str, &str>) -> String {
    let colon = if who.is_empty() { "" } else { ": " };
    let (status, value) = match outcome {
        Ok(value) => (" -> ok", value),
        Err(error) => (" -> err", error),
    };
    let gap = if value.is_empty() { "" } else { " " };
    line(&[who, colon, call, status, gap, value])
}

/// A time as a number and its unit: milliseconds, microseconds or nanoseconds, the largest of which it is a whole
/// number.
pub fn in_whole_units(ns: u64) -> (u64, &'static str) {
    match ns {
        _ if ns.is_multiple_of(1_000_000) => (ns / 1_000_000, " ms"),
        _ if ns.is_multiple_of(1_000) => (ns / 1_000, " us"),
        _ => (ns, " ns"),
    }
}

/// A number in decimal.
#[inline(never)]
pub fn decimal(value: u64) -> String {
    let mut text = String::new();
    push_decimal(&mut text, value);
    text
}

/// Adds a number in decimal.
#[inline(never)]
pub fn push_decimal(text: &mut String, value: u64) {
    if value >= 10 {
        push_decimal(text, value / 10);
    }
    text.push(char::from(b'0' + (value % 10) as u8));
}

/// A list: `[a b c]`.
pub fn list(items: impl Iterator<Item = String>) -> String {
    let mut list = String::from("[");
    for item in items {
        if list.len() > 1 {
            list.push(' ');
        }
        list.push_str(&item);
    }
    list.push(']');
    list
}

/// Makes the functions of a guest that ask something of the board, of which each guest has bindings of its own.
///
/// ```text
/// log! { saw: board::saw, cue: board::cue, wait: board::wait }
/// ```
#[macro_export]
macro_rules! log {
    (saw: $saw:path, cue: $cue:path, wait: $wait:path) => {
        /// Writes down a line that is made of these parts.
        #[inline(never)]
        pub fn saw(parts: &[&str]) {
            $saw(&$crate::line(parts));
        }

        /// Makes something happen to the board.
        #[inline(never)]
        #[allow(dead_code, reason = "not every guest asks for everything")]
        pub fn cue(name: &str) {
            let outcome = if $cue(name).is_ok() { "ok" } else { "err" };
            saw(&["cue ", name, " -> ", outcome]);
        }

        /// Lets board time pass; other instances may run meanwhile.
        #[inline(never)]
        #[allow(dead_code, reason = "not every guest asks for everything")]
        pub fn wait(ns: u64) {
            $wait(ns);
            let (length, unit) = $crate::in_whole_units(ns);
            saw(&["wait ", &$crate::decimal(length), unit]);
        }

        /// Writes down that something was dropped, by its name, or by what it is if it has none.
        #[inline(never)]
        pub fn saw_drop(name: &str) {
            saw(&["drop ", name]);
        }

        /// Leaves a note in the trace, so that a case can tell what came before and what after. It stands in no
        /// transcript, and a board that has no use for it has no such cue.
        #[inline(never)]
        pub fn mark(note: &str) {
            let _ = $cue(note);
        }

        /// Leaves a note that says how a call ended, so that the trace and the result can be held together.
        #[allow(dead_code, reason = "not every guest asks for everything")]
        pub fn mark_outcome(is_ok: bool) {
            mark(if is_ok { "succeeded" } else { "failed" });
        }
    };
}
