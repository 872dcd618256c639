//! What is said on the error stream. Whatever it quotes is escaped, and a stream that nobody reads any more is no
//! reason to stop.

use crate::text::{MOST_MESSAGE, block};
use std::fmt::Display;
use std::io::{self, Write};

/// Says that something is wrong.
pub fn error(what: impl Display) {
    plain(format_args!("error: {what}"));
}

/// Says something that is worth knowing.
pub fn note(what: impl Display) {
    plain(format_args!("note: {what}"));
}

/// Says it as it is.
pub fn plain(what: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{}", block(&what.to_string(), MOST_MESSAGE));
}
