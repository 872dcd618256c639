//! The operating system: devices that come and go, and handles.

use super::config::{DeviceConfig, Event, SystemConfig};
use super::device::{Device, check_replies};
use super::seam::Key;
use crate::config::Action;
use crate::now::Now;
use crate::part::Part;
use std::collections::BTreeMap;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{self as seam, Change, DeviceId};

/// What is remembered of devices that came and went; a guest that resets for ever can make more.
const MOST_CHANGES: usize = 10_000;

/// The devices of a board, and the system that drives them.
pub(crate) struct Devices {
    pub(super) system: SystemConfig,
    pub(super) devices: BTreeMap<String, Device>,
    changes: Vec<Changed>,
    pub(super) last_id: u64,
}

/// A device came or went: what is kept of that. Descriptors are told when somebody asks.
struct Changed {
    name: String,
    id: DeviceId,
    address: u8,
    arrived: bool,
}

impl Devices {
    pub(crate) fn new(
        config: &BTreeMap<String, DeviceConfig>,
        system: SystemConfig,
    ) -> Result<Devices, String> {
        let mut devices = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (id, (name, config)) in (1..).zip(config) {
            let device =
                Device::new(name, config, DeviceId(id)).map_err(|why| format!("usb.{name}: {why}"))?;
            let place = (device.bus(), device.address);
            if let Some(other) = device.present.then(|| places.insert(place, name)).flatten() {
                return Err(format!("usb.{name} has the same bus and address as usb.{other}"));
            }
            devices.insert(name.clone(), device);
        }
        Ok(Devices { system, last_id: devices.len() as u64, devices, changes: Vec::new() })
    }

    /// What follows from a call: a device that fell off the bus is gone.
    pub(super) fn settle(&mut self, now: &mut Now) {
        let fell: Vec<_> =
            self.devices.iter().filter(|(_, device)| device.fell).map(|(name, _)| name.clone()).collect();
        fell.iter().for_each(|name| self.unplug(name, now));
    }

    fn changed(&mut self, name: &str, arrived: bool) {
        if let Some(Device { id, address, .. }) =
            self.devices.get(name).filter(|_| self.changes.len() < MOST_CHANGES)
        {
            self.changes.push(Changed { name: name.to_owned(), id: *id, address: *address, arrived });
        }
    }

    /// From which change on somebody is told of them, who begins to watch now.
    pub(super) fn watch(&self) -> Result<usize, Refusal> {
        if self.system.no_hotplug { Err(Refusal::Unsupported) } else { Ok(self.changes.len()) }
    }

    pub(super) fn has_change(&self, at: usize) -> bool {
        self.changes.len() > at
    }

    pub(super) fn change(&self, at: usize) -> Option<Change> {
        let Changed { name, id, address, arrived } = self.changes.get(at)?;
        let device = self.devices.get(name)?.told(*id, *address);
        Some(if *arrived { Change::Arrived(device) } else { Change::Left(device) })
    }

    pub(super) fn unplug(&mut self, name: &str, now: &mut Now) {
        let Some(device) = self.devices.get_mut(name).filter(|device| device.present) else { return };
        device.unplug(now);
        self.changed(name, false);
    }

    /// Plugs a device in, at an address that is so much higher than at the start.
    pub(super) fn plug(&mut self, name: &str, higher: u8, now: &mut Now) {
        let Some(device) = self.devices.get_mut(name).filter(|device| !device.present) else { return };
        self.last_id += 1;
        let first = device.config.address.unwrap_or(1);
        let address = if higher == 0 { first } else { device.address % 127 + higher };
        device.plug(DeviceId(self.last_id), address, now);
        self.changed(name, true);
    }

    pub(super) fn attached(&self) -> Vec<seam::Device> {
        let present = self.devices.values().filter(|device| device.present);
        present.map(|device| device.told(device.id, device.address)).collect()
    }

    fn by_id(&self, id: DeviceId) -> Result<(&String, &Device), Refusal> {
        let found = self.devices.iter().find(|(_, device)| device.present && device.id == id);
        found.ok_or(Refusal::Gone)
    }

    pub(super) fn of(&mut self, key: &Key) -> Result<&mut Device, Refusal> {
        let device = self.devices.get_mut(&key.name);
        device.filter(|device| device.present && device.id == key.id).ok_or(Refusal::Gone)
    }

    pub(super) fn configuration(&self, id: DeviceId) -> Result<u8, Refusal> {
        self.by_id(id).map(|(_, device)| device.value())
    }

    pub(super) fn open(&mut self, id: DeviceId, now: &mut Now) -> Result<Key, Refusal> {
        let (name, device) = self.by_id(id)?;
        if device.config.no_access {
            return Err(Refusal::Denied);
        }
        if self.system.one_opener && device.handles.values().any(|stay| *stay == id) {
            return Err(Refusal::Busy);
        }
        let mut key = Key { name: name.clone(), id, number: 0 };
        let device = self.of(&key)?;
        device.opened += 1;
        key.number = device.opened;
        device.handles.insert(key.number, id);
        device.line(now, format!("OPEN{}", suffix(&key)));
        Ok(key)
    }

    pub(super) fn close(&mut self, key: &Key, now: &mut Now) {
        let Some(device) = self.devices.get_mut(&key.name) else { return };
        if device.handles.remove(&key.number).is_none() {
            return;
        }
        device.take_back_all(|transfer| transfer.handle == key.number, now);
        device.transfers.retain(|_, transfer| transfer.handle != key.number);
        let claimed = device.interfaces.iter().filter(|(_, i)| i.claimed == Some(key.number));
        let claimed: Vec<_> = claimed.map(|(number, _)| *number).collect();
        claimed.iter().for_each(|interface| device.give_back(key, *interface, now));
        device.line(now, format!("CLOSE{}", suffix(key)));
        // What waited behind the transfers that were taken back goes on.
        device.run_all(now);
    }
}

impl Part for Devices {
    fn check(&self, action: &Action) -> Option<Result<(), String>> {
        let Action::Usb(action) = action else { return None };
        if !self.devices.contains_key(&action.usb) {
            let known: Vec<_> = self.devices.keys().map(String::as_str).collect();
            let (device, known) = (&action.usb, known.join(", "));
            return Some(Err(format!("an action names the device `{device}`; devices are: [{known}]")));
        }
        Some(match &action.event {
            Event::Reply(more) => check_replies(more.endpoint, &more.reply),
            _ => Ok(()),
        })
    }

    fn act(&mut self, action: &Action, now: &mut Now) {
        let Action::Usb(action) = action else { return };
        match action.event {
            Event::Arrived => self.plug(&action.usb, 0, now),
            Event::Gone => self.unplug(&action.usb, now),
            _ => {}
        }
        if let Some(device) = self.devices.get_mut(&action.usb) {
            device.act(&action.event, now);
        }
        self.settle(now);
    }

    fn next(&self) -> Option<u64> {
        self.devices.values().filter_map(Device::next).min()
    }

    fn advance(&mut self, now: &mut Now) {
        self.devices.values_mut().for_each(|device| device.advance(now));
        self.settle(now);
    }

    /// Whether a transfer has ended.
    fn woke(&mut self) -> bool {
        self.devices.values_mut().fold(false, |woke, device| woke | std::mem::take(&mut device.ended))
    }

    fn finish(&self, now: &mut Now) {
        self.devices.values().for_each(|device| device.finish(now));
    }
}

/// The number of a handle, in lines; the first handle needs none.
pub(super) fn suffix(key: &Key) -> String {
    if key.number == 1 { String::new() } else { format!(" #{}", key.number) }
}
