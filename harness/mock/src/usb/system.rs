//! The operating system: devices that come and go, handles, claims, settings.

use super::config::{ActionConfig, DeviceConfig, Event, ResetKind, Speed, SystemConfig};
use super::device::{Device, check_replies};
use super::pipe::{Pipe, Transfer};
use super::seam::{Attached, Change, Completion, Key, Kind, Refusal, Reset, Status, Submission};
use crate::trace::Trace;
use std::collections::BTreeMap;

/// What is remembered of devices that came and went; a guest that resets for ever can make more.
const MOST_CHANGES: usize = 10_000;

/// The most packets of an isochronous transfer.
const MOST_PACKETS: usize = 1_024;

/// Interfaces have numbers below this, as far as the system is concerned.
const MOST_INTERFACES: u8 = 32;

/// The devices of a board, and the system that drives them.
pub(crate) struct Devices {
    pub(super) system: SystemConfig,
    devices: BTreeMap<String, Device>,
    pub(super) changes: Vec<Change>,
    last_id: u64,
}

impl Devices {
    pub(crate) fn new(config: &BTreeMap<String, DeviceConfig>, system: SystemConfig) -> Result<Devices, String> {
        let mut devices = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (id, (name, config)) in (1..).zip(config) {
            let device = Device::new(name, config, id).map_err(|why| format!("usb.{name}: {why}"))?;
            let place = (device.about.bus, device.about.address);
            if let Some(other) = device.present.then(|| places.insert(place, name)).flatten() {
                return Err(format!("usb.{name} has the same bus and address as usb.{other}"));
            }
            devices.insert(name.clone(), device);
        }
        Ok(Devices { system, last_id: devices.len() as u64, devices, changes: Vec::new() })
    }

    pub(crate) fn check(&self, action: &ActionConfig) -> Result<(), String> {
        if !self.devices.contains_key(&action.usb) {
            let known: Vec<_> = self.devices.keys().map(String::as_str).collect();
            return Err(format!("an action names the device `{}`; devices are: [{}]", action.usb, known.join(", ")));
        }
        match &action.event {
            Event::Reply(more) => check_replies(more.endpoint, &more.reply),
            _ => Ok(()),
        }
    }

    pub(crate) fn act(&mut self, action: &ActionConfig, now: u64, trace: &mut Trace) {
        match action.event {
            Event::Arrived => self.plug(&action.usb, 0, now, trace),
            Event::Gone => self.unplug(&action.usb, now, trace),
            _ => {}
        }
        if let Some(device) = self.devices.get_mut(&action.usb) {
            device.act(&action.event, now, trace);
        }
        self.settle(now, trace);
    }

    /// The next time at which something happens by itself.
    pub(crate) fn next(&self) -> Option<u64> {
        self.devices.values().filter_map(Device::next).min()
    }

    /// Does what is due.
    pub(crate) fn advance(&mut self, now: u64, trace: &mut Trace) {
        self.devices.values_mut().for_each(|device| device.advance(now, trace));
        self.settle(now, trace);
    }

    pub(crate) fn finish(&self, now: u64, trace: &mut Trace) {
        self.devices.values().for_each(|device| device.finish(now, trace));
    }

    /// What follows from a call: a device that fell off the bus is gone.
    pub(super) fn settle(&mut self, now: u64, trace: &mut Trace) {
        let fell: Vec<_> = self.devices.iter().filter(|(_, device)| device.fell).map(|(name, _)| name.clone()).collect();
        fell.iter().for_each(|name| self.unplug(name, now, trace));
    }

    fn changed(&mut self, change: Change) {
        if self.changes.len() < MOST_CHANGES {
            self.changes.push(change);
        }
    }

    fn unplug(&mut self, name: &str, now: u64, trace: &mut Trace) {
        let Some(device) = self.devices.get_mut(name).filter(|device| device.present) else { return };
        device.unplug(now, trace);
        let change = Change::Gone(device.about.clone());
        self.changed(change);
    }

