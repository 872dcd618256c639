//! The calls of an open device, as the system answers them.

use super::config::ResetKind;
use super::device::Device;
use super::pipe::Transfer;
use super::seam::Key;
use super::system::{Devices, suffix};
use crate::now::Now;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, Kind, Reset, Status, Submission, TransferId};

/// What is not there with a number from this on is a bad argument to the system, and below it not found.
const MOST_INTERFACES: u8 = 32;

impl Devices {
    pub(super) fn set_configuration(
        &mut self,
        key: &Key,
        value: Option<u8>,
        now: &mut Now,
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
        device.line(now, format!("SET_CONFIGURATION {}", value.unwrap_or(0)));
        device.configure(active);
        device.run_all(now);
        Ok(())
    }

    pub(super) fn claim(&mut self, key: &Key, interface: u8, now: &mut Now) -> Result<(), Refusal> {
        let device = self.of(key)?;
        let kernel = device.kernel.get(&interface) == Some(&true);
        let absent = if interface < MOST_INTERFACES { Refusal::NotFound } else { Refusal::Invalid };
        let state = device.interfaces.get_mut(&interface).ok_or(absent)?;
        match state.claimed {
            Some(number) if number == key.number => return Ok(()),
            Some(_) => return Err(Refusal::Busy),
            None if kernel => return Err(Refusal::Busy),
            None => state.claimed = Some(key.number),
        }
        device.line(now, format!("CLAIM {interface}{}", suffix(key)));
        Ok(())
    }

    pub(super) fn release(&mut self, key: &Key, interface: u8, now: &mut Now) -> Result<(), Refusal> {
        let device = self.of(key)?;
        device.claimed(key, interface)?;
        let endpoints = device.endpoints_of(interface);
        device.take_back_all(|transfer| endpoints.contains(&transfer.pipe()), now);
        device.give_back(key, interface, now);
        Ok(())
    }

    pub(super) fn set_alternate(
        &mut self,
        key: &Key,
        interface: u8,
        alternate: u8,
        now: &mut Now,
    ) -> Result<(), Refusal> {
        let device = self.of(key)?;
        device.claimed(key, interface)?;
        if device.layout().and_then(|layout| layout.setting(interface, alternate)).is_none() {
            return Err(Refusal::NotFound);
        }
        device.set_interface(interface, alternate, now);
        Ok(())
    }

    pub(super) fn clear_halt(&mut self, key: &Key, endpoint: u8, now: &mut Now) -> Result<(), Refusal> {
        let device = self.of(key)?;
        let (interface, _) = device.endpoint(endpoint).ok_or(Refusal::NotFound)?;
        self.claim(key, interface, now)?;
        let device = self.of(key)?;
        device.line(now, format!("CLEAR_HALT {endpoint:#04x}"));
        device.pipe(endpoint).fresh();
        device.run(endpoint, now);
        Ok(())
    }

    pub(super) fn reset(&mut self, key: &Key, now: &mut Now) -> Result<Reset, Refusal> {
        let unsupported = self.system.no_port_reset;
        let device = self.of(key)?;
        if unsupported {
            return Err(Refusal::Unsupported);
        }
        device.line(now, "RESET");
        device.take_back_all(|_| true, now);
        let kind = device.config.reset;
        if kind == ResetKind::Same {
            device.restore(now);
            return Ok(Reset::Same);
        }
        self.unplug(&key.name, now);
        if kind == ResetKind::ReEnumerates {
            self.plug(&key.name, 1, now);
        }
        Ok(Reset::Lost)
    }

    pub(super) fn alloc_streams(
        &mut self,
        key: &Key,
        streams: u32,
        endpoints: &[u8],
        now: &mut Now,
    ) -> Result<u32, Refusal> {
        self.stream_endpoints(key, endpoints, now)?;
        let device = self.of(key)?;
        if streams == 0 {
            return Err(Refusal::Invalid);
        }
        if device.config.streams == 0 {
            return Err(Refusal::Unsupported);
        }
        let granted = streams.min(device.config.streams);
        device.streams.extend(endpoints.iter().map(|endpoint| (*endpoint, granted)));
        device.line(now, format!("ALLOC_STREAMS {granted}{}", list(endpoints)));
        Ok(granted)
    }

