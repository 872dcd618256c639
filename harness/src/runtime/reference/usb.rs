//! USB: what the fixture says as the reference host's policy, and a board's devices under it.

use super::State;
use crate::suite::fixture::UsbHost;
use wasi_hw_seam::Board;
use wasi_hw_wasmtime::usb::{self, UsbCtx, UsbCtxView, UsbPolicy, UsbView};
use wasmtime::component::Linker;

/// What the host keeps in a store, over the USB devices of a board.
pub fn context(host: &UsbHost, board: &dyn Board) -> UsbCtx {
    UsbCtx::new(board.usb(), policy(host))
}

impl UsbView for State {
    fn usb(&mut self) -> UsbCtxView<'_> {
        UsbCtxView { ctx: &mut self.usb, table: &mut self.table }
    }
}

/// Adds the package to a linker, under both of its names.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    usb::add_to_linker(linker)?;
    usb::add_component_to_linker(linker)
}

fn policy(host: &UsbHost) -> UsbPolicy {
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