    /// Plugs a device in, at an address that is so much higher than at the start.
    fn plug(&mut self, name: &str, higher: u8, now: u64, trace: &mut Trace) {
        let Some(device) = self.devices.get_mut(name).filter(|device| !device.present) else { return };
        self.last_id += 1;
        let first = device.config.address.unwrap_or(1);
        let address = if higher == 0 { first } else { device.about.address % 127 + higher };
        device.plug(self.last_id, address, now, trace);
        let change = Change::Arrived(device.about.clone());
        self.changed(change);
    }

    pub(super) fn attached(&self) -> Vec<Attached> {
        self.devices.values().filter(|device| device.present).map(|device| device.about.clone()).collect()
    }

    fn by_id(&self, id: u64) -> Result<(&String, &Device), Refusal> {
        let found = self.devices.iter().find(|(_, device)| device.present && device.about.id == id);
        found.ok_or(Refusal::Gone)
    }

    fn of(&mut self, key: &Key) -> Result<&mut Device, Refusal> {
        let device = self.devices.get_mut(&key.name);
        device.filter(|device| device.present && device.about.id == key.id).ok_or(Refusal::Gone)
    }

    pub(super) fn configuration(&self, id: u64) -> Result<u8, Refusal> {
        self.by_id(id).map(|(_, device)| device.value())
    }

    pub(super) fn open(&mut self, id: u64, now: u64, trace: &mut Trace) -> Result<Key, Refusal> {
        let (name, device) = self.by_id(id)?;
        if device.config.no_access {
            return Err(Refusal::Access);
        }
        let mut key = Key { name: name.clone(), id, number: 0 };
        let device = self.of(&key)?;
        device.opened += 1;
        key.number = device.opened;
        device.handles.insert(key.number, id);
        device.line(now, trace, format!("OPEN{}", suffix(&key)));
        Ok(key)
    }

    pub(super) fn close(&mut self, key: &Key, now: u64, trace: &mut Trace) {
        let Some(device) = self.devices.get_mut(&key.name) else { return };
        if device.handles.remove(&key.number).is_none() {
            return;
        }
        device.take_back_all(|transfer| transfer.handle == key.number, now, trace);
        device.transfers.retain(|_, transfer| transfer.handle != key.number);
        let claimed = device.interfaces.iter().filter(|(_, i)| i.claimed == Some(key.number));
        let claimed: Vec<_> = claimed.map(|(number, _)| *number).collect();
        claimed.iter().for_each(|interface| device.give_back(key, *interface, now, trace));
        device.line(now, trace, format!("CLOSE{}", suffix(key)));
        // What waited behind the transfers that were taken back goes on.
        device.run_all(now, trace);
    }

    pub(super) fn set_configuration(
        &mut self,
        key: &Key,
        value: Option<u8>,
        now: u64,
        trace: &mut Trace,
    ) -> Result<(), Refusal> {
        let unsupported = self.system.no_set_configuration;
        let device = self.of(key)?;
        if unsupported {
            return Err(Refusal::Unsupported);
        }
        if device.interfaces.iter().any(|(n, i)| i.claimed.is_some() || device.kernel.get(n) == Some(&true)) {
            return Err(Refusal::Busy);
        }
        let place = |value: u8| device.layouts.iter().position(|layout| layout.value == value);
        let active = match value {
            Some(value) => Some(place(value).ok_or(Refusal::NotFound)?),
            None => None,
        };
        device.line(now, trace, format!("SET_CONFIGURATION {}", value.unwrap_or(0)));
        device.configure(active);
        device.run_all(now, trace);
        Ok(())
    }

