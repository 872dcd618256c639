//! The structures and constants of libusb's interface, as far as its functions here need them.

use std::ffi::{c_char, c_int, c_long, c_uchar, c_uint, c_void};

/// A context; a number, see [`registry`](crate::registry).
#[repr(C)]
pub(crate) struct libusb_context {
    _opaque: [u8; 0],
}

/// A device; a number.
#[repr(C)]
pub(crate) struct libusb_device {
    _opaque: [u8; 0],
}

/// An open device; a number.
#[repr(C)]
pub(crate) struct libusb_device_handle {
    _opaque: [u8; 0],
}

/// The version of a libusb.
#[repr(C)]
pub(crate) struct libusb_version {
    pub(crate) major: u16,
    pub(crate) minor: u16,
    pub(crate) micro: u16,
    pub(crate) nano: u16,
    pub(crate) rc: *const c_char,
    pub(crate) describe: *const c_char,
}

/// A device descriptor, with its numbers in the machine's order of bytes.
#[repr(C)]
pub(crate) struct libusb_device_descriptor {
    pub(crate) bLength: u8,
    pub(crate) bDescriptorType: u8,
    pub(crate) bcdUSB: u16,
    pub(crate) bDeviceClass: u8,
    pub(crate) bDeviceSubClass: u8,
    pub(crate) bDeviceProtocol: u8,
    pub(crate) bMaxPacketSize0: u8,
    pub(crate) idVendor: u16,
    pub(crate) idProduct: u16,
    pub(crate) bcdDevice: u16,
    pub(crate) iManufacturer: u8,
    pub(crate) iProduct: u8,
    pub(crate) iSerialNumber: u8,
    pub(crate) bNumConfigurations: u8,
}

/// A configuration with what is in it.
#[repr(C)]
pub(crate) struct libusb_config_descriptor {
    pub(crate) bLength: u8,
    pub(crate) bDescriptorType: u8,
    pub(crate) wTotalLength: u16,
    pub(crate) bNumInterfaces: u8,
    pub(crate) bConfigurationValue: u8,
    pub(crate) iConfiguration: u8,
    pub(crate) bmAttributes: u8,
    pub(crate) MaxPower: u8,
    pub(crate) interface: *const libusb_interface,
    pub(crate) extra: *const c_uchar,
    pub(crate) extra_length: c_int,
}

/// An interface: its alternate settings.
#[repr(C)]
pub(crate) struct libusb_interface {
    pub(crate) altsetting: *const libusb_interface_descriptor,
    pub(crate) num_altsetting: c_int,
}

/// An alternate setting.
#[repr(C)]
pub(crate) struct libusb_interface_descriptor {
    pub(crate) bLength: u8,
    pub(crate) bDescriptorType: u8,
    pub(crate) bInterfaceNumber: u8,
    pub(crate) bAlternateSetting: u8,
    pub(crate) bNumEndpoints: u8,
    pub(crate) bInterfaceClass: u8,
    pub(crate) bInterfaceSubClass: u8,
    pub(crate) bInterfaceProtocol: u8,
    pub(crate) iInterface: u8,
    pub(crate) endpoint: *const libusb_endpoint_descriptor,
    pub(crate) extra: *const c_uchar,
    pub(crate) extra_length: c_int,
}

/// An endpoint.
#[repr(C)]
pub(crate) struct libusb_endpoint_descriptor {
    pub(crate) bLength: u8,
    pub(crate) bDescriptorType: u8,
    pub(crate) bEndpointAddress: u8,
    pub(crate) bmAttributes: u8,
    pub(crate) wMaxPacketSize: u16,
    pub(crate) bInterval: u8,
    pub(crate) bRefresh: u8,
    pub(crate) bSynchAddress: u8,
    pub(crate) extra: *const c_uchar,
    pub(crate) extra_length: c_int,
}

/// A packet of an isochronous transfer.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct libusb_iso_packet_descriptor {
    pub(crate) length: c_uint,
    pub(crate) actual_length: c_uint,
    pub(crate) status: c_int,
}

/// What is called when a transfer is over.
pub(crate) type libusb_transfer_cb_fn = extern "C" fn(*mut libusb_transfer);

