//! USB: devices, claims and settings, and transfers that are submitted and reaped.

use super::{MOST_BYTES, Open, refused};
use crate::runtime::adapter::serve::{Served, Server, no_handle, nothing};
use std::sync::{MutexGuard, PoisonError};
use wasi_hw_mock::usb as mock;
use wasi_hw_protocol::usb as wire;
use wasi_hw_protocol::{Bytes, Op, Refused, Reply};
use wasi_hw_seam as seam;

/// The most packets of an isochronous transfer that are looked at; the mock's own limit is lower.
const MOST_PACKETS: usize = 1 << 16;

impl Server {
    /// Answers an operation on USB devices. `guest` is who watches for devices that come and go.
    pub(super) fn usb(&self, guest: u32, op: &Op) -> Served {
        match op {
            Op::UsbDevices(_) => self.usb_devices(),
            Op::UsbOpen(open) => {
                let handle = self.board.usb().open(u64::from(open.device)).map_err(refusal)?;
                self.handle(Open::Usb(handle))
            }
            Op::UsbClose(handle) => {
                self.close(handle.handle, |open| matches!(open, Open::Usb(_)))?;
                // What it had in flight has ended with it, and nobody can reap it any more.
                self.forget(|open| matches!(open, Open::UsbTransfer { on, .. } if *on == handle.handle));
                Ok(nothing())
            }
            Op::UsbConfiguration(handle) => {
                self.value(handle.handle, |usb| usb.configuration().map(u32::from))
            }
            Op::UsbSetConfiguration(set) => self.done(set.handle, |usb| usb.set_configuration(set.value)),
            Op::UsbClaim(what) => self.done(what.handle, |usb| usb.claim(what.interface)),
            Op::UsbRelease(what) => self.done(what.handle, |usb| usb.release(what.interface)),
            Op::UsbSetInterface(set) => {
                self.done(set.handle, |usb| usb.set_alternate(set.interface, set.alternate))
            }
            Op::UsbClearHalt(what) => self.done(what.handle, |usb| usb.clear_halt(what.endpoint)),
            Op::UsbReset(handle) => self.done(handle.handle, |usb| match usb.reset()? {
                mock::Reset::Same => Ok(()),
                mock::Reset::Lost => Err(mock::Refusal::NotFound),
            }),
            Op::UsbAllocStreams(ask) => {
                self.value(ask.handle, |usb| usb.alloc_streams(ask.count, &ask.endpoints.0))
            }
            Op::UsbFreeStreams(ask) => self.done(ask.handle, |usb| usb.free_streams(&ask.endpoints.0)),
            Op::UsbKernelDriver(what) => {
                self.value(what.handle, |usb| usb.kernel_driver(what.interface).map(u32::from))
            }
            Op::UsbDetachKernelDriver(what) => self.done(what.handle, |usb| usb.detach(what.interface)),
            Op::UsbAttachKernelDriver(what) => self.done(what.handle, |usb| usb.attach(what.interface)),
            Op::UsbSubmit(submit) => self.usb_submit(submit),
            Op::UsbCancel(handle) => {
                let (on, transfer) = self.usb_transfer(handle.handle)?;
                self.done(on, |usb| usb.cancel(transfer))
            }
            Op::UsbReap(handle) => self.usb_reap(handle.handle),
            Op::UsbWatch(_) => {
                let watch = self.board.usb().watch().map_err(refusal)?;
                self.watches().insert(guest, watch);
                Ok(nothing())
            }
            Op::UsbEvents(_) => self.usb_events(guest),
            _ => Err(refused(seam::Refusal::Missing, "the board has nothing of this kind")),
        }
    }

    fn with<R>(
        &self,
        number: u32,
        f: impl FnOnce(&mock::Handle) -> Result<R, mock::Refusal>,
    ) -> Result<R, Refused> {
        let open = self.get(number)?;
        let Open::Usb(handle) = &*open else { return Err(no_handle(number)) };
        f(handle).map_err(refusal)
    }

    fn done(&self, number: u32, f: impl FnOnce(&mock::Handle) -> Result<(), mock::Refusal>) -> Served {
        self.with(number, f).map(|()| nothing())
    }

    fn value(&self, number: u32, f: impl FnOnce(&mock::Handle) -> Result<u32, mock::Refusal>) -> Served {
        self.with(number, f).map(|value| Reply::Value(wire::Value { value }))
    }

    fn usb_devices(&self) -> Served {
        let devices = self.board.usb().devices();
        Ok(Reply::Devices(wire::Devices {
            devices: devices.into_iter().map(|about| self.device(about)).collect(),
        }))
    }

    fn device(&self, about: mock::Attached) -> wire::Device {
        wire::Device {
            // Counted from 1, once for each stay and each transfer of a board.
            device: u32::try_from(about.id).unwrap_or(u32::MAX),
            bus: about.bus,
            address: about.address,
            port: about.port,
            speed: match about.speed {
                mock::Speed::Unknown => wire::Speed::Unknown,
                mock::Speed::Low => wire::Speed::Low,
                mock::Speed::Full => wire::Speed::Full,
                mock::Speed::High => wire::Speed::High,
                mock::Speed::Super => wire::Speed::Super,
                mock::Speed::SuperPlus => wire::Speed::SuperPlus,
                mock::Speed::SuperPlusX2 => wire::Speed::SuperPlusX2,
            },
            descriptor: Bytes(about.device.to_vec()),
            configurations: about.configurations.iter().cloned().map(Bytes).collect(),
            active: self.board.usb().listed_configuration(about.id),
        }
    }

