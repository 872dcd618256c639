//! All that a process has of this library.
//!
//! What a host holds as a pointer to a context, a device or a handle is the number of an entry here. Numbers are
//! never given out twice, so one that is stale is not found; a caller that uses one has used memory after it was
//! freed, as far as libusb is concerned.

use crate::abi::{
    libusb_config_descriptor, libusb_context, libusb_device, libusb_device_handle,
    libusb_endpoint_descriptor, libusb_hotplug_callback_fn, libusb_interface, libusb_interface_descriptor,
    libusb_transfer,
};
use crate::error::misuse;
use crate::given::Block;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ffi::c_int;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;
use wasi_hw_protocol::usb;

/// The entries.
#[derive(Default)]
pub(crate) struct Registry {
    last: usize,
    /// The context that NULL stands for.
    pub(crate) default: Option<usize>,
    pub(crate) contexts: BTreeMap<usize, Context>,
    pub(crate) devices: HashMap<usize, Device>,
    pub(crate) handles: HashMap<usize, Handle>,
    /// By address, which is a real one here: a transfer is the host's to fill.
    pub(crate) transfers: BTreeMap<usize, Transfer>,
    /// Lists of devices that were given out, by address.
    pub(crate) lists: HashMap<usize, Vec<usize>>,
    /// Configurations that were given out, by address.
    pub(crate) configs: HashMap<usize, Config>,
    /// Other memory that was given out, by the address of the first block: with all that it points to.
    pub(crate) blocks: HashMap<usize, Vec<Block>>,
    /// Contexts that are made from now on find no devices.
    pub(crate) no_discovery: bool,
    pub(crate) callbacks: BTreeMap<c_int, Callback>,
    pub(crate) last_callback: c_int,
    /// Whether the harness tells of devices that come and go, once it was asked.
    pub(crate) hotplug: Option<bool>,
}

/// A context.
#[derive(Default)]
pub(crate) struct Context {
    /// How often it was initialised, if it is the one that NULL stands for.
    pub(crate) users: usize,
    /// By the harness's number: the devices that it has shown, each with a reference of its own.
    pub(crate) known: BTreeMap<u32, usize>,
    /// Whether it lists no devices.
    pub(crate) no_discovery: bool,
    /// Who has the lock on the handling of events, and how often.
    pub(crate) lock: Option<(ThreadId, usize)>,
    /// Whether the next waiting for events shall end at once.
    pub(crate) interrupted: bool,
}

/// A device.
pub(crate) struct Device {
    pub(crate) context: usize,
    pub(crate) references: usize,
    pub(crate) about: usb::Device,
}

/// An open device.
#[derive(Clone, Copy)]
pub(crate) struct Handle {
    pub(crate) device: usize,
    pub(crate) context: usize,
    /// The harness's number.
    pub(crate) number: u32,
    /// The interfaces that were claimed with `libusb_claim_interface`, as bits.
    pub(crate) claimed: u32,
    pub(crate) auto_detach: bool,
}

/// A transfer.
pub(crate) struct Transfer {
    /// Where the structure and its packets lie.
    pub(crate) memory: Vec<u64>,
    pub(crate) most_packets: usize,
    pub(crate) stream: u32,
    pub(crate) flight: Option<Flight>,
}

/// A transfer that is in flight.
#[derive(Clone, Copy)]
pub(crate) struct Flight {
    pub(crate) context: usize,
    pub(crate) handle: usize,
    /// The harness's number.
    pub(crate) number: u32,
    pub(crate) cancelled: bool,
}

/// A configuration that was given out: the parts, that point to one another.
#[derive(Default)]
pub(crate) struct Config {
    /// One.
    pub(crate) config: Vec<libusb_config_descriptor>,
    pub(crate) interfaces: Vec<libusb_interface>,
    pub(crate) settings: Vec<Vec<libusb_interface_descriptor>>,
    pub(crate) endpoints: Vec<Vec<libusb_endpoint_descriptor>>,
    pub(crate) extra: Vec<Vec<u8>>,
}

