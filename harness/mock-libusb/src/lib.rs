//! A libusb 1.0 whose devices are the harness's mock devices: a host that is built on libusb is tested as it is.
//!
//! It has libusb's C ABI and asks the harness for every device, claim and transfer, in the adapter protocol, over
//! the socket that `WASI_HW_SOCKET` names (see [`harness`]). It exports what libusb 1.0.27 does, so that a program which was
//! linked against that one loads; what cannot be had here says so in the way that libusb has for it: there is nothing to
//! poll, no memory for devices, and no file that another program has opened.
//!
//! What a function does is what libusb's documentation says of it, and libusb 1.0.27 does on Linux where that is
//! silent. Two things differ on purpose: the limits of usbfs (4096 bytes for a control transfer) are not there, so
//! that a platform's limits do not hide what a host does; and what libusb leaves undefined, such as the use of a
//! handle after `libusb_close`, ends the process with a message, so that it comes out as the same crash every time.
//!
//! Contexts, devices and handles that a host holds are numbers and not addresses: they are looked up, never followed
//! (see [`registry`]). So a stale one is noticed, and `unsafe` is needed only where a host's own memory is
//! read or written.

#![allow(non_camel_case_types, non_snake_case, reason = "the names of the C interface")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what a caller must keep is what libusb's documentation asks of a C program"
)]

mod abi;
mod associations;
mod bos;
mod config;
mod context;
mod device;
mod error;
mod events;
mod given;
mod handle;
mod harness;
mod hotplug;
mod locks;
mod options;
mod registry;
mod sizes;
mod strings;
mod sync;
mod text;
mod transfer;

/// Whether a configuration that a device sent is one that libusb gives out. For tests that feed it with anything at all.
#[doc(hidden)]
pub fn reads_configuration(raw: &[u8]) -> bool {
    config::parse(raw).is_ok()
}