/// A transfer; its packets follow it in memory.
#[repr(C)]
pub(crate) struct libusb_transfer {
    pub(crate) dev_handle: *mut libusb_device_handle,
    pub(crate) flags: u8,
    pub(crate) endpoint: c_uchar,
    pub(crate) r#type: c_uchar,
    pub(crate) timeout: c_uint,
    pub(crate) status: c_int,
    pub(crate) length: c_int,
    pub(crate) actual_length: c_int,
    pub(crate) callback: Option<libusb_transfer_cb_fn>,
    pub(crate) user_data: *mut c_void,
    pub(crate) buffer: *mut c_uchar,
    pub(crate) num_iso_packets: c_int,
    pub(crate) iso_packet_desc: [libusb_iso_packet_descriptor; 0],
}

/// What is called when a device comes or goes. It returns 1 to be called no more.
pub(crate) type libusb_hotplug_callback_fn =
    extern "C" fn(*mut libusb_context, *mut libusb_device, c_int, *mut c_void) -> c_int;

/// POSIX's `struct timeval`. Both fields are `long` on the Linux platforms with a 64-bit `long`, and on those with a
/// 32-bit one unless a program asks for 64-bit time.
#[repr(C)]
pub(crate) struct timeval {
    pub(crate) tv_sec: c_long,
    pub(crate) tv_usec: c_long,
}

pub(crate) const DT_DEVICE: u8 = 1;
pub(crate) const DT_CONFIG: u8 = 2;
pub(crate) const DT_INTERFACE: u8 = 4;
pub(crate) const DT_ENDPOINT: u8 = 5;
pub(crate) const DT_DEVICE_SIZE: usize = 18;
pub(crate) const DT_CONFIG_SIZE: usize = 9;
pub(crate) const DT_INTERFACE_SIZE: usize = 9;
pub(crate) const DT_ENDPOINT_SIZE: usize = 7;
pub(crate) const DT_ENDPOINT_AUDIO_SIZE: usize = 9;

pub(crate) const TRANSFER_TYPE_CONTROL: u8 = 0;
pub(crate) const TRANSFER_TYPE_ISOCHRONOUS: u8 = 1;
pub(crate) const TRANSFER_TYPE_BULK: u8 = 2;
pub(crate) const TRANSFER_TYPE_INTERRUPT: u8 = 3;
pub(crate) const TRANSFER_TYPE_BULK_STREAM: u8 = 4;

pub(crate) const TRANSFER_COMPLETED: c_int = 0;
pub(crate) const TRANSFER_ERROR: c_int = 1;
pub(crate) const TRANSFER_TIMED_OUT: c_int = 2;
pub(crate) const TRANSFER_CANCELLED: c_int = 3;
pub(crate) const TRANSFER_STALL: c_int = 4;
pub(crate) const TRANSFER_NO_DEVICE: c_int = 5;
pub(crate) const TRANSFER_OVERFLOW: c_int = 6;

pub(crate) const FLAG_SHORT_NOT_OK: u8 = 1 << 0;
pub(crate) const FLAG_FREE_BUFFER: u8 = 1 << 1;
pub(crate) const FLAG_FREE_TRANSFER: u8 = 1 << 2;
pub(crate) const FLAG_ADD_ZERO_PACKET: u8 = 1 << 3;

pub(crate) const CONTROL_SETUP_SIZE: usize = 8;
pub(crate) const ENDPOINT_IN: u8 = 0x80;

/// Interfaces have numbers below this, as far as libusb is concerned.
pub(crate) const MAX_INTERFACES: c_int = 32;
/// Descriptors with more than these are refused.
pub(crate) const MAX_CONFIGURATIONS: u8 = 8;
pub(crate) const MAX_ENDPOINTS: u8 = 32;

pub(crate) const CAP_HAS_CAPABILITY: u32 = 0x0000;
pub(crate) const CAP_HAS_HOTPLUG: u32 = 0x0001;
pub(crate) const CAP_HAS_HID_ACCESS: u32 = 0x0100;
pub(crate) const CAP_SUPPORTS_DETACH_KERNEL_DRIVER: u32 = 0x0101;

pub(crate) const HOTPLUG_ARRIVED: c_int = 1;
pub(crate) const HOTPLUG_LEFT: c_int = 2;
pub(crate) const HOTPLUG_ENUMERATE: c_int = 1;
pub(crate) const HOTPLUG_MATCH_ANY: c_int = -1;
