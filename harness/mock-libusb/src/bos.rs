//! The BOS of a device (USB 3.2 §9.6.2): its capabilities, and those of them that libusb takes apart.

use crate::abi::{libusb_context, libusb_device_handle};
use crate::error::{Error, INVALID_PARAM, IO, code};
use crate::given::{Block, give, take_back};
use crate::strings::descriptor;
use std::ffi::c_int;

const DT_BOS: u8 = 0x0f;
const DT_DEVICE_CAPABILITY: u8 = 0x10;
const BOS_SIZE: usize = 5;
const CAPABILITY_SIZE: usize = 3;

/// A BOS: its head, padding, then a pointer for each capability.
#[repr(C)]
pub(crate) struct libusb_bos_descriptor {
    _opaque: [u8; 0],
}

/// A capability, with its bytes as the device sent them.
#[repr(C)]
pub(crate) struct libusb_bos_dev_capability_descriptor {
    bLength: u8,
    bDescriptorType: u8,
    bDevCapabilityType: u8,
    dev_capability_data: [u8; 0],
}

/// A capability that was taken apart.
#[repr(C)]
pub(crate) struct Parsed {
    _opaque: [u8; 0],
}

/// Asks the device for its BOS, first for the head, then for all of it.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_bos_descriptor(
    handle: *mut libusb_device_handle,
    bos: *mut *const libusb_bos_descriptor,
) -> c_int {
    let given = bos_of(handle);
    code(given.map(|(head, capabilities)| {
        // SAFETY: the caller gives a place for a pointer.
        unsafe { bos.write(lay_out(&head, capabilities)) };
    }))
}

/// The head, and the capabilities, as far as they are whole and as many as the head says.
fn bos_of(handle: *mut libusb_device_handle) -> Result<([u8; BOS_SIZE], Vec<Vec<u8>>), Error> {
    let ask = |length| descriptor(handle, DT_BOS, 0, 0, length);
    let head = ask(BOS_SIZE as u16)?;
    let [_, _, low, high, _] = *head.first_chunk::<BOS_SIZE>().ok_or(IO)?;
    let total = u16::from_le_bytes([low, high]);
    let all = ask(total)?;
    let head = *all.first_chunk::<BOS_SIZE>().ok_or(IO)?;
    if usize::from(head[0]) < BOS_SIZE || head[1] != DT_BOS || usize::from(head[0]) > all.len() {
        return Err(IO);
    }
    let mut rest = &all[usize::from(head[0])..];
    let mut capabilities = Vec::new();
    while let [length, kind, ..] = *rest
        && capabilities.len() < usize::from(head[4])
    {
        let length = usize::from(length);
        if length < 2 {
            return Err(IO);
        }
        let Some(one) = rest.split_off(..length) else { break };
        if kind == DT_DEVICE_CAPABILITY && length >= CAPABILITY_SIZE {
            capabilities.push(one.to_vec());
        }
    }
    Ok((head, capabilities))
}

fn lay_out(head: &[u8; BOS_SIZE], capabilities: Vec<Vec<u8>>) -> *const libusb_bos_descriptor {
    let count = u8::try_from(capabilities.len()).unwrap_or(u8::MAX);
    let mut blocks: Vec<_> = capabilities.iter().map(|bytes| Block::new(bytes)).collect();
    let total = u16::from_le_bytes([head[2], head[3]]).to_ne_bytes();
    let mut bytes = vec![head[0], head[1], total[0], total[1], count];
    bytes.resize(BOS_SIZE.next_multiple_of(align_of::<usize>()), 0);
    blocks.iter_mut().for_each(|block| bytes.extend(block.address().to_ne_bytes()));
    give(Block::new(&bytes), blocks)
}

/// Frees a BOS.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_bos_descriptor(bos: *const libusb_bos_descriptor) {
    take_back("libusb_free_bos_descriptor", bos);
}

/// # Safety
///
/// `capability` leads to a capability with as many bytes as its bLength says, `place` to room for a pointer.
unsafe fn parse(
    capability: *const libusb_bos_dev_capability_descriptor,
    kind: u8,
    least: usize,
    place: *mut *const Parsed,
    structure: fn(&[u8]) -> Vec<u8>,
) -> c_int {
    // SAFETY: as above.
    let raw =
        unsafe { std::slice::from_raw_parts(capability.cast::<u8>(), usize::from((*capability).bLength)) };
    if raw.get(2) != Some(&kind) {
        return INVALID_PARAM.0;
    }
    if raw.len() < least {
        return IO.0;
    }
    // SAFETY: as above.
    unsafe { place.write(give(Block::new(&structure(raw)), Vec::new())) };
    0
}

/// What a device can do as a USB 2.0 device, link power management above all.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_usb_2_0_extension_descriptor(
    _: *mut libusb_context,
    capability: *const libusb_bos_dev_capability_descriptor,
    place: *mut *const Parsed,
) -> c_int {
    let structure = |raw: &[u8]| {
        let attributes = u32::from_le_bytes([raw[3], raw[4], raw[5], raw[6]]).to_ne_bytes();
        [&[raw[0], raw[1], raw[2], 0][..], &attributes].concat()
    };
    // SAFETY: the caller gives a capability of a BOS, and a place for a pointer.
    unsafe { parse(capability, 2, 7, place, structure) }
}

/// Frees it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_usb_2_0_extension_descriptor(given: *const Parsed) {
    take_back("libusb_free_usb_2_0_extension_descriptor", given);
}

/// What a device can do as a SuperSpeed device.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_ss_usb_device_capability_descriptor(
    _: *mut libusb_context,
    capability: *const libusb_bos_dev_capability_descriptor,
    place: *mut *const Parsed,
) -> c_int {
    let structure = |raw: &[u8]| {
        let word = |at: usize| u16::from_le_bytes([raw[at], raw[at + 1]]).to_ne_bytes();
        [&raw[..4], &word(4), &raw[6..8], &word(8)].concat()
    };
    // SAFETY: the caller gives a capability of a BOS, and a place for a pointer.
    unsafe { parse(capability, 3, 10, place, structure) }
}

/// Frees it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_ss_usb_device_capability_descriptor(given: *const Parsed) {
    take_back("libusb_free_ss_usb_device_capability_descriptor", given);
}

/// The number by which two buses know that it is one device.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_container_id_descriptor(
    _: *mut libusb_context,
    capability: *const libusb_bos_dev_capability_descriptor,
    place: *mut *const Parsed,
) -> c_int {
    // SAFETY: the caller gives a capability of a BOS, and a place for a pointer.
    unsafe { parse(capability, 4, 20, place, |raw| raw[..20].to_vec()) }
}

/// Frees it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_container_id_descriptor(given: *const Parsed) {
    take_back("libusb_free_container_id_descriptor", given);
}

/// What a device can do on one platform, with bytes that only that platform reads.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_platform_descriptor(
    _: *mut libusb_context,
    capability: *const libusb_bos_dev_capability_descriptor,
    place: *mut *const Parsed,
) -> c_int {
    // SAFETY: the caller gives a capability of a BOS, and a place for a pointer.
    unsafe { parse(capability, 5, 20, place, <[u8]>::to_vec) }
}

/// Frees it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_platform_descriptor(given: *const Parsed) {
    take_back("libusb_free_platform_descriptor", given);
}
