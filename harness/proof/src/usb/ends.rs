//! Transfers that end where they should not, or do not end where they should.

use super::super::Defect;
use super::lie::{Answer, Lie, View};
use super::settings::send;
use super::twist::{Done, Memory, Reaped, Twist, Wire};
use super::{lie, twist};
use std::cell::Cell;
use std::task::{Context, Poll};
use wasi_hw_seam::usb::{Kind, Reset, TransferId};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::{Host, HostDeviceHandle};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::transfers;
use wasi_hw_wasmtime::usb::{DeviceHandle, Transfer};
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        twist::<CancelsAll>("usb/cancels-all-of-an-endpoint", &["USB-57c"]),
        twist::<CancelResetsOneSide>("usb/a-cancellation-resets-the-toggle-of-one-side", &["USB-57d"]),
        lie::<CloseLosesResults>("usb/close-loses-results-that-nobody-has-awaited", &["USB-61d"]),
        twist::<ReleaseForgets>("usb/forgets-what-is-in-flight-at-a-release", &["USB-61e"]),
        twist::<SettingForgets>("usb/forgets-what-is-in-flight-at-a-new-setting", &["USB-61e"]),
        twist::<ResetForgets>("usb/forgets-what-is-in-flight-at-a-reset", &["USB-61e"]),
        twist::<ResetReleases>("usb/loses-its-claims-at-a-reset", &["USB-34d"]),
        twist::<ResetSets>("usb/loses-alternate-settings-at-a-reset", &["USB-34c"]),
        twist::<KeepsDrivers>("usb/never-gives-a-kernel-driver-back", &["USB-27b"]),
    ]
}

/// The transfers of bulk and interrupt endpoints that have not been reaped.
fn in_flight(memory: &Memory) -> Vec<TransferId> {
    let pipes = memory.submitted.iter().filter(|(_, asked)| asked.kind != Kind::Control);
    pipes.map(|(id, _)| *id).collect()
}

struct CancelsAll;
impl Twist for CancelsAll {
    fn cancel(memory: &mut Memory, real: Wire<'_>, id: TransferId) -> Done<()> {
        let endpoint = memory.submitted.get(&id).map(|asked| asked.endpoint);
        let others = memory.submitted.iter().filter(|(_, asked)| Some(asked.endpoint) == endpoint);
        for (other, _) in others.filter(|(other, _)| **other != id) {
            let _ = real.cancel(*other);
        }
        real.cancel(id)
    }
}

struct CancelResetsOneSide;
impl Twist for CancelResetsOneSide {
    fn cancel(memory: &mut Memory, real: Wire<'_>, id: TransferId) -> Done<()> {
        real.cancel(id)?;
        match memory.submitted.get(&id).filter(|asked| asked.kind != Kind::Control) {
            Some(asked) => send(real, [0x02, 1, 0, 0, asked.endpoint, 0, 0, 0]),
            None => Ok(()),
        }
    }
}

thread_local! {
    /// Whether a handle of the guest was closed.
    static CLOSED: Cell<bool> = const { Cell::new(false) };
}

struct CloseLosesResults;
impl Lie for CloseLosesResults {
    fn init(real: View<'_, '_>) -> Answer<()> {
        CLOSED.set(false);
        Host::init(real)
    }

    fn close(real: View<'_, '_>, handle: Resource<DeviceHandle>) -> wasmtime::Result<()> {
        CLOSED.set(true);
        HostDeviceHandle::close(real, handle)
    }

    fn open(
        real: View<'_, '_>,
        device: Resource<wasi_hw_wasmtime::usb::UsbDevice>,
    ) -> Answer<Resource<DeviceHandle>> {
        CLOSED.set(false);
        wasi_hw_wasmtime::bindings::usb::wasi::usb::device::HostUsbDevice::open(real, device)
    }

    fn await_transfer(
        real: View<'_, '_>,
        transfer: Resource<Transfer>,
    ) -> impl Future<Output = Answer<Vec<u8>>> + Send {
        let closed = CLOSED.get();
        let real = transfers::Host::await_transfer(real, transfer);
        async move {
            let result = real.await?;
            Ok(if closed { Err(LibusbError::Interrupted) } else { result })
        }
    }
}

/// Writes a wrong driver that never tells the end of what is in flight at a call.
macro_rules! forgets {
    ($name:ident, $call:ident($($arg:ident: $kind:ty),*) -> $result:ty) => {
        struct $name;
        impl Twist for $name {
            fn $call(memory: &mut Memory, real: Wire<'_>, $($arg: $kind),*) -> $result {
                memory.over = in_flight(memory);
                real.$call($($arg),*)
            }

            fn poll(memory: &mut Memory, real: Wire<'_>, id: TransferId, context: &mut Context<'_>) -> Reaped {
                if memory.over.contains(&id) { Poll::Pending } else { real.poll_reap(id, context) }
            }
        }
    };
}

forgets!(ReleaseForgets, release(interface: u8) -> Done<()>);
forgets!(SettingForgets, set_alternate(interface: u8, alternate: u8) -> Done<()>);
forgets!(ResetForgets, reset() -> Done<Reset>);

struct ResetReleases;
impl Twist for ResetReleases {
    fn reset(_: &mut Memory, real: Wire<'_>) -> Done<Reset> {
        let reset = real.reset()?;
        (0..32).for_each(|interface| _ = real.release(interface));
        Ok(reset)
    }
}

struct ResetSets;
impl Twist for ResetSets {
    fn reset(_: &mut Memory, real: Wire<'_>) -> Done<Reset> {
        let reset = real.reset()?;
        (0..32).for_each(|interface| _ = real.set_alternate(interface, 0));
        Ok(reset)
    }
}

struct KeepsDrivers;
impl Twist for KeepsDrivers {
    fn attach(_: &mut Memory, _: Wire<'_>, _: u8) -> Done<()> {
        Ok(())
    }
}
