//! SPI buses at wire level: chip selects, bytes in both directions, pauses, settings, faults.
//!
//! The lines of its trace are explained in [`notation`](crate::notation).
//!
//! Nothing on the wires marks where one operation of a driver ends and the next begins, so bytes that
//! follow one another without a pause are one line, whoever asked for them. A pause has no line: it is the
//! time between two lines. Clocking takes no board time, so that this time is what the driver asked for
//! and not the length of a burst.
//!
//! Two seams: [`Device::message`], lists of transfers like the `SPI_IOC_MESSAGE` call of Linux, and
//! `embedded-hal`'s `SpiDevice` on [`Device`].

mod chip;
mod config;
mod hal;
mod transfers;
mod wire;

pub use config::{
    ActionConfig, BusConfig, DeviceConfig, Event, FaultConfig, FaultKind, Flash, Model, ScriptFrame,
};
pub use transfers::{Refusal, Settings, Transfer};

use crate::board::Board;
use crate::trace::Trace;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use wire::Wire;

/// A driver's hold on a device: its chip select, and the bus for the length of a frame. Frames of the
/// devices on one bus never mix; the settings are this driver's.
pub struct Device {
    board: Board,
    place: Place,
    settings: Mutex<Settings>,
}

/// Where a device is.
#[derive(Clone)]
struct Place {
    bus: String,
    device: usize,
}

impl Device {
    pub(crate) fn attach(board: &Board, name: &str) -> Result<Device, AttachError> {
        let mut state = board.lock();
        let place = state.spi.place(name).ok_or(AttachError::Missing)?;
        let bus = state.spi.0.get_mut(&place.bus).ok_or(AttachError::Missing)?;
        let attached = &mut bus.attached[place.device];
        if bus.config.device[place.device].opens.is_some_and(|most| *attached >= most) {
            return Err(AttachError::Busy);
        }
        *attached += 1;
        Ok(Device { board: board.clone(), place, settings: Mutex::default() })
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

/// Why a driver cannot have a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachError {
    /// The board has no device of this name.
    Missing,
    /// As many drivers as the device takes are attached.
    Busy,
}

impl fmt::Display for AttachError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AttachError::Missing => "no such device",
            AttachError::Busy => "the device is in use",
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

    pub(crate) fn check(&self, action: &ActionConfig) -> Result<(), String> {
        if self.0.contains_key(&action.spi) {
            return Ok(());
        }
        let known: Vec<_> = self.0.keys().map(String::as_str).collect();
        Err(format!("an action names the bus `{}`; SPI buses are: [{}]", action.spi, known.join(", ")))
    }

    pub(crate) fn act(&mut self, action: &ActionConfig, now: u64, trace: &mut Trace) {
        let Some(bus) = self.0.get(&action.spi) else { return };
        let Event::Note(name) = &action.event;
        trace.push(now, &bus.channel, format!("NOTE {name}"));
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
