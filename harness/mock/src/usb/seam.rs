//! What a driver sees: the system's calls, as an operating system or libusb gives them.

use super::system::Devices;
use crate::board::{Board, State};
use crate::now::Now;
use std::task::{Context, Poll};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{self as seam, Change, Completion, Device, DeviceId, Reset, Submission, TransferId};

/// The USB devices of a board, as a driver sees them.
#[derive(Clone)]
pub(crate) struct Usb {
    pub(crate) board: Board,
}

/// Somebody who is told of changes, from its making on.
struct Watch {
    board: Board,
    seen: usize,
}

/// An open device.
struct Handle {
    board: Board,
    key: Key,
}

/// Which handle.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) name: String,
    /// The stay of the device for which it was opened.
    pub(super) id: DeviceId,
    /// Its number among the handles of the device.
    pub(super) number: u32,
}

fn call<R>(board: &Board, f: impl FnOnce(&mut Devices, &mut Now) -> R) -> R {
    let mut state = board.lock();
    state.operation();
    let State { now, usb, .. } = &mut *state;
    let result = f(usb, now);
    usb.settle(now);
    state.pass_on();
    result
}

impl seam::Usb for Usb {
    /// By the name of the fixture.
    fn devices(&mut self) -> Result<Vec<Device>, Refusal> {
        Ok(call(&self.board, |usb, _| usb.attached()))
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Refusal> {
        call(&self.board, |usb, _| usb.configuration(device))
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn seam::Handle>, Refusal> {
        let key = call(&self.board, |usb, now| usb.open(device, now))?;
        Ok(Box::new(Handle { board: self.board.clone(), key }))
    }

    fn watch(&mut self) -> Result<Box<dyn seam::Watch>, Refusal> {
        let seen = call(&self.board, |usb, _| usb.watch())?;
        Ok(Box::new(Watch { board: self.board.clone(), seen }))
    }
}

impl seam::Watch for Watch {
    fn next(&mut self) -> Option<Change> {
        let change = call(&self.board, |usb, _| usb.change(self.seen));
        self.seen += usize::from(change.is_some());
        change
    }

    fn has_change(&mut self) -> bool {
        self.board.lock().usb.has_change(self.seen)
    }
}

impl Handle {
    fn call<R>(&self, f: impl FnOnce(&mut Devices, &Key, &mut Now) -> R) -> R {
        call(&self.board, |usb, now| f(usb, &self.key, now))
    }
}

impl seam::Handle for Handle {
    fn configuration(&mut self) -> Result<u8, Refusal> {
        self.call(|usb, key, _| usb.configuration(key.id))
    }

    fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.set_configuration(key, value, now))
    }

    /// Again is no harm.
    fn claim(&mut self, interface: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.claim(key, interface, now))
    }

    /// Selects the alternate setting 0 first.
    fn release(&mut self, interface: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.release(key, interface, now))
    }

    fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.set_alternate(key, interface, alternate, now))
    }

    /// An interface that nobody has claimed is claimed by it, as on Linux.
    fn clear_halt(&mut self, endpoint: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.clear_halt(key, endpoint, now))
    }

    fn reset(&mut self) -> Result<Reset, Refusal> {
        self.call(|usb, key, now| usb.reset(key, now))
    }

    /// An interface that nobody has claimed is claimed by it, as on Linux.
    fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<u32, Refusal> {
        self.call(|usb, key, now| usb.alloc_streams(key, streams, endpoints, now))
    }

    fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.free_streams(key, endpoints, now))
    }

    fn kernel_driver(&mut self, interface: u8) -> Result<bool, Refusal> {
        self.call(|usb, key, _| usb.kernel_driver(key, interface))
    }

    fn detach(&mut self, interface: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.detach(key, interface, now))
    }

    fn attach(&mut self, interface: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.attach(key, interface, now))
    }

    /// An interface that nobody has claimed is claimed by it, as on Linux. Its number is its own for as long as the
    /// board lives.
    fn submit(&mut self, transfer: Submission) -> Result<TransferId, Refusal> {
        self.call(|usb, key, now| usb.submit(key, transfer, now))
    }

    fn cancel(&mut self, transfer: TransferId) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.cancel(key, transfer, now))
    }

    /// Pending without a waker: whoever polls lets the board's time pass, and asks again.
    fn poll_reap(&mut self, transfer: TransferId, _: &mut Context<'_>) -> Poll<Result<Completion, Refusal>> {
        let reaped = self.call(|usb, key, _| usb.reap(key, transfer));
        reaped.transpose().map_or(Poll::Pending, Poll::Ready)
    }

    fn is_over(&mut self, transfer: TransferId) -> bool {
        self.board.lock().usb.is_over(&self.key, transfer)
    }

    fn discard(&mut self, transfer: TransferId) {
        // A transfer that is unknown has been forgotten already.
        if self.cancel(transfer).is_ok() {
            let _ = self.call(|usb, key, _| usb.reap(key, transfer));
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.call(|usb, key, now| usb.close(key, now));
    }
}
