//! Devices and handles, whose calls write themselves down.
//!
//! Product ids mean the same everywhere: 1209:0001 is the device of the test, 1209:0002 another one, which
//! the transcript calls `other`, and 1209:0003 a `third`.

use crate::log::{Outcome, call, nothing, saw, saw_drop};
use crate::package::configuration::ConfigValue;
use crate::package::descriptors::DeviceDescriptor;
use crate::package::device::{self, DeviceHandle, DeviceLocation, UsbDevice};
use wasi_hw_guest::alloc::{format, string::String, vec::Vec};
use wasi_hw_guest::{decimal, hex, line};

const VENDOR: u16 = 0x1209;

/// The devices of one list, in the order of their ids.
pub struct List(pub Vec<Listed>);

type Listed = (UsbDevice, DeviceDescriptor, DeviceLocation);

/// A device of a list.
pub struct Device {
    pub name: &'static str,
    pub device: UsbDevice,
    pub descriptor: DeviceDescriptor,
    pub location: DeviceLocation,
}

/// A handle of a device.
pub struct Handle {
    pub name: &'static str,
    pub handle: DeviceHandle,
}

/// Calls `init`.
pub fn init() -> bool {
    call("", "init", nothing(device::init()))
}

/// Calls `list-devices`.
pub fn list() -> List {
    let listed = device::list_devices();
    let (devices, outcome) = match listed {
        Ok(listed) => {
            let mut devices = Vec::new();
            for new in listed {
                // The few devices of a board need no sorting algorithm, which is long.
                let at = devices.iter().position(|old| key(old) > key(&new)).unwrap_or(devices.len());
                devices.insert(at, new);
            }
            let ids = devices.iter().map(|(_, d, _)| ids(d.vendor_id, d.product_id));
            let ids = wasi_hw_guest::list(ids);
            (devices, Ok(ids))
        }
        Err(error) => (Vec::new(), Err(error)),
    };
    call("", "list-devices", outcome);
    List(devices)
}

fn key((_, descriptor, at): &Listed) -> (u16, u16, u8, u8) {
    (descriptor.vendor_id, descriptor.product_id, at.bus_number, at.device_address)
}

/// Vendor and product as they are usually written.
pub fn ids(vendor: u16, product: u16) -> String {
    format!("{vendor:04x}:{product:04x}")
}

impl List {
    /// Takes a device out of the list, and says so if it is not there.
    pub fn take(&mut self, product: u16) -> Option<Device> {
        let is_it = |d: &DeviceDescriptor| d.vendor_id == VENDOR && d.product_id == product;
        let Some(at) = self.0.iter().position(|(_, d, _)| is_it(d)) else {
            saw(&["no device ", &ids(VENDOR, product)]);
            return None;
        };
        let (device, descriptor, location) = self.0.remove(at);
        let name = match product {
            1 => "",
            2 => "other",
            _ => "third",
        };
        Some(Device { name, device, descriptor, location })
    }
}

/// The device of the test, from a fresh list.
pub fn device() -> Option<Device> {
    init();
    list().take(1)
}

/// The device of the test, and the other.
pub fn two_devices() -> Option<(Device, Device)> {
    init();
    let mut list = list();
    Some((list.take(1)?, list.take(2)?))
}

/// The device of the test, open.
pub fn open() -> Option<Handle> {
    device()?.open()
}

/// The same with interface 0 claimed.
pub fn claimed() -> Option<Handle> {
    let handle = open()?;
    handle.claim(0);
    Some(handle)
}

impl Device {
    /// Calls `open`.
    pub fn open(&self) -> Option<Handle> {
        self.open_as(self.name)
    }

    /// Calls `open`, and gives the handle a name for the transcript.
    pub fn open_as(&self, name: &'static str) -> Option<Handle> {
        let opened = self.device.open();
        let outcome = opened.as_ref().map(|_| String::new()).map_err(|error| *error);
        call(name, "open", outcome);
        opened.ok().map(|handle| Handle { name, handle })
    }

