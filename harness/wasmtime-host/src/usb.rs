//! `wasi:usb@0.2.1`, and `component:usb@0.2.1`, over a driver at the level of transfers.
//!
//! A [`Usb`] brings the devices; [`UsbPolicy`] says which of them a guest sees, and how much one
//! transfer may move. What the policy does not allow does not exist for the guest.
//!
//! ```
//! use wasi_hw_wasmtime::usb::{self, UsbCtx, UsbCtxView, UsbPolicy, UsbView};
//! use wasmtime::component::{Linker, ResourceTable};
//! # use wasi_hw_seam::{Refusal, usb::{Device, DeviceId, Handle, Usb, Watch}};
//! # struct MyDriver;
//! # impl Usb for MyDriver {
//! #     fn devices(&mut self) -> Result<Vec<Device>, Refusal> { Ok(Vec::new()) }
//! #     fn configuration(&mut self, _: DeviceId) -> Result<u8, Refusal> { Err(Refusal::Gone) }
//! #     fn open(&mut self, _: DeviceId) -> Result<Box<dyn Handle>, Refusal> { Err(Refusal::Gone) }
//! #     fn watch(&mut self) -> Result<Box<dyn Watch>, Refusal> { Err(Refusal::Unsupported) }
//! # }
//! # struct State { table: ResourceTable, usb: UsbCtx }
//! impl UsbView for State {
//!     fn usb(&mut self) -> UsbCtxView<'_> {
//!         UsbCtxView { ctx: &mut self.usb, table: &mut self.table }
//!     }
//! }
//!
//! # fn main() -> wasmtime::Result<()> {
//! let mut linker = Linker::<State>::new(&wasmtime::Engine::default());
//! usb::add_to_linker(&mut linker)?;
//! let usb = UsbCtx::new(MyDriver, UsbPolicy::new().allow(0x1209, 0x0001));
//! let state = State { table: ResourceTable::new(), usb };
//! # let _ = state;
//! # Ok(())
//! # }
//! ```
//!
//! `await-transfer` is asynchronous: call the guest with `call_async`.

pub mod bindings;
pub mod component;
pub mod descriptors;
mod device;
mod host;
mod open;
mod transfer;

pub use device::{DeviceHandle, UsbDevice};
pub use host::{COMPONENT_PACKAGE, PACKAGE, add_component_to_linker, add_to_linker};
pub use transfer::Transfer;

use crate::bindings::usb::wasi::usb::errors::LibusbError;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Usb, Watch};
use wasmtime::component::ResourceTable;

/// Gives the host functions what they work on.
pub trait UsbView: Send {
    /// The context and the resource table of this store.
    fn usb(&mut self) -> UsbCtxView<'_>;
}

/// The context and the resource table, borrowed together.
pub struct UsbCtxView<'a> {
    /// What the embedder configured.
    pub ctx: &'a mut UsbCtx,
    /// Where the guest's handles live.
    pub table: &'a mut ResourceTable,
}

/// The USB devices of one instance.
pub struct UsbCtx {
    driver: Box<dyn Usb>,
    policy: UsbPolicy,
    watch: Option<Box<dyn Watch>>,
    in_flight: InFlight,
}

impl UsbCtx {
    /// The devices of this driver, as far as the policy allows.
    pub fn new(driver: impl Usb + 'static, policy: UsbPolicy) -> UsbCtx {
        let in_flight = InFlight { bytes: Arc::default(), most: policy.most_in_flight };
        UsbCtx { driver: Box::new(driver), policy, watch: None, in_flight }
    }
}

/// What a guest may see and do.
#[derive(Clone, Debug)]
pub struct UsbPolicy {
    /// Vendor and product; `None` stands for any.
    rules: Vec<(Option<u16>, Option<u16>)>,
    keep_kernel_drivers: bool,
    most_bytes: u32,
    most_packets: u32,
    most_in_flight: u64,
}

impl UsbPolicy {
    /// No device is allowed; a transfer may have 1 MiB and 1,024 isochronous packets, and those in flight
    /// 16 MiB together.
    pub fn new() -> UsbPolicy {
        UsbPolicy {
            rules: Vec::new(),
            keep_kernel_drivers: false,
            most_bytes: 1 << 20,
            most_packets: 1 << 10,
            most_in_flight: 16 << 20,
        }
    }