    pub(super) fn free_streams(&mut self, key: &Key, endpoints: &[u8], now: &mut Now) -> Result<(), Refusal> {
        self.stream_endpoints(key, endpoints, now)?;
        let device = self.of(key)?;
        if endpoints.iter().any(|endpoint| !device.streams.contains_key(endpoint)) {
            return Err(Refusal::Invalid);
        }
        device.streams.retain(|endpoint, _| !endpoints.contains(endpoint));
        device.line(now, format!("FREE_STREAMS{}", list(endpoints)));
        Ok(())
    }

    /// Finds what has no streams. An interface that nobody has claimed is claimed by it, as on Linux.
    fn stream_endpoints(&mut self, key: &Key, endpoints: &[u8], now: &mut Now) -> Result<(), Refusal> {
        let device = self.of(key)?;
        let interfaces = device.stream_interfaces(endpoints)?;
        interfaces.into_iter().try_for_each(|interface| self.claim(key, interface, now))
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

    pub(super) fn detach(&mut self, key: &Key, interface: u8, now: &mut Now) -> Result<(), Refusal> {
        let (device, attached) = self.driven(key, interface)?;
        if attached != Some(true) {
            return Err(Refusal::NotFound);
        }
        device.kernel.insert(interface, false);
        device.line(now, format!("DETACH {interface}"));
        Ok(())
    }

    pub(super) fn attach(&mut self, key: &Key, interface: u8, now: &mut Now) -> Result<(), Refusal> {
        let (device, attached) = self.driven(key, interface)?;
        if device.interfaces.get(&interface).is_some_and(|state| state.claimed.is_some())
            || attached == Some(true)
        {
            return Err(Refusal::Busy);
        }
        if attached.is_none() {
            return Err(Refusal::NotFound);
        }
        device.kernel.insert(interface, true);
        device.line(now, format!("ATTACH {interface}"));
        Ok(())
    }

    pub(super) fn submit(
        &mut self,
        key: &Key,
        request: Submission,
        now: &mut Now,
    ) -> Result<TransferId, Refusal> {
        let unsupported = self.system.no_isochronous && request.kind == Kind::Isochronous;
        let device = self.of(key)?;
        if unsupported {
            return Err(Refusal::Unsupported);
        }
        if let Some(interface) = device.admit(&request)? {
            self.claim(key, interface, now)?;
        }
        self.last_id += 1;
        let id = TransferId(self.last_id);
        let device = self.of(key)?;
        let transfer = Transfer::new(key.number, request, now.ns);
        let endpoint = transfer.pipe();
        device.pipe(endpoint).queue.insert(id);
        device.limits.extend(transfer.limit.map(|at| (at, id)));
        device.transfers.insert(id, transfer);
        // One that waits behind another begins when that is over.
        if device.pipe(endpoint).queue.len() == 1 {
            device.run(endpoint, now);
        }
        Ok(id)
    }

    pub(super) fn cancel(&mut self, key: &Key, id: TransferId, now: &mut Now) -> Result<(), Refusal> {
        let device = self.devices.get_mut(&key.name).ok_or(Refusal::NotFound)?;
        let transfer = device.transfers.get(&id).filter(|transfer| transfer.handle == key.number);
        let endpoint = transfer.map(Transfer::pipe).ok_or(Refusal::NotFound)?;
        device.take_back(id, Status::Cancelled, now);
        device.run(endpoint, now);
        Ok(())
    }

    pub(super) fn reap(&mut self, key: &Key, id: TransferId) -> Result<Option<Completion>, Refusal> {
        let device = self.devices.get_mut(&key.name).ok_or(Refusal::NotFound)?;
        device
            .transfers
            .get(&id)
            .filter(|transfer| transfer.handle == key.number)
            .ok_or(Refusal::NotFound)?;
        Ok(device.reap(id))
    }

    pub(super) fn is_over(&self, key: &Key, id: TransferId) -> bool {
        let transfer = self.devices.get(&key.name).and_then(|device| device.transfers.get(&id));
        transfer.is_none_or(|transfer| transfer.done.is_some())
    }
}

fn list(endpoints: &[u8]) -> String {
    endpoints.iter().map(|endpoint| format!(" {endpoint:#04x}")).collect()
}
