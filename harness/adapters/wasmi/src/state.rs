//! What the host keeps for a guest, and what ends one that waits.

use crate::abi::{Call, Ran};
use crate::config::HostConfig;
use crate::handles::Handles;
use crate::usb;
use std::fmt;
use wasi_hw_protocol::{Client, Failure};
use wasmi::StoreLimits;

/// What the host keeps for a guest.
pub struct State {
    /// What the guest holds. It is let go of before the board is.
    pub handles: Handles,
    /// What it has of USB beside its handles.
    pub usb: usb::Machine,
    /// The board.
    pub board: Client,
    /// What the embedder configured.
    pub config: HostConfig,
    /// What the engine may give the guest.
    pub limits: StoreLimits,
    /// The guest's allocator runs.
    pub may_not_leave: bool,
}

impl State {
    /// Of a guest that has nothing yet.
    pub fn new(board: Client, config: HostConfig, limits: StoreLimits) -> State {
        State {
            handles: Handles::default(),
            usb: usb::Machine::default(),
            board,
            config,
            limits,
            may_not_leave: false,
        }
    }
}

/// Nothing can happen any more, or the harness is gone: the guest is abandoned.
#[derive(Debug)]
pub struct Abandoned(pub String);

impl fmt::Display for Abandoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl wasmi::errors::HostError for Abandoned {}

/// What the board says, or the end of the guest.
pub fn ended<T>(outcome: Result<T, Failure>) -> Ran<T> {
    outcome.map_err(|why| wasmi::Error::host(Abandoned(why.to_string())))
}

/// A pause that a guest asked for.
pub fn pause(call: &mut Call<'_>, ns: u64) -> Ran {
    ended(call.state().board.wait(ns))
}
