//! Transfers on an endpoint: one after the other, packet by packet, until the device is not ready.

use super::config::{EndpointConfig, Reply};
use super::device::{Device, is_in};
use super::seam::{Completion, Kind, Packet, Status, Submission};
use crate::notation::bytes;
use crate::trace::Trace;
use std::collections::VecDeque;
use std::sync::Arc;

/// What a loopback holds at most; beyond that its OUT endpoint is not ready.
const MOST_HELD: usize = 1 << 24;

/// The state of an endpoint.
pub(super) struct Pipe {
    pub(super) script: VecDeque<Reply>,
    pub(super) loopback: Option<u8>,
    /// What is left of a reply that goes out in several packets.
    rest: VecDeque<u8>,
    looped: VecDeque<Vec<u8>>,
    held: usize,
    pub(super) halted: bool,
    pub(super) host_toggle: bool,
    pub(super) device_toggle: bool,
    /// While the device is not ready: when it will be.
    until: Option<u64>,
    /// The transfers, the one that runs first.
    pub(super) queue: VecDeque<u64>,
}

/// A transfer.
pub(super) struct Transfer {
    pub(super) handle: u32,
    pub(super) request: Submission,
    pub(super) limit: Option<u64>,
    pub(super) done: Option<Status>,
    /// OUT: how much is sent.
    sent: usize,
    got: Vec<u8>,
    packets: Vec<Packet>,
    /// Bytes that moved and are not yet in the trace.
    moved: Vec<u8>,
    /// Whether the trace says that it waits.
    waits: bool,
    /// What a control transfer will be answered; decided when it begins.
    pub(super) answer: Option<Answer>,
}

/// What the device answers to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) ready_at: u64,
    pub(super) reply: Reply,
}

/// What an IN endpoint has to say next.
enum Next {
    Packet(Vec<u8>),
    /// It is not ready until then, or until it is told more.
    Wait(Option<u64>),
    Stall,
    Error,
    Gone,
}

impl Pipe {
    pub(super) fn new(config: &EndpointConfig) -> Pipe {
        Pipe {
            script: config.reply.iter().cloned().collect(),
            loopback: config.loopback,
            rest: VecDeque::new(),
            looped: VecDeque::new(),
            held: 0,
            halted: false,
            host_toggle: false,
            device_toggle: false,
            until: None,
            queue: VecDeque::new(),
        }
    }

    /// As after the setting of a configuration or an interface.
    pub(super) fn fresh(&mut self) {
        self.halted = false;
        self.host_toggle = false;
        self.device_toggle = false;
    }

    /// The device's half of that, after a request that was sent past the system.
    pub(super) fn device_fresh(&mut self) {
        self.halted = false;
        self.device_toggle = false;
    }

    pub(super) fn wait_until(&mut self, until: Option<u64>) {
        self.until = until;
    }

    /// As after unplugging.
    pub(super) fn clear(&mut self) {
        self.fresh();
        self.queue.clear();
        self.rest.clear();
        self.looped.clear();
        self.held = 0;
        self.until = None;
    }

    pub(super) fn ready_at(&self) -> Option<u64> {
        self.until.filter(|_| !self.queue.is_empty())
    }

    /// Whether the device is not ready at the moment, as the script says.
    fn waits(&mut self, now: u64) -> Option<Option<u64>> {
        while let Some(reply) = self.script.front() {
            match reply {
                Reply::Nak => return Some(None),
                Reply::NakNs(ns) => {
                    let until = *self.until.get_or_insert(now.saturating_add(*ns));
                    if now < until {
                        return Some(Some(until));
                    }
                    self.until = None;
                    self.script.pop_front();
                }
                _ => break,
            }
        }
        None
    }

    fn next(&mut self, now: u64, size: usize, left: usize) -> Next {
        loop {
            if !self.rest.is_empty() {
                let packet = self.rest.drain(..size.min(self.rest.len()));
                return Next::Packet(packet.collect());
            }
            if let Some(until) = self.waits(now) {
                return Next::Wait(until);
            }
            match self.script.pop_front() {
                Some(Reply::Data(data)) => self.rest = data.0.into(),
                Some(Reply::Packet(packet)) => return Next::Packet(packet.0),
                Some(Reply::Zlp) => return Next::Packet(Vec::new()),
                Some(Reply::Babble) => return Next::Packet(vec![0xba; size.min(left) + 1]),
                Some(Reply::Stall) => return Next::Stall,
                Some(Reply::Error) => return Next::Error,
                Some(Reply::Gone) => return Next::Gone,
                Some(_) => {}
                None => {
                    let Some(packet) = self.looped.pop_front() else { return Next::Wait(None) };
                    self.held -= packet.len();
                    return Next::Packet(packet);
                }
            }
        }
    }
}

impl Transfer {
    pub(super) fn new(handle: u32, request: Submission, now: u64) -> Transfer {
        Transfer {
            handle,
            limit: request.limit_ns.map(|ns| now.saturating_add(ns)),
            request,
            done: None,
            sent: 0,
            got: Vec::new(),
            packets: Vec::new(),
            moved: Vec::new(),
            waits: false,
            answer: None,
        }
    }