    pub(super) fn claim(&mut self, key: &Key, interface: u8, now: u64, trace: &mut Trace) -> Result<(), Refusal> {
        let device = self.of(key)?;
        if interface >= MOST_INTERFACES {
            return Err(Refusal::Invalid);
        }
        let kernel = device.kernel.get(&interface) == Some(&true);
        let state = device.interfaces.get_mut(&interface).ok_or(Refusal::NotFound)?;
        match state.claimed {
            Some(number) if number == key.number => return Ok(()),
            Some(_) => return Err(Refusal::Busy),
            None if kernel => return Err(Refusal::Busy),
            None => state.claimed = Some(key.number),
        }
        device.line(now, trace, format!("CLAIM {interface}{}", suffix(key)));
        Ok(())
    }

    pub(super) fn release(&mut self, key: &Key, interface: u8, now: u64, trace: &mut Trace) -> Result<(), Refusal> {
        let device = self.of(key)?;
        device.claimed(key, interface)?;
        let endpoints = device.endpoints_of(interface);
        device.take_back_all(|transfer| endpoints.contains(&transfer.pipe()), now, trace);
        device.give_back(key, interface, now, trace);
        Ok(())
    }

    pub(super) fn set_alternate(
        &mut self,
        key: &Key,
        interface: u8,
        alternate: u8,
        now: u64,
        trace: &mut Trace,
    ) -> Result<(), Refusal> {
        let device = self.of(key)?;
        device.claimed(key, interface)?;
        if device.layout().and_then(|layout| layout.setting(interface, alternate)).is_none() {
            return Err(Refusal::NotFound);
        }
        device.set_interface(interface, alternate, now, trace);
        Ok(())
    }

    pub(super) fn clear_halt(&mut self, key: &Key, endpoint: u8, now: u64, trace: &mut Trace) -> Result<(), Refusal> {
        let device = self.of(key)?;
        let (interface, _) = device.endpoint(endpoint).ok_or(Refusal::NotFound)?;
        if device.interfaces.get(&interface).and_then(|i| i.claimed).is_some_and(|number| number != key.number) {
            return Err(Refusal::Busy);
        }
        device.line(now, trace, format!("CLEAR_HALT {endpoint:#04x}"));
        device.pipe(endpoint).fresh();
        device.run(endpoint, now, trace);
        Ok(())
    }

    pub(super) fn reset(&mut self, key: &Key, now: u64, trace: &mut Trace) -> Result<Reset, Refusal> {
        let device = self.of(key)?;
        device.line(now, trace, "RESET");
        device.take_back_all(|_| true, now, trace);
        let kind = device.config.reset;
        if kind == ResetKind::Same {
            device.restore(now, trace);
            return Ok(Reset::Same);
        }
        self.unplug(&key.name, now, trace);
        if kind == ResetKind::ReEnumerates {
            self.plug(&key.name, 1, now, trace);
        }
        Ok(Reset::Lost)
    }

    pub(super) fn alloc_streams(
        &mut self,
        key: &Key,
        streams: u32,
        endpoints: &[u8],
        now: u64,
        trace: &mut Trace,
    ) -> Result<u32, Refusal> {
        let device = self.of(key)?;
        device.stream_endpoints(key, endpoints)?;
        if streams == 0 {
            return Err(Refusal::Invalid);
        }
        if device.config.streams == 0 {
            return Err(Refusal::Unsupported);
        }
        let granted = streams.min(device.config.streams);
        device.streams.extend(endpoints.iter().map(|endpoint| (*endpoint, granted)));
        device.line(now, trace, format!("ALLOC_STREAMS {granted}{}", list(endpoints)));
        Ok(granted)
    }

    pub(super) fn free_streams(
        &mut self,
        key: &Key,
        endpoints: &[u8],
        now: u64,
        trace: &mut Trace,
    ) -> Result<(), Refusal> {
        let device = self.of(key)?;
        device.stream_endpoints(key, endpoints)?;
        if endpoints.iter().any(|endpoint| !device.streams.contains_key(endpoint)) {
            return Err(Refusal::Invalid);
        }
        device.streams.retain(|endpoint, _| !endpoints.contains(endpoint));
        device.line(now, trace, format!("FREE_STREAMS{}", list(endpoints)));
        Ok(())
    }

