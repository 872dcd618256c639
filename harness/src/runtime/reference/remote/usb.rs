//! USB behind the protocol, as the reference host's backend.

use super::Remote;
use crate::runtime::reference::usb::policy;
use crate::suite::fixture::UsbHost;
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use std::task::{Context, Poll};
use wasi_hw_protocol as protocol;
use wasi_hw_protocol::usb as wire;
use wasi_hw_protocol::{Bytes, Code, Count, Empty, Op};
use wasi_hw_seam as seam;
use wasi_hw_wasmtime::usb::{
    Backend, Change, Completion, Device, DeviceId, Failure, Handle, Kind, Packet, Reset, Speed, Status,
    Submission, TransferId, UsbCtx, Watch,
};

impl Remote {
    /// The host of one store.
    pub(super) fn usb(&self, host: &UsbHost) -> UsbCtx {
        UsbCtx::new(Box::new(RemoteUsb(self.clone())), policy(host))
    }

    fn usb_ask<T: DeserializeOwned>(&self, op: Op) -> Result<T, Failure> {
        self.ask(op).map_err(failure)
    }

    fn usb_devices(&self) -> Result<Vec<wire::Device>, Failure> {
        Ok(self.usb_ask::<wire::Devices>(Op::UsbDevices(Empty {}))?.devices)
    }
}

struct RemoteUsb(Remote);

impl Backend for RemoteUsb {
    fn devices(&mut self) -> Result<Vec<Device>, Failure> {
        Ok(self.0.usb_devices()?.into_iter().map(device).collect())
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Failure> {
        let devices = self.0.usb_devices()?;
        let found = devices.iter().find(|other| u64::from(other.device) == device.0);
        found.map(|device| device.active).ok_or(Failure::Gone)
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Failure> {
        let device = u32::try_from(device.0).map_err(|_| Failure::Gone)?;
        let opened: protocol::Handle = self.0.usb_ask(Op::UsbOpen(wire::Open { device }))?;
        Ok(Box::new(RemoteHandle { remote: self.0.clone(), handle: opened.handle }))
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Failure> {
        self.0.usb_ask::<Empty>(Op::UsbWatch(Empty {}))?;
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
            let asked = self.remote.usb_ask::<wire::Events>(Op::UsbEvents(Empty {}));
            asked.into_iter().flat_map(|told| told.events).collect()
        });
        let Some(event) = events.pop_front() else {
            self.events = None;
            return None;
        };
        Some(match event {
            wire::Event::Arrived(about) => Change::Arrived(device(about)),
            wire::Event::Left(about) => Change::Left(device(about)),
        })
    }
}

struct RemoteHandle {
    remote: Remote,
    handle: u32,
}

impl RemoteHandle {
    fn done(&self, op: Op) -> Result<(), Failure> {
        self.remote.usb_ask::<Empty>(op).map(|Empty {}| ())
    }

