//! The driver seam over what Linux offers to processes: i2c-dev, spidev, the GPIO character device, and PWM and IIO by sysfs.
//!
//! A [`Machine`] says which device stands under which name; nothing else of the machine can be reached through it.
//!
//! | seam | Linux | by |
//! |---|---|---|
//! | [`wasi_hw_seam::i2c::Bus`] | `/dev/i2c-N`: `I2C_FUNCS`, `I2C_RDWR` | rustix; the crate i2cdev does not ask for functionality bits |
//! | [`wasi_hw_seam::spi::Device`] | `/dev/spidevB.C`: `SPI_IOC_MESSAGE` | spidev |
//! | [`wasi_hw_seam::gpio::Line`] | `/dev/gpiochipN`, uAPI version 2 | gpiocdev |
//! | the same, an analog output | `/sys/class/pwm/pwmchipN`: a [`PwmChannel`] | files |
//! | the same, an analog input | `/sys/bus/iio/devices/iio:deviceN`: an [`IioChannel`] | files |
//!
//! **Blocking.** An I²C transfer and an SPI message block for as long as the adapter's driver lets them; each driver of
//! the kernel has a limit (one second for an I²C adapter, unless it was set), and a process cannot set one that is its own.
//! GPIO never blocks: edges wake who polls for them. Of an analog pin a request may wait for udev, for a second at most, and a read
//! takes as long as a conversion; nothing tells of its changes.
//!
//! **Errors.** Which refusal an error number becomes is data, one table a bus. What went wrong in words, with the file and
//! what to do about it, is a [`Failure`], for whoever set [`Machine::on_failure`].
//!
//! **Analog pins.** What the value of an analog pin counts, and how it is rounded, stands with [`PwmChannel`] and [`IioScale`]. A PWM
//! channel belongs to one pin because the kernel exports it once; an IIO channel, which anybody may read, by a lock (flock(2)) that other
//! pins respect. Both directions at once, converters to analog (`out_voltageN_raw`) and differential inputs are not there.
//!
//! USB is the affair of `wasi-hw-usb`.
#![cfg(target_os = "linux")]

mod analog;
mod errno;
mod failure;
mod gpio;
mod i2c;
mod inventory;
mod machine;
mod spi;

pub use analog::{IioChannel, IioScale, PwmChannel};
pub use failure::Failure;
pub use inventory::{Adapter, Chip, Converter, Inventory, PwmChip};
pub use machine::Machine;
