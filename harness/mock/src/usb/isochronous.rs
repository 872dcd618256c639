//! Isochronous transfers: packets go at their frames, and fail each for itself.

use super::config::Reply;
use super::device::Device;
use super::pipe::{Next, Pipe, Transfer};
use crate::notation::bytes;
use crate::now::Now;
use std::sync::Arc;
use wasi_hw_seam::usb::{Packet, Speed, Status};

impl Device {
    /// An isochronous transfer: its packets go at their frames, whatever comes, and it is over with the
    /// last of them.
    pub(super) fn isochronous(&mut self, transfer: &mut Transfer, now: &mut Now) -> Option<Status> {
        let address = transfer.request.endpoint;
        let high = self.config.speed() >= Speed::High;
        let frame: u64 = if high { 125_000 } else { 1_000_000 };
        let size = self.endpoint(address).map_or(1, |(_, endpoint)| endpoint.packet);
        let channel = Arc::clone(&self.channel);
        let lengths = transfer.request.packets.clone();
        let pipe = self.pipe(address);
        let over =
            *pipe.until.get_or_insert(now.ns.saturating_add(frame.saturating_mul(lengths.len() as u64)));
        if now.ns < over {
            return None;
        }
        let mut line = format!("ISO {}", transfer.name());
        let mut at = 0;
        for length in lengths.into_iter().map(|length| length as usize) {
            let (status, data) = match transfer.is_in() {
                false => (Status::Completed, transfer.request.data[at..at + length].to_vec()),
                true => match pipe.next_isochronous(size) {
                    Some(Next::Packet(packet)) if packet.len() > length => (Status::Overflow, Vec::new()),
                    Some(Next::Packet(packet)) => (Status::Completed, packet),
                    Some(Next::Gone) => {
                        self.fell = true;
                        return None;
                    }
                    Some(Next::Error | Next::Stall) => (Status::Error, Vec::new()),
                    Some(Next::Wait(_)) | None => (Status::Completed, Vec::new()),
                },
            };
            line += &match status {
                Status::Completed => format!(" [{}]", bytes(&data)),
                Status::Overflow => " BABBLE".to_owned(),
                _ => " ERROR".to_owned(),
            };
            let (data, sent) = if transfer.is_in() { (data, 0) } else { (Vec::new(), length) };
            transfer.packets.push(Packet { status, data, sent });
            at += length;
        }
        pipe.until = None;
        now.line(&channel, line);
        Some(Status::Completed)
    }
}

impl Pipe {
    /// As [`Pipe::next`], of an endpoint that waits for nobody: what would be a wait is an empty packet.
    pub(super) fn next_isochronous(&mut self, size: usize) -> Option<Next> {
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
