//! How much an endpoint takes, from the descriptors of the configuration in force.

use crate::abi::{
    TRANSFER_TYPE_INTERRUPT, TRANSFER_TYPE_ISOCHRONOUS, libusb_context, libusb_device,
    libusb_endpoint_descriptor,
};
use crate::config::in_force;
use crate::device::libusb_get_device_speed;
use crate::error::{Error, INVALID_PARAM, IO, NOT_FOUND, OTHER, code};
use crate::given::{Block, give, take_back};
use std::ffi::{c_int, c_uchar};

const DT_SS_ENDPOINT_COMPANION: u8 = 0x30;
const COMPANION_SIZE: usize = 6;

/// The first of libusb's numbers for a SuperSpeed device.
const SUPER: c_int = 4;

/// The companion of a SuperSpeed endpoint, taken apart.
#[repr(C)]
pub(crate) struct Companion {
    _opaque: [u8; 0],
}

/// wMaxPacketSize of the first endpoint of this address, with the bits that say how many packets there are.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_max_packet_size(device: *mut libusb_device, endpoint: c_uchar) -> c_int {
    let size =
        of_address("libusb_get_max_packet_size", device, endpoint, |found| found.wMaxPacketSize.into());
    size.unwrap_or_else(|Error(code)| code)
}

/// How many bytes the first endpoint of this address moves in a (micro)frame.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_max_iso_packet_size(
    device: *mut libusb_device,
    endpoint: c_uchar,
) -> c_int {
    let speed = libusb_get_device_speed(device);
    let size =
        of_address("libusb_get_max_iso_packet_size", device, endpoint, |found| in_an_interval(found, speed));
    size.unwrap_or_else(|Error(code)| code)
}

/// The same for an endpoint of one alternate setting. `interface` is a place in the configuration and no number.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_max_alt_packet_size(
    device: *mut libusb_device,
    interface: c_int,
    alternate: c_int,
    endpoint: c_uchar,
) -> c_int {
    let function = "libusb_get_max_alt_packet_size";
    let speed = libusb_get_device_speed(device);
    let found = || {
        let config = in_force(function, device).map_err(|_| OTHER)?;
        let setting = |at: c_int, alternate: c_int| {
            let settings = config.settings.get(usize::try_from(at).ok()?)?;
            let before: usize = config.settings[..usize::try_from(at).ok()?].iter().map(Vec::len).sum();
            let alternate =
                usize::try_from(alternate).ok().filter(|alternate| *alternate < settings.len())?;
            config.endpoints.get(before + alternate)
        };
        let endpoints = setting(interface, alternate).ok_or(NOT_FOUND)?;
        let found = endpoints.iter().find(|found| found.bEndpointAddress == endpoint).ok_or(NOT_FOUND)?;
        Ok(in_an_interval(found, speed))
    };
    found().unwrap_or_else(|Error(code)| code)
}

fn of_address(
    function: &str,
    device: *mut libusb_device,
    address: u8,
    size: impl Fn(&libusb_endpoint_descriptor) -> c_int,
) -> Result<c_int, Error> {
    let config = in_force(function, device).map_err(|_| OTHER)?;
    let found = config.endpoints.iter().flatten().find(|endpoint| endpoint.bEndpointAddress == address);
    found.map(size).ok_or(NOT_FOUND)
}

fn in_an_interval(endpoint: &libusb_endpoint_descriptor, speed: c_int) -> c_int {
    if speed >= SUPER
        && let Ok(companion) = companion(extra(endpoint))
    {
        return c_int::from(u16::from_le_bytes([companion[4], companion[5]]));
    }
    let size = c_int::from(endpoint.wMaxPacketSize);
    let periodic = matches!(endpoint.bmAttributes & 3, TRANSFER_TYPE_ISOCHRONOUS | TRANSFER_TYPE_INTERRUPT);
    // USB 2.0 §9.6.6: bits 11 and 12 say how many more packets a microframe has.
    (size & 0x7ff) * if periodic { 1 + (size >> 11 & 3) } else { 1 }
}

/// What stands behind an endpoint.
fn extra(endpoint: &libusb_endpoint_descriptor) -> &[u8] {
    match usize::try_from(endpoint.extra_length) {
        Ok(length) if length > 0 && !endpoint.extra.is_null() => {
            // SAFETY: an endpoint comes from a configuration of ours, which keeps these bytes for as long as it is there.
            unsafe { std::slice::from_raw_parts(endpoint.extra, length) }
        }
        _ => &[],
    }
}

fn companion(mut rest: &[u8]) -> Result<[u8; COMPANION_SIZE], Error> {
    while let [length, kind, ..] = *rest {
        let descriptor = rest.split_off(..usize::from(length)).filter(|_| length >= 2).ok_or(IO)?;
        if kind == DT_SS_ENDPOINT_COMPANION {
            return descriptor.first_chunk().copied().ok_or(IO);
        }
    }
    Err(NOT_FOUND)
}

/// The companion among what stands behind an endpoint.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_ss_endpoint_companion_descriptor(
    _: *mut libusb_context,
    endpoint: *const libusb_endpoint_descriptor,
    place: *mut *const Companion,
) -> c_int {
    if endpoint.is_null() || place.is_null() {
        return INVALID_PARAM.0;
    }
    // SAFETY: the caller gives an endpoint of a configuration that is not freed.
    let found = companion(extra(unsafe { &*endpoint }));
    code(found.map(|raw| {
        let bytes = [&raw[..4], &u16::from_le_bytes([raw[4], raw[5]]).to_ne_bytes()].concat();
        // SAFETY: the caller gives a place for a pointer.
        unsafe { place.write(give(Block::new(&bytes), Vec::new())) };
    }))
}

/// Frees it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_ss_endpoint_companion_descriptor(given: *const Companion) {
    take_back("libusb_free_ss_endpoint_companion_descriptor", given);
}
