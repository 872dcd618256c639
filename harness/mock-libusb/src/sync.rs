//! Transfers that block until they are over.

use crate::abi::{ENDPOINT_IN, libusb_device_handle};
use crate::error::{BUSY, Error, INVALID_PARAM, IO, NO_DEVICE, OVERFLOW, PIPE, TIMEOUT, code};
use crate::events::is_handling;
use crate::harness::ask;
use crate::registry::registry;
use std::ffi::{c_int, c_uchar, c_uint};
use wasi_hw_protocol as protocol;
use wasi_hw_protocol::{Awaited, Bytes, Count, Op, Until, Wait, Woken, usb};

/// A control transfer. Returns how many bytes moved in its data stage.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_control_transfer(
    handle: *mut libusb_device_handle,
    request_type: u8,
    request: u8,
    value: u16,
    index: u16,
    data: *mut c_uchar,
    length: u16,
    timeout: c_uint,
) -> c_int {
    let [value, index, size] = [value, index, length].map(u16::to_le_bytes);
    let setup = [request_type, request, value[0], value[1], index[0], index[1], size[0], size[1]];
    let function = "libusb_control_transfer";
    let inward = request_type & ENDPOINT_IN;
    // SAFETY: the caller's data are as long as it says.
    let what = unsafe {
        What::new(function, handle, usb::Kind::Control, inward, data, usize::from(length), timeout)
    };
    let moved = what.map(|what| what.with(&setup)).and_then(What::run);
    moved.map_or_else(|Error(code)| code, |(_, moved)| moved)
}

/// A bulk transfer. How many bytes moved is told also if it failed.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_bulk_transfer(
    handle: *mut libusb_device_handle,
    endpoint: c_uchar,
    data: *mut c_uchar,
    length: c_int,
    moved: *mut c_int,
    timeout: c_uint,
) -> c_int {
    // SAFETY: as the caller of this function says.
    unsafe { pipe("libusb_bulk_transfer", usb::Kind::Bulk, handle, endpoint, data, length, moved, timeout) }
}

/// An interrupt transfer. How many bytes moved is told also if it failed.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_interrupt_transfer(
    handle: *mut libusb_device_handle,
    endpoint: c_uchar,
    data: *mut c_uchar,
    length: c_int,
    moved: *mut c_int,
    timeout: c_uint,
) -> c_int {
    let kind = usb::Kind::Interrupt;
    // SAFETY: as the caller of this function says.
    unsafe { pipe("libusb_interrupt_transfer", kind, handle, endpoint, data, length, moved, timeout) }
}

#[allow(clippy::too_many_arguments, reason = "the two functions above, and what differs between them")]
/// # Safety
///
/// `data` are as long as `length` says; `moved` is NULL or a place for a number.
unsafe fn pipe(
    function: &str,
    kind: usb::Kind,
    handle: *mut libusb_device_handle,
    endpoint: c_uchar,
    data: *mut c_uchar,
    length: c_int,
    moved: *mut c_int,
    timeout: c_uint,
) -> c_int {
    let Ok(length) = usize::try_from(length) else { return INVALID_PARAM.0 };
    // SAFETY: as above.
    let what = unsafe { What::new(function, handle, kind, endpoint, data, length, timeout) };
    code(what.and_then(What::run).and_then(|(status, count)| {
        if !moved.is_null() {
            // SAFETY: as above.
            unsafe { moved.write(count) };
        }
        status
    }))
}

/// A transfer that somebody blocks for.
struct What<'a> {
    submit: usb::Submit,
    data: &'a mut [u8],
}

impl<'a> What<'a> {
    /// # Safety
    ///
    /// `data` are as long as `length` says, or NULL if there are none, and stay so for `'a`.
    unsafe fn new(
        function: &str,
        handle: *mut libusb_device_handle,
        kind: usb::Kind,
        endpoint: u8,
        data: *mut c_uchar,
        length: usize,
        timeout: c_uint,
    ) -> Result<What<'a>, Error> {
        if is_handling() {
            return Err(BUSY);
        }
        let data = match data.is_null() {
            true if length > 0 => return Err(INVALID_PARAM),
            true => &mut [],
            // SAFETY: as above.
            false => unsafe { std::slice::from_raw_parts_mut(data, length) },
        };
        let inward = endpoint & ENDPOINT_IN != 0;
        let submit = usb::Submit {
            handle: registry().handle(function, handle).number,
            endpoint,
            kind,
            setup: None,
            write: (!inward).then(|| Bytes(data.to_vec())),
            read: inward.then_some(Count(data.len() as u64)),
            packets: Vec::new(),
            stream: 0,
            limit_ns: (timeout > 0).then_some(Count(u64::from(timeout) * 1_000_000)),
            zero_packet: false,
        };
        Ok(What { submit, data })
    }

    fn with(mut self, setup: &[u8; 8]) -> What<'a> {
        self.submit.setup = Some(Bytes(setup.to_vec()));
        self
    }

    /// Blocks until it is over: how it ended, and how many bytes moved. Of a control transfer only one that ended well
    /// has a result.
    fn run(self) -> Result<(Result<(), Error>, c_int), Error> {
        let control = self.submit.kind == usb::Kind::Control;
        let submitted: protocol::Handle = ask(Op::UsbSubmit(self.submit))?;
        let completion = loop {
            let on = vec![Awaited { handle: submitted.handle, until: Until::Over }];
            let _: Woken = ask(Op::Wait(Wait { on, ..Wait::default() }))?;
            let reaped: usb::Reaped = ask(Op::UsbReap(submitted))?;
            if let Some(completion) = reaped.completion {
                break completion;
            }
        };
        let bytes = &completion.bytes.0;
        if let Some(place) = self.data.get_mut(..bytes.len()) {
            place.copy_from_slice(bytes);
        }
        let status = match completion.status {
            usb::Status::Completed => Ok(()),
            usb::Status::Stall => Err(PIPE),
            usb::Status::Overflow => Err(OVERFLOW),
            usb::Status::TimedOut => Err(TIMEOUT),
            usb::Status::Gone => Err(NO_DEVICE),
            usb::Status::Error | usb::Status::Cancelled => Err(IO),
        };
        let moved = c_int::try_from(completion.moved).unwrap_or(c_int::MAX);
        match status {
            Err(why) if control => Err(why),
            status => Ok((status, moved)),
        }
    }
}
