//! USB behind the protocol.

use super::Remote;
use crate::runtime::reference::usb::policy;
use crate::suite::fixture::UsbHost;
use std::collections::VecDeque;
use std::task::{Context, Poll};
use wasi_hw_protocol as protocol;
use wasi_hw_protocol::usb as wire;
use wasi_hw_protocol::{Bytes, Empty, Op, Wait};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{
    Change, Completion, Device, DeviceId, Handle, Reset, Submission, TransferId, Usb, Watch,
};
use wasi_hw_wasmtime::usb::UsbCtx;

impl Remote {
    /// The host of one store.
    pub(super) fn usb(&self, host: &UsbHost) -> UsbCtx {
        UsbCtx::new(Box::new(RemoteUsb(self.clone())), policy(host))
    }
}

/// The USB devices behind the protocol.
struct RemoteUsb(Remote);

impl Usb for RemoteUsb {
    fn devices(&mut self) -> Result<Vec<Device>, Refusal> {
        let wire::Devices { devices } = self.0.ask(Op::UsbDevices(Empty {}))?;
        Ok(devices.into_iter().map(Device::from).collect())
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Refusal> {
        let found = self.devices()?.into_iter().find(|other| other.id == device);
        found.map(|device| device.active).ok_or(Refusal::Gone)
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Refusal> {
        let device = u32::try_from(device.0).map_err(|_| Refusal::Gone)?;
        let protocol::Handle { handle } = self.0.ask(Op::UsbOpen(wire::Open { device }))?;
        Ok(Box::new(RemoteHandle { remote: self.0.clone(), handle }))
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Refusal> {
        let Empty {} = self.0.ask(Op::UsbWatch(Empty {}))?;
        Ok(Box::new(RemoteWatch { remote: self.0.clone(), events: None }))
    }
}

struct RemoteWatch {
    remote: Remote,
    /// What is left of what was told, until it has been told that there is nothing more.
    events: Option<VecDeque<wire::Event>>,
}

impl Watch for RemoteWatch {
    fn next(&mut self) -> Option<Change> {
        let events = self.events.get_or_insert_with(|| {
            // If the conversation is over, nothing comes any more.
            let asked = self.remote.ask::<wire::Events>(Op::UsbEvents(Empty {}));
            asked.into_iter().flat_map(|told| told.events).collect()
        });
        let change = events.pop_front().map(Change::from);
        if change.is_none() {
            self.events = None;
        }
        change
    }

    fn has_change(&mut self) -> bool {
        let told = self.events.as_ref().is_some_and(|events| !events.is_empty());
        let asked = || self.remote.is_so(Wait { hotplug: true, ..Wait::default() });
        told || asked().is_ok_and(|woken| woken.hotplug)
    }
}

struct RemoteHandle {
    remote: Remote,
    handle: u32,
}

impl RemoteHandle {
    fn done(&self, op: Op) -> Result<(), Refusal> {
        let Empty {} = self.remote.ask(op)?;
        Ok(())
    }

    fn value(&self, op: Op) -> Result<u32, Refusal> {
        let wire::Value { value } = self.remote.ask(op)?;
        Ok(value)
    }

    fn itself(&self) -> protocol::Handle {
        protocol::Handle { handle: self.handle }
    }

    fn interface(&self, interface: u8) -> wire::Interface {
        wire::Interface { handle: self.handle, interface }
    }
}

impl Drop for RemoteHandle {
    fn drop(&mut self) {
        self.remote.forget(Op::UsbClose(self.itself()));
    }
}

impl Handle for RemoteHandle {
    fn configuration(&mut self) -> Result<u8, Refusal> {
        let value = self.value(Op::UsbConfiguration(self.itself()))?;
        u8::try_from(value).map_err(|_| Refusal::Other)
    }

    fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Refusal> {
        self.done(Op::UsbSetConfiguration(wire::SetConfiguration { handle: self.handle, value }))
    }

    fn claim(&mut self, interface: u8) -> Result<(), Refusal> {
        self.done(Op::UsbClaim(self.interface(interface)))
    }

    fn release(&mut self, interface: u8) -> Result<(), Refusal> {
        self.done(Op::UsbRelease(self.interface(interface)))
    }

    fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Refusal> {
        self.done(Op::UsbSetInterface(wire::SetInterface { handle: self.handle, interface, alternate }))
    }

    fn clear_halt(&mut self, endpoint: u8) -> Result<(), Refusal> {
        self.done(Op::UsbClearHalt(wire::Endpoint { handle: self.handle, endpoint }))
    }

    fn reset(&mut self) -> Result<Reset, Refusal> {
        match self.done(Op::UsbReset(self.itself())) {
            Ok(()) => Ok(Reset::Same),
            Err(Refusal::NotFound) => Ok(Reset::Lost),
            Err(why) => Err(why),
        }
    }

    fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<u32, Refusal> {
        let endpoints = Bytes(endpoints.to_vec());
        self.value(Op::UsbAllocStreams(wire::AllocStreams { handle: self.handle, count: streams, endpoints }))
    }

    fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Refusal> {
        let endpoints = Bytes(endpoints.to_vec());
        self.done(Op::UsbFreeStreams(wire::FreeStreams { handle: self.handle, endpoints }))
    }

    fn kernel_driver(&mut self, interface: u8) -> Result<bool, Refusal> {
        Ok(self.value(Op::UsbKernelDriver(self.interface(interface)))? == 1)
    }

    fn detach(&mut self, interface: u8) -> Result<(), Refusal> {
        self.done(Op::UsbDetachKernelDriver(self.interface(interface)))
    }

    fn attach(&mut self, interface: u8) -> Result<(), Refusal> {
        self.done(Op::UsbAttachKernelDriver(self.interface(interface)))
    }

    fn submit(&mut self, transfer: Submission) -> Result<TransferId, Refusal> {
        let submit = wire::Submit::new(self.handle, transfer);
        let protocol::Handle { handle } = self.remote.ask(Op::UsbSubmit(submit))?;
        Ok(TransferId(handle.into()))
    }

    fn cancel(&mut self, transfer: TransferId) -> Result<(), Refusal> {
        self.done(Op::UsbCancel(asked(transfer)))
    }

    /// Pending without a waker, as in process: whoever polls waits for the transfers that are awaited.
    fn poll_reap(&mut self, transfer: TransferId, _: &mut Context<'_>) -> Poll<Result<Completion, Refusal>> {
        let asked = asked(transfer);
        let reaped = self.remote.ask::<wire::Reaped>(Op::UsbReap(asked)).map(|reaped| reaped.completion);
        let over = reaped.map_err(Refusal::from).transpose();
        let mut awaited = self.remote.awaited();
        match over {
            None => {
                awaited.transfers.insert(asked.handle);
                Poll::Pending
            }
            Some(over) => {
                awaited.transfers.remove(&asked.handle);
                Poll::Ready(over.map(Completion::from))
            }
        }
    }

    fn is_over(&mut self, transfer: TransferId) -> bool {
        let wait = Wait { transfers: vec![asked(transfer).handle], ..Wait::default() };
        self.remote.is_so(wait).map_or(true, |woken| !woken.transfers.is_empty())
    }

    fn discard(&mut self, transfer: TransferId) {
        let asked = asked(transfer);
        self.remote.awaited().transfers.remove(&asked.handle);
        // A transfer that is unknown has been forgotten already.
        if self.done(Op::UsbCancel(asked)).is_ok() {
            let _ = self.remote.ask::<wire::Reaped>(Op::UsbReap(asked));
        }
    }
}

fn asked(transfer: TransferId) -> protocol::Handle {
    // What was given out as a number of 32 bits.
    protocol::Handle { handle: u32::try_from(transfer.0).unwrap_or(u32::MAX) }
}
