//! The tests of the harness, in one executable: each that links wasmtime has a hundred megabytes. Those that start
//! their own executable again are in `processes.rs`.

mod dependencies;
mod gpio_hal;
mod hostile;
mod hosts;
mod lacks;
mod link_failure;
mod notation;
mod report;
mod requirements;
mod tidy;
