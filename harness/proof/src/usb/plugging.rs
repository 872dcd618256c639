//! Devices that come and go, and hosts that get it wrong.

use super::super::Defect;
use super::lie::{Answer, Happened, Lie, View, closed};
use super::twist::{Done, Memory, Reaped, Seen, Told, Twist, Wire};
use super::{lie, twist};
use std::task::{Context, Poll};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{
    Change, Completion, Device, DeviceId, Handle, Status, Submission, TransferId, Usb, Watch,
};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::{Host, HostDeviceHandle};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::hotplug::{Event, Host as Hotplug};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::transfers::HostTransfer;
use wasi_hw_wasmtime::usb::{DeviceHandle, Transfer};
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        twist::<GoneIsComplete>("usb/unplugging-completes-a-transfer", &["USB-65"]),
        twist::<GoneIsIo>("usb/unplugging-ends-a-transfer-with-an-io-error", &["USB-65h"]),
        twist::<RemembersConfiguration>("usb/tells-the-configuration-of-a-device-that-is-gone", &["USB-65b"]),
        lie::<CloseTrapsWhenGone>("usb/close-traps-when-the-device-is-gone", &["USB-65c"]),
        twist::<ListsTheGone>("usb/lists-devices-that-are-gone", &["USB-65d"]),
        twist::<SubmitWhenGone>("usb/a-transfer-submitted-after-unplugging-is-complete", &["USB-65f"]),
        lie::<SubmitWhenGoneIsIo>("usb/a-submit-after-unplugging-is-an-io-error", &["USB-65h"]),
        twist::<Revives>("usb/opens-what-stands-at-the-old-place", &["USB-66"]),
        lie::<WaitsForEvents>("usb/poll-events-waits-for-an-event", &["USB-69"]),
        twist::<TellsAgain>("usb/tells-events-again-at-each-call", &["USB-69b"]),
        lie::<TellsBackwards>("usb/tells-the-latest-event-first", &["USB-69c"]),
        lie::<BothFlags>("usb/sets-both-flags-of-an-event", &["USB-69d"]),
        lie::<Compares>("usb/tells-only-what-has-changed-between-two-polls", &["USB-67d"]),
    ]
}

struct GoneIsComplete;
impl Twist for GoneIsComplete {
    fn completed(_: &mut Memory, _: Wire<'_>, _: &Submission, completion: Completion) -> Completion {
        match completion.status {
            Status::Gone => Completion { status: Status::Completed, ..completion },
            _ => completion,
        }
    }
}

/// A transfer that nobody has.
const NOBODYS: TransferId = TransferId(u64::MAX);

struct SubmitWhenGone;
impl Twist for SubmitWhenGone {
    fn configuration(_: &mut Memory, real: Wire<'_>) -> Done<u8> {
        // The host asks before it submits.
        real.configuration().or_else(|why| if why == Refusal::Gone { Ok(1) } else { Err(why) })
    }

    fn start(_: &mut Memory, real: Wire<'_>, transfer: Submission) -> Done<TransferId> {
        real.submit(transfer).or_else(|why| if why == Refusal::Gone { Ok(NOBODYS) } else { Err(why) })
    }

    fn poll(_: &mut Memory, real: Wire<'_>, id: TransferId, context: &mut Context<'_>) -> Reaped {
        if id == NOBODYS { Poll::Ready(Ok(Completion::default())) } else { real.poll_reap(id, context) }
    }
}

struct GoneIsIo;
impl Twist for GoneIsIo {
    fn completed(_: &mut Memory, _: Wire<'_>, _: &Submission, completion: Completion) -> Completion {
        match completion.status {
            Status::Gone => Completion { status: Status::Error, ..completion },
            _ => completion,
        }
    }
}

struct RemembersConfiguration;
impl Twist for RemembersConfiguration {
    fn configuration(_: &mut Memory, real: Wire<'_>) -> Done<u8> {
        real.configuration().or_else(|why| if why == Refusal::Gone { Ok(1) } else { Err(why) })
    }
}