    /// Every device is allowed, for a guest that owns the machine's USB.
    pub fn allow_all() -> UsbPolicy {
        UsbPolicy::new().allow_any(None, None)
    }

    /// Allows the devices with these ids.
    pub fn allow(self, vendor: u16, product: u16) -> UsbPolicy {
        self.allow_any(Some(vendor), Some(product))
    }

    /// Allows the devices with these ids, where `None` stands for any.
    pub fn allow_any(mut self, vendor: Option<u16>, product: Option<u16>) -> UsbPolicy {
        self.rules.push((vendor, product));
        self
    }

    /// Leaves interfaces to their kernel drivers: a claim of one is `busy`, taking it away `access`.
    pub fn keep_kernel_drivers(mut self) -> UsbPolicy {
        self.keep_kernel_drivers = true;
        self
    }

    /// Sets how many bytes one transfer may move. A guest names the size as a `u32`, and somebody has
    /// to allocate it: so there must be a limit.
    pub fn most_bytes(mut self, most_bytes: u32) -> UsbPolicy {
        self.most_bytes = most_bytes;
        self
    }

    /// Sets how many packets an isochronous transfer may have.
    pub fn most_packets(mut self, most_packets: u32) -> UsbPolicy {
        self.most_packets = most_packets;
        self
    }

    /// Sets how many bytes all transfers in flight may have together.
    pub fn most_in_flight(mut self, most_in_flight: u64) -> UsbPolicy {
        self.most_in_flight = most_in_flight;
        self
    }

    fn admits(&self, vendor: u16, product: u16) -> bool {
        let fits = |rule: Option<u16>, id| rule.is_none_or(|rule| rule == id);
        self.rules.iter().any(|rule| fits(rule.0, vendor) && fits(rule.1, product))
    }
}

impl Default for UsbPolicy {
    fn default() -> UsbPolicy {
        UsbPolicy::new()
    }
}

/// Counts the bytes of the transfers in flight.
#[derive(Clone)]
struct InFlight {
    bytes: Arc<AtomicU64>,
    most: u64,
}

/// The share of one transfer, given back when it is dropped.
struct Share {
    all: Arc<AtomicU64>,
    bytes: u64,
}

/// What a transfer costs besides its bytes: a guest must not have any number of empty ones either.
const OVERHEAD: u64 = 1 << 10;

impl InFlight {
    fn take(&self, bytes: u32) -> Result<Share, LibusbError> {
        let bytes = u64::from(bytes) + OVERHEAD;
        let share = Share { all: Arc::clone(&self.bytes), bytes };
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes > self.most { Err(LibusbError::NoMem) } else { Ok(share) }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

fn error(why: Refusal) -> LibusbError {
    match why {
        Refusal::Io => LibusbError::Io,
        Refusal::Invalid => LibusbError::InvalidParam,
        Refusal::Denied => LibusbError::Access,
        Refusal::Gone | Refusal::Missing => LibusbError::NoDevice,
        Refusal::NotFound => LibusbError::NotFound,
        Refusal::Busy => LibusbError::Busy,
        Refusal::Timeout => LibusbError::Timeout,
        Refusal::TooMuch => LibusbError::NoMem,
        Refusal::Unsupported => LibusbError::NotSupported,
        _ => LibusbError::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_flight_is_bounded_in_bytes_and_in_number() {
        let in_flight = InFlight { bytes: Arc::default(), most: 4 * OVERHEAD };
        let refused = |bytes| in_flight.take(bytes).err();
        let kept = in_flight.take(2 * OVERHEAD as u32).unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!(refused(1), Some(LibusbError::NoMem));
        assert_eq!(refused(u32::MAX), Some(LibusbError::NoMem));
        // What was refused takes nothing from who comes next.
        assert_eq!(refused(0), None);
        drop(kept);
        let empty: Vec<_> = (0..4).map(|_| in_flight.take(0)).collect();
        assert!(empty.iter().all(Result::is_ok));
        assert_eq!(refused(0), Some(LibusbError::NoMem));
        drop(empty);
        assert_eq!(refused(3 * OVERHEAD as u32), None);
    }
}
