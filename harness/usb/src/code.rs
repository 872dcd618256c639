//! Which refusal a code of libusb becomes, and which end a status of a transfer is: tables, from the documents that they name.

use libusb1_sys::constants::*;
use std::ffi::c_int;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Speed, Status};

/// `enum libusb_error` of libusb.h, each with its name and what its comment there says it is. What is not listed is
/// [`Refusal::Other`].
const ERRORS: [(c_int, &str, Refusal); 13] = [
    (LIBUSB_ERROR_IO, "LIBUSB_ERROR_IO", Refusal::Io),
    (LIBUSB_ERROR_INVALID_PARAM, "LIBUSB_ERROR_INVALID_PARAM", Refusal::Invalid),
    (LIBUSB_ERROR_ACCESS, "LIBUSB_ERROR_ACCESS", Refusal::Denied),
    (LIBUSB_ERROR_NO_DEVICE, "LIBUSB_ERROR_NO_DEVICE", Refusal::Gone),
    (LIBUSB_ERROR_NOT_FOUND, "LIBUSB_ERROR_NOT_FOUND", Refusal::NotFound),
    (LIBUSB_ERROR_BUSY, "LIBUSB_ERROR_BUSY", Refusal::Busy),
    (LIBUSB_ERROR_TIMEOUT, "LIBUSB_ERROR_TIMEOUT", Refusal::Timeout),
    // These three are of transfers that block, which nobody makes here.
    (LIBUSB_ERROR_OVERFLOW, "LIBUSB_ERROR_OVERFLOW", Refusal::Other),
    (LIBUSB_ERROR_PIPE, "LIBUSB_ERROR_PIPE", Refusal::Other),
    (LIBUSB_ERROR_INTERRUPTED, "LIBUSB_ERROR_INTERRUPTED", Refusal::Other),
    (LIBUSB_ERROR_NO_MEM, "LIBUSB_ERROR_NO_MEM", Refusal::TooMuch),
    (LIBUSB_ERROR_NOT_SUPPORTED, "LIBUSB_ERROR_NOT_SUPPORTED", Refusal::Unsupported),
    (LIBUSB_ERROR_OTHER, "LIBUSB_ERROR_OTHER", Refusal::Other),
];

/// The refusal of a code.
pub(crate) fn refusal(code: c_int) -> Refusal {
    let found = ERRORS.iter().find(|(listed, ..)| *listed == code);
    found.map_or(Refusal::Other, |(.., refusal)| *refusal)
}

/// The name of a code in libusb.h.
pub(crate) fn name(code: c_int) -> &'static str {
    let found = ERRORS.iter().find(|(listed, ..)| *listed == code);
    found.map_or("an unknown error", |(_, name, _)| name)
}

/// `enum libusb_transfer_status` of libusb.h, of transfers and of isochronous packets.
pub(crate) fn status(status: c_int) -> Status {
    match status {
        LIBUSB_TRANSFER_COMPLETED => Status::Completed,
        LIBUSB_TRANSFER_TIMED_OUT => Status::TimedOut,
        LIBUSB_TRANSFER_CANCELLED => Status::Cancelled,
        LIBUSB_TRANSFER_STALL => Status::Stall,
        LIBUSB_TRANSFER_NO_DEVICE => Status::Gone,
        LIBUSB_TRANSFER_OVERFLOW => Status::Overflow,
        _ => Status::Error,
    }
}

/// `enum libusb_speed` of libusb.h; the last of them came after the constants of `libusb1-sys`.
pub(crate) fn speed(speed: c_int) -> Speed {
    match speed {
        LIBUSB_SPEED_LOW => Speed::Low,
        LIBUSB_SPEED_FULL => Speed::Full,
        LIBUSB_SPEED_HIGH => Speed::High,
        LIBUSB_SPEED_SUPER => Speed::Super,
        LIBUSB_SPEED_SUPER_PLUS => Speed::SuperPlus,
        6 => Speed::SuperPlusX2,
        _ => Speed::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{ERRORS, name, refusal, status};
    use wasi_hw_seam::Refusal;
    use wasi_hw_seam::usb::Status;

    #[test]
    fn no_code_is_listed_twice() {
        for (n, (code, ..)) in ERRORS.iter().enumerate() {
            assert!(ERRORS[..n].iter().all(|(other, ..)| other != code), "{code}");
        }
    }

    #[test]
    fn what_is_not_listed_is_anything_else() {
        assert_eq!(refusal(-4), Refusal::Gone);
        assert_eq!(refusal(-77), Refusal::Other);
        assert_eq!((name(-3), name(-77)), ("LIBUSB_ERROR_ACCESS", "an unknown error"));
        assert_eq!((status(4), status(77)), (Status::Stall, Status::Error));
    }
}
