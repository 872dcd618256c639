//! The tests of the reference host, in one executable.

mod gpio;
mod spi;