    /// A device and the state of the kernel driver of an interface, where the system has such.
    fn driven(&mut self, key: &Key, interface: u8) -> Result<(&mut Device, Option<bool>), Refusal> {
        let unsupported = self.system.no_kernel_drivers;
        let device = self.of(key)?;
        if unsupported {
            return Err(Refusal::Unsupported);
        }
        if !device.interfaces.contains_key(&interface) {
            return Err(Refusal::Invalid);
        }
        let attached = device.kernel.get(&interface).copied();
        Ok((device, attached))
    }

    pub(super) fn kernel_driver(&mut self, key: &Key, interface: u8) -> Result<bool, Refusal> {
        self.driven(key, interface).map(|(_, attached)| attached == Some(true))
    }

    pub(super) fn detach(&mut self, key: &Key, interface: u8, now: u64, trace: &mut Trace) -> Result<(), Refusal> {
        let (device, attached) = self.driven(key, interface)?;
        if attached != Some(true) {
            return Err(Refusal::NotFound);
        }
        device.kernel.insert(interface, false);
        device.line(now, trace, format!("DETACH {interface}"));
        Ok(())
    }

    pub(super) fn attach(&mut self, key: &Key, interface: u8, now: u64, trace: &mut Trace) -> Result<(), Refusal> {
        let (device, attached) = self.driven(key, interface)?;
        if device.interfaces.get(&interface).is_some_and(|state| state.claimed.is_some()) || attached == Some(true) {
            return Err(Refusal::Busy);
        }
        if attached.is_none() {
            return Err(Refusal::NotFound);
        }
        device.kernel.insert(interface, true);
        device.line(now, trace, format!("ATTACH {interface}"));
        Ok(())
    }

    pub(super) fn submit(
        &mut self,
        key: &Key,
        request: Submission,
        now: u64,
        trace: &mut Trace,
    ) -> Result<u64, Refusal> {
        let device = self.of(key)?;
        if let Some(interface) = device.admit(&request)? {
            self.claim(key, interface, now, trace)?;
        }
        self.last_id += 1;
        let id = self.last_id;
        let device = self.of(key)?;
        let transfer = Transfer::new(key.number, request, now);
        let endpoint = transfer.pipe();
        device.pipe(endpoint).queue.push_back(id);
        device.transfers.insert(id, transfer);
        // One that waits behind another begins when that is over.
        if device.pipe(endpoint).queue.len() == 1 {
            device.run(endpoint, now, trace);
        }
        Ok(id)
    }

    pub(super) fn cancel(&mut self, key: &Key, id: u64, now: u64, trace: &mut Trace) -> Result<(), Refusal> {
        let device = self.devices.get_mut(&key.name).ok_or(Refusal::NotFound)?;
        let transfer = device.transfers.get(&id).filter(|transfer| transfer.handle == key.number);
        let endpoint = transfer.map(Transfer::pipe).ok_or(Refusal::NotFound)?;
        device.take_back(id, Status::Cancelled, now, trace);
        device.run(endpoint, now, trace);
        Ok(())
    }

    pub(super) fn reap(&mut self, key: &Key, id: u64) -> Result<Option<Completion>, Refusal> {
        let device = self.devices.get_mut(&key.name).ok_or(Refusal::NotFound)?;
        device.transfers.get(&id).filter(|transfer| transfer.handle == key.number).ok_or(Refusal::NotFound)?;
        Ok(device.reap(id))
    }
}

/// What the system does with one device.
impl Device {
    fn claimed(&self, key: &Key, interface: u8) -> Result<(), Refusal> {
        let state = self.interfaces.get(&interface);
        state.filter(|state| state.claimed == Some(key.number)).map(|_| ()).ok_or(Refusal::NotFound)
    }

    fn run_all(&mut self, now: u64, trace: &mut Trace) {
        let endpoints: Vec<_> = self.pipes.keys().copied().collect();
        endpoints.into_iter().for_each(|endpoint| self.run(endpoint, now, trace));
    }

