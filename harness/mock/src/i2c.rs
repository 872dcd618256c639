//! I²C buses at wire level, with targets and faults.
//!
//! A driver has a bus as one that takes message lists, or by its two lines: `NAME.scl` and `NAME.sda` can be requested as GPIO
//! lines. The lines of the trace are the same.
//!
//! The lines of its trace are explained in [`notation`](crate::notation).

mod bits;
mod config;
mod lines;
mod messages;
mod target;
mod wire;

pub use config::{ActionConfig, BusConfig, Event, FaultConfig, FaultKind, TargetConfig};
pub(crate) use lines::Wired;

use self::bits::Bits;
use self::lines::Requests;
use crate::board::Board;
use crate::config::Action;
use crate::now::Now;
use crate::part::Part;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasi_hw_seam::Refusal;
use wire::Wire;

/// A driver's hold on a bus. Several may be attached to one bus; their transfers never mix.
pub(crate) struct Bus {
    board: Board,
    name: String,
}

impl Bus {
    pub(crate) fn attach(board: &Board, name: &str) -> Result<Bus, Refusal> {
        let mut state = board.lock();
        let state = &mut *state;
        let bus = state.i2c.0.get_mut(name).ok_or(Refusal::Missing)?;
        if bus.gone {
            return Err(Refusal::Gone);
        }
        bus.attach(&mut state.now)?;
        Ok(Bus { board: board.clone(), name: name.to_owned() })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let mut state = self.board.lock();
        let state = &mut *state;
        if let Some(bus) = state.i2c.0.get_mut(&self.name) {
            bus.detach(&mut state.now);
        }
    }
}

impl BusState {
    /// A driver comes.
    fn attach(&mut self, now: &mut Now) -> Result<(), Refusal> {
        if self.config.opens.is_some_and(|most| self.attached >= most) {
            return Err(Refusal::Busy);
        }
        self.attached += 1;
        if self.config.trace_opens {
            now.line(&self.channel, "ATTACH");
        }
        Ok(())
    }

    /// A driver goes.
    fn detach(&mut self, now: &mut Now) {
        self.attached -= 1;
        if self.config.trace_opens {
            now.line(&self.channel, "DETACH");
        }
    }
}

/// The buses of a board.
pub(crate) struct Buses(BTreeMap<String, BusState>);

struct BusState {
    channel: Arc<str>,
    config: BusConfig,
    wire: Wire,
    attached: u32,
    transfers: u32,
    gone: bool,
    /// The two lines, for drivers that have them.
    bits: Bits,
    requests: Requests,
}

impl Buses {
    pub(crate) fn new(config: &BTreeMap<String, BusConfig>) -> Result<Buses, String> {
        let bus = |(name, config): (&String, &BusConfig)| {
            let wire = Wire::new(config).map_err(|why| format!("i2c.{name}: {why}"))?;
            let channel = Arc::from(name.as_str());
            let config = config.clone();
            let (bits, requests) = (Bits::default(), Requests::default());
            let state =
                BusState { channel, config, wire, attached: 0, transfers: 0, gone: false, bits, requests };
            Ok((name.clone(), state))
        };
        config.iter().map(bus).collect::<Result<_, String>>().map(Buses)
    }
}

impl Part for Buses {
    fn check(&self, action: &Action) -> Option<Result<(), String>> {
        let Action::I2c(action) = action else { return None };
        if self.0.contains_key(&action.i2c) {
            return Some(Ok(()));
        }
        let known: Vec<_> = self.0.keys().map(String::as_str).collect();
        Some(Err(format!("an action names the bus `{}`; buses are: [{}]", action.i2c, known.join(", "))))
    }

    fn act(&mut self, action: &Action, now: &mut Now) {
        let Action::I2c(action) = action else { return };
        let Some(bus) = self.0.get_mut(&action.i2c) else { return };
        bus.bits.all_lines().for_each(|line| now.line(&bus.channel, line));
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
        now.line(&bus.channel, line);
    }

    fn finish(&self, now: &mut Now) {
        for bus in self.0.values() {
            let unused = bus.wire.unused();
            if unused > 0 {
                now.line(&bus.channel, format!("UNUSED {unused}"));
            }
        }
    }
}

#[cfg(test)]
mod tests;
