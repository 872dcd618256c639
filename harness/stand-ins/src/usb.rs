//! A view of context and table together.

use wasi_hw_wasmtime::bindings::usb::wasi::usb::{
    configuration, descriptors, device, errors, hotplug, transfers,
};
use wasi_hw_wasmtime::usb::{UsbCtx, UsbCtxView};
use wasmtime::component::{HasData, Linker, ResourceTable};

/// The host's context and the guest's handles, borrowed together.
pub struct WasiUsbCtxView<'a> {
    /// The devices.
    pub ctx: &'a mut UsbCtx,
    /// The guest's handles.
    pub table: &'a mut ResourceTable,
}

/// Gives the host functions both.
pub trait WasiUsbView {
    /// Both.
    fn usb(&mut self) -> WasiUsbCtxView<'_>;
}

struct WasiUsb;

impl HasData for WasiUsb {
    type Data<'a> = UsbCtxView<'a>;
}

/// Adds `wasi:usb` to a linker.
pub fn add_to_linker<T: WasiUsbView + Send + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    fn real<T: WasiUsbView>(state: &mut T) -> UsbCtxView<'_> {
        let WasiUsbCtxView { ctx, table } = state.usb();
        UsbCtxView { ctx, table }
    }
    errors::add_to_linker::<T, WasiUsb>(linker, real::<T>)?;
    configuration::add_to_linker::<T, WasiUsb>(linker, real::<T>)?;
    descriptors::add_to_linker::<T, WasiUsb>(linker, real::<T>)?;
    transfers::add_to_linker::<T, WasiUsb>(linker, real::<T>)?;
    device::add_to_linker::<T, WasiUsb>(linker, real::<T>)?;
    hotplug::add_to_linker::<T, WasiUsb>(linker, real::<T>)
}
