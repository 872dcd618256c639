//! I²C buses at wire level, with targets and faults.
//!
//! The lines of its trace are explained in [`notation`](crate::notation).
//!
//! Two seams: [`Bus::transfer`], message lists with flags like the `I2C_RDWR` call of Linux, and
//! `embedded-hal`'s traits on [`Bus`].

mod config;
mod hal;
mod messages;
mod target;
mod wire;

pub use config::{ActionConfig, BusConfig, Event, FaultConfig, FaultKind, TargetConfig};
pub use messages::{Flags, Message, Refusal};

use crate::board::Board;
use crate::trace::Trace;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use wire::Wire;

/// A driver's hold on a bus. Several may be attached to one bus; their transfers never mix.
pub struct Bus {
    board: Board,
    name: String,
}

impl Bus {
    pub(crate) fn attach(board: &Board, name: &str) -> Result<Bus, AttachError> {
        let mut state = board.lock();
        let state = &mut *state;
        let bus = state.i2c.0.get_mut(name).ok_or(AttachError::Missing)?;
        if bus.gone {
            return Err(AttachError::Gone);
        }
        if bus.config.opens.is_some_and(|most| bus.attached >= most) {
            return Err(AttachError::Busy);
        }
        bus.attached += 1;
        if bus.config.trace_opens {
            state.trace.push(state.now, &bus.channel, "ATTACH");
        }
        Ok(Bus { board: board.clone(), name: name.to_owned() })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let mut state = self.board.lock();
        let state = &mut *state;
        if let Some(bus) = state.i2c.0.get_mut(&self.name) {
            bus.attached -= 1;
            if bus.config.trace_opens {
                state.trace.push(state.now, &bus.channel, "DETACH");
            }
        }
    }
}

/// Why a driver cannot have a bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachError {
    /// The board has no bus of this name.
    Missing,
    /// As many drivers as the adapter takes are attached.
    Busy,
    /// The adapter was taken away.
    Gone,
}

impl fmt::Display for AttachError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AttachError::Missing => "no such bus",
            AttachError::Busy => "the bus is in use",
            AttachError::Gone => "the adapter is gone",
        })
    }
}

impl std::error::Error for AttachError {}

/// The buses of a board.
pub(crate) struct Buses(BTreeMap<String, BusState>);

struct BusState {
    channel: Arc<str>,
    config: BusConfig,
    wire: Wire,
    attached: u32,
    transfers: u32,
    gone: bool,
}

impl Buses {
    pub(crate) fn new(config: &BTreeMap<String, BusConfig>) -> Result<Buses, String> {
        let bus = |(name, config): (&String, &BusConfig)| {
            let wire = Wire::new(config).map_err(|why| format!("i2c.{name}: {why}"))?;
            let channel = Arc::from(name.as_str());
            let state =
                BusState { channel, config: config.clone(), wire, attached: 0, transfers: 0, gone: false };
            Ok((name.clone(), state))
        };
        config.iter().map(bus).collect::<Result<_, String>>().map(Buses)
    }

    pub(crate) fn check(&self, action: &ActionConfig) -> Result<(), String> {
        if self.0.contains_key(&action.i2c) {
            return Ok(());
        }
        let known: Vec<_> = self.0.keys().map(String::as_str).collect();
        Err(format!("an action names the bus `{}`; buses are: [{}]", action.i2c, known.join(", ")))
    }

    pub(crate) fn act(&mut self, action: &ActionConfig, now: u64, trace: &mut Trace) {
        let Some(bus) = self.0.get_mut(&action.i2c) else { return };
        let line = match &action.event {
            Event::Gone => {
                bus.gone = true;
                "GONE".to_owned()
            }
            Event::Back => {
                bus.gone = false;
                "BACK".to_owned()
            }
            Event::Note(name) => format!("NOTE {name}"),
        };
        trace.push(now, &bus.channel, line);
    }

    pub(crate) fn finish(&mut self, now: u64, trace: &mut Trace) {
        for bus in self.0.values() {
            let unused = bus.wire.unused();
            if unused > 0 {
                trace.push(now, &bus.channel, format!("UNUSED {unused}"));
            }
        }
    }
}