    /// Drops the device.
    pub fn drop(self) {
        drop(self.device);
        saw_drop(if self.name.is_empty() { "device" } else { self.name });
    }
}

impl Handle {
    fn call(&self, text: &str, outcome: Outcome) -> bool {
        call(self.name, text, outcome)
    }

    /// A call with one number.
    #[inline(never)]
    fn call_on(&self, method: &str, number: u8, outcome: Outcome) -> bool {
        self.call(&line(&[method, &decimal(number.into())]), outcome)
    }

    /// Calls `get-configuration`.
    pub fn get_configuration(&self) -> bool {
        let value = self.handle.get_configuration();
        self.call("get-configuration", value.map(|value| decimal(value.into())))
    }

    /// Calls `set-configuration` with a value.
    pub fn set_configuration(&self, value: u8) -> bool {
        let result = self.handle.set_configuration(ConfigValue::Value(value));
        self.call_on("set-configuration ", value, nothing(result))
    }

    /// Calls `set-configuration` for the state without one.
    pub fn unconfigure(&self) -> bool {
        let result = self.handle.set_configuration(ConfigValue::Unconfigured);
        self.call("set-configuration unconfigured", nothing(result))
    }

    /// Calls `claim-interface`.
    pub fn claim(&self, interface: u8) -> bool {
        let result = self.handle.claim_interface(interface);
        self.call_on("claim-interface ", interface, nothing(result))
    }

    /// Calls `release-interface`.
    pub fn release(&self, interface: u8) -> bool {
        let result = self.handle.release_interface(interface);
        self.call_on("release-interface ", interface, nothing(result))
    }

    /// Calls `set-interface-altsetting`.
    pub fn set_alternate(&self, interface: u8, setting: u8) -> bool {
        let result = self.handle.set_interface_altsetting(interface, setting);
        self.call(&format!("set-interface-altsetting {interface} {setting}"), nothing(result))
    }

    /// Calls `clear-halt`.
    pub fn clear_halt(&self, endpoint: u8) -> bool {
        let result = self.handle.clear_halt(endpoint);
        self.call(&format!("clear-halt {endpoint:#04x}"), nothing(result))
    }

    /// Calls `reset-device`.
    pub fn reset(&self) -> bool {
        self.call("reset-device", nothing(self.handle.reset_device()))
    }

    /// Calls `alloc-streams`.
    pub fn alloc_streams(&self, streams: u32, endpoints: &[u8]) -> bool {
        let result = self.handle.alloc_streams(streams, endpoints);
        self.call(&line(&["alloc-streams ", &decimal(streams.into()), " ", &hex(endpoints)]), nothing(result))
    }

    /// Calls `free-streams`.
    pub fn free_streams(&self, endpoints: &[u8]) -> bool {
        let result = self.handle.free_streams(endpoints);
        self.call(&line(&["free-streams ", &hex(endpoints)]), nothing(result))
    }

    /// Calls `kernel-driver-active`.
    pub fn kernel_driver(&self, interface: u8) -> bool {
        let active = self.handle.kernel_driver_active(interface);
        let outcome = active.map(|active| String::from(if active { "true" } else { "false" }));
        self.call_on("kernel-driver-active ", interface, outcome)
    }

    /// Calls `detach-kernel-driver`.
    pub fn detach(&self, interface: u8) -> bool {
        let result = self.handle.detach_kernel_driver(interface);
        self.call_on("detach-kernel-driver ", interface, nothing(result))
    }

    /// Calls `attach-kernel-driver`.
    pub fn attach(&self, interface: u8) -> bool {
        let result = self.handle.attach_kernel_driver(interface);
        self.call_on("attach-kernel-driver ", interface, nothing(result))
    }

    /// Calls `close`.
    pub fn close(&self) {
        self.handle.close();
        self.call("close", Ok(String::new()));
    }

    /// Drops the handle.
    pub fn drop(self) {
        drop(self.handle);
        saw_drop(if self.name.is_empty() { "handle" } else { self.name });
    }
}
