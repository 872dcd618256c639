//! Who is told of devices that come and go.

use crate::device::{Devices, Referenced};
use libusb1_sys as ffi;
use libusb1_sys::constants::{
    LIBUSB_CAP_HAS_HOTPLUG, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED, LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
    LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_NO_FLAGS,
};
use std::collections::VecDeque;
use std::ffi::{c_int, c_void};
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Change, Watch};

/// The most changes that are kept for somebody who does not ask; the oldest ones are lost first.
const MOST_CHANGES: usize = 4096;

/// Somebody who is told.
pub(crate) struct Watcher {
    devices: Arc<Devices>,
    callback: ffi::libusb_hotplug_callback_handle,
    queue: Arc<Queue>,
}

/// What was told and not taken: whether it arrived, and the device with a reference.
#[derive(Default)]
struct Queue(Mutex<VecDeque<(bool, Raw)>>);

struct Raw(NonNull<ffi::libusb_device>);

// SAFETY: libusb's functions may be called from any thread, and the reference goes along.
unsafe impl Send for Raw {}

impl Queue {
    fn with<R>(&self, f: impl FnOnce(&mut VecDeque<(bool, Raw)>) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Watcher {
    pub(crate) fn new(devices: &Arc<Devices>) -> Result<Watcher, Refusal> {
        // SAFETY: it takes a number.
        if unsafe { ffi::libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) } == 0 {
            return Err(Refusal::Unsupported);
        }
        let queue = Arc::new(Queue::default());
        // What libusb has to tell of the time before is not told to this one.
        devices.list()?;
        devices.context.events.handle(Duration::ZERO, || false);
        let mut callback = 0;
        // SAFETY: the queue is there until the callback is not registered any more.
        let code = unsafe {
            ffi::libusb_hotplug_register_callback(
                devices.context.raw(),
                LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
                LIBUSB_HOTPLUG_NO_FLAGS,
                LIBUSB_HOTPLUG_MATCH_ANY,
                LIBUSB_HOTPLUG_MATCH_ANY,
                LIBUSB_HOTPLUG_MATCH_ANY,
                told,
                Arc::as_ptr(&queue).cast_mut().cast::<c_void>(),
                &mut callback,
            )
        };
        devices.context.report.checked(None, "libusb_hotplug_register_callback", code)?;
        Ok(Watcher { devices: Arc::clone(devices), callback, queue })
    }

    /// Lets libusb tell what the system has told.
    fn hear(&self) {
        // Listing looks at what has come from the system by now; the callbacks are called by handling events.
        let _ = self.devices.list();
        self.devices.context.events.handle(Duration::ZERO, || false);
    }
}

extern "system" fn told(
    _: *mut ffi::libusb_context,
    device: *mut ffi::libusb_device,
    event: c_int,
    queue: *mut c_void,
) -> c_int {
    // SAFETY: the queue is there while the callback is registered; the device is libusb's, and is referenced for the queue.
    let (queue, device) = unsafe { (&*queue.cast::<Queue>(), ffi::libusb_ref_device(device)) };
    let lost = queue.with(|queue| {
        let arrived = event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED;
        queue.extend(NonNull::new(device).map(|device| (arrived, Raw(device))));
        if queue.len() > MOST_CHANGES { queue.pop_front() } else { None }
    });
    if let Some((_, Raw(device))) = lost {
        // SAFETY: it was referenced for the queue.
        unsafe { ffi::libusb_unref_device(device.as_ptr()) };
    }
    // 1 would mean: once and never again.
    0
}

impl Watch for Watcher {
    fn next(&mut self) -> Option<Change> {
        if self.queue.with(|queue| queue.is_empty()) {
            self.hear();
        }
        loop {
            let context = &self.devices.context;
            let (arrived, Raw(device)) = self.queue.with(VecDeque::pop_front)?;
            // One whose descriptor libusb does not know is nobody's.
            if let Some(device) = self.devices.about(Referenced::new(device, context), arrived) {
                return Some(if arrived { Change::Arrived(device) } else { Change::Left(device) });
            }
        }
    }

    fn has_change(&mut self) -> bool {
        self.hear();
        self.queue.with(|queue| !queue.is_empty())
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let context = &self.devices.context;
        // SAFETY: it is registered, and nobody handles events outside of `handle`: when that returns it is not called any more.
        unsafe { ffi::libusb_hotplug_deregister_callback(context.raw(), self.callback) };
        context.events.handle(Duration::ZERO, || false);
        let left: Vec<_> = self.queue.with(|queue| queue.drain(..).collect());
        left.into_iter().for_each(|(_, Raw(device))| drop(Referenced::new(device, context)));
    }
}