    /// The endpoint on whose queue it stands.
    pub(super) fn pipe(&self) -> u8 {
        if self.request.kind == Kind::Control { 0 } else { self.request.endpoint }
    }

    pub(super) fn is_in(&self) -> bool {
        is_in(self.request.kind, self.request.endpoint, &self.request.setup)
    }

    fn name(&self) -> String {
        let stream = match self.request.stream {
            0 => String::new(),
            stream => format!(" #{stream}"),
        };
        format!("{:#04x}{stream}", self.pipe())
    }

    fn data_line(&self, data: &[u8]) -> String {
        format!("{} {} [{}]", if self.is_in() { "IN" } else { "OUT" }, self.name(), bytes(data))
    }

    /// Writes down what has moved.
    pub(super) fn flush(&mut self, channel: &Arc<str>, now: u64, trace: &mut Trace) {
        let moved = std::mem::take(&mut self.moved);
        if !moved.is_empty() {
            trace.push(now, channel, self.data_line(&moved));
        }
    }

    pub(super) fn receive(&mut self, data: Vec<u8>) {
        self.got = data;
    }

    pub(super) fn end(&mut self, status: Status) {
        self.done = Some(status);
    }

    pub(super) fn completion(self) -> Completion {
        Completion { status: self.done.unwrap_or_default(), data: self.got, packets: self.packets }
    }

    /// Writes down that it waits, once a wait.
    fn wait(&mut self, channel: &Arc<str>, now: u64, trace: &mut Trace) {
        self.flush(channel, now, trace);
        if !std::mem::replace(&mut self.waits, true) {
            trace.push(now, channel, format!("NAK {}", self.name()));
        }
    }
}

impl Device {
    /// Moves on the transfers of an endpoint as far as the device lets them.
    pub(super) fn run(&mut self, endpoint: u8, now: u64, trace: &mut Trace) {
        while !self.fell && self.present {
            let Some(id) = self.pipe(endpoint).queue.front().copied() else { return };
            let Some(mut transfer) = self.transfers.remove(&id) else { return };
            let ended = match (transfer.request.kind, transfer.is_in()) {
                (Kind::Control, _) => self.control(&mut transfer, now, trace),
                (Kind::Isochronous, _) => self.isochronous(&mut transfer, now, trace),
                (_, true) => self.take(&mut transfer, now, trace),
                (_, false) => self.give(&mut transfer, now, trace),
            };
            let channel = Arc::clone(&self.channel);
            if let Some(status) = ended {
                transfer.flush(&channel, now, trace);
                let line = match status {
                    Status::Stall => Some("STALL"),
                    Status::Error => Some("ERROR"),
                    _ => None,
                };
                if let Some(line) = line {
                    trace.push(now, &channel, format!("{line} {}", transfer.name()));
                }
                transfer.end(status);
                self.pipe(endpoint).queue.pop_front();
            }
            self.transfers.insert(id, transfer);
            if ended.is_none() {
                return;
            }
        }
    }

    /// An IN transfer of a bulk or interrupt endpoint.
    fn take(&mut self, transfer: &mut Transfer, now: u64, trace: &mut Trace) -> Option<Status> {
        let address = transfer.request.endpoint;
        let room = transfer.request.room as usize;
        let size = self.endpoint(address).map_or(1, |(_, endpoint)| endpoint.packet);
        let channel = Arc::clone(&self.channel);
        let pipe = self.pipe(address);
        loop {
            if pipe.halted {
                return Some(Status::Stall);
            }
            let left = room - transfer.got.len();
            let packet = match pipe.next(now, size, left) {
                Next::Packet(packet) => packet,
                Next::Wait(until) => {
                    pipe.until = until;
                    transfer.wait(&channel, now, trace);
                    return None;
                }
                Next::Stall => {
                    pipe.halted = true;
                    continue;
                }
                Next::Error => return Some(Status::Error),
                Next::Gone => {
                    self.fell = true;
                    return None;
                }
            };
            if pipe.device_toggle != pipe.host_toggle {
                // The host takes it for the packet before, sent again.
                pipe.device_toggle = !pipe.device_toggle;
                transfer.flush(&channel, now, trace);
                trace.push(now, &channel, format!("DISCARD {} [{}]", transfer.name(), bytes(&packet)));
                continue;
            }
            if packet.len() > left || packet.len() > size {
                transfer.flush(&channel, now, trace);
                trace.push(now, &channel, format!("BABBLE {} [{}]", transfer.name(), bytes(&packet)));
                return Some(Status::Overflow);
            }
            pipe.device_toggle = !pipe.device_toggle;
            pipe.host_toggle = !pipe.host_toggle;
            transfer.waits = false;
            transfer.moved.extend(&packet);
            transfer.got.extend(&packet);
            if packet.is_empty() {
                transfer.flush(&channel, now, trace);
                trace.push(now, &channel, transfer.data_line(&[]));
            }
            if packet.len() < size || transfer.got.len() == room {
                return Some(Status::Complete);
            }
        }
    }