    fn set_interface(&mut self, interface: u8, alternate: u8, now: u64, trace: &mut Trace) {
        let before = self.endpoints_of(interface);
        self.take_back_all(|transfer| before.contains(&transfer.pipe()), now, trace);
        self.line(now, trace, format!("SET_INTERFACE {interface} {alternate}"));
        self.alternates.insert(interface, alternate);
        if let Some(state) = self.interfaces.get_mut(&interface) {
            state.alternate = alternate;
        }
        for endpoint in before.into_iter().chain(self.endpoints_of(interface)) {
            self.pipe(endpoint).fresh();
        }
    }

    /// Ends a claim; the alternate setting goes back to 0 first.
    fn give_back(&mut self, key: &Key, interface: u8, now: u64, trace: &mut Trace) {
        if self.interfaces.get(&interface).is_some_and(|state| state.alternate != 0) {
            self.set_interface(interface, 0, now, trace);
        }
        if let Some(state) = self.interfaces.get_mut(&interface) {
            state.claimed = None;
        }
        self.line(now, trace, format!("RELEASE {interface}{}", suffix(key)));
    }

    /// After a reset: what was in force is put in force again.
    fn restore(&mut self, now: u64, trace: &mut Trace) {
        self.configuration = self.value();
        self.alternates.clear();
        self.pipes.values_mut().for_each(Pipe::fresh);
        if self.active.is_none() {
            return;
        }
        self.line(now, trace, format!("SET_CONFIGURATION {}", self.configuration));
        let alternates = self.interfaces.iter().filter(|(_, state)| state.alternate != 0);
        let alternates: Vec<_> = alternates.map(|(interface, state)| (*interface, state.alternate)).collect();
        for (interface, alternate) in alternates {
            self.set_interface(interface, alternate, now, trace);
        }
    }

    /// Whether a transfer can be started; says which interface has to be claimed for it, if any.
    fn admit(&self, request: &Submission) -> Result<Option<u8>, Refusal> {
        let input = super::device::is_in(request.kind, request.endpoint, &request.setup);
        let bytes = if input { request.room as usize } else { request.data.len() };
        if request.kind == Kind::Control {
            let length = usize::from(u16::from_le_bytes([request.setup[6], request.setup[7]]));
            let fits = if input { bytes >= length } else { bytes == length };
            return if fits { Ok(None) } else { Err(Refusal::Invalid) };
        }
        let (interface, endpoint) = self.endpoint(request.endpoint).ok_or(Refusal::NotFound)?;
        let streams = self.streams.get(&request.endpoint).copied().unwrap_or(0);
        if endpoint.kind != request.kind || request.stream > streams {
            return Err(Refusal::Invalid);
        }
        if request.kind == Kind::Isochronous {
            let sum = request.packets.iter().try_fold(0_u32, |sum, length| sum.checked_add(*length));
            let fits = sum.is_some_and(|sum| sum as usize == bytes);
            if request.packets.is_empty() || request.packets.len() > MOST_PACKETS || !fits {
                return Err(Refusal::Invalid);
            }
        }
        Ok(Some(interface))
    }

    fn stream_endpoints(&self, key: &Key, endpoints: &[u8]) -> Result<(), Refusal> {
        if endpoints.is_empty() || self.config.speed < Speed::Super {
            return Err(Refusal::Invalid);
        }
        for address in endpoints {
            let (interface, endpoint) = self.endpoint(*address).ok_or(Refusal::NotFound)?;
            if endpoint.kind != Kind::Bulk {
                return Err(Refusal::Invalid);
            }
            self.claimed(key, interface)?;
        }
        Ok(())
    }
}

/// The number of a handle, in lines; the first handle needs none.
fn suffix(key: &Key) -> String {
    if key.number == 1 { String::new() } else { format!(" #{}", key.number) }
}

fn list(endpoints: &[u8]) -> String {
    endpoints.iter().map(|endpoint| format!(" {endpoint:#04x}")).collect()
}