// SAFETY: the pointers in it lead to its own parts, which live on the heap and are not changed any more, and nothing
// here follows them; whichever thread frees it may do so.
unsafe impl Send for Config {}

/// Somebody who is told of devices that come and go.
pub(crate) struct Callback {
    pub(crate) context: usize,
    pub(crate) events: c_int,
    pub(crate) vendor: c_int,
    pub(crate) product: c_int,
    pub(crate) class: c_int,
    pub(crate) function: libusb_hotplug_callback_fn,
    /// The address that is handed back to it.
    pub(crate) user_data: usize,
    /// What it has not been told yet: the event, and a device with a reference for it.
    pub(crate) queue: VecDeque<(c_int, usize)>,
}

static REGISTRY: LazyLock<Mutex<Registry>> = LazyLock::new(Mutex::default);

/// A transfer was submitted, or something else changed that whoever handles events looks at.
static CHANGED: Condvar = Condvar::new();

/// The registry, locked. Nobody asks the harness or calls the host while it is.
pub(crate) fn registry() -> MutexGuard<'static, Registry> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wakes those who wait for a change.
pub(crate) fn changed() {
    CHANGED.notify_all();
}

/// Unlocks the registry until something changes, but not for longer than this.
pub(crate) fn wait(registry: MutexGuard<'static, Registry>, at_most: Duration) {
    drop(CHANGED.wait_timeout(registry, at_most).unwrap_or_else(PoisonError::into_inner));
}

impl Registry {
    /// A number that was never given out.
    pub(crate) fn number(&mut self) -> usize {
        // In steps, and not from 0, because a pointer is neither null nor odd.
        self.last += 16;
        self.last
    }

    /// The context that a host means; NULL is the one that it shares with all others that say so.
    pub(crate) fn context(&self, function: &str, pointer: *mut libusb_context) -> usize {
        let context = if pointer.is_null() { self.default.unwrap_or(0) } else { pointer.addr() };
        if !self.contexts.contains_key(&context) {
            misuse(function, "the context was never initialised, or has ended");
        }
        context
    }

    /// The device that a host means.
    pub(crate) fn device(&mut self, function: &str, pointer: *const libusb_device) -> &mut Device {
        let device = self.devices.get_mut(&pointer.addr());
        device.unwrap_or_else(|| misuse(function, "the device has no reference any more"))
    }

    /// The open device that a host means.
    pub(crate) fn handle(&mut self, function: &str, pointer: *const libusb_device_handle) -> &mut Handle {
        let handle = self.handles.get_mut(&pointer.addr());
        handle.unwrap_or_else(|| misuse(function, "the device handle is closed"))
    }

    /// The transfer that a host means.
    pub(crate) fn transfer(&mut self, function: &str, pointer: *const libusb_transfer) -> &mut Transfer {
        let transfer = self.transfers.get_mut(&pointer.addr());
        transfer.unwrap_or_else(|| misuse(function, "the transfer is freed"))
    }

    /// A reference to the device that the harness describes, as this context knows it.
    pub(crate) fn known(&mut self, context: usize, about: usb::Device) -> usize {
        let known = self.contexts.get(&context).and_then(|context| context.known.get(&about.device)).copied();
        let device = known.unwrap_or_else(|| {
            let number = self.number();
            self.devices.insert(number, Device { context, references: 1, about: about.clone() });
            if let Some(context) = self.contexts.get_mut(&context) {
                context.known.insert(about.device, number);
            }
            number
        });
        if let Some(device) = self.devices.get_mut(&device) {
            device.references += 1;
            device.about = about;
        }
        device
    }

    /// Gives a reference to a device back.
    pub(crate) fn unreference(&mut self, number: usize) {
        if let Some(device) = self.devices.get_mut(&number) {
            device.references -= 1;
            if device.references == 0 {
                self.devices.remove(&number);
            }
        }
    }
}

/// The pointer that stands for an entry. It leads nowhere.
pub(crate) fn pointer<T>(number: usize) -> *mut T {
    std::ptr::without_provenance_mut(number)
}
