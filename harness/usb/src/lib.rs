//! The driver seam over libusb 1.0: the USB devices of this machine.
//!
//! [`Libusb`] is the way in; it implements [`wasi_hw_seam::usb::Usb`]. Which of the devices a guest may see is the host's affair.
//!
//! **Descriptors.** libusb gives configurations as it has understood them, and the seam has them as the device sent
//! them: on Linux they are read from sysfs, elsewhere put together again (`descriptors`).
//!
//! **Blocking.** Opening, claiming, settings, halts and resets block for as long as libusb and the system do, which have limits
//! of their own (usbfs: five seconds for a request). Nothing waits for a transfer: whoever polls for its end is
//! woken. Closing waits for what was in flight, for [`CLOSING`] at most; the memory of what has not ended by then
//! is left to the system.
//!
//! **Errors.** Which refusal a code of libusb becomes is data (`code`). What went wrong in words, with the device and what to do
//! about it, is a [`Failure`], for whoever set [`Libusb::on_failure`].

mod code;
mod context;
mod descriptors;
mod device;
mod failure;
mod flight;
mod handle;
mod watch;

pub use context::CLOSING;
pub use device::Libusb;
pub use failure::Failure;
