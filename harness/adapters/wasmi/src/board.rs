//! The state of one guest: its handles, and what the conformance guests import beside the package under test.

use crate::abi::{Call, Ran, laid_out, list, trap};
use crate::config::HostConfig;
use crate::imports::Import;
use crate::{i2c, spi};
use std::fmt;
use wasi_hw_protocol::{Client, Failure};
use wasmi::StoreLimits;

/// What the host keeps for a guest. It goes with the instance, and with it every driver that the guest had.
pub struct State {
    /// The board.
    pub board: Client,
    /// What the embedder configured.
    pub config: HostConfig,
    /// What the engine may give the guest.
    pub limits: StoreLimits,
    /// The guest's allocator runs.
    pub may_not_leave: bool,
    handles: Vec<Option<Resource>>,
}

/// What stands behind a handle.
pub enum Resource {
    /// An I²C bus.
    Bus(i2c::Bus),
    /// A delay, which has no state.
    Delay,
    /// An SPI device.
    Device(spi::Device),
}

/// The most handles of a guest.
const MOST_HANDLES: usize = 4096;

impl State {
    /// Of a guest that has nothing yet.
    pub fn new(board: Client, config: HostConfig, limits: StoreLimits) -> State {
        State { board, config, limits, may_not_leave: false, handles: Vec::new() }
    }

    /// A handle for a resource; `None` where there are too many.
    pub fn insert(&mut self, resource: Resource) -> Option<u32> {
        let free = self.handles.iter().position(Option::is_none);
        let place = match free {
            Some(place) => place,
            None if self.handles.len() < MOST_HANDLES => {
                self.handles.push(None);
                self.handles.len() - 1
            }
            None => return None,
        };
        self.handles[place] = Some(resource);
        Some(place as u32 + 1)
    }

    /// What a handle stands for.
    pub fn get(&mut self, handle: u32) -> Option<&mut Resource> {
        self.handles.get_mut((handle as usize).checked_sub(1)?)?.as_mut()
    }

    /// Takes what a handle stands for, if it is of the kind that `is` says.
    pub fn take(&mut self, handle: u32, is: fn(&Resource) -> bool) -> Ran {
        let place = (handle as usize).checked_sub(1).and_then(|place| self.handles.get_mut(place));
        match place.and_then(|place| place.take_if(|resource| is(resource))) {
            Some(_) => Ok(()),
            None => trap(format!("the handle {handle} is not one of this kind")),
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

fn ended<T>(outcome: Result<T, Failure>) -> Ran<T> {
    outcome.map_err(|why| wasmi::Error::host(Abandoned(why.to_string())))
}

const BOARD: &str = "wasi-hw:conformance/board@0.1.0";
const BOARD_I2C: &str = "wasi-hw:conformance/board-i2c@0.1.0";

/// The imports.
pub const IMPORTS: &[Import] = &[
    Import { module: BOARD, name: "saw", signature: "(ii)", call: saw },
    Import { module: BOARD, name: "cue", signature: "(iii)", call: cue },
    Import { module: BOARD, name: "wait", signature: "(I)", call: wait },
    Import { module: BOARD_I2C, name: "open-bus", signature: "(iii)", call: open_bus },
    Import { module: BOARD_I2C, name: "open-delay", signature: "()i", call: open_delay },
];

fn saw(call: &mut Call<'_>) -> Ran {
    let line = call.text()?;
    ended(call.state().board.saw(&line))
}

fn cue(call: &mut Call<'_>) -> Ran {
    let (name, ret) = (call.text()?, call.ret(12, 4)?);
    match ended(call.state().board.cue(&name))? {
        Ok(()) => call.write(ret, &[0]),
        Err(why) => failed(call, ret, &why),
    }
}

fn wait(call: &mut Call<'_>) -> Ran {
    let ns = call.u64()?;
    ended(call.state().board.wait(ns))
}

/// A pause that a guest asked for.
pub fn pause(call: &mut Call<'_>, ns: u64) -> Ran {
    ended(call.state().board.wait(ns))
}

fn open_bus(call: &mut Call<'_>) -> Ran {
    let (label, ret) = (call.text()?, call.ret(12, 4)?);
    let state = call.state();
    let opened = i2c::Bus::open(&state.board, &state.config, &label);
    let handle =
        opened.and_then(|bus| state.insert(Resource::Bus(bus)).ok_or_else(|| "too many handles".to_owned()));
    match handle {
        Ok(handle) => call.write(ret, &laid_out(8, &[(4, &handle.to_le_bytes())])),
        Err(why) => failed(call, ret, &why),
    }
}

fn open_delay(call: &mut Call<'_>) -> Ran {
    call.result = call.state().insert(Resource::Delay);
    if call.result.is_some() { Ok(()) } else { trap("too many handles") }
}

/// `result<_, string>`, the error.
fn failed(call: &mut Call<'_>, ret: u32, why: &str) -> Ran {
    let text = call.give(why.as_bytes(), why.len(), 1)?;
    call.write(ret, &laid_out(12, &[(0, &[1]), (4, &list(text))]))
}
