//! Lists and descriptors that are wrong.

use super::super::Defect;
use super::lie::{Answer, Lie, Listed, View, all};
use super::twist::{Done, Seen, Twist};
use super::{lie, twist};
use crate::copy;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Device, Usb};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::descriptors::ConfigurationDescriptor;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::{Host, HostUsbDevice};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::usb::{DeviceHandle, UsbDevice};
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<DropsTheList>("usb/a-drop-takes-the-devices-of-all-lists", &["USB-05"]),
        twist::<ListsOnce>("usb/lists-once-and-is-busy-then", &["USB-05"]),
        twist::<CountsAddresses>("usb/gives-new-addresses-with-each-list", &["USB-05b"]),
        lie::<ForgetsProtocol>("usb/forgets-the-protocol-of-a-device", &["USB-07"]),
        lie::<BigEndian>("usb/reads-versions-high-byte-first", &["USB-07b"]),
        lie::<WantsOpen>("usb/reads-descriptors-of-open-devices-only", &["USB-09"]),
        lie::<PositionIsValue>("usb/takes-a-position-for-a-value", &["USB-10"]),
        lie::<LastForBeyond>("usb/gives-the-last-configuration-for-one-beyond", &["USB-10b"]),
        lie::<ValueIsPosition>("usb/takes-a-value-for-a-position", &["USB-11"]),
        lie::<FirstForUnknown>("usb/gives-the-first-configuration-for-an-unknown-value", &["USB-11b"]),
        lie::<FirstForNone>("usb/gives-the-first-configuration-of-an-unconfigured-device", &["USB-12"]),
        lie::<FirstIsActive>("usb/takes-the-first-configuration-for-the-active-one", &["USB-12b"]),
    ]
}

struct DropsTheList;
impl Lie for DropsTheList {
    fn drop_device(real: View<'_, '_>, device: Resource<UsbDevice>) -> wasmtime::Result<()> {
        HostUsbDevice::drop(real, device)?;
        for device in all::<UsbDevice>(real) {
            real.table.delete(Resource::<UsbDevice>::new_own(device.rep()))?;
        }
        Ok(())
    }
}

struct ListsOnce;
impl Twist for ListsOnce {
    fn devices(seen: &mut Seen, real: &mut dyn Usb) -> Done<Vec<Device>> {
        if seen.lists > 1 { Err(Refusal::Busy) } else { real.devices() }
    }
}

struct CountsAddresses;
impl Twist for CountsAddresses {
    fn devices(seen: &mut Seen, real: &mut dyn Usb) -> Done<Vec<Device>> {
        let mut devices = real.devices()?;
        for device in &mut devices {
            device.address += seen.lists - 1;
        }
        Ok(devices)
    }
}

struct ForgetsProtocol;
impl Lie for ForgetsProtocol {
    fn list_devices(real: View<'_, '_>) -> Answer<Vec<Listed>> {
        let mut list = real.list_devices()?;
        for (_, described, _) in list.iter_mut().flatten() {
            described.device_protocol = 0;
        }
        Ok(list)
    }
}

struct BigEndian;
impl Lie for BigEndian {
    fn list_devices(real: View<'_, '_>) -> Answer<Vec<Listed>> {
        let mut list = real.list_devices()?;
        for (_, described, _) in list.iter_mut().flatten() {
            described.usb_version_bcd = described.usb_version_bcd.swap_bytes();
            described.device_version_bcd = described.device_version_bcd.swap_bytes();
        }
        Ok(list)
    }
}

struct WantsOpen;
impl Lie for WantsOpen {
    fn descriptor_at(
        real: View<'_, '_>,
        device: Resource<UsbDevice>,
        at: u8,
    ) -> Answer<ConfigurationDescriptor> {
        match all::<DeviceHandle>(real).is_empty() {
            true => Ok(Err(LibusbError::Access)),
            false => real.get_configuration_descriptor(device, at),
        }
    }
}

struct PositionIsValue;
impl Lie for PositionIsValue {
    fn descriptor_at(
        real: View<'_, '_>,
        device: Resource<UsbDevice>,
        at: u8,
    ) -> Answer<ConfigurationDescriptor> {
        real.get_configuration_descriptor_by_value(device, at.saturating_add(1))
    }
}

struct LastForBeyond;
impl Lie for LastForBeyond {
    fn descriptor_at(
        real: View<'_, '_>,
        device: Resource<UsbDevice>,
        at: u8,
    ) -> Answer<ConfigurationDescriptor> {
        for at in (0..=at).rev() {
            match real.get_configuration_descriptor(copy(&device), at)? {
                Err(LibusbError::NotFound) => {}
                result => return Ok(result),
            }
        }
        Ok(Err(LibusbError::NotFound))
    }
}

struct ValueIsPosition;
impl Lie for ValueIsPosition {
    fn descriptor_of(
        real: View<'_, '_>,
        device: Resource<UsbDevice>,
        value: u8,
    ) -> Answer<ConfigurationDescriptor> {
        match value.checked_sub(1) {
            Some(at) => real.get_configuration_descriptor(device, at),
            None => Ok(Err(LibusbError::NotFound)),
        }
    }
}

/// The result, or the first configuration where there is none.
fn or_first(
    real: View<'_, '_>,
    device: Resource<UsbDevice>,
    result: Result<ConfigurationDescriptor, LibusbError>,
) -> Answer<ConfigurationDescriptor> {
    match result {
        Err(LibusbError::NotFound) => real.get_configuration_descriptor(device, 0),
        result => Ok(result),
    }
}

struct FirstForUnknown;
impl Lie for FirstForUnknown {
    fn descriptor_of(
        real: View<'_, '_>,
        device: Resource<UsbDevice>,
        value: u8,
    ) -> Answer<ConfigurationDescriptor> {
        let result = real.get_configuration_descriptor_by_value(copy(&device), value)?;
        or_first(real, device, result)
    }
}

struct FirstForNone;
impl Lie for FirstForNone {
    fn active_descriptor(real: View<'_, '_>, device: Resource<UsbDevice>) -> Answer<ConfigurationDescriptor> {
        let result = real.get_active_configuration_descriptor(copy(&device))?;
        or_first(real, device, result)
    }
}

struct FirstIsActive;
impl Lie for FirstIsActive {
    fn active_descriptor(real: View<'_, '_>, device: Resource<UsbDevice>) -> Answer<ConfigurationDescriptor> {
        match real.get_active_configuration_descriptor(copy(&device))? {
            Ok(_) => real.get_configuration_descriptor(device, 0),
            error => Ok(error),
        }
    }
}
