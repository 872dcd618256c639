//! A device with its system's view of it: what is in force, who holds what, and what is in flight.

use super::config::{DeviceConfig, EndpointConfig, Event, Reply};
use super::layout::{self, Endpoint, Layout};
use super::pipe::{Pipe, Transfer};
use crate::now::Now;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wasi_hw_seam::usb::{self as seam, Completion, DeviceId, Kind, Status, TransferId};

pub(super) struct Device {
    pub(super) channel: Arc<str>,
    pub(super) config: DeviceConfig,
    pub(super) layouts: Vec<Layout>,
    /// This stay of the device.
    pub(super) id: DeviceId,
    /// Its address on the bus during this stay.
    pub(super) address: u8,
    pub(super) present: bool,
    /// The device fell off the bus in the middle of something; what follows from that is done when the
    /// call is over.
    pub(super) fell: bool,
    /// A transfer has ended since this was asked last.
    pub(super) ended: bool,
    /// The system's side: the configuration in force, as a place in `layouts`.
    pub(super) active: Option<usize>,
    pub(super) interfaces: BTreeMap<u8, Interface>,
    /// Interfaces with a kernel driver; whether it is attached.
    pub(super) kernel: BTreeMap<u8, bool>,
    /// Open handles: the number, and the stay of the device.
    pub(super) handles: BTreeMap<u32, DeviceId>,
    pub(super) opened: u32,
    pub(super) streams: BTreeMap<u8, u32>,
    /// The device's own side, which requests sent past the system change.
    pub(super) configuration: u8,
    pub(super) alternates: BTreeMap<u8, u8>,
    /// How often each scripted request was asked.
    pub(super) asked: Vec<usize>,
    pub(super) memory: BTreeMap<String, Vec<u8>>,
    pub(super) pipes: BTreeMap<u8, Pipe>,
    pub(super) transfers: BTreeMap<TransferId, Transfer>,
    /// When the transfers in flight that have a limit reach it: a guest may have thousands of them.
    pub(super) limits: BTreeSet<(u64, TransferId)>,
}

/// An interface of the configuration in force, as the system knows it.
#[derive(Default)]
pub(super) struct Interface {
    pub(super) alternate: u8,
    /// The handle that has claimed it.
    pub(super) claimed: Option<u32>,
}

impl Device {
    pub(super) fn new(name: &str, config: &DeviceConfig, id: DeviceId) -> Result<Device, String> {
        let config = &config.written_out()?;
        check(config)?;
        let pipe = |endpoint: &EndpointConfig| (endpoint.address, Pipe::new(endpoint));
        let mut device = Device {
            channel: Arc::from(name),
            layouts: config
                .configuration
                .iter()
                .map(|bytes| layout::read(&bytes.0, config.speed()))
                .collect(),
            id,
            address: config.address.unwrap_or(1),
            present: !config.absent,
            fell: false,
            ended: false,
            active: None,
            interfaces: BTreeMap::new(),
            kernel: BTreeMap::new(),
            handles: BTreeMap::new(),
            opened: 0,
            streams: BTreeMap::new(),
            configuration: 0,
            alternates: BTreeMap::new(),
            asked: vec![0; config.control.len()],
            memory: config.memory.iter().map(|(name, bytes)| (name.clone(), bytes.0.clone())).collect(),
            pipes: config.endpoint.iter().map(pipe).collect(),
            transfers: BTreeMap::new(),
            limits: BTreeSet::new(),
            config: config.clone(),
        };
        device.enumerate();
        Ok(device)
    }

    pub(super) fn bus(&self) -> u8 {
        self.config.bus.unwrap_or(1)
    }

    /// What a driver is told of a stay of it, at this address.
    pub(super) fn told(&self, id: DeviceId, address: u8) -> seam::Device {
        let stays = self.present && self.id == id;
        seam::Device {
            id,
            bus: self.bus(),
            address,
            port: self.config.port.unwrap_or(1),
            speed: self.config.speed(),
            descriptor: self.config.device.bytes(self.config.configuration.len()),
            configurations: self.config.configuration.iter().map(|bytes| bytes.0.clone()).collect(),
            active: if stays { self.value() } else { 0 },
        }
    }

    /// What the system does with a device that was plugged in.
    fn enumerate(&mut self) {
        self.kernel = self.config.kernel_driver.iter().map(|interface| (*interface, true)).collect();
        self.streams.clear();
        let active = match self.config.active {
            Some(0) => None,
            Some(value) => self.layouts.iter().position(|layout| layout.value == value),
            None => (!self.layouts.is_empty()).then_some(0),
        };
        self.configure(active);
    }

