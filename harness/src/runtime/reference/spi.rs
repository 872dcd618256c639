//! SPI devices of the mock under the reference host.

use super::{SpiDriver, State};
use crate::runtime::engine::Guest;
use crate::suite::fixture::{HostConfig, SpiAccess, SpiDeviceHost};
use std::io;
use wasi_hw_mock::Board;
use wasi_hw_mock::spi::{self as mock, Settings};
use wasi_hw_wasmtime::spi::{
    self, Access, Device, DevicePolicy, SpiCtx, SpiCtxView, SpiView, Transfer, Transfers,
};
use wasmtime::component::Linker;

pub(super) fn link(linker: &mut Linker<Guest<State>>) -> wasmtime::Result<()> {
    spi::add_to_linker(linker)?;
    spi::unversioned::add_to_linker(linker)
}

/// Over `embedded-hal`: whoever makes the driver gives it the settings.
pub(super) fn over_hal(device: mock::Device, settings: Settings) -> Result<Device, String> {
    device.configure(settings).map_err(|why| why.to_string())?;
    Ok(Device::new(device))
}

/// Over lists of transfers: the settings are set once, when the device is opened.
pub(super) fn over_transfers(device: mock::Device, settings: Settings) -> Result<Device, String> {
    device.configure(settings).map_err(|why| why.to_string())?;
    Ok(Device::over_transfers(Kernel(device)))
}

pub(super) fn context(host: &HostConfig, board: &Board, driver: SpiDriver) -> SpiCtx {
    let mut spi = SpiCtx::new();
    for (name, device) in &host.spi {
        let (place, board, settings) = (name.clone(), board.clone(), settings(device));
        let open = move || driver(board.spi(&place).map_err(|why| why.to_string())?, settings);
        spi.device(name, policy(device), open);
    }
    spi
}

pub(super) fn policy(device: &SpiDeviceHost) -> DevicePolicy {
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

pub(super) fn settings(device: &SpiDeviceHost) -> Settings {
    let usual = Settings::default();
    Settings {
        mode: device.mode.unwrap_or(usual.mode),
        hz: device.hz.unwrap_or(usual.hz),
        bits: device.bits.unwrap_or(usual.bits),
        lsb_first: device.lsb_first,
    }
}

/// The mock's lists of transfers as the host's.
pub(crate) struct Kernel(pub(crate) mock::Device);

impl Transfers for Kernel {
    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> io::Result<()> {
        let mut list = Vec::with_capacity(transfers.len());
        for Transfer { output, input, delay_us } in transfers {
            list.push(mock::Transfer { output, input, delay_us: *delay_us, ..mock::Transfer::default() });
        }
        self.0.message(&mut list).map_err(io::Error::other)
    }
}

impl SpiView for Guest<State> {
    fn spi(&mut self) -> SpiCtxView<'_> {
        self.data.spi()
    }
}

impl SpiView for State {
    fn spi(&mut self) -> SpiCtxView<'_> {
        SpiCtxView { ctx: &mut self.spi, table: &mut self.table }
    }
}
