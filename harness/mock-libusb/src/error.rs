//! Error codes, and what the harness's refusals are in them.

use std::ffi::c_int;
use wasi_hw_protocol::Failure;
use wasi_hw_seam::Refusal;

/// A `LIBUSB_ERROR_*`, always negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Error(pub(crate) c_int);

pub(crate) const IO: Error = Error(-1);
pub(crate) const INVALID_PARAM: Error = Error(-2);
pub(crate) const ACCESS: Error = Error(-3);
pub(crate) const NO_DEVICE: Error = Error(-4);
pub(crate) const NOT_FOUND: Error = Error(-5);
pub(crate) const BUSY: Error = Error(-6);
pub(crate) const TIMEOUT: Error = Error(-7);
pub(crate) const OVERFLOW: Error = Error(-8);
pub(crate) const PIPE: Error = Error(-9);
pub(crate) const NO_MEM: Error = Error(-11);
pub(crate) const NOT_SUPPORTED: Error = Error(-12);
pub(crate) const OTHER: Error = Error(-99);

impl From<Failure> for Error {
    fn from(why: Failure) -> Error {
        if let Failure::Over(why) = why {
            gone(&why.to_string());
        }
        match Refusal::from(why) {
            Refusal::Gone | Refusal::Missing => NO_DEVICE,
            Refusal::Denied => ACCESS,
            Refusal::NotFound => NOT_FOUND,
            Refusal::Busy => BUSY,
            Refusal::Invalid => INVALID_PARAM,
            Refusal::Unsupported => NOT_SUPPORTED,
            Refusal::TooMuch => NO_MEM,
            Refusal::Timeout => TIMEOUT,
            Refusal::Io => IO,
            // Where nothing can happen any more the harness ends this process.
            _ => OTHER,
        }
    }
}

/// What a function returns that has no other result than whether it was done.
pub(crate) fn code(result: Result<(), Error>) -> c_int {
    result.map_or_else(|Error(code)| code, |()| 0)
}

/// Ends the process: the caller did what libusb's documentation forbids and libusb does not notice.
pub(crate) fn misuse(function: &str, what: &str) -> ! {
    eprintln!("mock libusb: {function}: {what}; with libusb the behaviour is undefined from here on");
    std::process::abort();
}

/// Ends the process: nobody is left who has the devices.
pub(crate) fn gone(why: &str) -> ! {
    eprintln!("mock libusb: the harness is gone: {why}");
    std::process::exit(1);
}