    /// Puts a configuration in force, on both sides.
    pub(super) fn configure(&mut self, active: Option<usize>) {
        self.active = active;
        self.configuration = self.value();
        self.alternates.clear();
        let settings = active.map(|at| &self.layouts[at]).into_iter().flat_map(|layout| &layout.settings);
        self.interfaces = settings.map(|s| (s.interface, Interface::default())).collect();
        self.pipes.values_mut().for_each(Pipe::fresh);
    }

    /// The value of the configuration in force.
    pub(super) fn value(&self) -> u8 {
        self.layout().map_or(0, |layout| layout.value)
    }

    pub(super) fn layout(&self) -> Option<&Layout> {
        self.active.and_then(|at| self.layouts.get(at))
    }

    /// An endpoint of the settings in force, with its interface.
    pub(super) fn endpoint(&self, address: u8) -> Option<(u8, Endpoint)> {
        let layout = self.layout()?;
        self.interfaces.iter().find_map(|(number, interface)| {
            let setting = layout.setting(*number, interface.alternate)?;
            setting.endpoints.iter().find(|e| e.address == address).map(|endpoint| (*number, *endpoint))
        })
    }

    /// The endpoints of the setting in force of an interface.
    pub(super) fn endpoints_of(&self, interface: u8) -> Vec<u8> {
        let setting = self.interfaces.get(&interface).zip(self.layout());
        let setting = setting.and_then(|(state, layout)| layout.setting(interface, state.alternate));
        setting.into_iter().flat_map(|setting| &setting.endpoints).map(|e| e.address).collect()
    }

    pub(super) fn pipe(&mut self, endpoint: u8) -> &mut Pipe {
        let empty = || Pipe::new(&EndpointConfig { address: endpoint, reply: Vec::new(), loopback: None });
        self.pipes.entry(endpoint).or_insert_with(empty)
    }

    pub(super) fn line(&self, now: &mut Now, text: impl Into<String>) {
        now.line(&self.channel, text);
    }

    /// The device is unplugged.
    pub(super) fn unplug(&mut self, now: &mut Now) {
        for transfer in self.transfers.values_mut().filter(|transfer| transfer.done.is_none()) {
            transfer.flush(&self.channel, now);
            transfer.end(Status::Gone);
        }
        self.pipes.values_mut().for_each(Pipe::clear);
        self.limits.clear();
        self.present = false;
        self.fell = false;
        self.ended = true;
        self.interfaces.clear();
        self.line(now, "GONE");
    }

    /// It is plugged in, for another stay.
    pub(super) fn plug(&mut self, id: DeviceId, address: u8, now: &mut Now) {
        self.id = id;
        self.address = address;
        self.present = true;
        self.enumerate();
        self.line(now, "ARRIVED");
    }

    /// Takes a transfer back.
    pub(super) fn take_back(&mut self, id: TransferId, how: Status, now: &mut Now) {
        let Some(transfer) = self.transfers.get_mut(&id).filter(|transfer| transfer.done.is_none()) else {
            return;
        };
        transfer.flush(&self.channel, now);
        transfer.end(how);
        let (endpoint, limit) = (transfer.pipe(), transfer.limit);
        self.ended = true;
        // What a bulk or interrupt endpoint is not ready for is the device's affair; other waits are the
        // transfer's own.
        let own_wait = matches!(transfer.request.kind, Kind::Control | Kind::Isochronous);
        let pipe = self.pipe(endpoint);
        if own_wait && pipe.queue.first() == Some(&id) {
            pipe.wait_until(None);
        }
        pipe.queue.remove(&id);
        limit.map(|at| self.limits.remove(&(at, id)));
        self.line(now, format!("CANCEL {endpoint:#04x}"));
    }

    /// Takes back what is in flight on these endpoints, before anything else moves.
    pub(super) fn take_back_all(&mut self, which: impl Fn(&Transfer) -> bool, now: &mut Now) {
        let pending = self.transfers.iter().filter(|(_, t)| t.done.is_none() && which(t));
        let pending: Vec<_> = pending.map(|(id, _)| *id).collect();
        for id in pending {
            self.take_back(id, Status::Cancelled, now);
        }
    }

