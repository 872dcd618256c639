//! Endpoints and transfers: what an endpoint has to say next, and what a transfer has got.

use super::config::{EndpointConfig, Reply};
use crate::notation::bytes;
use crate::now::Now;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use wasi_hw_seam::usb::{Completion, Kind, Packet, Status, Submission, TransferId};

/// What a loopback holds at most; beyond that its OUT endpoint is not ready.
pub(super) const MOST_HELD: usize = 1 << 24;

/// The state of an endpoint.
pub(super) struct Pipe {
    pub(super) script: VecDeque<Reply>,
    pub(super) loopback: Option<u8>,
    /// What is left of a reply that goes out in several packets.
    pub(super) rest: VecDeque<u8>,
    pub(super) looped: VecDeque<Vec<u8>>,
    pub(super) held: usize,
    pub(super) halted: bool,
    pub(super) host_toggle: bool,
    pub(super) device_toggle: bool,
    /// While the device is not ready: when it will be.
    pub(super) until: Option<u64>,
    /// The transfers; the one that was submitted first runs.
    pub(super) queue: BTreeSet<TransferId>,
}

/// A transfer.
pub(super) struct Transfer {
    pub(super) handle: u32,
    pub(super) request: Submission,
    pub(super) limit: Option<u64>,
    pub(super) done: Option<Status>,
    /// OUT: how much is sent.
    pub(super) sent: usize,
    pub(super) got: Vec<u8>,
    pub(super) packets: Vec<Packet>,
    /// Bytes that moved and are not yet in the trace.
    pub(super) moved: Vec<u8>,
    /// Whether the trace says that it waits.
    pub(super) waits: bool,
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
pub(super) enum Next {
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
            queue: BTreeSet::new(),
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
    pub(super) fn waits(&mut self, now: u64) -> Option<Option<u64>> {
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

    pub(super) fn next(&mut self, now: u64, size: usize, left: usize) -> Next {
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
        self.request.is_in()
    }

    pub(super) fn name(&self) -> String {
        let stream = match self.request.stream {
            0 => String::new(),
            stream => format!(" #{stream}"),
        };
        format!("{:#04x}{stream}", self.pipe())
    }

    pub(super) fn data_line(&self, data: &[u8]) -> String {
        format!("{} {} [{}]", if self.is_in() { "IN" } else { "OUT" }, self.name(), bytes(data))
    }

    /// Writes down what has moved.
    pub(super) fn flush(&mut self, channel: &Arc<str>, now: &mut Now) {
        let moved = std::mem::take(&mut self.moved);
        if !moved.is_empty() {
            now.line(channel, self.data_line(&moved));
        }
    }

    pub(super) fn receive(&mut self, data: Vec<u8>) {
        self.got = data;
    }

    pub(super) fn end(&mut self, status: Status) {
        self.done = Some(status);
    }

    pub(super) fn completion(self) -> Completion {
        let status = self.done.unwrap_or_default();
        let all =
            matches!(self.request.kind, Kind::Control | Kind::Isochronous) && status == Status::Completed;
        let sent = if all { self.request.data.len() } else { self.sent };
        Completion { status, data: self.got, sent, packets: self.packets }
    }

    /// Writes down that it waits, once a wait.
    pub(super) fn wait(&mut self, channel: &Arc<str>, now: &mut Now) {
        self.flush(channel, now);
        if !std::mem::replace(&mut self.waits, true) {
            now.line(channel, format!("NAK {}", self.name()));
        }
    }
}
