//! Preparing the host, and lists of devices.

use crate::device::{Device, List, device, init, list, two_devices};
use crate::exchange::bulk;
use crate::log::{cue, note, saw_drop};
use crate::package::device::UsbSpeed;
use wasi_hw_guest::alloc::format;

impl Device {
    /// Writes where the device is.
    pub fn saw_location(&self) {
        let at = &self.location;
        let speed = match at.speed {
            UsbSpeed::Unknown => "unknown",
            UsbSpeed::Low => "low",
            UsbSpeed::Full => "full",
            UsbSpeed::High => "high",
            UsbSpeed::Super => "super",
            UsbSpeed::SuperPlus => "super-plus",
            UsbSpeed::SuperPlusX2 => "super-plus-x2",
        };
        let place = format!("bus {} address {} port {}", at.bus_number, at.device_address, at.port_number);
        note(self.name, &format!("location {place} speed {speed}"));
    }

    /// Writes whether the device stands where it stood.
    fn saw_place(&self, before: &Device) {
        let place = |device: &Device| (device.location.bus_number, device.location.device_address);
        let same = place(self) == place(before);
        note(self.name, if same { "place as before" } else { "place has changed" });
    }
}

fn again(before: &Device, product: u16) {
    if let Some(device) = list().take(product) {
        device.saw_place(before);
    }
}

/// A second `init` in the middle of everything: with a device, a claim, and a transfer in flight.
pub fn init_twice() {
    init();
    let Some(device) = list().take(1) else { return };
    let Some(handle) = device.open() else { return };
    handle.claim(0);
    let Some(transfer) = handle.start("first", &bulk(0x81, 64)) else { return };
    init();
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    transfer.wait();
    let Some(second) = device.open_as("second") else { return };
    second.remember(1, &[0x5e]);
    handle.send(&bulk(0x02, 0), &[0xa5]);
    handle.receive(&bulk(0x81, 64));
}

/// A list before `init`, and one after.
pub fn before_init() {
    list();
    init();
    let Some(device) = list().take(1) else { return };
    let Some(handle) = device.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Several lists, dropped in another order than they were made.
pub fn lists() {
    init();
    let first = list();
    let mut second = list();
    let Some(device) = second.take(1) else { return };
    drop(first);
    saw_drop("list");
    let Some(handle) = device.open() else { return };
    let mut third = list();
    drop(second);
    saw_drop("list");
    device.drop();
    handle.remember(1, &[0x0f, 0xd3]);
    handle.drop();
    let Some(device) = third.take(1) else { return };
    let Some(second) = device.open_as("second") else { return };
    second.remember(2, &[0x5e]);
}

/// A device's place in lists made before and after it was opened, configured and used, and another left.
pub fn place() {
    let Some((first, other)) = two_devices() else { return };
    again(&first, 1);
    let Some(handle) = first.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
    handle.set_configuration(1);
    again(&first, 1);
    again(&other, 2);
    cue("unplug");
    again(&first, 1);
}

/// A list from which a device may be missing, and the use of one that is there.
pub fn allowed_only() {
    let Some(device) = device() else { return };
    let Some(handle) = device.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Lists before and after a device was unplugged and plugged in again.
pub fn after_unplug() {
    let Some((first, other)) = two_devices() else { return };
    let Some(handle) = first.open() else { return };
    drop(other);
    cue("unplug");
    list();
    handle.remember(1, &[0x0f, 0xd3]);
    cue("plug");
    let List(devices) = list();
    drop(devices);
    handle.remember(2, &[0x5e]);
}
