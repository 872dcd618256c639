//! Descriptors that are asked of the device itself, text among them.

use crate::abi::libusb_device_handle;
use crate::error::{Error, INVALID_PARAM, IO};
use crate::sync::libusb_control_transfer;
use std::ffi::{c_int, c_uchar};

const GET_DESCRIPTOR: u8 = 6;
const DT_STRING: u8 = 3;

/// As long as a string descriptor can be.
const MOST: u16 = 255;

/// How long the device may take, in milliseconds.
const LIMIT: u32 = 1000;

/// Asks the device for a descriptor, as every caller of libusb does, by a control transfer.
pub(crate) fn descriptor(
    handle: *mut libusb_device_handle,
    kind: u8,
    number: u8,
    language: u16,
    length: u16,
) -> Result<Vec<u8>, Error> {
    let mut data = vec![0; usize::from(length)];
    let value = u16::from_le_bytes([number, kind]);
    // SAFETY: the data are as long as it is told.
    let moved = unsafe {
        libusb_control_transfer(
            handle,
            0x80,
            GET_DESCRIPTOR,
            value,
            language,
            data.as_mut_ptr(),
            length,
            LIMIT,
        )
    };
    data.truncate(usize::try_from(moved).map_err(|_| Error(moved))?);
    Ok(data)
}

/// A string of the device in its first language, in ASCII and ended by a NUL; what is no ASCII is a question mark.
/// Returns its length without the NUL.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_string_descriptor_ascii(
    handle: *mut libusb_device_handle,
    number: u8,
    data: *mut c_uchar,
    length: c_int,
) -> c_int {
    let Some(room) = usize::try_from(length).ok().filter(|room| *room > 0 && number > 0 && !data.is_null())
    else {
        return INVALID_PARAM.0;
    };
    match ascii(handle, number) {
        Ok(mut text) => {
            text.truncate(room - 1);
            // SAFETY: the caller gives room for so many bytes, and there are fewer.
            let place = unsafe { std::slice::from_raw_parts_mut(data, text.len() + 1) };
            place[..text.len()].copy_from_slice(&text);
            place[text.len()] = 0;
            c_int::try_from(text.len()).unwrap_or(c_int::MAX)
        }
        Err(Error(code)) => code,
    }
}

fn ascii(handle: *mut libusb_device_handle, number: u8) -> Result<Vec<u8>, Error> {
    let ask = |number, language, length| {
        let read = descriptor(handle, DT_STRING, number, language, length)?;
        let whole = matches!(*read, [length, DT_STRING, ..] if length >= 2);
        if whole { Ok(read) } else { Err(IO) }
    };
    let languages = ask(0, 0, 4)?;
    let [_, _, low, high] = *languages else { return Err(IO) };
    let text = ask(number, u16::from_le_bytes([low, high]), MOST)?;
    let units = text[..text.len().min(usize::from(text[0]))][2..].chunks_exact(2);
    Ok(units.map(|unit| if unit[1] == 0 && unit[0] < 0x80 { unit[0] } else { b'?' }).collect())
}
