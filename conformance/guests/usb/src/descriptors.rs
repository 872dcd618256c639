//! What devices say about themselves.
//!
//! A configuration is written in one line, by its value and the index of its name, or in full: one line for
//! itself, one for each entry of `interfaces` (`0.1` is interface 0, alternate setting 1) and one for each endpoint.

use crate::device::{Device, device, ids, init, list, two_devices};
use crate::exchange::bulk;
use crate::log::{call, cue, mark, note, saw};
use crate::package::descriptors::ConfigurationDescriptor;
use crate::package::errors::LibusbError;
use wasi_hw_guest::alloc::{format, string::String};

type Found = Result<ConfigurationDescriptor, LibusbError>;

impl Device {
    fn read(&self, text: &str, found: Found) -> Option<ConfigurationDescriptor> {
        let brief = |c: &ConfigurationDescriptor| {
            format!("value {} name {}", c.configuration_value, c.configuration_index)
        };
        call(self.name, text, found.as_ref().map(brief).map_err(|error| *error));
        found.ok()
    }

    /// Calls `get-configuration-descriptor`.
    pub fn by_index(&self, index: u8) -> Option<ConfigurationDescriptor> {
        self.read(
            &format!("get-configuration-descriptor {index}"),
            self.device.get_configuration_descriptor(index),
        )
    }

    /// Calls `get-configuration-descriptor-by-value`.
    pub fn by_value(&self, value: u8) -> Option<ConfigurationDescriptor> {
        let found = self.device.get_configuration_descriptor_by_value(value);
        self.read(&format!("get-configuration-descriptor-by-value {value}"), found)
    }

    /// Calls `get-active-configuration-descriptor`.
    pub fn active(&self) -> Option<ConfigurationDescriptor> {
        self.read("get-active-configuration-descriptor", self.device.get_active_configuration_descriptor())
    }

    /// Writes the whole device descriptor.
    fn saw_descriptor(&self) {
        let d = &self.descriptor;
        let numbers = format!(
            "{} {} usb {:#06x} class {:02x}/{:02x}/{:02x} packet {} ids {} version {:#06x}",
            d.length,
            d.descriptor_type,
            d.usb_version_bcd,
            d.device_class,
            d.device_subclass,
            d.device_protocol,
            d.max_packet_size0,
            ids(d.vendor_id, d.product_id),
            d.device_version_bcd,
        );
        let (manufacturer, product, serial) = (d.manufacturer_index, d.product_index, d.serial_number_index);
        let names =
            format!("names {manufacturer} {product} {serial} configurations {}", d.num_configurations);
        note(self.name, &format!("descriptor {numbers} {names}"));
    }
}

fn saw_configuration(c: &ConfigurationDescriptor) {
    let own = format!(
        "{} {} total {} value {}",
        c.length, c.descriptor_type, c.total_length, c.configuration_value
    );
    let (attributes, power) = (c.attributes, c.max_power);
    note(
        "",
        &format!(
            "configuration {own} name {} attributes {attributes:#04x} power {power}",
            c.configuration_index
        ),
    );
    for i in &c.interfaces {
        let class =
            format!("{:02x}/{:02x}/{:02x}", i.interface_class, i.interface_subclass, i.interface_protocol);
        let place = format!("{}.{}", i.interface_number, i.alternate_setting);
        note(
            "",
            &format!(
                "interface {place} {} {} class {class} name {}",
                i.length, i.descriptor_type, i.interface_index
            ),
        );
        for e in &i.endpoints {
            let own = format!("{:#04x} {} {}", e.endpoint_address, e.length, e.descriptor_type);
            let packet = format!("attributes {:#04x} packet {:#06x}", e.attributes, e.max_packet_size);
            let audio = format!("refresh {} synch {:#04x}", e.refresh, e.synch_address);
            note("", &format!("endpoint {own} {packet} interval {} {audio}", e.interval));
        }
    }
}

/// Every field of the device descriptor, and the packet sizes of the endpoints.
pub fn device_descriptor() {
    let Some(device) = device() else { return };
    device.saw_descriptor();
    if let Some(found) = device.by_index(0) {
        let endpoints = found.interfaces.iter().flat_map(|i| &i.endpoints);
        let sizes = endpoints.map(|e| format!("{:#06x}", e.max_packet_size));
        saw(&["packets ", &wasi_hw_guest::list(sizes)]);
    }
    let Some(handle) = device.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Bus, address, port and speed of two devices.
pub fn location() {
    let Some((first, other)) = two_devices() else { return };
    first.saw_location();
    other.saw_location();
    let Some(handle) = first.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// All configurations by their position, and positions that are none.
pub fn by_index() {
    let Some(device) = device() else { return };
    for index in 0..=device.descriptor.num_configurations {
        device.by_index(index);
    }
    device.by_index(0xff);
    let Some(handle) = device.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Configurations by their value: all that there are, positions that are no values, and values of nobody.
pub fn by_value() {
    let Some(device) = device() else { return };
    for value in [7, 2, 0, 1, 3, 0xff] {
        device.by_value(value);
    }
    let Some(handle) = device.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// The configuration in force, from none at all to one after the other.
pub fn active() {
    let Some(device) = device() else { return };
    device.active();
    let Some(handle) = device.open() else { return };
    for value in [7, 2, 7] {
        handle.set_configuration(value);
        device.active();
    }
    handle.remember(1, &[0x0f, 0xd3]);
    handle.unconfigure();
    device.active();
}

/// The first configuration in full.
pub fn configuration() {
    let Some(device) = device() else { return };
    if let Some(found) = device.by_index(0) {
        saw_configuration(&found);
    }
    let Some(handle) = device.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// All three methods, with marks around them.
pub fn silent() {
    let Some(device) = device() else { return };
    mark("begin");
    device.by_index(0);
    device.by_value(7);
    device.active();
    mark("end");
    let Some(handle) = device.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}

/// All three methods of every device on the bus, and then the use of one that is sound.
pub fn broken() {
    init();
    let mut list = list();
    let Some(sound) = list.take(1) else { return };
    for (device, descriptor, _) in &list.0 {
        let read = |what: &str, found: Found| {
            let outcome = found.map(|_| String::new());
            call(&ids(descriptor.vendor_id, descriptor.product_id), what, outcome);
        };
        read("get-configuration-descriptor 0", device.get_configuration_descriptor(0));
        read("get-configuration-descriptor-by-value 1", device.get_configuration_descriptor_by_value(1));
        read("get-active-configuration-descriptor", device.get_active_configuration_descriptor());
    }
    drop(list);
    sound.by_index(0);
    let Some(handle) = sound.open() else { return };
    handle.claim(0);
    handle.send(&bulk(0x02, 0), &[0x0f, 0xd3]);
    handle.receive(&bulk(0x81, 64));
}

/// What a device that has gone had said.
pub fn of_the_gone() {
    let Some((first, other)) = two_devices() else { return };
    other.by_index(0);
    cue("unplug");
    other.by_index(0);
    other.by_value(1);
    let Some(handle) = first.open() else { return };
    handle.remember(1, &[0x0f, 0xd3]);
}