    fn value(&self, op: Op) -> Result<u32, Failure> {
        Ok(self.remote.usb_ask::<wire::Value>(op)?.value)
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
    fn configuration(&mut self) -> Result<u8, Failure> {
        let value = self.value(Op::UsbConfiguration(self.itself()))?;
        u8::try_from(value).map_err(|_| Failure::Other)
    }

    fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Failure> {
        self.done(Op::UsbSetConfiguration(wire::SetConfiguration { handle: self.handle, value }))
    }

    fn claim(&mut self, interface: u8) -> Result<(), Failure> {
        self.done(Op::UsbClaim(self.interface(interface)))
    }

    fn release(&mut self, interface: u8) -> Result<(), Failure> {
        self.done(Op::UsbRelease(self.interface(interface)))
    }

    fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Failure> {
        self.done(Op::UsbSetInterface(wire::SetInterface { handle: self.handle, interface, alternate }))
    }

    fn clear_halt(&mut self, endpoint: u8) -> Result<(), Failure> {
        self.done(Op::UsbClearHalt(wire::Endpoint { handle: self.handle, endpoint }))
    }

    fn reset(&mut self) -> Result<Reset, Failure> {
        match self.done(Op::UsbReset(self.itself())) {
            Ok(()) => Ok(Reset::Same),
            Err(Failure::NotFound) => Ok(Reset::Lost),
            Err(why) => Err(why),
        }
    }

    fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<u32, Failure> {
        let endpoints = Bytes(endpoints.to_vec());
        self.value(Op::UsbAllocStreams(wire::AllocStreams { handle: self.handle, count: streams, endpoints }))
    }

    fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Failure> {
        let endpoints = Bytes(endpoints.to_vec());
        self.done(Op::UsbFreeStreams(wire::FreeStreams { handle: self.handle, endpoints }))
    }

    fn kernel_driver(&mut self, interface: u8) -> Result<bool, Failure> {
        Ok(self.value(Op::UsbKernelDriver(self.interface(interface)))? == 1)
    }

    fn detach(&mut self, interface: u8) -> Result<(), Failure> {
        self.done(Op::UsbDetachKernelDriver(self.interface(interface)))
    }

    fn attach(&mut self, interface: u8) -> Result<(), Failure> {
        self.done(Op::UsbAttachKernelDriver(self.interface(interface)))
    }

    fn submit(&mut self, transfer: Submission) -> Result<TransferId, Failure> {
        let Submission { kind, endpoint, setup, data, room, packets, stream, limit_ms } = transfer;
        let control = kind == Kind::Control;
        let inward = if control { setup[0] & 0x80 != 0 } else { endpoint & 0x80 != 0 };
        let submit = wire::Submit {
            handle: self.handle,
            endpoint,
            kind: match kind {
                Kind::Control => wire::Kind::Control,
                Kind::Bulk => wire::Kind::Bulk,
                Kind::Interrupt => wire::Kind::Interrupt,
                Kind::Isochronous => wire::Kind::Isochronous,
            },
            setup: control.then(|| Bytes(setup.to_vec())),
            write: (!inward).then_some(Bytes(data)),
            read: inward.then_some(Count(u64::from(room))),
            packets,
            stream,
            limit_ns: limit_ms.map(|ms| Count(u64::from(ms) * 1_000_000)),
        };
        let submitted: protocol::Handle = self.remote.usb_ask(Op::UsbSubmit(submit))?;
        Ok(TransferId(u64::from(submitted.handle)))
    }

    fn cancel(&mut self, transfer: TransferId) -> Result<(), Failure> {
        self.done(Op::UsbCancel(transfer_handle(transfer)))
    }

    /// Pending without a waker, as in process: whoever polls waits for the transfers that are awaited.
    fn poll_reap(&mut self, transfer: TransferId, _: &mut Context<'_>) -> Poll<Completion> {
        let asked = transfer_handle(transfer);
        let failed = || Completion { status: Status::Error, data: Vec::new(), packets: Vec::new() };
        let completion = match self.remote.usb_ask::<wire::Reaped>(Op::UsbReap(asked)) {
            Ok(wire::Reaped { completion: None }) => {
                self.remote.awaited().transfers.insert(asked.handle);
                return Poll::Pending;
            }
            Ok(wire::Reaped { completion: Some(told) }) => completion(told),
            // There is no such transfer.
            Err(_) => failed(),
        };
        self.remote.awaited().transfers.remove(&asked.handle);
        Poll::Ready(completion)
    }

    fn discard(&mut self, transfer: TransferId) {
        let asked = transfer_handle(transfer);
        self.remote.awaited().transfers.remove(&asked.handle);
        // A transfer that is unknown has been forgotten already.
        if self.done(Op::UsbCancel(asked)).is_ok() {
            let _ = self.remote.usb_ask::<wire::Reaped>(Op::UsbReap(asked));
        }
    }
}

fn transfer_handle(transfer: TransferId) -> protocol::Handle {
    // What was given out as a number of 32 bits.
    protocol::Handle { handle: u32::try_from(transfer.0).unwrap_or(u32::MAX) }
}

fn completion(told: wire::Completion) -> Completion {
    let wire::Completion { status: how, bytes: Bytes(mut data), packets, .. } = told;
    let mut rest = data.split_off(if packets.is_empty() { data.len() } else { 0 });
    let packets = packets.into_iter().map(|packet| {
        let rest_of_it = rest.split_off((packet.moved as usize).min(rest.len()));
        let data = std::mem::replace(&mut rest, rest_of_it);
        Packet { status: status(packet.status), data }
    });
    let packets = packets.collect();
    Completion { status: status(how), data, packets }
}

fn device(about: wire::Device) -> Device {
    Device {
        id: DeviceId(u64::from(about.device)),
        bus: about.bus,
        address: about.address,
        port: about.port,
        speed: match about.speed {
            wire::Speed::Unknown => Speed::Unknown,
            wire::Speed::Low => Speed::Low,
            wire::Speed::Full => Speed::Full,
            wire::Speed::High => Speed::High,
            wire::Speed::Super => Speed::Super,
            wire::Speed::SuperPlus => Speed::SuperPlus,
            wire::Speed::SuperPlusX2 => Speed::SuperPlusX2,
        },
        descriptor: about.descriptor.0,
        configurations: about.configurations.into_iter().map(|bytes| bytes.0).collect(),
    }
}

fn status(status: wire::Status) -> Status {
    match status {
        wire::Status::Completed => Status::Complete,
        wire::Status::Stall => Status::Stall,
        wire::Status::Overflow => Status::Overflow,
        wire::Status::Error => Status::Error,
        wire::Status::Cancelled => Status::Cancelled,
        wire::Status::TimedOut => Status::TimedOut,
        wire::Status::Gone => Status::Gone,
    }
}

fn failure(why: protocol::Failure) -> Failure {
    match why {
        protocol::Failure::Refused(refused) => match refused.code {
            Code::Driver(seam::Refusal::Gone) | Code::Driver(seam::Refusal::Missing) => Failure::Gone,
            Code::Driver(seam::Refusal::Denied) => Failure::Access,
            Code::Driver(seam::Refusal::NotFound) => Failure::NotFound,
            Code::Driver(seam::Refusal::Busy) => Failure::Busy,
            Code::Driver(seam::Refusal::Invalid) => Failure::Invalid,
            Code::Driver(seam::Refusal::Unsupported) => Failure::Unsupported,
            Code::Driver(seam::Refusal::TooMuch) => Failure::NoMemory,
            _ => Failure::Other,
        },
        _ => Failure::Other,
    }
}