struct CloseTrapsWhenGone;
impl Lie for CloseTrapsWhenGone {
    fn close(real: View<'_, '_>, handle: Resource<DeviceHandle>) -> wasmtime::Result<()> {
        let gone = real.get_configuration(crate::copy(&handle))? == Err(LibusbError::NoDevice);
        if gone && !closed(real, &handle)? {
            return Err(wasmtime::format_err!("the device could not be closed"));
        }
        HostDeviceHandle::close(real, handle)
    }
}

struct ListsTheGone;
impl Twist for ListsTheGone {
    fn devices(seen: &mut Seen, real: &mut dyn Usb) -> Done<Vec<Device>> {
        for device in real.devices()? {
            if seen.devices.iter().all(|old| old.id != device.id) {
                seen.devices.push(device);
            }
        }
        Ok(seen.devices.clone())
    }
}

struct SubmitWhenGoneIsIo;
impl Lie for SubmitWhenGoneIsIo {
    fn submit(real: View<'_, '_>, transfer: Resource<Transfer>, data: Vec<u8>) -> Answer<()> {
        let result = real.submit_transfer(transfer, data)?;
        Ok(result.map_err(|why| if why == LibusbError::NoDevice { LibusbError::Io } else { why }))
    }
}

struct Revives;
impl Twist for Revives {
    fn devices(seen: &mut Seen, real: &mut dyn Usb) -> Done<Vec<Device>> {
        let devices = real.devices()?;
        seen.devices.extend(devices.iter().cloned());
        Ok(devices)
    }

    fn open(seen: &mut Seen, real: &mut dyn Usb, device: DeviceId) -> Done<Box<dyn Handle>> {
        let gone = match real.open(device) {
            Err(Refusal::Gone) => seen.devices.iter().find(|old| old.id == device),
            result => return result,
        };
        let place = gone.map(|old| (old.bus, old.address));
        let there = real.devices()?.into_iter().find(|new| Some((new.bus, new.address)) == place);
        real.open(there.map_or(device, |new| new.id))
    }
}

struct WaitsForEvents;
impl Lie for WaitsForEvents {
    fn poll_events(real: View<'_, '_>) -> wasmtime::Result<Vec<Happened>> {
        // Each look at the list takes a microsecond of the board's time; a tenth of a second is enough.
        for _ in 0..100_000 {
            let events = Hotplug::poll_events(real)?;
            if !events.is_empty() {
                return Ok(events);
            }
            for (device, _, _) in real.list_devices()?.into_iter().flatten() {
                real.table.delete(device)?;
            }
        }
        Ok(Vec::new())
    }
}

struct TellsAgain;
impl Twist for TellsAgain {
    fn next(told: &mut Told, real: &mut dyn Watch) -> Option<Change> {
        told.changes.extend(real.next());
        match told.changes.get(told.again) {
            Some(change) => {
                told.again += 1;
                Some(change.clone())
            }
            None => {
                told.again = 0;
                None
            }
        }
    }
}

struct TellsBackwards;
impl Lie for TellsBackwards {
    fn poll_events(real: View<'_, '_>) -> wasmtime::Result<Vec<Happened>> {
        let mut events = Hotplug::poll_events(real)?;
        events.reverse();
        Ok(events)
    }
}

struct BothFlags;
impl Lie for BothFlags {
    fn poll_events(real: View<'_, '_>) -> wasmtime::Result<Vec<Happened>> {
        let mut events = Hotplug::poll_events(real)?;
        for (event, _, _) in &mut events {
            *event |= Event::ARRIVED;
        }
        Ok(events)
    }
}

/// As a host that compares lists: a device that came and went was never there.
struct Compares;
impl Lie for Compares {
    fn poll_events(real: View<'_, '_>) -> wasmtime::Result<Vec<Happened>> {
        let events = Hotplug::poll_events(real)?;
        let twice = |one: &Happened| {
            let place = |event: &Happened| (event.1.bus, event.1.address);
            events.iter().filter(|event| place(event) == place(one)).count() > 1
        };
        let keep: Vec<_> = events.iter().map(|event| !twice(event)).collect();
        let mut keep = keep.into_iter();
        Ok(events.into_iter().filter(|_| keep.next() == Some(true)).collect())
    }
}
