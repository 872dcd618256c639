//! SPI: what the fixture says as the reference host's policy and as settings, and a board's devices under it.

use super::State;
use crate::suite::fixture::{SpiAccess, SpiDeviceHost};
use std::collections::BTreeMap;
use std::sync::Arc;
use wasi_hw_seam::Board;
use wasi_hw_seam::spi::{self as seam, Settings};
use wasi_hw_wasmtime::spi::{self, Access, Device, DevicePolicy, Spi, SpiCtx, SpiCtxView, SpiView};
use wasmtime::component::Linker;

/// The names under which the guests import the interface, beside its own: `conformance/guests/spi-named`.
pub const NAMES: [&str; 2] = ["display", "flash"];

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    spi::add_to_linker(linker)?;
    spi::unversioned::add_to_linker(linker)?;
    for (at, name) in NAMES.into_iter().enumerate() {
        spi::named::add_to_linker::<_, Spi>(linker, name, move |state: &mut State| state.spi_under(at))?;
    }
    Ok(())
}

/// What the host keeps in a store, over a board's devices: the configuration of a fixture as the host's own. The
/// settings are set once, when a guest opens the device.
pub fn context(host: &BTreeMap<String, SpiDeviceHost>, board: &Arc<dyn Board>, under: Under) -> SpiCtx {
    context_of(None, host, board, under)
}

/// How a driver of a device is put under the host.
type Under = fn(Box<dyn seam::Device>) -> Device;

/// What the host keeps for the imports by name, in the order of [`NAMES`].
pub type Named = [SpiCtx; NAMES.len()];

/// The same as [`context`] for each of the imports by name.
pub fn named(host: &BTreeMap<String, SpiDeviceHost>, board: &Arc<dyn Board>, under: Under) -> Named {
    NAMES.map(|name| context_of(Some(name), host, board, under))
}

fn context_of(
    import: Option<&str>,
    host: &BTreeMap<String, SpiDeviceHost>,
    board: &Arc<dyn Board>,
    under: Under,
) -> SpiCtx {
    let mut spi = SpiCtx::new();
    let is_mine = |device: &SpiDeviceHost| match import {
        None => device.imports.is_empty(),
        Some(import) => device.imports.iter().any(|name| name == import),
    };
    for (name, device) in host.iter().filter(|(_, device)| is_mine(device)) {
        let (place, board, settings) = (name.clone(), Arc::clone(board), settings(device));
        spi.device(name, policy(device), move || {
            let mut device = board.spi(&place)?;
            device.configure(settings)?;
            Ok(under(device))
        });
    }
    spi
}

fn policy(device: &SpiDeviceHost) -> DevicePolicy {
    let policy = DevicePolicy::new().access(match device.access {
        SpiAccess::None => Access::None,
        SpiAccess::Read => Access::Read,
        SpiAccess::ReadWrite => Access::ReadWrite,
    });
    match device.most_bytes {
        Some(most) => policy.most_bytes(most as usize),
        None => policy,
    }
}

fn settings(device: &SpiDeviceHost) -> Settings {
    let usual = Settings::default();
    Settings {
        mode: device.mode.unwrap_or(usual.mode),
        hz: device.hz.unwrap_or(usual.hz),
        bits: device.bits.unwrap_or(usual.bits),
        lsb_first: device.lsb_first,
    }
}

impl State {
    /// What the host keeps for the import of one of [`NAMES`].
    pub fn spi_under(&mut self, import: usize) -> SpiCtxView<'_> {
        SpiCtxView { ctx: &mut self.spi_named[import], table: &mut self.table }
    }
}

impl SpiView for State {
    fn spi(&mut self) -> SpiCtxView<'_> {
        SpiCtxView { ctx: &mut self.spi, table: &mut self.table }
    }
}
