//! What the system does with one device: what is claimed, what is in force, what may be started.

use super::device::Device;
use super::layout::Endpoint;
use super::pipe::Pipe;
use super::seam::Key;
use super::system::suffix;
use crate::now::Now;
use std::collections::BTreeSet;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Kind, Speed, Submission};

/// The most bytes of a transfer. An adapter's operations have the same.
const CEILING: usize = 4 << 20;

/// The most packets of an isochronous transfer.
const MOST_PACKETS: usize = 1_024;

impl Device {
    pub(super) fn claimed(&self, key: &Key, interface: u8) -> Result<(), Refusal> {
        let state = self.interfaces.get(&interface);
        state.filter(|state| state.claimed == Some(key.number)).map(|_| ()).ok_or(Refusal::NotFound)
    }

    pub(super) fn run_all(&mut self, now: &mut Now) {
        let endpoints: Vec<_> = self.pipes.keys().copied().collect();
        endpoints.into_iter().for_each(|endpoint| self.run(endpoint, now));
    }

    pub(super) fn set_interface(&mut self, interface: u8, alternate: u8, now: &mut Now) {
        let before = self.endpoints_of(interface);
        self.take_back_all(|transfer| before.contains(&transfer.pipe()), now);
        self.line(now, format!("SET_INTERFACE {interface} {alternate}"));
        self.alternates.insert(interface, alternate);
        if let Some(state) = self.interfaces.get_mut(&interface) {
            state.alternate = alternate;
        }
        for endpoint in before.into_iter().chain(self.endpoints_of(interface)) {
            self.pipe(endpoint).fresh();
        }
    }

    /// Ends a claim; the alternate setting goes back to 0 first.
    pub(super) fn give_back(&mut self, key: &Key, interface: u8, now: &mut Now) {
        if self.interfaces.get(&interface).is_some_and(|state| state.alternate != 0) {
            self.set_interface(interface, 0, now);
        }
        if let Some(state) = self.interfaces.get_mut(&interface) {
            state.claimed = None;
        }
        self.line(now, format!("RELEASE {interface}{}", suffix(key)));
    }

    /// After a reset: what was in force is put in force again.
    pub(super) fn restore(&mut self, now: &mut Now) {
        self.configuration = self.value();
        self.alternates.clear();
        self.pipes.values_mut().for_each(Pipe::fresh);
        if self.active.is_none() {
            return;
        }
        self.line(now, format!("SET_CONFIGURATION {}", self.configuration));
        let alternates = self.interfaces.iter().filter(|(_, state)| state.alternate != 0);
        let alternates: Vec<_> = alternates.map(|(interface, state)| (*interface, state.alternate)).collect();
        for (interface, alternate) in alternates {
            self.set_interface(interface, alternate, now);
        }
    }

    /// Whether a transfer can be started; says which interface has to be claimed for it, if any.
    pub(super) fn admit(&self, request: &Submission) -> Result<Option<u8>, Refusal> {
        let input = request.is_in();
        let bytes = if input { request.room as usize } else { request.data.len() };
        if bytes > CEILING {
            return Err(Refusal::TooMuch);
        }
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

    /// The interfaces of endpoints that can have streams.
    pub(super) fn stream_interfaces(&self, endpoints: &[u8]) -> Result<BTreeSet<u8>, Refusal> {
        if endpoints.is_empty() || self.config.speed() < Speed::Super {
            return Err(Refusal::Invalid);
        }
        let interface = |address: &u8| match self.endpoint(*address).ok_or(Refusal::NotFound)? {
            (interface, Endpoint { kind: Kind::Bulk, .. }) => Ok(interface),
            _ => Err(Refusal::Invalid),
        };
        endpoints.iter().map(interface).collect()
    }
}
