//! This module writes lists of bytes in it. The guests compile this very file, so it needs no `std`.

use alloc::string::String;
use core::fmt::Write;

/// The longest list that is written byte by byte.
pub const PLAIN: usize = 16;

/// The shortest run that is written as one within a longer list.
const RUN: usize = 4;

/// Writes `bytes` in the notation, without brackets.
pub fn bytes(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let (step, run) = run_at(&bytes[at..]);
        if !out.is_empty() {
            out.push(' ');
        }
        let long = bytes.len() > PLAIN && run >= RUN;
        // Writing to a String cannot fail.
        let _ = match (long, step) {
            (false, _) => write!(out, "{:02x}", bytes[at]),
            (true, 0) => write!(out, "{:02x}*{run}", bytes[at]),
            (true, _) => write!(out, "{:02x}+1*{run}", bytes[at]),
        };
        at += if long { run } else { 1 };
    }
    out
}

/// The step (0 or 1) and the length of the longest run at the start of `bytes`.
fn run_at(bytes: &[u8]) -> (u8, usize) {
    let length = |step: u8| {
        let follows = |pair: &&[u8]| pair[1] == pair[0].wrapping_add(step);
        1 + bytes.windows(2).take_while(follows).count()
    };
    let (equal, counting) = (length(0), length(1));
    if counting > equal { (1, counting) } else { (0, equal) }
}
