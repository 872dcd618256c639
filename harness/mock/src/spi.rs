//! SPI buses at wire level: chip selects, bytes in both directions, pauses, settings, faults.
//!
//! The lines of its trace are explained in [`notation`](crate::notation).
//!
//! Nothing on the wires marks where one operation of a driver ends and the next begins, so bytes that
//! follow one another without a pause are one line, whoever asked for them. A pause has no line: it is the
//! time between two lines. Clocking takes no board time, so that this time is what the driver asked for
//! and not the length of a burst.

mod chip;
mod config;
mod transfers;
mod wire;

pub use config::{
    ActionConfig, BusConfig, DeviceConfig, Event, FaultConfig, FaultKind, Flash, Model, ScriptFrame,
};

use crate::board::Board;
use crate::config::Action;
use crate::now::Now;
use crate::part::Part;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::Settings;
use wire::Wire;

/// A driver's hold on a device: its chip select, and the bus for the length of a frame. Frames of the
/// devices on one bus never mix; the settings are this driver's.
pub(crate) struct Device {
    board: Board,
    place: Place,
    settings: Settings,
}

/// Where a device is.
#[derive(Clone)]
struct Place {
    bus: String,
    device: usize,
}

impl Device {
    pub(crate) fn attach(board: &Board, name: &str) -> Result<Device, Refusal> {
        let mut state = board.lock();
        let place = state.spi.place(name).ok_or(Refusal::Missing)?;
        let bus = state.spi.0.get_mut(&place.bus).ok_or(Refusal::Missing)?;
        let attached = &mut bus.attached[place.device];
        if bus.config.device[place.device].opens.is_some_and(|most| *attached >= most) {
            return Err(Refusal::Busy);
        }
        *attached += 1;
        Ok(Device { board: board.clone(), place, settings: Settings::default() })
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let mut state = self.board.lock();
        if let Some(bus) = state.spi.0.get_mut(&self.place.bus) {
            bus.attached[self.place.device] -= 1;
        }
    }
}

/// The buses of a board.
pub(crate) struct Buses(BTreeMap<String, BusState>);

struct BusState {
    channel: Arc<str>,
    config: BusConfig,
    wire: Wire,
    /// By device: how many drivers hold it.
    attached: Vec<u32>,
    messages: u32,
}

impl Buses {
    pub(crate) fn new(config: &BTreeMap<String, BusConfig>) -> Result<Buses, String> {
        let mut names = BTreeMap::new();
        let mut buses = BTreeMap::new();
        for (name, config) in config {
            for device in &config.device {
                if let Some(other) = names.insert(&device.name, name) {
                    let device = &device.name;
                    return Err(format!("spi.{name}: a device `{device}` is on the bus `{other}` already"));
                }
            }
            let bus = BusState {
                channel: Arc::from(name.as_str()),
                wire: Wire::new(config).map_err(|why| format!("spi.{name}: {why}"))?,
                attached: vec![0; config.device.len()],
                config: config.clone(),
                messages: 0,
            };
            buses.insert(name.clone(), bus);
        }
        Ok(Buses(buses))
    }

    fn place(&self, name: &str) -> Option<Place> {
        self.0.iter().find_map(|(bus, state)| {
            let device = state.config.device.iter().position(|device| device.name == name)?;
            Some(Place { bus: bus.clone(), device })
        })
    }
}

impl Part for Buses {
    fn check(&self, action: &Action) -> Option<Result<(), String>> {
        let Action::Spi(action) = action else { return None };
        if self.0.contains_key(&action.spi) {
            return Some(Ok(()));
        }
        let known: Vec<_> = self.0.keys().map(String::as_str).collect();
        Some(Err(format!("an action names the bus `{}`; SPI buses are: [{}]", action.spi, known.join(", "))))
    }

    fn act(&mut self, action: &Action, now: &mut Now) {
        let Action::Spi(action) = action else { return };
        let Some(bus) = self.0.get(&action.spi) else { return };
        let Event::Note(name) = &action.event;
        now.line(&bus.channel, format!("NOTE {name}"));
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
