//! USB devices.

use super::{Client, Opened};
use crate::{Bytes, Empty, Op, Until, Wait, usb};
use std::collections::VecDeque;
use std::task::{Context, Poll};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{
    Change, Completion, Device, DeviceId, Handle, Reset, Submission, TransferId, Usb, Watch,
};

/// The devices.
pub(super) struct Devices(pub(super) Client);

impl Usb for Devices {
    fn devices(&mut self) -> Result<Vec<Device>, Refusal> {
        let usb::Devices { devices } = self.0.drive(Op::UsbDevices(Empty {}))?;
        Ok(devices.into_iter().map(Device::from).collect())
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Refusal> {
        let found = self.devices()?.into_iter().find(|other| other.id == device);
        found.map(|device| device.active).ok_or(Refusal::Gone)
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Refusal> {
        let device = u32::try_from(device.0).map_err(|_| Refusal::Gone)?;
        Ok(Box::new(Driver(self.0.open(Op::UsbOpen(usb::Open { device }), Op::UsbClose)?)))
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Refusal> {
        self.0.done(Op::UsbWatch(Empty {}))?;
        Ok(Box::new(Watcher { client: self.0.clone(), events: None }))
    }
}

/// Somebody who is told of devices that come and go.
struct Watcher {
    client: Client,
    /// What is left of what was told, until it has been told that there is nothing more.
    events: Option<VecDeque<usb::Event>>,
}

impl Watch for Watcher {
    fn next(&mut self) -> Option<Change> {
        let events = self.events.get_or_insert_with(|| {
            // If the conversation is over, nothing comes any more.
            let asked = self.client.drive::<usb::Events>(Op::UsbEvents(Empty {}));
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
        let asked = || self.client.poll(Wait { hotplug: true, ..Wait::default() });
        told || asked().is_ok_and(|woken| woken.hotplug)
    }
}

/// An open device.
struct Driver(Opened);

impl Driver {
    fn done(&self, op: Op) -> Result<(), Refusal> {
        self.0.client.done(op)
    }

    fn value(&self, op: Op) -> Result<u32, Refusal> {
        let usb::Value { value } = self.0.client.drive(op)?;
        Ok(value)
    }

    fn interface(&self, interface: u8) -> usb::Interface {
        usb::Interface { handle: self.0.handle, interface }
    }
}

impl Handle for Driver {
    fn configuration(&mut self) -> Result<u8, Refusal> {
        let value = self.value(Op::UsbConfiguration(self.0.itself()))?;
        u8::try_from(value).map_err(|_| Refusal::Other)
    }

    fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Refusal> {
        self.done(Op::UsbSetConfiguration(usb::SetConfiguration { handle: self.0.handle, value }))
    }

    fn claim(&mut self, interface: u8) -> Result<(), Refusal> {
        self.done(Op::UsbClaim(self.interface(interface)))
    }

    fn release(&mut self, interface: u8) -> Result<(), Refusal> {
        self.done(Op::UsbRelease(self.interface(interface)))
    }

    fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Refusal> {
        self.done(Op::UsbSetInterface(usb::SetInterface { handle: self.0.handle, interface, alternate }))
    }

    fn clear_halt(&mut self, endpoint: u8) -> Result<(), Refusal> {
        self.done(Op::UsbClearHalt(usb::Endpoint { handle: self.0.handle, endpoint }))
    }

    fn reset(&mut self) -> Result<Reset, Refusal> {
        match self.done(Op::UsbReset(self.0.itself())) {
            Ok(()) => Ok(Reset::Same),
            Err(Refusal::NotFound) => Ok(Reset::Lost),
            Err(why) => Err(why),
        }
    }

    fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<u32, Refusal> {
        let endpoints = Bytes(endpoints.to_vec());
        self.value(Op::UsbAllocStreams(usb::AllocStreams {
            handle: self.0.handle,
            count: streams,
            endpoints,
        }))
    }

    fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Refusal> {
        let endpoints = Bytes(endpoints.to_vec());
        self.done(Op::UsbFreeStreams(usb::FreeStreams { handle: self.0.handle, endpoints }))
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
        let submit = usb::Submit::new(self.0.handle, transfer);
        let crate::Handle { handle } = self.0.client.drive(Op::UsbSubmit(submit))?;
        Ok(TransferId(handle.into()))
    }

    fn cancel(&mut self, transfer: TransferId) -> Result<(), Refusal> {
        self.done(Op::UsbCancel(asked(transfer)))
    }

    /// Pending without a waker, as in process: whoever polls waits for the transfers that are awaited.
    fn poll_reap(&mut self, transfer: TransferId, _: &mut Context<'_>) -> Poll<Result<Completion, Refusal>> {
        let asked = asked(transfer);
        let reaped = self.0.client.drive::<usb::Reaped>(Op::UsbReap(asked));
        let over = reaped.map(|reaped| reaped.completion).transpose();
        self.0.client.awaits(asked.handle, Until::Over, over.is_none());
        over.map_or(Poll::Pending, |over| Poll::Ready(over.map(Completion::from)))
    }

    fn is_over(&mut self, transfer: TransferId) -> bool {
        self.0.client.is(asked(transfer).handle, Until::Over)
    }

    fn discard(&mut self, transfer: TransferId) {
        let asked = asked(transfer);
        self.0.client.awaits(asked.handle, Until::Over, false);
        // A transfer that is unknown has been forgotten already.
        if self.done(Op::UsbCancel(asked)).is_ok() {
            let _ = self.0.client.drive::<usb::Reaped>(Op::UsbReap(asked));
        }
    }
}

fn asked(transfer: TransferId) -> crate::Handle {
    // What was given out as a number of 32 bits.
    crate::Handle { handle: u32::try_from(transfer.0).unwrap_or(u32::MAX) }
}
