//! Where a guest sits: at the board itself, or at one behind a conversation.

use crate::runtime::Transcript;
use wasi_hw_mock::{Board, Idle};

/// Where a guest sits: what its own imports reach, and whose time passes while it waits. An error ends the
/// guest, because nobody is left who could see what it does.
pub trait Seat: Send + Sync {
    /// Writes a line down.
    fn saw(&self, line: &str) -> wasmtime::Result<()>;
    /// Makes the next thing of this name happen.
    fn cue(&self, name: &str) -> wasmtime::Result<Result<(), String>>;
    /// Lets time pass.
    fn wait(&self, ns: u64) -> wasmtime::Result<()>;
    /// Lets anything happen.
    fn idle(&self) -> Idle;
    /// Whether the guest was given up, and is to end as soon as it can. Asked after each slice of its fuel.
    fn is_given_up(&self) -> bool {
        false
    }
    /// The guest is ended: what happens from now on on the wires is what its end makes of what it had.
    fn guest_is_ended(&self) {}
}

/// A seat at the board itself.
pub struct AtBoard(pub Board, pub Transcript);

impl Seat for AtBoard {
    fn saw(&self, line: &str) -> wasmtime::Result<()> {
        self.1.push(self.0.now(), line);
        Ok(())
    }

    fn cue(&self, name: &str) -> wasmtime::Result<Result<(), String>> {
        Ok(self.0.cue(name))
    }

    fn wait(&self, ns: u64) -> wasmtime::Result<()> {
        self.0.wait(ns);
        Ok(())
    }

    fn idle(&self) -> Idle {
        self.0.idle()
    }

    fn is_given_up(&self) -> bool {
        self.1.is_abandoned()
    }

    fn guest_is_ended(&self) {
        self.0.mark_left_open();
    }
}
