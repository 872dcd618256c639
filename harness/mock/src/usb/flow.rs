//! How the transfers on an endpoint move, packet by packet, for as long as the device lets them.

use super::config::Reply;
use super::device::Device;
use super::pipe::{MOST_HELD, Next, Transfer};
use crate::notation::bytes;
use crate::now::Now;
use std::sync::Arc;
use wasi_hw_seam::usb::{Kind, Status};

impl Device {
    /// Moves on the transfers of an endpoint as far as the device lets them.
    pub(super) fn run(&mut self, endpoint: u8, now: &mut Now) {
        while !self.fell && self.present {
            let Some(id) = self.pipe(endpoint).queue.first().copied() else { return };
            let Some(mut transfer) = self.transfers.remove(&id) else { return };
            let ended = match (transfer.request.kind, transfer.is_in()) {
                (Kind::Control, _) => self.control(&mut transfer, now),
                (Kind::Isochronous, _) => self.isochronous(&mut transfer, now),
                (_, true) => self.take(&mut transfer, now),
                (_, false) => self.give(&mut transfer, now),
            };
            let channel = Arc::clone(&self.channel);
            if let Some(status) = ended {
                transfer.flush(&channel, now);
                let line = match status {
                    Status::Stall => Some("STALL"),
                    Status::Error => Some("ERROR"),
                    _ => None,
                };
                if let Some(line) = line {
                    now.line(&channel, format!("{line} {}", transfer.name()));
                }
                transfer.end(status);
                transfer.limit.map(|at| self.limits.remove(&(at, id)));
                self.ended = true;
                self.pipe(endpoint).queue.pop_first();
            }
            self.transfers.insert(id, transfer);
            if ended.is_none() {
                return;
            }
        }
    }

    /// An IN transfer of a bulk or interrupt endpoint.
    pub(super) fn take(&mut self, transfer: &mut Transfer, now: &mut Now) -> Option<Status> {
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
            let packet = match pipe.next(now.ns, size, left) {
                Next::Packet(packet) => packet,
                Next::Wait(until) => {
                    pipe.until = until;
                    transfer.wait(&channel, now);
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
                transfer.flush(&channel, now);
                now.line(&channel, format!("DISCARD {} [{}]", transfer.name(), bytes(&packet)));
                continue;
            }
            if packet.len() > left || packet.len() > size {
                transfer.flush(&channel, now);
                now.line(&channel, format!("BABBLE {} [{}]", transfer.name(), bytes(&packet)));
                return Some(Status::Overflow);
            }
            pipe.device_toggle = !pipe.device_toggle;
            pipe.host_toggle = !pipe.host_toggle;
            transfer.waits = false;
            transfer.moved.extend(&packet);
            transfer.got.extend(&packet);
            if packet.is_empty() {
                transfer.flush(&channel, now);
                now.line(&channel, transfer.data_line(&[]));
            }
            if packet.len() < size || transfer.got.len() == room {
                return Some(Status::Completed);
            }
        }
    }

    /// An OUT transfer of a bulk or interrupt endpoint.
    pub(super) fn give(&mut self, transfer: &mut Transfer, now: &mut Now) -> Option<Status> {
        let address = transfer.request.endpoint;
        let size = self.endpoint(address).map_or(1, |(_, endpoint)| endpoint.packet);
        let channel = Arc::clone(&self.channel);
        let looping: Vec<_> =
            self.pipes.iter().filter(|(_, p)| p.loopback == Some(address)).map(|(a, _)| *a).collect();
        loop {
            let full = looping.iter().any(|to| self.pipe(*to).held > MOST_HELD);
            let pipe = self.pipe(address);
            if pipe.halted {
                return Some(Status::Stall);
            }
            if let Some(until) = pipe.waits(now.ns).or(full.then_some(None)) {
                pipe.until = until;
                transfer.wait(&channel, now);
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
                transfer.flush(&channel, now);
                now.line(&channel, format!("DISCARD {} [{}]", transfer.name(), bytes(&packet)));
            } else {
                pipe.device_toggle = !pipe.device_toggle;
                transfer.moved.extend(&packet);
                if packet.is_empty() {
                    transfer.flush(&channel, now);
                    now.line(&channel, transfer.data_line(&[]));
                }
                for to in &looping {
                    let to = self.pipe(*to);
                    to.held += packet.len();
                    to.looped.push_back(packet.clone());
                }
            }
            let full = !packet.is_empty() && packet.len() == size;
            if end == transfer.request.data.len() && !(full && transfer.request.zero_packet) {
                transfer.flush(&channel, now);
                looping.iter().for_each(|to| self.run(*to, now));
                return Some(Status::Completed);
            }
        }
    }
}
