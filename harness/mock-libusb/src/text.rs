//! What this library says of itself, and of error codes.

use crate::abi::libusb_version;
use std::ffi::{CStr, c_char, c_int};

/// A version that lives as long as the process.
struct Version(libusb_version);

// SAFETY: the texts are constants, and nothing is ever changed.
unsafe impl Sync for Version {}

static VERSION: Version = Version(libusb_version {
    major: 1,
    minor: 0,
    micro: 27,
    nano: 0,
    rc: c"".as_ptr(),
    describe: c"mock devices of the WASI hardware conformance suite".as_ptr(),
});

/// The version of libusb whose interface this is; `describe` says that it is the mock.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_version() -> *const libusb_version {
    &VERSION.0
}

/// The name of an error, as in the C interface.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_error_name(code: c_int) -> *const c_char {
    text(code).0.as_ptr()
}

/// An error in words.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_strerror(code: c_int) -> *const c_char {
    text(code).1.as_ptr()
}

fn text(code: c_int) -> (&'static CStr, &'static CStr) {
    match code {
        0 => (c"LIBUSB_SUCCESS", c"it was done"),
        -1 => (c"LIBUSB_ERROR_IO", c"the exchange with the device failed"),
        -2 => (c"LIBUSB_ERROR_INVALID_PARAM", c"an argument cannot be"),
        -3 => (c"LIBUSB_ERROR_ACCESS", c"no permission"),
        -4 => (c"LIBUSB_ERROR_NO_DEVICE", c"the device is gone"),
        -5 => (c"LIBUSB_ERROR_NOT_FOUND", c"there is no such thing"),
        -6 => (c"LIBUSB_ERROR_BUSY", c"it is in use"),
        -7 => (c"LIBUSB_ERROR_TIMEOUT", c"the time limit is over"),
        -8 => (c"LIBUSB_ERROR_OVERFLOW", c"more came than there was room for"),
        -9 => (c"LIBUSB_ERROR_PIPE", c"the endpoint is halted, or the request was refused"),
        -10 => (c"LIBUSB_ERROR_INTERRUPTED", c"the call was interrupted"),
        -11 => (c"LIBUSB_ERROR_NO_MEM", c"there is not enough memory"),
        -12 => (c"LIBUSB_ERROR_NOT_SUPPORTED", c"this cannot be done here"),
        -99 => (c"LIBUSB_ERROR_OTHER", c"another error"),
        _ => (c"**UNKNOWN**", c"no such error code"),
    }
}
