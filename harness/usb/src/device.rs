//! The devices of this machine, as libusb lists them.

use crate::context::Context;
use crate::failure::{About, Failure, Report};
use crate::handle::Handle;
use crate::watch::Watcher;
use crate::{code, descriptors};
use libusb1_sys as ffi;
use libusb1_sys::constants::LIBUSB_ERROR_NOT_FOUND;
use std::collections::BTreeMap;
use std::ptr::{NonNull, null, null_mut};
use std::slice;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{self, Device, DeviceId, Usb, Watch};

/// How many devices that are gone are remembered, for whoever is still to hear of that.
const MOST_GONE: usize = 256;

/// The USB devices of this machine. Clones are of the same context of libusb, and know a device by the same number.
#[derive(Clone)]
pub struct Libusb(pub(crate) Arc<Devices>);

/// What is known of devices.
pub(crate) struct Devices {
    known: Mutex<Known>,
    pub(crate) context: Arc<Context>,
}

#[derive(Default)]
struct Known {
    last: u64,
    devices: BTreeMap<u64, Entry>,
}

struct Entry {
    device: Referenced,
    about: Device,
    present: bool,
}

/// A device of libusb, which stays what it is for as long as somebody has this.
pub(crate) struct Referenced {
    raw: NonNull<ffi::libusb_device>,
    context: Arc<Context>,
}

// SAFETY: libusb's functions may be called from any thread.
unsafe impl Send for Referenced {}

impl Referenced {
    /// One that was referenced for it.
    pub(crate) fn new(raw: NonNull<ffi::libusb_device>, context: &Arc<Context>) -> Referenced {
        Referenced { raw, context: Arc::clone(context) }
    }

    fn raw(&self) -> *mut ffi::libusb_device {
        self.raw.as_ptr()
    }
}

impl Drop for Referenced {
    fn drop(&mut self) {
        // SAFETY: this has a reference of its own. The context is there until all of them are dropped.
        unsafe { ffi::libusb_unref_device(self.raw()) };
    }
}

impl Libusb {
    /// Starts libusb, with a context of its own.
    pub fn new() -> Result<Libusb, Failure> {
        let context = Context::new().map_err(|code| Failure {
            place: None,
            ids: (0, 0),
            call: "libusb_init",
            code,
            refusal: code::refusal(code),
        })?;
        Ok(Libusb(Arc::new(Devices { known: Mutex::default(), context })))
    }

    /// Who is told what went wrong, each time that libusb refuses something. Called by the thread that asked; who is named first
    /// is told.
    #[must_use]
    pub fn on_failure(self, tell: impl Fn(&Failure) + Send + Sync + 'static) -> Libusb {
        self.report().to(Box::new(tell));
        self
    }

    /// Starts no thread: whoever waits for a transfer is woken by [`handle_events`](Libusb::handle_events) alone, or by somebody who
    /// asks for another one. For an embedder with a loop of its own.
    #[must_use]
    pub fn without_thread(self) -> Libusb {
        self.0.context.need_no_thread();
        self
    }

    /// Lets libusb tell what has happened, and wakes whoever waits for it. Blocks until something has, for `time` at most.
    pub fn handle_events(&self, time: Duration) {
        self.0.context.events.handle_some(time);
    }

    /// The version of the libusb that this program runs with, such as `1.0.27`.
    pub fn version() -> String {
        // SAFETY: it gives a constant.
        let version = unsafe { &*ffi::libusb_get_version() };
        format!("{}.{}.{}", version.major, version.minor, version.micro)
    }

    fn report(&self) -> &Report {
        &self.0.context.report
    }
}

impl Devices {
    /// What the system has told is known to libusb when this returns.
    pub(crate) fn list(&self) -> Result<Vec<Device>, Refusal> {
        let mut list = null();
        // SAFETY: it is a place for a pointer.
        let count = unsafe { ffi::libusb_get_device_list(self.context.raw(), &mut list) };
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let count = self.context.report.checked(None, "libusb_get_device_list", count)?;
        // SAFETY: there are so many.
        let raw = unsafe { slice::from_raw_parts(list, count as usize) };
        let devices: Vec<_> = raw.iter().copied().filter_map(NonNull::new).collect();
        let devices = devices.into_iter().map(|raw| Referenced::new(raw, &self.context));
        let devices: Vec<_> = devices.collect();
        // SAFETY: the references in it are the devices' now.
        unsafe { ffi::libusb_free_device_list(list, 0) };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.devices.values_mut().for_each(|entry| entry.present = false);
        let listed = devices.into_iter().filter_map(|device| known.entry(device).map(|(_, about)| about));
        let listed = listed.collect();
        known.forget();
        Ok(listed)
    }

