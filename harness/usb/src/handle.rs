//! An open device.

use crate::context::Context;
use crate::failure::About;
use crate::flight::{self, Refused};
use libusb1_sys as ffi;
use libusb1_sys::constants::{LIBUSB_ERROR_INVALID_PARAM, LIBUSB_ERROR_NOT_FOUND};
use std::ffi::{c_int, c_uchar};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context as Polling, Poll};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{self, Completion, Reset, Submission, TransferId};

/// A device has thirty endpoints at most.
const MOST_ENDPOINTS: usize = 30;

/// How many handles there were.
static HANDLES: AtomicU64 = AtomicU64::new(0);

/// An open device. Dropping it closes it.
pub(crate) struct Handle {
    raw: NonNull<ffi::libusb_device_handle>,
    number: u64,
    about: About,
    context: Arc<Context>,
}

// SAFETY: libusb's functions may be called from any thread.
unsafe impl Send for Handle {}

impl Handle {
    pub(crate) fn new(
        raw: NonNull<ffi::libusb_device_handle>,
        about: About,
        context: Arc<Context>,
    ) -> Handle {
        Handle { raw, number: HANDLES.fetch_add(1, Ordering::Relaxed), about, context }
    }

    fn raw(&self) -> *mut ffi::libusb_device_handle {
        self.raw.as_ptr()
    }

    fn checked(&self, call: &'static str, result: c_int) -> Result<c_int, Refusal> {
        self.context.report.checked(self.about, call, result)
    }

    fn done(&self, call: &'static str, result: c_int) -> Result<(), Refusal> {
        self.checked(call, result).map(|_| ())
    }
}

/// The endpoints as libusb takes them, which it does not write to.
fn list(endpoints: &[u8]) -> Result<(Vec<c_uchar>, c_int), Refusal> {
    let count = c_int::try_from(endpoints.len()).ok();
    let count = count.filter(|_| endpoints.len() <= MOST_ENDPOINTS).ok_or(Refusal::Invalid)?;
    Ok((endpoints.to_vec(), count))
}

// SAFETY of all calls below: the handle is open until this is dropped; numbers may be any.
impl usb::Handle for Handle {
    fn configuration(&mut self) -> Result<u8, Refusal> {
        let mut value = 0;
        // SAFETY: see above; the place is there.
        let code = unsafe { ffi::libusb_get_configuration(self.raw(), &mut value) };
        self.done("libusb_get_configuration", code)?;
        Ok(u8::try_from(value).unwrap_or(0))
    }

    fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Refusal> {
        // SAFETY: see above.
        let code = unsafe { ffi::libusb_set_configuration(self.raw(), value.map_or(-1, c_int::from)) };
        self.done("libusb_set_configuration", code)
    }

    fn claim(&mut self, interface: u8) -> Result<(), Refusal> {
        // SAFETY: see above.
        let code = unsafe { ffi::libusb_claim_interface(self.raw(), interface.into()) };
        self.done("libusb_claim_interface", code)
    }

    fn release(&mut self, interface: u8) -> Result<(), Refusal> {
        // SAFETY: see above.
        let code = unsafe { ffi::libusb_release_interface(self.raw(), interface.into()) };
        self.done("libusb_release_interface", code)
    }

    fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Refusal> {
        // SAFETY: see above.
        let code =
            unsafe { ffi::libusb_set_interface_alt_setting(self.raw(), interface.into(), alternate.into()) };
        self.done("libusb_set_interface_alt_setting", code)
    }

    fn clear_halt(&mut self, endpoint: u8) -> Result<(), Refusal> {
        // SAFETY: see above.
        let code = unsafe { ffi::libusb_clear_halt(self.raw(), endpoint) };
        self.done("libusb_clear_halt", code)
    }

    fn reset(&mut self) -> Result<Reset, Refusal> {
        // SAFETY: see above.
        match unsafe { ffi::libusb_reset_device(self.raw()) } {
            LIBUSB_ERROR_NOT_FOUND => Ok(Reset::Lost),
            code => self.done("libusb_reset_device", code).map(|()| Reset::Same),
        }
    }

    fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<u32, Refusal> {
        let (mut endpoints, count) = list(endpoints)?;
        // SAFETY: see above; the list is as long as it says.
        let code = unsafe { ffi::libusb_alloc_streams(self.raw(), streams, endpoints.as_mut_ptr(), count) };
        let granted = self.checked("libusb_alloc_streams", code)?;
        Ok(granted.unsigned_abs())
    }

    fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Refusal> {
        let (mut endpoints, count) = list(endpoints)?;
        // SAFETY: see above; the list is as long as it says.
        let code = unsafe { ffi::libusb_free_streams(self.raw(), endpoints.as_mut_ptr(), count) };
        self.done("libusb_free_streams", code)
    }

    fn kernel_driver(&mut self, interface: u8) -> Result<bool, Refusal> {
        // SAFETY: see above.
        let code = unsafe { ffi::libusb_kernel_driver_active(self.raw(), interface.into()) };
        Ok(self.checked("libusb_kernel_driver_active", code)? == 1)
    }

    fn detach(&mut self, interface: u8) -> Result<(), Refusal> {
        // SAFETY: see above.
        let code = unsafe { ffi::libusb_detach_kernel_driver(self.raw(), interface.into()) };
        self.done("libusb_detach_kernel_driver", code)
    }

    fn attach(&mut self, interface: u8) -> Result<(), Refusal> {
        // SAFETY: see above.
        let code = unsafe { ffi::libusb_attach_kernel_driver(self.raw(), interface.into()) };
        self.done("libusb_attach_kernel_driver", code)
    }

    fn submit(&mut self, transfer: Submission) -> Result<TransferId, Refusal> {
        let isochronous = !transfer.packets.is_empty();
        let submitted = flight::submit(&self.context.events, self.number, self.raw(), transfer);
        submitted.map_err(|refused| match refused {
            Refused::Here(why) => why,
            // libusb's sum over packets has a limit, which it calls an invalid parameter.
            Refused::Libusb(LIBUSB_ERROR_INVALID_PARAM) if isochronous => Refusal::Invalid,
            Refused::Libusb(code) => self.context.report.refused(self.about, "libusb_submit_transfer", code),
        })
    }

    fn cancel(&mut self, transfer: TransferId) -> Result<(), Refusal> {
        self.context.events.cancel(self.number, transfer)
    }

    fn poll_reap(
        &mut self,
        transfer: TransferId,
        context: &mut Polling<'_>,
    ) -> Poll<Result<Completion, Refusal>> {
        let reaped = self.context.reap(self.number, transfer, context.waker());
        reaped.map_or(Poll::Pending, Poll::Ready)
    }

    fn is_over(&mut self, transfer: TransferId) -> bool {
        self.context.events.is_over(self.number, transfer)
    }

    fn discard(&mut self, transfer: TransferId) {
        self.context.events.forget(self.number, transfer);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.context.events.leave(self.number);
        // SAFETY: nobody uses it any more; what is left in flight has its memory for ever.
        unsafe { ffi::libusb_close(self.raw()) };
    }
}
