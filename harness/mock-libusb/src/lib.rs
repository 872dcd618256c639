//! A libusb 1.0 whose devices are the harness's mock devices: a host that is built on libusb is tested as it is.
//!
//! It has libusb's C ABI and asks the harness for every device, claim and transfer, in the adapter protocol, over
//! the socket that `WASI_HW_SOCKET` names (see [`harness`]). It holds the functions that WASI USB hosts use, and those
//! that a C program needs to list, claim and transfer; a host that needs another one does not load, and says which.
//! `libusb_set_option` is absent because a function with variable arguments cannot be defined in stable Rust, and
//! because what it sets, a log level, would be without effect here.
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
mod config;
mod context;
mod device;
mod error;
mod events;
mod handle;
mod harness;
mod hotplug;
mod registry;
mod sync;
mod text;
mod transfer;
