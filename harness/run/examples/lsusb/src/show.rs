//! Descriptors as text, in the layout of lsusb: one field a line, below what it belongs to.

use crate::wasi::usb::descriptors::{
    ConfigurationDescriptor, DeviceDescriptor, EndpointDescriptor, InterfaceDescriptor,
};
use crate::wasi::usb::device::{DeviceLocation, UsbDevice};
use crate::{Strings, names};

/// A number of decimal digits, with what it stands for behind it.
fn decimal(indent: usize, name: &str, value: impl Into<u64>, meaning: &str) {
    line(indent, name, &value.into().to_string(), meaning);
}

/// The same in hexadecimal digits, of this many bytes.
fn hexadecimal(indent: usize, name: &str, value: u16, bytes: usize, meaning: &str) {
    line(indent, name, &format!("0x{value:0width$x}", width = 2 * bytes), meaning);
}

fn line(indent: usize, name: &str, value: &str, meaning: &str) {
    let text = format!("{:indent$}{name:19}{value:>6} {meaning}", "");
    println!("{}", text.trim_end());
}

/// A release in binary-coded decimal: 0x0210 is 2.10.
fn release(bcd: u16) -> String {
    format!("{:x}.{:02x}", bcd >> 8, bcd & 0xff)
}

/// A device: a line, or all of its descriptors.
pub(crate) fn device(
    device: &UsbDevice,
    descriptor: &DeviceDescriptor,
    location: DeviceLocation,
    strings: &Strings,
    verbose: bool,
) {
    let [manufacturer, product] =
        [descriptor.manufacturer_index, descriptor.product_index].map(|index| strings.get(index));
    let head = format!(
        "Bus {:03} Device {:03}: ID {:04x}:{:04x} {manufacturer} {product}",
        location.bus_number, location.device_address, descriptor.vendor_id, descriptor.product_id
    );
    if !verbose {
        println!("{}", head.trim_end());
        return;
    }
    println!("\n{}", head.trim_end());
    if let Strings::Closed(why) = strings {
        println!("Couldn't open device ({why}), some information will be missing");
    }
    if let Some(speed) = names::speed(location.speed) {
        println!("Negotiated speed: {speed}");
    }
    println!("Device Descriptor:");
    decimal(2, "bLength", descriptor.length, "");
    decimal(2, "bDescriptorType", descriptor.descriptor_type, "");
    line(2, "bcdUSB", &release(descriptor.usb_version_bcd), "");
    decimal(2, "bDeviceClass", descriptor.device_class, names::class(descriptor.device_class));
    decimal(2, "bDeviceSubClass", descriptor.device_subclass, "");
    decimal(2, "bDeviceProtocol", descriptor.device_protocol, "");
    decimal(2, "bMaxPacketSize0", descriptor.max_packet_size0, "");
    hexadecimal(2, "idVendor", descriptor.vendor_id, 2, "");
    hexadecimal(2, "idProduct", descriptor.product_id, 2, "");
    line(2, "bcdDevice", &release(descriptor.device_version_bcd), "");
    decimal(2, "iManufacturer", descriptor.manufacturer_index, &manufacturer);
    decimal(2, "iProduct", descriptor.product_index, &product);
    let serial = descriptor.serial_number_index;
    decimal(2, "iSerial", serial, &strings.get(serial));
    decimal(2, "bNumConfigurations", descriptor.num_configurations, "");
    for index in 0..descriptor.num_configurations {
        match device.get_configuration_descriptor(index) {
            Ok(found) => configuration(&found, strings),
            Err(why) => println!("  Couldn't get configuration descriptor {index}: {}", why.name()),
        }
    }
}

fn configuration(found: &ConfigurationDescriptor, strings: &Strings) {
    println!("  Configuration Descriptor:");
    decimal(4, "bLength", found.length, "");
    decimal(4, "bDescriptorType", found.descriptor_type, "");
    hexadecimal(4, "wTotalLength", found.total_length, 2, "");
    // The interface has no bNumInterfaces: each alternate setting is an entry, and those of one interface stand together.
    let mut numbers: Vec<_> = found.interfaces.iter().map(|interface| interface.interface_number).collect();
    numbers.dedup();
    decimal(4, "bNumInterfaces", numbers.len() as u64, "");
    decimal(4, "bConfigurationValue", found.configuration_value, "");
    decimal(4, "iConfiguration", found.configuration_index, &strings.get(found.configuration_index));
    hexadecimal(4, "bmAttributes", found.attributes.into(), 1, "");
    println!("      ({} Powered)", if found.attributes & 0x40 != 0 { "Self" } else { "Bus" });
    if found.attributes & 0x20 != 0 {
        println!("      Remote Wakeup");
    }
    line(4, "MaxPower", &format!("{}mA", 2 * u16::from(found.max_power)), "");
    for found in &found.interfaces {
        interface(found, strings);
    }
}

fn interface(found: &InterfaceDescriptor, strings: &Strings) {
    println!("    Interface Descriptor:");
    decimal(6, "bLength", found.length, "");
    decimal(6, "bDescriptorType", found.descriptor_type, "");
    decimal(6, "bInterfaceNumber", found.interface_number, "");
    decimal(6, "bAlternateSetting", found.alternate_setting, "");
    decimal(6, "bNumEndpoints", found.endpoints.len() as u64, "");
    decimal(6, "bInterfaceClass", found.interface_class, names::class(found.interface_class));
    decimal(6, "bInterfaceSubClass", found.interface_subclass, "");
    decimal(6, "bInterfaceProtocol", found.interface_protocol, "");
    decimal(6, "iInterface", found.interface_index, &strings.get(found.interface_index));
    for found in &found.endpoints {
        endpoint(found);
    }
}

fn endpoint(found: &EndpointDescriptor) {
    let (number, direction) =
        (found.endpoint_address & 0x0f, if found.endpoint_address & 0x80 != 0 { "IN" } else { "OUT" });
    println!("      Endpoint Descriptor:");
    decimal(8, "bLength", found.length, "");
    decimal(8, "bDescriptorType", found.descriptor_type, "");
    hexadecimal(
        8,
        "bEndpointAddress",
        found.endpoint_address.into(),
        1,
        &format!(" EP {number} {direction}"),
    );
    decimal(8, "bmAttributes", found.attributes, "");
    println!("          Transfer Type            {}", names::transfer(found.attributes));
    println!("          Synch Type               {}", names::synchronisation(found.attributes));
    println!("          Usage Type               {}", names::usage(found.attributes));
    let (times, size) = (1 + (found.max_packet_size >> 11 & 3), found.max_packet_size & 0x7ff);
    hexadecimal(8, "wMaxPacketSize", found.max_packet_size, 2, &format!(" {times}x {size} bytes"));
    decimal(8, "bInterval", found.interval, "");
    // Only endpoints of audio class 1 have the two.
    if found.length >= 9 {
        decimal(8, "bRefresh", found.refresh, "");
        decimal(8, "bSynchAddress", found.synch_address, "");
    }
}
