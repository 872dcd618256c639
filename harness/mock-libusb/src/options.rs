//! What can be set for a context, and what this library takes note of and leaves without effect.

use crate::abi::{libusb_context, libusb_device_handle};
use crate::error::{INVALID_PARAM, NOT_FOUND, NOT_SUPPORTED};
use crate::registry::registry;
use std::ffi::{CStr, c_char, c_int, c_uchar, c_void};
use std::ptr::null_mut;

const LOG_LEVEL: c_int = 0;
const USE_USBDK: c_int = 1;
const NO_DEVICE_DISCOVERY: c_int = 2;
const LOG_CB: c_int = 3;

/// An option that is given to `libusb_init_context`.
#[repr(C)]
pub(crate) struct libusb_init_option {
    option: c_int,
    /// A number or a function.
    value: *mut c_void,
}

/// What a list of options comes to: whether the context shall find no devices.
///
/// # Safety
///
/// `options` leads to as many options as `count` says.
pub(crate) unsafe fn no_discovery(options: *const libusb_init_option, count: c_int) -> Result<bool, c_int> {
    let count = usize::try_from(count).map_err(|_| INVALID_PARAM.0)?;
    if count == 0 || options.is_null() {
        return Ok(false);
    }
    // SAFETY: as above.
    let options = unsafe { std::slice::from_raw_parts(options, count) };
    options.iter().try_fold(false, |none, option| match known(option.option) {
        0 => Ok(none || option.option == NO_DEVICE_DISCOVERY),
        wrong => Err(wrong),
    })
}

/// What libusb says of an option on Linux.
fn known(option: c_int) -> c_int {
    match option {
        LOG_LEVEL | NO_DEVICE_DISCOVERY | LOG_CB => 0,
        USE_USBDK => NOT_SUPPORTED.0,
        _ => INVALID_PARAM.0,
    }
}

/// Sets an option. In C it has variable arguments; none of them is read here, because nothing is ever logged, and so
/// they need not be declared: where they lie is the caller's affair in every C ABI.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_set_option(context: *mut libusb_context, option: c_int) -> c_int {
    let known = known(option);
    if known == 0 && option == NO_DEVICE_DISCOVERY && context.is_null() {
        registry().no_discovery = true;
    }
    known
}

/// Sets the log level, in the old way.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_set_debug(_: *mut libusb_context, _: c_int) {}

/// Sets who gets what is logged, which is nothing.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_set_log_cb(_: *mut libusb_context, _: *const c_void, _: c_int) {}

/// Sets the language of `libusb_strerror`, which is English.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_setlocale(locale: *const c_char) -> c_int {
    if locale.is_null() {
        return INVALID_PARAM.0;
    }
    // SAFETY: the caller gives a text.
    let locale = unsafe { CStr::from_ptr(locale) }.to_bytes();
    let [first, second, rest @ ..] = locale else { return INVALID_PARAM.0 };
    match rest.first() {
        Some(after) if !b"-_.".contains(after) => INVALID_PARAM.0,
        _ if [*first, *second].eq_ignore_ascii_case(b"en") => 0,
        _ => NOT_FOUND.0,
    }
}

/// Opens what another program has opened for this one. There is no such file here.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_wrap_sys_device(
    _: *mut libusb_context,
    _: isize,
    _: *mut *mut libusb_device_handle,
) -> c_int {
    NOT_SUPPORTED.0
}

/// Memory that a device can reach by itself; NULL: there is none, and the caller takes its own.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_dev_mem_alloc(_: *mut libusb_device_handle, _: usize) -> *mut c_uchar {
    null_mut()
}

/// Frees that.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_dev_mem_free(
    _: *mut libusb_device_handle,
    _: *mut c_uchar,
    _: usize,
) -> c_int {
    NOT_SUPPORTED.0
}
