//! USB: the mock's devices under the reference host, and what the fixture says as its policy.

use super::State;
use crate::runtime::engine::Guest;
use crate::suite::fixture::UsbHost;
use std::task::{Context, Poll};
use wasi_hw_mock::{Board, usb as mock};
use wasi_hw_wasmtime::usb::{
    self, Backend, Change, Completion, Device, DeviceId, Failure, Handle, Kind, Packet, Reset, Speed, Status,
    Submission, TransferId, UsbCtx, UsbPolicy, Watch,
};
use wasmtime::component::Linker;

/// What is put between the host and the mock: nothing, or what makes a wrong host of it.
pub(crate) type Between = fn(Box<dyn Backend>) -> Box<dyn Backend>;

/// What the host keeps in a store, over the USB devices of a board.
pub fn context(host: &UsbHost, board: &Board, between: Between) -> UsbCtx {
    UsbCtx::new(between(Box::new(Mock(board.usb()))), policy(host))
}

/// Adds the package to a linker, under both of its names.
pub(super) fn link(linker: &mut Linker<Guest<State>>) -> wasmtime::Result<()> {
    usb::add_to_linker(linker)?;
    usb::add_component_to_linker(linker)
}

pub(super) fn policy(host: &UsbHost) -> UsbPolicy {
    let mut policy = if host.allow.is_none() { UsbPolicy::allow_all() } else { UsbPolicy::new() };
    for allow in host.allow.iter().flatten() {
        policy = policy.allow_any(allow.vendor, allow.product);
    }
    if host.keep_kernel_drivers {
        policy = policy.keep_kernel_drivers();
    }
    if let Some(most) = host.most_bytes {
        policy = policy.most_bytes(most);
    }
    if let Some(most) = host.most_packets {
        policy = policy.most_packets(most);
    }
    policy
}

struct Mock(mock::Usb);

impl Backend for Mock {
    fn devices(&mut self) -> Result<Vec<Device>, Failure> {
        Ok(self.0.devices().into_iter().map(device).collect())
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Failure> {
        self.0.configuration(device.0).map_err(failure)
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Failure> {
        let handle = self.0.open(device.0).map_err(failure)?;
        Ok(Box::new(MockHandle(handle)))
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Failure> {
        let watch = self.0.watch().map_err(failure)?;
        Ok(Box::new(MockWatch(watch)))
    }
}

struct MockWatch(mock::Watch);

impl Watch for MockWatch {
    fn next(&mut self) -> Option<Change> {
        Some(match self.0.next_change()? {
            mock::Change::Arrived(about) => Change::Arrived(device(about)),
            mock::Change::Gone(about) => Change::Left(device(about)),
        })
    }
}

struct MockHandle(mock::Handle);

impl Handle for MockHandle {
    fn configuration(&mut self) -> Result<u8, Failure> {
        self.0.configuration().map_err(failure)
    }

    fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Failure> {
        self.0.set_configuration(value).map_err(failure)
    }

    fn claim(&mut self, interface: u8) -> Result<(), Failure> {
        self.0.claim(interface).map_err(failure)
    }

    fn release(&mut self, interface: u8) -> Result<(), Failure> {
        self.0.release(interface).map_err(failure)
    }

    fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Failure> {
        self.0.set_alternate(interface, alternate).map_err(failure)
    }

    fn clear_halt(&mut self, endpoint: u8) -> Result<(), Failure> {
        self.0.clear_halt(endpoint).map_err(failure)
    }

    fn reset(&mut self) -> Result<Reset, Failure> {
        match self.0.reset().map_err(failure)? {
            mock::Reset::Same => Ok(Reset::Same),
            mock::Reset::Lost => Ok(Reset::Lost),
        }
    }

    fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<u32, Failure> {
        self.0.alloc_streams(streams, endpoints).map_err(failure)
    }

    fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Failure> {
        self.0.free_streams(endpoints).map_err(failure)
    }

    fn kernel_driver(&mut self, interface: u8) -> Result<bool, Failure> {
        self.0.kernel_driver(interface).map_err(failure)
    }

    fn detach(&mut self, interface: u8) -> Result<(), Failure> {
        self.0.detach(interface).map_err(failure)
    }

    fn attach(&mut self, interface: u8) -> Result<(), Failure> {
        self.0.attach(interface).map_err(failure)
    }

    fn submit(&mut self, transfer: Submission) -> Result<TransferId, Failure> {
        let Submission { kind, endpoint, setup, data, room, packets, stream, limit_ms } = transfer;
        let kind = match kind {
            Kind::Control => mock::Kind::Control,
            Kind::Bulk => mock::Kind::Bulk,
            Kind::Interrupt => mock::Kind::Interrupt,
            Kind::Isochronous => mock::Kind::Isochronous,
        };
        let limit_ns = limit_ms.map(|ms| u64::from(ms) * 1_000_000);
        let submission = mock::Submission { kind, endpoint, setup, data, room, packets, stream, limit_ns };
        self.0.submit(submission).map(TransferId).map_err(failure)
    }

    fn cancel(&mut self, transfer: TransferId) -> Result<(), Failure> {
        self.0.cancel(transfer.0).map_err(failure)
    }

    /// Pending without a waker: whoever polls lets the board's time pass, and asks again.
    fn poll_reap(&mut self, transfer: TransferId, _: &mut Context<'_>) -> Poll<Completion> {
        match self.0.reap(transfer.0) {
            Ok(None) => Poll::Pending,
            Ok(Some(mock::Completion { status: how, data, packets, .. })) => {
                let packets = packets.into_iter().map(|p| Packet { status: status(p.status), data: p.data });
                Poll::Ready(Completion { status: status(how), data, packets: packets.collect() })
            }
            // There is no such transfer.
            Err(_) => {
                Poll::Ready(Completion { status: Status::Error, data: Vec::new(), packets: Vec::new() })
            }
        }
    }

    fn discard(&mut self, transfer: TransferId) {
        // A transfer that is unknown has been forgotten already.
        if self.0.cancel(transfer.0).is_ok() {
            let _ = self.0.reap(transfer.0);
        }
    }
}

fn device(about: mock::Attached) -> Device {
    Device {
        id: DeviceId(about.id),
        bus: about.bus,
        address: about.address,
        port: about.port,
        speed: match about.speed {
            mock::Speed::Unknown => Speed::Unknown,
            mock::Speed::Low => Speed::Low,
            mock::Speed::Full => Speed::Full,
            mock::Speed::High => Speed::High,
            mock::Speed::Super => Speed::Super,
            mock::Speed::SuperPlus => Speed::SuperPlus,
            mock::Speed::SuperPlusX2 => Speed::SuperPlusX2,
        },
        descriptor: about.device.to_vec(),
        configurations: about.configurations.to_vec(),
    }
}

fn failure(refusal: mock::Refusal) -> Failure {
    match refusal {
        mock::Refusal::Gone => Failure::Gone,
        mock::Refusal::Access => Failure::Access,
        mock::Refusal::NotFound => Failure::NotFound,
        mock::Refusal::Busy => Failure::Busy,
        mock::Refusal::Invalid => Failure::Invalid,
        mock::Refusal::Unsupported => Failure::Unsupported,
    }
}

fn status(status: mock::Status) -> Status {
    match status {
        mock::Status::Complete => Status::Complete,
        mock::Status::Stall => Status::Stall,
        mock::Status::Overflow => Status::Overflow,
        mock::Status::Error => Status::Error,
        mock::Status::Cancelled => Status::Cancelled,
        mock::Status::TimedOut => Status::TimedOut,
        mock::Status::Gone => Status::Gone,
    }
}
