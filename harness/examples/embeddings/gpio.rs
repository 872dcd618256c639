//! A host whose view builds on `WasiView` and `IoView`; the embedder opens the pins.

use std::sync::Arc;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::{BoardGpio, Embedding, Guest};
use wasi_hw_harness::runtime::reference::gpio as glue;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_seam::Board;
use wasi_hw_stand_ins::gpio::{WasiCtx, WasiCtxView, WasiGpioCtxView, WasiGpioView, WasiView, add_to_linker};
use wasi_hw_wasmtime::gpio::{
    AnalogIn, AnalogInOut, AnalogOut, DigitalIn, DigitalInOut, DigitalOut, GpioCtx, GpioCtxView,
};
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi_io::IoView;

pub(crate) struct Embedded;

/// What a store holds.
pub(crate) struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    gpio: GpioCtx,
    guest: Guest,
}

impl IoView for State {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiGpioView for State {
    fn gpio_ctx(&mut self) -> WasiGpioCtxView<'_> {
        WasiGpioCtxView { ctx: &mut self.gpio, table: &mut self.table }
    }
}

impl State {
    fn pins(&mut self) -> GpioCtxView<'_> {
        GpioCtxView { ctx: &mut self.gpio, table: &mut self.table }
    }
}

impl Embedding for Embedded {
    type Data = State;

    fn about(&self) -> About {
        crate::about("gpio", "wasi:gpio@0.2.0", "lines")
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        add_to_linker(linker)?;
        let mut board = BoardGpio::new(linker)?;
        board.open("open-digital-out", |state, label| state.pins().open::<DigitalOut>(label))?;
        board.open("open-digital-in", |state, label| state.pins().open::<DigitalIn>(label))?;
        board.open("open-digital-in-out", |state, label| state.pins().open::<DigitalInOut>(label))?;
        board.open("open-analog-out", |state, label| state.pins().open::<AnalogOut>(label))?;
        board.open("open-analog-in", |state, label| state.pins().open::<AnalogIn>(label))?;
        board.open("open-analog-in-out", |state, label| state.pins().open::<AnalogInOut>(label))
    }

    fn data(&self, host: &HostConfig, board: &Arc<dyn Board>, guest: Guest) -> State {
        let gpio = glue::context(&host.gpio, board, glue::request);
        State { table: ResourceTable::new(), wasi: WasiCtx, gpio, guest }
    }

    fn guest(state: &mut State) -> &mut Guest {
        &mut state.guest
    }
}
