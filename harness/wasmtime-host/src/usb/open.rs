//! An open device as its handle and its transfers share it: what is claimed, what is in flight, and what
//! is left when it is closed.

use super::{descriptors, error};
use crate::bindings::usb::wasi::usb::descriptors::ConfigurationDescriptor;
use crate::bindings::usb::wasi::usb::errors::LibusbError;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, Device, Handle, Kind, Reset, Speed, Status, Submission, TransferId};

/// An open device, shared by the guest's handle and the transfers made from it.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Open>>);

pub(super) struct Open {
    /// Nothing when it is closed.
    handle: Option<Box<dyn Handle>>,
    configurations: Vec<ConfigurationDescriptor>,
    speed: Speed,
    keep_kernel_drivers: bool,
    /// After a reset that lost the device.
    lost: bool,
    claimed: BTreeSet<u8>,
    /// Interfaces that were taken from a kernel driver by a claim.
    taken: BTreeSet<u8>,
    streams: BTreeMap<u8, u32>,
    in_flight: BTreeSet<TransferId>,
    /// What transfers came to that closing has ended, until they are awaited.
    ended: BTreeMap<TransferId, Completion>,
}

impl Shared {
    pub(super) fn new(handle: Box<dyn Handle>, device: &Device, keep_kernel_drivers: bool) -> Shared {
        let configurations = device.configurations.iter();
        Shared(Arc::new(Mutex::new(Open {
            handle: Some(handle),
            configurations: configurations.filter_map(|bytes| descriptors::configuration(bytes)).collect(),
            speed: device.speed,
            keep_kernel_drivers,
            lost: false,
            claimed: BTreeSet::new(),
            taken: BTreeSet::new(),
            streams: BTreeMap::new(),
            in_flight: BTreeSet::new(),
            ended: BTreeMap::new(),
        })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    pub(super) fn closed(&self) -> bool {
        self.handle.is_none()
    }

    /// The driver's handle, of a device that is neither closed nor lost.
    fn live(&mut self) -> Result<&mut Box<dyn Handle>, LibusbError> {
        self.handle.as_mut().filter(|_| !self.lost).ok_or(LibusbError::NoDevice)
    }

    pub(super) fn configuration(&mut self) -> Result<u8, LibusbError> {
        self.live()?.configuration().map_err(error)
    }

    pub(super) fn set_configuration(&mut self, value: Option<u8>) -> Result<(), LibusbError> {
        self.live()?.set_configuration(value).map_err(error)?;
        self.streams.clear();
        Ok(())
    }

    pub(super) fn claim(&mut self, interface: u8) -> Result<(), LibusbError> {
        let keep = self.keep_kernel_drivers;
        let held = self.claimed.contains(&interface);
        let handle = self.live()?;
        let mut claimed = handle.claim(interface).map_err(error);
        // A handle that has it cannot be told to be busy; whoever else has it may be a kernel driver.
        let driver =
            !held && claimed == Err(LibusbError::Busy) && handle.kernel_driver(interface) == Ok(true);
        if driver && !keep && handle.detach(interface).is_ok() {
            claimed = handle.claim(interface).map_err(error);
            match claimed {
                Ok(()) => _ = self.taken.insert(interface),
                // Whoever was faster has it; the driver gets it back if it can.
                Err(_) => _ = handle.attach(interface),
            }
        }
        claimed?;
        self.claimed.insert(interface);
        Ok(())
    }

    pub(super) fn release(&mut self, interface: u8) -> Result<(), LibusbError> {
        self.live()?;
        if !self.claimed.contains(&interface) {
            return self.absent();
        }
        self.give_back(interface)
    }

    /// Releases an interface, and gives it back to the driver that it was taken from.
    fn give_back(&mut self, interface: u8) -> Result<(), LibusbError> {
        let handle = self.live()?;
        handle.release(interface).map_err(error)?;
        self.claimed.remove(&interface);
        if self.taken.remove(&interface) {
            // The release has succeeded; a driver that does not come back is no error of it.
            let _ = self.live()?.attach(interface);
        }
        Ok(())
    }

    /// There is no such thing, or no device any more.
    fn absent(&mut self) -> Result<(), LibusbError> {
        self.configuration()?;
        Err(LibusbError::NotFound)
    }

    pub(super) fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), LibusbError> {
        self.live()?;
        if !self.claimed.contains(&interface) {
            return self.absent();
        }
        self.live()?.set_alternate(interface, alternate).map_err(error)
    }

    pub(super) fn clear_halt(&mut self, endpoint: u8) -> Result<(), LibusbError> {
        self.live()?.clear_halt(endpoint).map_err(error)
    }

    pub(super) fn reset(&mut self) -> Result<(), LibusbError> {
        let reset = self.live()?.reset().map_err(error)?;
        self.streams.clear();
        match reset {
            Reset::Same => Ok(()),
            Reset::Lost => {
                self.lost = true;
                Err(LibusbError::NotFound)
            }
        }
    }

    pub(super) fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<(), LibusbError> {
        self.stream_endpoints(endpoints)?;
        let handle = self.live()?;
        let granted = handle.alloc_streams(streams, endpoints).map_err(error)?;
        if granted < streams {
            // The result has no room for the number, so fewer would leave the guest guessing.
            let _ = handle.free_streams(endpoints);
            return Err(LibusbError::NoMem);
        }
        self.streams.extend(endpoints.iter().map(|endpoint| (*endpoint, granted)));
        Ok(())
    }

    pub(super) fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), LibusbError> {
        self.stream_endpoints(endpoints)?;
        self.live()?.free_streams(endpoints).map_err(error)?;
        self.streams.retain(|endpoint, _| !endpoints.contains(endpoint));
        Ok(())
    }

    fn stream_endpoints(&mut self, endpoints: &[u8]) -> Result<(), LibusbError> {
        self.configuration()?;
        if self.speed < Speed::Super {
            return Err(LibusbError::NotSupported);
        }
        // A device has thirty endpoints at most.
        if endpoints.len() > 30 { Err(LibusbError::InvalidParam) } else { Ok(()) }
    }

    pub(super) fn kernel_driver(&mut self, interface: u8) -> Result<bool, LibusbError> {
        self.live()?.kernel_driver(interface).map_err(error)
    }

    pub(super) fn detach(&mut self, interface: u8) -> Result<(), LibusbError> {
        let keep = self.keep_kernel_drivers;
        let handle = self.live()?;
        if keep && handle.kernel_driver(interface).map_err(error)? {
            return Err(LibusbError::Access);
        }
        handle.detach(interface).map_err(error)
    }

    pub(super) fn attach(&mut self, interface: u8) -> Result<(), LibusbError> {
        self.live()?.attach(interface).map_err(error)
    }

    /// Starts a transfer, after what the host itself has to say about it.
    pub(super) fn submit(&mut self, transfer: Submission) -> Result<TransferId, LibusbError> {
        let value = self.configuration()?;
        if transfer.kind == Kind::Control {
            // These two would change what the platform believes in behind its back.
            if let [0, 9, ..] | [1, 11, ..] = transfer.setup {
                return Err(LibusbError::InvalidParam);
            }
        } else {
            let endpoint = transfer.endpoint;
            let active = self.configurations.iter().filter(|c| c.configuration_value == value && value != 0);
            let mut settings = active.flat_map(|configuration| &configuration.interfaces);
            let has = |e: &[_]| e.iter().any(|e: &super::host::Endpoint| e.endpoint_address == endpoint);
            if !settings.any(|s| self.claimed.contains(&s.interface_number) && has(&s.endpoints)) {
                return Err(LibusbError::NotFound);
            }
            if transfer.stream > self.streams.get(&endpoint).copied().unwrap_or(0) {
                return Err(LibusbError::InvalidParam);
            }
        }
        let id = self.live()?.submit(transfer).map_err(error)?;
        self.in_flight.insert(id);
        Ok(id)
    }

    pub(super) fn cancel(&mut self, id: TransferId) -> Result<(), LibusbError> {
        match &mut self.handle {
            Some(handle) if self.in_flight.contains(&id) => handle.cancel(id).map_err(error),
            // It has ended already, by closing.
            _ => Ok(()),
        }
    }

    pub(super) fn poll_reap(&mut self, id: TransferId, context: &mut Context<'_>) -> Poll<Completion> {
        if let Some(ended) = self.ended.remove(&id) {
            return Poll::Ready(ended);
        }
        match &mut self.handle {
            Some(handle) => handle.poll_reap(id, context).map(|reaped| {
                self.in_flight.remove(&id);
                told(reaped)
            }),
            None => Poll::Ready(ended(Status::Cancelled)),
        }
    }

    /// Nobody waits for this transfer any more.
    pub(super) fn forget(&mut self, id: TransferId) {
        self.ended.remove(&id);
        if let (true, Some(handle)) = (self.in_flight.remove(&id), &mut self.handle) {
            handle.discard(id);
        }
    }

    /// Closes the device. What is in flight ends; what was complete before keeps its result.
    pub(super) fn close(&mut self) {
        let Some(mut handle) = self.handle.take() else { return };
        let mut context = Context::from_waker(Waker::noop());
        for id in std::mem::take(&mut self.in_flight) {
            let completion = match handle.poll_reap(id, &mut context) {
                Poll::Ready(reaped) => told(reaped),
                Poll::Pending => {
                    handle.discard(id);
                    ended(Status::Cancelled)
                }
            };
            self.ended.insert(id, completion);
        }
        for interface in std::mem::take(&mut self.claimed) {
            // Nothing can fail here; the device may be gone.
            let _ = handle.release(interface);
            if self.taken.remove(&interface) {
                let _ = handle.attach(interface);
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.close();
    }
}

fn ended(status: Status) -> Completion {
    Completion { status, ..Completion::default() }
}

/// A transfer whose end the driver does not tell has failed.
fn told(reaped: Result<Completion, Refusal>) -> Completion {
    reaped.unwrap_or_else(|_| ended(Status::Error))
}
