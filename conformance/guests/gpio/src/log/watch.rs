//! Pollables, by the names that the tests give them.

use super::value::flag_name;
use super::{saw, saw_drop};
use crate::wasi::io::poll::{self, Pollable};
use crate::wasi_hw::conformance::board;
use wasi_hw_guest::alloc::{string::String, vec::Vec};
use wasi_hw_guest::push_decimal;

/// A pollable.
pub struct Watch {
    name: &'static str,
    pollable: Option<Pollable>,
}

impl Watch {
    /// Takes a pollable. Where there is none, the calls on it are not made and leave no lines.
    pub(super) fn new(name: &'static str, pollable: Option<Pollable>) -> Watch {
        Watch { name, pollable }
    }

    /// Calls `ready`.
    #[inline(never)]
    pub fn ready(&self) {
        if let Some(pollable) = &self.pollable {
            saw(&[self.name, ": ready -> ", flag_name(pollable.ready())]);
        }
    }

    /// Calls `block`.
    #[inline(never)]
    pub fn block(&self) {
        if let Some(pollable) = &self.pollable {
            pollable.block();
            saw(&[self.name, ": block -> ok"]);
        }
    }

    /// Drops the pollable. Later calls trap.
    #[inline(never)]
    pub fn drop(&self) {
        if let Some(pollable) = &self.pollable {
            // SAFETY: the handle is the guest's own, and its owner forgets it in the same breath.
            drop(unsafe { Pollable::from_handle(pollable.take_handle()) });
            saw_drop(self.name);
        }
    }
}

/// Calls `poll`, unless one of the pollables was refused.
#[inline(never)]
pub fn poll(watches: &[&Watch]) {
    let pollables: Vec<_> = watches.iter().filter_map(|watch| watch.pollable.as_ref()).collect();
    if pollables.len() < watches.len() {
        return;
    }
    let ready = poll::poll(&pollables);
    let mut line = String::from("poll [");
    for (n, watch) in watches.iter().enumerate() {
        line.push_str(if n > 0 { " " } else { "" });
        line.push_str(watch.name);
    }
    line.push_str("] -> [");
    for (n, at) in ready.into_iter().enumerate() {
        line.push_str(if n > 0 { " " } else { "" });
        push_decimal(&mut line, at.into());
    }
    line.push(']');
    board::saw(&line);
}
