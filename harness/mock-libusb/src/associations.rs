//! Interface associations: which interfaces of a configuration are one function.

use crate::abi::libusb_device;
use crate::config::{active, by_index};
use crate::error::{Error, code};
use crate::given::{Block, give, take_back};
use std::ffi::c_int;

const DT_ASSOCIATION: u8 = 0x0b;
const ASSOCIATION_SIZE: usize = 8;

/// An array of associations and how many there are.
#[repr(C)]
pub(crate) struct libusb_interface_association_descriptor_array {
    _opaque: [u8; 0],
}

type Array = *const libusb_interface_association_descriptor_array;

/// Those of the configuration with this place among those of the device.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_interface_association_descriptors(
    device: *mut libusb_device,
    index: u8,
    place: *mut Array,
) -> c_int {
    let raw = by_index("libusb_get_interface_association_descriptors", device, index);
    // SAFETY: the caller gives a place for a pointer.
    unsafe { given(raw, place) }
}

/// Those of the configuration in force.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_active_interface_association_descriptors(
    device: *mut libusb_device,
    place: *mut Array,
) -> c_int {
    let raw = active("libusb_get_active_interface_association_descriptors", device);
    // SAFETY: the caller gives a place for a pointer.
    unsafe { given(raw, place) }
}

/// # Safety
///
/// `place` has room for a pointer.
unsafe fn given(raw: Result<Vec<u8>, Error>, place: *mut Array) -> c_int {
    code(raw.map(|raw| {
        let (found, count) = find(&raw);
        let mut list = Block::new(&found);
        let address = if count == 0 { 0 } else { list.address() };
        let array = [&address.to_ne_bytes()[..], &count.to_ne_bytes()].concat();
        // SAFETY: as above.
        unsafe { place.write(give(Block::new(&array), vec![list])) };
    }))
}

/// The associations, one after the other, and how many.
fn find(raw: &[u8]) -> (Vec<u8>, c_int) {
    let total = raw.get(2..4).map_or(0, |total| usize::from(u16::from_le_bytes([total[0], total[1]])));
    let (mut found, mut count) = (Vec::new(), 0);
    let mut rest = &raw[..raw.len().min(total)];
    while let [length, kind, ..] = *rest {
        let descriptor = rest.split_off(..usize::from(length)).filter(|_| length >= 2);
        let Some(descriptor) = descriptor else { break };
        if let (DT_ASSOCIATION, Some(descriptor)) = (kind, descriptor.first_chunk::<ASSOCIATION_SIZE>()) {
            found.extend(descriptor);
            count += 1;
        }
    }
    (found, count)
}

/// Frees them.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_interface_association_descriptors(array: Array) {
    take_back("libusb_free_interface_association_descriptors", array);
}
