//! Devices: the list of them, and what is known of one without opening it.

use crate::abi::{
    DT_DEVICE, DT_DEVICE_SIZE, MAX_CONFIGURATIONS, libusb_context, libusb_device, libusb_device_descriptor,
};
use crate::error::{Error, INVALID_PARAM, NO_DEVICE};
use crate::harness::ask;
use crate::registry::registry;
use std::ffi::c_int;
use wasi_hw_protocol::{Empty, Op, usb};

/// The devices that are there now.
pub(crate) fn devices() -> Result<Vec<usb::Device>, Error> {
    let devices = ask::<usb::Devices>(Op::UsbDevices(Empty {}))?.devices;
    Ok(devices.into_iter().filter(|device| is_sane(&device.descriptor.0)).collect())
}

/// libusb leaves out a device whose descriptor cannot be one.
fn is_sane(descriptor: &[u8]) -> bool {
    descriptor.len() >= DT_DEVICE_SIZE
        && usize::from(descriptor[0]) == DT_DEVICE_SIZE
        && descriptor[1] == DT_DEVICE
        && descriptor[17] <= MAX_CONFIGURATIONS
}

/// Lists the devices, each with a reference; the list ends with NULL. Returns how many there are.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_device_list(
    context: *mut libusb_context,
    list: *mut *mut *mut libusb_device,
) -> isize {
    let devices = match devices() {
        Ok(devices) => devices,
        Err(Error(code)) => return code as isize,
    };
    let mut registry = registry();
    let context = registry.context("libusb_get_device_list", context);
    let hidden = registry.contexts.get(&context).is_some_and(|context| context.no_discovery);
    let devices = if hidden { Vec::new() } else { devices };
    let count = devices.len() as isize;
    let mut numbers: Vec<_> = devices.into_iter().map(|about| registry.known(context, about)).collect();
    numbers.push(0);
    let given = numbers.as_mut_ptr();
    registry.lists.insert(given.addr(), numbers);
    // SAFETY: the caller gives a place for a pointer.
    unsafe { list.write(given.cast()) };
    count
}

/// Frees a list, and gives back the references in it if asked to.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_device_list(list: *mut *mut libusb_device, unreference: c_int) {
    if list.is_null() {
        return;
    }
    let mut registry = registry();
    let Some(numbers) = registry.lists.remove(&list.addr()) else {
        crate::error::misuse("libusb_free_device_list", "the list is freed already")
    };
    if unreference != 0 {
        numbers.into_iter().filter(|number| *number != 0).for_each(|number| registry.unreference(number));
    }
}

/// One more reference to a device.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_ref_device(device: *mut libusb_device) -> *mut libusb_device {
    registry().device("libusb_ref_device", device).references += 1;
    device
}

/// One reference less; the last one frees the device.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_unref_device(device: *mut libusb_device) {
    if device.is_null() {
        return;
    }
    let mut registry = registry();
    registry.device("libusb_unref_device", device);
    registry.unreference(device.addr());
}

/// Number of the bus.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_bus_number(device: *mut libusb_device) -> u8 {
    registry().device("libusb_get_bus_number", device).about.bus
}

/// Number of the port; 0 if it is not known.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_port_number(device: *mut libusb_device) -> u8 {
    registry().device("libusb_get_port_number", device).about.port
}

/// Numbers of the ports from the root hub to the device. There is no other hub here, and so there is one number, or none
/// where it is not known. Returns how many.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_port_numbers(
    device: *mut libusb_device,
    numbers: *mut u8,
    room: c_int,
) -> c_int {
    let port = registry().device("libusb_get_port_numbers", device).about.port;
    match room {
        ..=0 => INVALID_PARAM.0,
        _ if port == 0 => 0,
        _ => {
            // SAFETY: the caller gives room for so many numbers.
            unsafe { numbers.write(port) };
            1
        }
    }
}

/// The same, by its older name.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_port_path(
    _: *mut libusb_context,
    device: *mut libusb_device,
    numbers: *mut u8,
    room: u8,
) -> c_int {
    // SAFETY: the caller gives room for so many numbers.
    unsafe { libusb_get_port_numbers(device, numbers, room.into()) }
}

/// The hub that a device is plugged into. NULL: the list has no hubs.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_parent(device: *mut libusb_device) -> *mut libusb_device {
    registry().device("libusb_get_parent", device);
    std::ptr::null_mut()
}

/// Address on the bus.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_device_address(device: *mut libusb_device) -> u8 {
    registry().device("libusb_get_device_address", device).about.address
}

/// The speed: 0 if it is not known, then from 1 upward as in USB's own order.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_device_speed(device: *mut libusb_device) -> c_int {
    match registry().device("libusb_get_device_speed", device).about.speed {
        usb::Speed::Unknown => 0,
        usb::Speed::Low => 1,
        usb::Speed::Full => 2,
        usb::Speed::High => 3,
        usb::Speed::Super => 4,
        usb::Speed::SuperPlus => 5,
        usb::Speed::SuperPlusX2 => 6,
    }
}

/// The device descriptor.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_device_descriptor(
    device: *mut libusb_device,
    descriptor: *mut libusb_device_descriptor,
) -> c_int {
    let mut registry = registry();
    let raw = &registry.device("libusb_get_device_descriptor", device).about.descriptor.0;
    let Some(raw) = raw.first_chunk::<DT_DEVICE_SIZE>() else { return NO_DEVICE.0 };
    let word = |at: usize| u16::from_le_bytes([raw[at], raw[at + 1]]);
    let read = libusb_device_descriptor {
        bLength: raw[0],
        bDescriptorType: raw[1],
        bcdUSB: word(2),
        bDeviceClass: raw[4],
        bDeviceSubClass: raw[5],
        bDeviceProtocol: raw[6],
        bMaxPacketSize0: raw[7],
        idVendor: word(8),
        idProduct: word(10),
        bcdDevice: word(12),
        iManufacturer: raw[14],
        iProduct: raw[15],
        iSerialNumber: raw[16],
        bNumConfigurations: raw[17],
    };
    // SAFETY: the caller gives a place for a device descriptor.
    unsafe { descriptor.write(read) };
    0
}
