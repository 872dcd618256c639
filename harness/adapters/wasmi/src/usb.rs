//! `wasi:usb@0.2.1`, over devices with raw descriptors and transfers.

mod descriptors;
mod device;
mod handle;
mod open;
mod transfer;

use crate::abi::{Call, Ran, laid_out};
use crate::imports::Imports;
use std::cell::Cell;
use std::rc::Rc;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::Watch;

/// The package.
pub const PACKAGE: &str = "wasi:usb@0.2.1";

/// What a guest has of USB beside its handles.
#[derive(Default)]
pub struct Machine {
    /// Tells of devices that come and go, once the guest has asked for it.
    watch: Option<Box<dyn Watch>>,
    /// How many bytes are in flight.
    in_flight: Rc<Cell<u64>>,
}

/// The imports.
pub fn imports(all: &mut Imports) {
    device::imports(all);
    handle::imports(all);
    transfer::imports(all);
}

/// `libusb-error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Error {
    Io,
    InvalidParam,
    Access,
    NoDevice,
    NotFound,
    Busy,
    Timeout,
    Overflow,
    Pipe,
    Interrupted,
    NoMem,
    NotSupported,
    Other,
}

impl From<Refusal> for Error {
    fn from(why: Refusal) -> Error {
        match why {
            Refusal::Io => Error::Io,
            Refusal::Invalid => Error::InvalidParam,
            Refusal::Denied => Error::Access,
            Refusal::Gone | Refusal::Missing => Error::NoDevice,
            Refusal::NotFound => Error::NotFound,
            Refusal::Busy => Error::Busy,
            Refusal::Timeout => Error::Timeout,
            Refusal::TooMuch => Error::NoMem,
            Refusal::Unsupported => Error::NotSupported,
            _ => Error::Other,
        }
    }
}

/// The last argument of what has a result of no more than a byte: 2 bytes.
fn small_ret(call: &mut Call<'_>) -> Ran<u32> {
    call.ret(2, 1)
}

/// Writes such a result.
fn small_answer(call: &mut Call<'_>, ret: u32, outcome: Result<u8, Error>) -> Ran {
    let result = match outcome {
        Ok(value) => [0, value],
        Err(error) => [1, error as u8],
    };
    call.write(ret, &result)
}

/// Writes the error of a wider result, whose payload begins at 4.
fn write_error(call: &mut Call<'_>, ret: u32, error: Error) -> Ran {
    call.write(ret, &laid_out(8, &[(0, &[1]), (4, &[error as u8])]))
}