    fn usb_submit(&self, submit: &wire::Submit) -> Served {
        let setup = match &submit.setup {
            None => [0; 8],
            Some(setup) => setup
                .0
                .as_slice()
                .try_into()
                .map_err(|_| refused(seam::Refusal::Invalid, "`setup` has 8 bytes"))?,
        };
        let room = submit.read.map_or(0, |read| read.0);
        let data = submit.write.as_ref().map_or(&[][..], |write| &write.0);
        if room.max(data.len() as u64) > MOST_BYTES || submit.packets.len() > MOST_PACKETS {
            return Err(refused(
                seam::Refusal::TooMuch,
                format!("more than {MOST_BYTES} bytes in one transfer"),
            ));
        }
        let request = mock::Submission {
            kind: match submit.kind {
                wire::Kind::Control => mock::Kind::Control,
                wire::Kind::Bulk => mock::Kind::Bulk,
                wire::Kind::Interrupt => mock::Kind::Interrupt,
                wire::Kind::Isochronous => mock::Kind::Isochronous,
            },
            endpoint: submit.endpoint,
            setup,
            data: data.to_vec(),
            room: room as u32,
            packets: submit.packets.clone(),
            stream: submit.stream,
            limit_ns: submit.limit_ns.map(|limit| limit.0),
        };
        let outward = if submit.write.is_some() { submit.packets.clone() } else { Vec::new() };
        let transfer = self.with(submit.handle, |usb| usb.submit(request))?;
        self.handle(Open::UsbTransfer { on: submit.handle, transfer, outward })
    }

    /// A transfer: the handle on which it runs, and the board's number of it.
    pub(in crate::runtime::adapter) fn usb_transfer(&self, number: u32) -> Result<(u32, u64), Refused> {
        match &*self.get(number)? {
            Open::UsbTransfer { on, transfer, .. } => Ok((*on, *transfer)),
            _ => Err(no_handle(number)),
        }
    }

    /// Whether a transfer is over; one that nobody can reap any more is.
    pub(in crate::runtime::adapter) fn usb_is_over(&self, number: u32) -> bool {
        let Ok((on, transfer)) = self.usb_transfer(number) else { return true };
        self.with(on, |usb| Ok(usb.is_over(transfer))).unwrap_or(true)
    }

    fn usb_reap(&self, number: u32) -> Served {
        let open = self.get(number)?;
        let Open::UsbTransfer { on, transfer, outward } = &*open else { return Err(no_handle(number)) };
        let completion = self.with(*on, |usb| usb.reap(*transfer))?;
        if completion.is_some() {
            self.close(number, |open| matches!(open, Open::UsbTransfer { .. }))?;
        }
        Ok(Reply::Reaped(wire::Reaped { completion: completion.map(|completion| told(completion, outward)) }))
    }

    fn usb_events(&self, guest: u32) -> Served {
        let mut changes = Vec::new();
        if let Some(watch) = self.watches().get_mut(&guest) {
            changes.extend(std::iter::from_fn(|| watch.next_change()));
        }
        let event = |change| match change {
            mock::Change::Arrived(about) => wire::Event::Arrived(self.device(about)),
            mock::Change::Gone(about) => wire::Event::Left(self.device(about)),
        };
        Ok(Reply::Events(wire::Events { events: changes.into_iter().map(event).collect() }))
    }

    /// Whether a device came or went of which a guest has not been told.
    pub(in crate::runtime::adapter) fn usb_has_changed(&self, guest: u32) -> bool {
        self.watches().get(&guest).is_some_and(mock::Watch::has_change)
    }

    /// The same for anybody at all.
    pub(in crate::runtime::adapter) fn usb_is_unheard(&self) -> bool {
        self.watches().values().any(mock::Watch::has_change)
    }

    fn watches(&self) -> MutexGuard<'_, std::collections::HashMap<u32, mock::Watch>> {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A completion; `outward` are the lengths of the packets that went out.
fn told(completion: mock::Completion, outward: &[u32]) -> wire::Completion {
    let mock::Completion { status: how, mut data, sent, packets } = completion;
    let told = |(packet, n): (&mock::Packet, usize)| {
        let went = outward.get(n).filter(|_| packet.status == mock::Status::Complete);
        let moved = went.copied().unwrap_or(packet.data.len() as u32);
        wire::Packet { status: status(packet.status), moved }
    };
    let packets_told = packets.iter().zip(0..).map(told).collect();
    packets.iter().for_each(|packet| data.extend(&packet.data));
    wire::Completion {
        status: status(how),
        moved: data.len().max(sent) as u32,
        packets: packets_told,
        bytes: Bytes(data),
    }
}

fn status(status: mock::Status) -> wire::Status {
    match status {
        mock::Status::Complete => wire::Status::Completed,
        mock::Status::Stall => wire::Status::Stall,
        mock::Status::Overflow => wire::Status::Overflow,
        mock::Status::Error => wire::Status::Error,
        mock::Status::Cancelled => wire::Status::Cancelled,
        mock::Status::TimedOut => wire::Status::TimedOut,
        mock::Status::Gone => wire::Status::Gone,
    }
}

fn refusal(why: mock::Refusal) -> Refused {
    let code = match why {
        mock::Refusal::Gone => seam::Refusal::Gone,
        mock::Refusal::Access => seam::Refusal::Denied,
        mock::Refusal::NotFound => seam::Refusal::NotFound,
        mock::Refusal::Busy => seam::Refusal::Busy,
        mock::Refusal::Invalid => seam::Refusal::Invalid,
        mock::Refusal::Unsupported => seam::Refusal::Unsupported,
    };
    refused(code, why.to_string())
}
