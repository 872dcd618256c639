//! Transfers: made, submitted, awaited, each once.

use super::open::Shared;
use super::{InFlight, Share, UsbPolicy};
use crate::bindings::usb::wasi::usb::errors::LibusbError;
use std::future::poll_fn;
use wasi_hw_seam::usb::{Completion, Kind, Status, Submission, TransferId};

/// What stands behind a guest's `transfer`.
pub struct Transfer {
    shared: Shared,
    request: Request,
    in_flight: InFlight,
    state: State,
}

enum State {
    New,
    Submitted(Running),
}

/// A transfer that was submitted. Dropping it forgets it; if it is in flight it is cancelled.
struct Running {
    shared: Shared,
    id: TransferId,
    _share: Share,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.lock().forget(self.id);
    }
}

/// What a guest asks of a new transfer.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) kind: Kind,
    /// Without wLength, which is `size`.
    pub(super) setup: [u8; 6],
    pub(super) size: u32,
    pub(super) endpoint: u8,
    pub(super) timeout_ms: u32,
    pub(super) stream: u32,
    pub(super) packets: u32,
}

impl Request {
    /// Whether data goes from the device to the guest.
    fn is_in(&self) -> bool {
        let direction = if self.kind == Kind::Control { self.setup[0] } else { self.endpoint };
        direction & 0x80 != 0
    }

    /// Finds what no transfer can be, before anything is allocated.
    fn check(&self, policy: &UsbPolicy) -> Result<(), LibusbError> {
        let isochronous = self.kind == Kind::Isochronous;
        if self.kind == Kind::Control && self.size > u32::from(u16::MAX) || isochronous && self.packets == 0 {
            return Err(LibusbError::InvalidParam);
        }
        if self.size > policy.most_bytes || isochronous && self.packets > policy.most_packets {
            return Err(LibusbError::NoMem);
        }
        Ok(())
    }

    /// What the driver gets. The sizes were checked.
    fn submission(&self, data: Vec<u8>) -> Submission {
        let is_in = self.is_in();
        let control = self.kind == Kind::Control;
        let mut setup = [0; 8];
        setup[..6].copy_from_slice(&self.setup);
        // A control transfer is not larger than a u16; the others have no SETUP packet.
        setup[6..].copy_from_slice(&self.size.to_le_bytes()[..2]);
        Submission {
            kind: self.kind,
            endpoint: if control { 0 } else { self.endpoint },
            setup: if control { setup } else { [0; 8] },
            data: if is_in { Vec::new() } else { data },
            room: if is_in { self.size } else { 0 },
            packets: if self.kind == Kind::Isochronous {
                shares(self.size, self.packets)
            } else {
                Vec::new()
            },
            stream: if control { 0 } else { self.stream },
            limit_ns: (self.timeout_ms != 0).then_some(u64::from(self.timeout_ms) * 1_000_000),
            zero_packet: false,
        }
    }
}

/// Shares a size evenly; the remainder is the last one's. There is at least one packet.
fn shares(size: u32, packets: u32) -> Vec<u32> {
    let each = size / packets;
    let mut lengths = vec![each; packets as usize];
    if let Some(last) = lengths.last_mut() {
        *last = size - each * (packets - 1);
    }
    lengths
}

impl Transfer {
    pub(super) fn new(
        shared: Shared,
        request: Request,
        policy: &UsbPolicy,
        in_flight: InFlight,
    ) -> Result<Transfer, LibusbError> {
        request.check(policy)?;
        Ok(Transfer { shared, request, in_flight, state: State::New })
    }

    pub(super) fn submit(&mut self, data: Vec<u8>) -> Result<(), LibusbError> {
        let mut open = self.shared.lock();
        if open.closed() {
            return Err(LibusbError::NoDevice);
        }
        if let State::Submitted(_) = self.state {
            return Err(LibusbError::Busy);
        }
        if !self.request.is_in() && data.len() != self.request.size as usize {
            return Err(LibusbError::InvalidParam);
        }
        let share = self.in_flight.take(self.request.size)?;
        let id = open.submit(self.request.submission(data))?;
        self.state = State::Submitted(Running { shared: self.shared.clone(), id, _share: share });
        Ok(())
    }

    pub(super) fn cancel(&mut self) -> Result<(), LibusbError> {
        match &self.state {
            State::New => Err(LibusbError::NotFound),
            State::Submitted(running) => self.shared.lock().cancel(running.id),
        }
    }

    /// Waits for the end. The lock is never held while it waits.
    pub(super) async fn finish(self) -> Result<Vec<u8>, LibusbError> {
        let State::Submitted(running) = &self.state else { return Err(LibusbError::NotFound) };
        let completion = poll_fn(|context| self.shared.lock().poll_reap(running.id, context)).await;
        result(completion)
    }
}

/// What a guest is told. The bytes of isochronous packets are joined up: a guest that gets no lengths
/// could not find gaps, and a packet that failed has none.
fn result(completion: Completion) -> Result<Vec<u8>, LibusbError> {
    match completion.status {
        Status::Completed if completion.packets.is_empty() => Ok(completion.data),
        Status::Completed => {
            let whole = completion.packets.into_iter().filter(|packet| packet.status == Status::Completed);
            Ok(whole.flat_map(|packet| packet.data).collect())
        }
        Status::Stall => Err(LibusbError::Pipe),
        Status::Overflow => Err(LibusbError::Overflow),
        Status::Error => Err(LibusbError::Io),
        // There is no error for cancellation.
        Status::Cancelled => Err(LibusbError::Interrupted),
        Status::TimedOut => Err(LibusbError::Timeout),
        Status::Gone => Err(LibusbError::NoDevice),
    }
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn shares_are_even_and_the_last_has_the_remainder() {
        assert_eq!(shares(10, 3), [3, 3, 4]);
        assert_eq!(shares(2, 3), [0, 0, 2]);
        assert_eq!(shares(u32::MAX, 1), [u32::MAX]);
    }
}
