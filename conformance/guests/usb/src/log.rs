//! Lines of the transcript that all parts share, and what the board does for a guest.
//!
//! ```text
//! init -> ok
//! list-devices -> ok [1209:0001 1209:0002]
//! open -> ok
//! claim-interface 0 -> ok
//! bulk 0x81 64 -> ok [0f d3]
//! second: claim-interface 0 -> err busy
//! ```
//!
//! A call on a device or handle with a name of its own begins with it. Lines of exchanges are explained in
//! `exchange`, those of descriptors in `descriptors`.

use crate::package::errors::LibusbError;
use crate::wasi_hw::conformance::board;
use wasi_hw_guest::alloc::{format, string::String};

/// The result of a call; what was returned is written already.
pub type Outcome = Result<String, LibusbError>;

/// Writes a call and its result down. Like all calls that write themselves down it tells whether the
/// result was ok.
pub fn call(who: &str, call: &str, outcome: Outcome) -> bool {
    let colon = if who.is_empty() { "" } else { ": " };
    let (status, value) = match &outcome {
        Ok(value) => ("ok", value.as_str()),
        Err(error) => ("err", error_name(*error)),
    };
    let gap = if value.is_empty() { "" } else { " " };
    board::saw(&format!("{who}{colon}{call} -> {status}{gap}{value}"));
    outcome.is_ok()
}

/// A result without a value.
pub fn nothing(result: Result<(), LibusbError>) -> Outcome {
    result.map(|()| String::new())
}

/// Writes a line that is no call's.
pub fn note(who: &str, line: &str) {
    let colon = if who.is_empty() { "" } else { ": " };
    board::saw(&format!("{who}{colon}{line}"));
}

/// Makes something happen to the board.
pub fn cue(name: &str) {
    let status = if board::cue(name).is_ok() { "ok" } else { "err" };
    board::saw(&format!("cue {name} -> {status}"));
}

/// Lets board time pass; other instances may run meanwhile.
pub fn wait_ms(ms: u32) {
    board::wait(u64::from(ms) * 1_000_000);
    board::saw(&format!("wait {ms} ms"));
}

/// Leaves a note in the trace, so that a case can tell what came before and what after. It stands in no
/// transcript, and a board that has no use for it has no such cue.
pub fn mark(note: &str) {
    let _ = board::cue(note);
}

fn error_name(error: LibusbError) -> &'static str {
    match error {
        LibusbError::Io => "io",
        LibusbError::InvalidParam => "invalid-param",
        LibusbError::Access => "access",
        LibusbError::NoDevice => "no-device",
        LibusbError::NotFound => "not-found",
        LibusbError::Busy => "busy",
        LibusbError::Timeout => "timeout",
        LibusbError::Overflow => "overflow",
        LibusbError::Pipe => "pipe",
        LibusbError::Interrupted => "interrupted",
        LibusbError::NoMem => "no-mem",
        LibusbError::NotSupported => "not-supported",
        LibusbError::Other => "other",
    }
}
