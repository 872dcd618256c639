//! The tests of the mock, in one executable.

mod gpio;
mod i2c;
mod spi;
mod turns;
mod usb;
