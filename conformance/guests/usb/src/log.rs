//! Lines of the transcript that all parts share, and what the board does for a guest. The notation is taught in
//! `conformance/NOTATION.md`.

use crate::package::errors::LibusbError;
use crate::wasi_hw::conformance::board;
use wasi_hw_guest::alloc::string::String;
use wasi_hw_guest::call_line;

/// The result of a call; what was returned is written already.
pub type Outcome = Result<String, LibusbError>;

wasi_hw_guest::log! { saw: board::saw, cue: board::cue, wait: board::wait }

/// Writes a call and its result down. Like all calls that write themselves down it tells whether the
/// result was ok.
pub fn call(who: &str, call: &str, outcome: Outcome) -> bool {
    board::saw(&call_line(who, call, outcome.as_deref().map_err(|error| error_name(*error))));
    outcome.is_ok()
}

/// A result without a value.
pub fn nothing(result: Result<(), LibusbError>) -> Outcome {
    result.map(|()| String::new())
}

/// Writes a line that is no call's.
pub fn note(who: &str, line: &str) {
    let colon = if who.is_empty() { "" } else { ": " };
    saw(&[who, colon, line]);
}

/// Lets milliseconds of board time pass.
pub fn wait_ms(ms: u32) {
    wait(u64::from(ms) * 1_000_000);
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
