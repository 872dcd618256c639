//! USB: the mock's devices under the reference host, and what the fixture says as its policy.

use super::State;
use crate::runtime::engine::Guest;
use crate::suite::fixture::UsbHost;
use wasi_hw_mock::Board;
use wasi_hw_seam::usb::Usb;
use wasi_hw_wasmtime::usb::{self, UsbCtx, UsbPolicy};
use wasmtime::component::Linker;

/// What is put between the host and the mock: nothing, or what makes a wrong host of it.
pub type Between = fn(Box<dyn Usb>) -> Box<dyn Usb>;

/// What the host keeps in a store, over the USB devices of a board.
pub fn context(host: &UsbHost, board: &Board, between: Between) -> UsbCtx {
    UsbCtx::new(between(Box::new(board.usb())), policy(host))
}

/// Adds the package to a linker, under both of its names.
pub(super) fn link(linker: &mut Linker<Guest<State>>) -> wasmtime::Result<()> {
    usb::add_to_linker(linker)?;
    usb::add_component_to_linker(linker)
}

pub(super) fn policy(host: &UsbHost) -> UsbPolicy {
    let mut policy = if host.allow.is_none() { UsbPolicy::allow_all() } else { UsbPolicy::new() };
    for allow in host.allow.iter().flatten() {
        policy = policy.allow_any(allow.vendor, allow.product);
    }
    if host.keep_kernel_drivers {
        policy = policy.keep_kernel_drivers();
    }
    if let Some(most) = host.most_bytes {
        policy = policy.most_bytes(most);
    }
    if let Some(most) = host.most_packets {
        policy = policy.most_packets(most);
    }
    policy
}