    /// What is told of a device, whether it is still there or not.
    pub(crate) fn about(&self, device: Referenced, arrived: bool) -> Option<Device> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, about) = known.entry(device)?;
        if let (false, Some(entry)) = (arrived, known.devices.get_mut(&id)) {
            entry.present = false;
        }
        Some(about)
    }

    fn with<R>(&self, id: DeviceId, f: impl FnOnce(&Entry) -> R) -> Result<R, Refusal> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.devices.get(&id.0).map(f).ok_or(Refusal::Gone)
    }
}

impl Known {
    /// The number of a device, which it has for one stay, and what is told of it. `None` if libusb does not know its descriptor.
    fn entry(&mut self, device: Referenced) -> Option<(u64, Device)> {
        let same = self.devices.iter_mut().find(|(_, entry)| entry.device.raw == device.raw);
        if let Some((id, entry)) = same {
            entry.present = true;
            entry.about.active = active(&device).unwrap_or(0);
            return Some((*id, entry.about.clone()));
        }
        self.last += 1;
        let about = describe(&device, DeviceId(self.last))?;
        self.devices.insert(self.last, Entry { device, about: about.clone(), present: true });
        Some((self.last, about))
    }

    fn forget(&mut self) {
        let gone: Vec<_> =
            self.devices.iter().filter(|(_, entry)| !entry.present).map(|(id, _)| *id).collect();
        for id in gone.iter().rev().skip(MOST_GONE) {
            self.devices.remove(id);
        }
    }
}

/// Asks libusb, which asks nothing of the device.
fn describe(device: &Referenced, id: DeviceId) -> Option<Device> {
    let raw = device.raw();
    let mut descriptor = std::mem::MaybeUninit::uninit();
    // SAFETY: the device is referenced, and the place is written if this succeeds.
    let descriptor = unsafe {
        if ffi::libusb_get_device_descriptor(raw, descriptor.as_mut_ptr()) != 0 {
            return None;
        }
        descriptors::device(descriptor.assume_init_ref())
    };
    // SAFETY: the device is referenced.
    let (bus, address, port, speed) = unsafe {
        let (bus, address) = (ffi::libusb_get_bus_number(raw), ffi::libusb_get_device_address(raw));
        (bus, address, ffi::libusb_get_port_number(raw), code::speed(ffi::libusb_get_device_speed(raw)))
    };
    let configurations = descriptors::from_sysfs(bus, address, &descriptor).unwrap_or_else(|| {
        let count = descriptor[descriptors::DEVICE - 1];
        (0..count).map(|index| configuration(device, index)).collect()
    });
    let active = active(device).unwrap_or(0);
    Some(Device { id, bus, address, port, speed, descriptor, configurations, active })
}

/// A configuration by its place; without a byte if libusb does not understand it.
fn configuration(device: &Referenced, index: u8) -> Vec<u8> {
    let mut raw = null();
    // SAFETY: the device is referenced; what is given is freed after use.
    unsafe {
        if ffi::libusb_get_config_descriptor(device.raw(), index, &mut raw) != 0 {
            return Vec::new();
        }
        let bytes = descriptors::put_together(raw);
        ffi::libusb_free_config_descriptor(raw);
        bytes
    }
}

/// The value of the configuration in force; 0 for none, the code of libusb if it does not know.
fn active(device: &Referenced) -> Result<u8, i32> {
    let mut raw = null();
    // SAFETY: the device is referenced; what is given is freed after use.
    unsafe {
        match ffi::libusb_get_active_config_descriptor(device.raw(), &mut raw) {
            0 => {
                let value = (*raw).bConfigurationValue;
                ffi::libusb_free_config_descriptor(raw);
                Ok(value)
            }
            LIBUSB_ERROR_NOT_FOUND => Ok(0),
            code => Err(code),
        }
    }
}

/// Of which device a failure is.
fn named(device: &Device) -> About {
    let id = |at: usize| u16::from_le_bytes([device.descriptor[at], device.descriptor[at + 1]]);
    Some(((device.bus, device.address), (id(8), id(10))))
}

impl Usb for Libusb {
    fn devices(&mut self) -> Result<Vec<Device>, Refusal> {
        self.0.list()
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Refusal> {
        // Who has gone is found out by looking who is there.
        self.0.list()?;
        let report = self.report();
        self.0.with(device, |entry| {
            if !entry.present {
                return Err(Refusal::Gone);
            }
            let call = "libusb_get_active_config_descriptor";
            active(&entry.device).map_err(|code| report.refused(named(&entry.about), call, code))
        })?
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn usb::Handle>, Refusal> {
        self.0.with(device, |entry| {
            let mut raw = null_mut();
            let about = named(&entry.about);
            // SAFETY: the device is referenced, and it is a place for a pointer.
            let code = unsafe { ffi::libusb_open(entry.device.raw(), &mut raw) };
            self.report().checked(about, "libusb_open", code)?;
            let raw = NonNull::new(raw).ok_or(Refusal::Other)?;
            Ok(Box::new(Handle::new(raw, about, Arc::clone(&entry.device.context))) as Box<dyn usb::Handle>)
        })?
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Refusal> {
        Ok(Box::new(Watcher::new(&self.0)?))
    }
}
