//! The driver seam over what Linux offers to processes: i2c-dev, spidev, and the GPIO character device.
//!
//! A [`Machine`] says which device stands under which name; nothing else of the machine can be reached through it.
//!
//! | seam | Linux | by |
//! |---|---|---|
//! | [`wasi_hw_seam::i2c::Bus`] | `/dev/i2c-N`: `I2C_FUNCS`, `I2C_RDWR` | rustix; the crate i2cdev does not ask for functionality bits |
//! | [`wasi_hw_seam::spi::Device`] | `/dev/spidevB.C`: `SPI_IOC_MESSAGE` | spidev |
//! | [`wasi_hw_seam::gpio::Line`] | `/dev/gpiochipN`, uAPI version 2 | gpiocdev |
//!
//! **Blocking.** An I²C transfer and an SPI message block for as long as the adapter's driver lets them; each driver of
//! the kernel has a limit (one second for an I²C adapter, unless it was set), and a process cannot set one that is its own.
//! GPIO never blocks: edges wake who polls for them.
//!
//! **Errors.** Which refusal an error number becomes is data, one table a bus. What went wrong in words, with the file and
//! what to do about it, is a [`Failure`], for whoever set [`Machine::on_failure`].
//!
//! Not there yet: analog lines (PWM and IIO), which are refused as unsupported, and USB.
#![cfg(target_os = "linux")]

mod errno;
mod failure;
mod gpio;
mod i2c;
mod inventory;
mod machine;
mod spi;

pub use failure::Failure;
pub use inventory::{Adapter, Chip, Inventory};
pub use machine::Machine;
