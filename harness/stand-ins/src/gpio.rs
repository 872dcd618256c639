//! A view that builds on `WasiView`, which gives its context and the table together.

use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::{analog, delay, digital, general};
use wasi_hw_wasmtime::gpio::{GpioCtx, GpioCtxView};
use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi_io::IoView;

/// The context of `wasmtime-wasi`, of which nothing is needed here.
#[derive(Default)]
pub struct WasiCtx;

/// That context and the table.
pub struct WasiCtxView<'a> {
    /// The context.
    pub ctx: &'a mut WasiCtx,
    /// The guest's handles.
    pub table: &'a mut ResourceTable,
}

/// What `wasmtime-wasi` asks of a store's state.
pub trait WasiView: Send {
    /// Both.
    fn ctx(&mut self) -> WasiCtxView<'_>;
}

/// Gives the host functions their pins.
pub trait WasiGpioView: WasiView + IoView {
    /// The pins, and the table once more.
    fn gpio_ctx(&mut self) -> WasiGpioCtxView<'_>;
}

/// The pins and the table, borrowed together.
pub struct WasiGpioCtxView<'a> {
    /// The pins.
    pub ctx: &'a mut GpioCtx,
    /// The guest's handles.
    pub table: &'a mut ResourceTable,
}

struct WasiGpio;

impl HasData for WasiGpio {
    type Data<'a> = GpioCtxView<'a>;
}

/// Adds `wasi:gpio` and `wasi:io/poll` to a linker.
pub fn add_to_linker<T: WasiGpioView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    fn real<T: WasiGpioView>(state: &mut T) -> GpioCtxView<'_> {
        let WasiGpioCtxView { ctx, table } = state.gpio_ctx();
        GpioCtxView { ctx, table }
    }
    general::add_to_linker::<T, WasiGpio>(linker, real::<T>)?;
    digital::add_to_linker::<T, WasiGpio>(linker, real::<T>)?;
    analog::add_to_linker::<T, WasiGpio>(linker, real::<T>)?;
    delay::add_to_linker::<T, WasiGpio>(linker, real::<T>)?;
    wasmtime_wasi_io::add_to_linker_async(linker)
}