    /// An OUT transfer of a bulk or interrupt endpoint.
    fn give(&mut self, transfer: &mut Transfer, now: u64, trace: &mut Trace) -> Option<Status> {
        let address = transfer.request.endpoint;
        let size = self.endpoint(address).map_or(1, |(_, endpoint)| endpoint.packet);
        let channel = Arc::clone(&self.channel);
        let looping: Vec<_> = self.pipes.iter().filter(|(_, p)| p.loopback == Some(address)).map(|(a, _)| *a).collect();
        loop {
            let full = looping.iter().any(|to| self.pipe(*to).held > MOST_HELD);
            let pipe = self.pipe(address);
            if pipe.halted {
                return Some(Status::Stall);
            }
            if let Some(until) = pipe.waits(now).or(full.then_some(None)) {
                pipe.until = until;
                transfer.wait(&channel, now, trace);
                return None;
            }
            match pipe.script.pop_front() {
                Some(Reply::Stall) => {
                    pipe.halted = true;
                    continue;
                }
                Some(Reply::Error) => return Some(Status::Error),
                Some(Reply::Gone) => {
                    self.fell = true;
                    return None;
                }
                _ => {}
            }
            let end = transfer.request.data.len().min(transfer.sent + size);
            let packet = transfer.request.data[transfer.sent..end].to_vec();
            transfer.sent = end;
            transfer.waits = false;
            let lost = pipe.device_toggle != pipe.host_toggle;
            pipe.host_toggle = !pipe.host_toggle;
            if lost {
                transfer.flush(&channel, now, trace);
                trace.push(now, &channel, format!("DISCARD {} [{}]", transfer.name(), bytes(&packet)));
            } else {
                pipe.device_toggle = !pipe.device_toggle;
                transfer.moved.extend(&packet);
                if packet.is_empty() {
                    trace.push(now, &channel, transfer.data_line(&[]));
                }
                for to in &looping {
                    let to = self.pipe(*to);
                    to.held += packet.len();
                    to.looped.push_back(packet.clone());
                }
            }
            if end == transfer.request.data.len() {
                transfer.flush(&channel, now, trace);
                looping.iter().for_each(|to| self.run(*to, now, trace));
                return Some(Status::Complete);
            }
        }
    }

    /// An isochronous transfer: its packets go at their frames, whatever comes, and it is over with the
    /// last of them.
    fn isochronous(&mut self, transfer: &mut Transfer, now: u64, trace: &mut Trace) -> Option<Status> {
        let address = transfer.request.endpoint;
        let high = self.config.speed >= super::config::Speed::High;
        let frame: u64 = if high { 125_000 } else { 1_000_000 };
        let size = self.endpoint(address).map_or(1, |(_, endpoint)| endpoint.packet);
        let channel = Arc::clone(&self.channel);
        let lengths = transfer.request.packets.clone();
        let pipe = self.pipe(address);
        let over = *pipe.until.get_or_insert(now.saturating_add(frame.saturating_mul(lengths.len() as u64)));
        if now < over {
            return None;
        }
        let mut line = format!("ISO {}", transfer.name());
        let mut at = 0;
        for length in lengths.into_iter().map(|length| length as usize) {
            let (status, data) = match transfer.is_in() {
                false => (Status::Complete, transfer.request.data[at..at + length].to_vec()),
                true => match pipe.next_isochronous(size) {
                    Some(Next::Packet(packet)) if packet.len() > length => (Status::Overflow, Vec::new()),
                    Some(Next::Packet(packet)) => (Status::Complete, packet),
                    Some(Next::Gone) => {
                        self.fell = true;
                        return None;
                    }
                    Some(Next::Error | Next::Stall) => (Status::Error, Vec::new()),
                    Some(Next::Wait(_)) | None => (Status::Complete, Vec::new()),
                },
            };
            line += &match status {
                Status::Complete => format!(" [{}]", bytes(&data)),
                Status::Overflow => " BABBLE".to_owned(),
                _ => " ERROR".to_owned(),
            };
            let data = if transfer.is_in() { data } else { Vec::new() };
            transfer.packets.push(Packet { status, data });
            at += length;
        }
        pipe.until = None;
        trace.push(now, &channel, line);
        Some(Status::Complete)
    }
}

impl Pipe {
    /// As [`Pipe::next`], of an endpoint that waits for nobody: what would be a wait is an empty packet.
    fn next_isochronous(&mut self, size: usize) -> Option<Next> {
        match self.script.front() {
            Some(Reply::Nak) if self.rest.is_empty() => None,
            Some(Reply::NakNs(_)) if self.rest.is_empty() => {
                self.script.pop_front();
                None
            }
            _ => Some(self.next(0, size, size)),
        }
    }
}
