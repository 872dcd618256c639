//! USB devices at the level of transfers: descriptors as raw bytes, endpoints with scripted replies,
//! and the operating system between them and a driver.
//!
//! A device's channel in the trace is its name in the fixture; what is written there is explained in
//! [`notation`](crate::notation). Only what took effect leaves a line: what the system refuses (a claim that is busy, an
//! unknown setting, a device that is gone) leaves none, so it makes no difference whether a host asks or knows better.
//!
//! CLOSE first ends what is left: `CANCEL` for each transfer in flight, in the order of submission, and `RELEASE` for
//! each interface, by number. All of it also happens when a driver forgets to close and the process ends, so each `OPEN`
//! of a case has its `CLOSE`, at the latest at the end. The alternate setting of an interface that is given up is put
//! back first. After `RESET` the system restores what was in force: `SET_CONFIGURATION` follows (unless unconfigured), and
//! `SET_INTERFACE` for each alternate setting that was not 0. `UNUSED` does not count `nak`, `nak-ns`, and what a loopback
//! holds.
//!
//! The device answers the standard requests of USB 2.0 §9.4 itself, from its descriptors and state
//! (GET_DESCRIPTOR of device, configurations and strings, GET_CONFIGURATION, SET_CONFIGURATION,
//! GET_INTERFACE, SET_INTERFACE, GET_STATUS, SET_FEATURE and CLEAR_FEATURE; the rest of the list and all
//! that it does not know it refuses with STALL), unless the fixture scripts an answer.
//!
//! Time: each call of a driver costs one operation; data moves in no time; an isochronous packet takes one
//! frame, which is 1 ms, and 125 µs from high speed up.
//!
//! One seam: [`wasi_hw_seam::usb::Usb`], with devices and hotplug, claims and settings, and transfers that are submitted
//! and reaped.

mod bytes;
mod calls;
mod config;
mod control;
mod device;
mod flow;
mod isochronous;
mod layout;
mod pipe;
mod seam;
mod settings;
mod shorthand;
mod system;

pub use bytes::Bytes;
pub use config::{
    ActionConfig, ControlConfig, DeviceConfig, DeviceDescriptor, EndpointConfig, Event, MoreReplies, Pattern,
    Reply, ResetKind, SystemConfig,
};
pub(crate) use seam::Usb;
pub(crate) use system::Devices;

#[cfg(test)]
mod tests;
