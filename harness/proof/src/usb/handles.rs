//! Devices that are opened and closed wrong, and handles that outlive what they should not.

use super::super::Defect;
use super::lie::{Answer, Lie, View, all, closed};
use super::twist::{Done, Seen, Twist};
use super::{lie, twist};
use crate::copy;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{DeviceId, Handle, Usb};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::{Host, HostDeviceHandle};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::usb::{DeviceHandle, UsbDevice};
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        twist::<ConfiguresOnOpen>("usb/configures-an-unconfigured-device-on-open", &["USB-16"]),
        twist::<AccessIsNotFound>("usb/a-device-without-permission-is-not-found", &["USB-16b"]),
        twist::<GoneIsNotFound>("usb/opening-a-device-that-is-gone-is-not-found", &["USB-16c"]),
        lie::<CloseDoesNothing>("usb/close-does-nothing", &["USB-61", "USB-61c"]),
        lie::<KeepsClaims>("usb/close-keeps-the-claims", &["USB-61c"]),
        lie::<PanicsWhenClosed>("usb/panics-on-a-closed-handle", &["USB-62", "USB-80"]),
        lie::<AsksTheGone>("usb/asks-the-device-that-is-gone-for-a-closed-handle", &["USB-62"]),
        lie::<DropDoesNotClose>("usb/a-drop-does-not-close", &["USB-63"]),
        lie::<ForgetsDevice>("usb/a-handle-asks-the-device-that-it-came-from", &["USB-64"]),
        lie::<PanicsOnSecondClose>("usb/panics-on-a-second-close", &["USB-62", "USB-80"]),
        lie::<Panics>("usb/panics-on-an-interface-number-of-255", &["USB-80"]),
    ]
}

struct ConfiguresOnOpen;
impl Twist for ConfiguresOnOpen {
    fn open(_: &mut Seen, real: &mut dyn Usb, device: DeviceId) -> Done<Box<dyn Handle>> {
        let mut handle = real.open(device)?;
        if handle.configuration() == Ok(0) {
            let _ = handle.set_configuration(Some(1));
        }
        Ok(handle)
    }
}

struct AccessIsNotFound;
impl Twist for AccessIsNotFound {
    fn open(_: &mut Seen, real: &mut dyn Usb, device: DeviceId) -> Done<Box<dyn Handle>> {
        real.open(device).map_err(|why| if why == Refusal::Denied { Refusal::NotFound } else { why })
    }
}

struct GoneIsNotFound;
impl Twist for GoneIsNotFound {
    fn open(_: &mut Seen, real: &mut dyn Usb, device: DeviceId) -> Done<Box<dyn Handle>> {
        real.open(device).map_err(|why| if why == Refusal::Gone { Refusal::NotFound } else { why })
    }
}

struct CloseDoesNothing;
impl Lie for CloseDoesNothing {
    fn close(_: View<'_, '_>, _: Resource<DeviceHandle>) -> wasmtime::Result<()> {
        Ok(())
    }
}

struct KeepsClaims;
impl Lie for KeepsClaims {
    fn close(real: View<'_, '_>, handle: Resource<DeviceHandle>) -> wasmtime::Result<()> {
        // Only those that nobody uses are given back at once; the others with the handle.
        for interface in 0..32 {
            if real.claim_interface(copy(&handle), interface)?.is_ok() && !claimed(real, &handle, interface)?
            {
                return Ok(());
            }
        }
        HostDeviceHandle::close(real, handle)
    }
}

/// Whether the handle has claimed the interface: it can release it, and claims it again.
fn claimed(real: View<'_, '_>, handle: &Resource<DeviceHandle>, interface: u8) -> wasmtime::Result<bool> {
    let had = real.release_interface(copy(handle), interface)?.is_ok();
    Ok(had && real.claim_interface(copy(handle), interface)?.is_ok())
}

struct PanicsWhenClosed;
impl Lie for PanicsWhenClosed {
    fn get_configuration(real: View<'_, '_>, handle: Resource<DeviceHandle>) -> Answer<u8> {
        assert!(!closed(real, &handle)?, "the handle was taken");
        real.get_configuration(handle)
    }
}

/// One device is missing from the list of all.
fn one_left(real: View<'_, '_>) -> wasmtime::Result<bool> {
    let Ok(listed) = real.list_devices()? else { return Ok(false) };
    let left = listed.len() == 1;
    for (device, ..) in listed {
        real.table.delete(device)?;
    }
    Ok(left)
}

struct AsksTheGone;
impl Lie for AsksTheGone {
    fn release(real: View<'_, '_>, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
        assert!(!closed(real, &handle)? || !one_left(real)?, "the device was there when it was opened");
        real.release_interface(handle, interface)
    }
}

struct PanicsOnSecondClose;
impl Lie for PanicsOnSecondClose {
    fn close(real: View<'_, '_>, handle: Resource<DeviceHandle>) -> wasmtime::Result<()> {
        assert!(!closed(real, &handle)?, "closed twice");
        HostDeviceHandle::close(real, handle)
    }
}

pub(super) struct DropDoesNotClose;
impl Lie for DropDoesNotClose {
    fn drop_handle(_: View<'_, '_>, _: Resource<DeviceHandle>) -> wasmtime::Result<()> {
        Ok(())
    }
}

struct ForgetsDevice;
impl Lie for ForgetsDevice {
    fn get_configuration(real: View<'_, '_>, handle: Resource<DeviceHandle>) -> Answer<u8> {
        match all::<UsbDevice>(real).is_empty() {
            true => Ok(Err(LibusbError::NoDevice)),
            false => real.get_configuration(handle),
        }
    }
}

struct Panics;
impl Lie for Panics {
    fn claim(real: View<'_, '_>, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
        let mask = 1_u32.checked_shl(u32::from(interface));
        assert!(interface < 0x80 || mask.is_some(), "attempt to shift left with overflow");
        real.claim_interface(handle, interface)
    }
}
