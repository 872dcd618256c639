//! Names of numbers that are assigned: classes by the USB-IF's list of class codes, the others by USB 2.0 §9.6.

use crate::wasi::usb::device::UsbSpeed;

/// The name of a base class, empty where it has none here.
pub(crate) fn class(code: u8) -> &'static str {
    match code {
        0x00 => "[per Interface]",
        0x01 => "Audio",
        0x02 => "Communications",
        0x03 => "Human Interface Device",
        0x05 => "Physical Interface Device",
        0x06 => "Imaging",
        0x07 => "Printer",
        0x08 => "Mass Storage",
        0x09 => "Hub",
        0x0a => "CDC Data",
        0x0b => "Chip/SmartCard",
        0x0e => "Video",
        0xe0 => "Wireless",
        0xef => "Miscellaneous Device",
        0xfe => "Application Specific Interface",
        0xff => "Vendor Specific Class",
        _ => "",
    }
}

/// A speed with its rate; nothing where it is not known.
pub(crate) fn speed(speed: UsbSpeed) -> Option<&'static str> {
    Some(match speed {
        UsbSpeed::Unknown => return None,
        UsbSpeed::Low => "Low Speed (1Mbps)",
        UsbSpeed::Full => "Full Speed (12Mbps)",
        UsbSpeed::High => "High Speed (480Mbps)",
        UsbSpeed::Super => "SuperSpeed (5Gbps)",
        UsbSpeed::SuperPlus => "SuperSpeed+ (10Gbps)",
        UsbSpeed::SuperPlusX2 => "SuperSpeed++ (20Gbps)",
    })
}

/// The type of transfer in bits 0 and 1 of bmAttributes of an endpoint.
pub(crate) fn transfer(attributes: u8) -> &'static str {
    ["Control", "Isochronous", "Bulk", "Interrupt"][usize::from(attributes & 3)]
}

/// How an isochronous endpoint is synchronised, in bits 2 and 3.
pub(crate) fn synchronisation(attributes: u8) -> &'static str {
    ["None", "Asynchronous", "Adaptive", "Synchronous"][usize::from(attributes >> 2 & 3)]
}

/// What an isochronous endpoint is for, in bits 4 and 5.
pub(crate) fn usage(attributes: u8) -> &'static str {
    ["Data", "Feedback", "Implicit feedback Data", "(reserved)"][usize::from(attributes >> 4 & 3)]
}