    /// The next time at which something happens by itself.
    pub(super) fn next(&self) -> Option<u64> {
        let ready = self.pipes.values().filter_map(Pipe::ready_at);
        ready.chain(self.limits.first().map(|(at, _)| *at)).min()
    }

    /// Does what is due.
    pub(super) fn advance(&mut self, now: &mut Now) {
        let due = self.pipes.iter().filter(|(_, pipe)| pipe.ready_at().is_some_and(|at| at <= now.ns));
        let due: Vec<_> = due.map(|(endpoint, _)| *endpoint).collect();
        for endpoint in due {
            self.run(endpoint, now);
        }
        let late = self.limits.iter().take_while(|(at, _)| *at <= now.ns);
        // In the order in which they were submitted, whatever their limits.
        let late: BTreeSet<_> = late.map(|(_, id)| *id).collect();
        let mut endpoints = BTreeSet::new();
        for id in late {
            endpoints.extend(self.transfers.get(&id).map(Transfer::pipe));
            self.take_back(id, Status::TimedOut, now);
        }
        for endpoint in endpoints {
            self.run(endpoint, now);
        }
    }

    pub(super) fn act(&mut self, event: &Event, now: &mut Now) {
        match event {
            Event::Note(name) => self.line(now, format!("NOTE {name}")),
            Event::Halt(endpoint) => self.pipe(*endpoint).halted = true,
            Event::Reply(more) => {
                self.pipe(more.endpoint).script.extend(more.reply.iter().cloned());
                self.run(more.endpoint, now);
            }
            Event::Arrived | Event::Gone => {}
        }
    }

    /// The completion of a transfer that has ended.
    pub(super) fn reap(&mut self, id: TransferId) -> Option<Completion> {
        self.transfers.get(&id)?.done?;
        self.transfers.remove(&id).map(Transfer::completion)
    }

    pub(super) fn finish(&self, now: &mut Now) {
        for (endpoint, pipe) in &self.pipes {
            let waits = |reply: &&Reply| matches!(reply, Reply::Nak | Reply::NakNs(_));
            let unused = pipe.script.iter().filter(|reply| !waits(reply)).count();
            if unused > 0 {
                self.line(now, format!("UNUSED {endpoint:#04x} {unused}"));
            }
        }
    }
}

/// Finds what an endpoint or a request cannot be told to do.
fn check(config: &DeviceConfig) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for endpoint in &config.endpoint {
        let address = endpoint.address;
        check_replies(address, &endpoint.reply)?;
        if address & 0x0f == 0 {
            return Err(format!("endpoint {address:#04x} is scripted by `control`"));
        }
        if !seen.insert(address) {
            return Err(format!("endpoint {address:#04x} is there twice"));
        }
        if endpoint.loopback.is_some_and(|from| address & 0x80 == 0 || from & 0x80 != 0) {
            return Err(format!("endpoint {address:#04x}: a loopback goes from an OUT to an IN endpoint"));
        }
    }
    for control in &config.control {
        if control.reply.iter().any(|reply| matches!(reply, Reply::Packet(_) | Reply::Zlp | Reply::NakNs(_)))
        {
            return Err("a request has no packet, zlp or nak-ns; write data, or after-ns".to_owned());
        }
    }
    let value = |bytes: &super::Bytes| bytes.0.get(5).copied();
    let known = |active| config.configuration.iter().any(|bytes| value(bytes) == Some(active));
    if let Some(active) = config.active.filter(|active| *active != 0 && !known(*active)) {
        return Err(format!("no configuration has the value {active}"));
    }
    match config.string.iter().find(|(index, text)| **index > 255 || text.encode_utf16().count() > 126) {
        Some((index, _)) => {
            Err(format!("string {index}: the index or the text is too long for a descriptor"))
        }
        None => Ok(()),
    }
}

/// Finds replies that an endpoint of this direction cannot give.
pub(super) fn check_replies(address: u8, replies: &[Reply]) -> Result<(), String> {
    let fits = |reply: &Reply| match reply {
        Reply::NakNs(_) | Reply::Nak | Reply::Stall | Reply::Error | Reply::Gone => true,
        Reply::Data(_) | Reply::Packet(_) | Reply::Zlp | Reply::Babble => address & 0x80 != 0,
        Reply::Ack => address & 0x80 == 0,
        Reply::Store(_) | Reply::Recall(_) => false,
    };
    match replies.iter().find(|reply| !fits(reply)) {
        Some(reply) => Err(format!("endpoint {address:#04x} cannot reply {reply:?}")),
        None => Ok(()),
    }
}
