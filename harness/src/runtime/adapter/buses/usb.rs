//! USB: devices, claims and settings, and transfers that are submitted and reaped.

use super::{MOST_BYTES, Open, refused};
use crate::runtime::adapter::serve::{Served, Server, no_handle, nothing};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use wasi_hw_protocol::{Op, Refused, Reply, usb as wire};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{DeviceId, Handle, Reset, TransferId, Watch};

/// The most bytes of all transfers of a run that were not reaped yet: four times what the reference host lets a guest have
/// in flight.
const MOST_HELD: u64 = 64 << 20;

/// The most packets of an isochronous transfer that are looked at; the mock's own limit is lower.
const MOST_PACKETS: usize = 1 << 16;

impl Server {
    /// Answers an operation on USB devices. `guest` is who watches for devices that come and go.
    pub(super) fn usb(&self, guest: u32, op: Op) -> Served {
        match op {
            Op::UsbDevices(_) => {
                let devices = self.drivers.usb().devices()?;
                Ok(Reply::Devices(wire::Devices { devices: devices.into_iter().map(Into::into).collect() }))
            }
            Op::UsbOpen(open) => {
                let handle = self.drivers.usb().open(DeviceId(open.device.into()))?;
                self.handle(Open::Usb(Mutex::new(handle)))
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
                Reset::Same => Ok(()),
                Reset::Lost => Err(Refusal::NotFound),
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
                let watch = self.drivers.usb().watch()?;
                self.watches().insert(guest, watch);
                Ok(nothing())
            }
            Op::UsbEvents(_) => {
                let told =
                    |watch: &mut dyn Watch| std::iter::from_fn(|| watch.next()).map(Into::into).collect();
                Ok(Reply::Events(wire::Events { events: self.with_watch(guest, told).unwrap_or_default() }))
            }
            _ => Err(refused(Refusal::Missing, "the board has nothing of this kind")),
        }
    }

    pub(super) fn with<R>(&self, number: u32, f: impl FnOnce(&mut dyn Handle) -> R) -> Result<R, Refused> {
        match &*self.get(number)? {
            Open::Usb(handle) => Ok(f(&mut **self.hold(handle)?)),
            _ => Err(no_handle(number)),
        }
    }

    fn done(&self, number: u32, f: impl FnOnce(&mut dyn Handle) -> Result<(), Refusal>) -> Served {
        self.with(number, f)??;
        Ok(nothing())
    }

    fn value(&self, number: u32, f: impl FnOnce(&mut dyn Handle) -> Result<u32, Refusal>) -> Served {
        Ok(Reply::Value(wire::Value { value: self.with(number, f)?? }))
    }

    fn usb_submit(&self, submit: wire::Submit) -> Served {
        let room = submit.read.map_or(0, |read| read.0);
        let data = submit.write.as_ref().map_or(0, |write| write.0.len() as u64);
        if room.max(data) > MOST_BYTES || submit.packets.len() > MOST_PACKETS {
            return Err(refused(Refusal::TooMuch, format!("more than {MOST_BYTES} bytes in one transfer")));
        }
        let bytes = room.max(data);
        self.room_for(bytes)?;
        let (on, transfer) = (submit.handle, submit.try_into()?);
        let transfer = self.with(on, |usb| usb.submit(transfer))??;
        self.handle(Open::UsbTransfer { on, transfer, bytes })
    }

    /// Whether a transfer of so many bytes can be kept beside those that were not reaped yet; what was submitted cannot be
    /// taken back.
    fn room_for(&self, bytes: u64) -> Result<(), Refused> {
        let open = self.open();
        let of = |open: &Open| if let Open::UsbTransfer { bytes, .. } = open { *bytes } else { 0 };
        let held: u64 = open.values().map(|open| of(open)).sum();
        if held + bytes > MOST_HELD {
            let why = format!("more than {MOST_HELD} bytes in transfers that were not reaped");
            return Err(refused(Refusal::TooMuch, why));
        }
        self.room_in(&open)
    }

    /// A transfer: the handle on which it runs, and the driver's number of it.
    fn usb_transfer(&self, number: u32) -> Result<(u32, TransferId), Refused> {
        match &*self.get(number)? {
            Open::UsbTransfer { on, transfer, .. } => Ok((*on, *transfer)),
            _ => Err(no_handle(number)),
        }
    }

    fn usb_reap(&self, number: u32) -> Served {
        let (on, transfer) = self.usb_transfer(number)?;
        let mut context = Context::from_waker(Waker::noop());
        let completion = match self.with(on, |usb| usb.poll_reap(transfer, &mut context))? {
            Poll::Pending => None,
            Poll::Ready(completion) => {
                let completion = completion?;
                self.close(number, |open| matches!(open, Open::UsbTransfer { .. }))?;
                Some(completion.into())
            }
        };
        Ok(Reply::Reaped(wire::Reaped { completion }))
    }

    /// Whether a device came or went of which a guest has not been told.
    pub(in crate::runtime::adapter) fn usb_has_changed(&self, guest: u32) -> bool {
        self.with_watch(guest, |watch| watch.has_change()).unwrap_or(false)
    }

    /// The same for anybody at all.
    pub(in crate::runtime::adapter) fn usb_is_unheard(&self) -> bool {
        self.watches().values_mut().any(|watch| watch.has_change())
    }

    fn with_watch<R>(&self, guest: u32, f: impl FnOnce(&mut dyn Watch) -> R) -> Option<R> {
        self.watches().get_mut(&guest).map(|watch| f(&mut **watch))
    }

    fn watches(&self) -> MutexGuard<'_, HashMap<u32, Box<dyn Watch>>> {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
