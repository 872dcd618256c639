//! A host whose view builds on `IoView`, and whose buses are handed out by the embedder.

use std::sync::Arc;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::{BoardI2c, Embedding, Guest};
use wasi_hw_harness::runtime::reference::i2c as glue;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_seam::Board;
use wasi_hw_stand_ins::i2c::{WasiI2cView, add_to_linker, open, open_delay};
use wasi_hw_wasmtime::i2c::{Bus, I2cCtx};
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi_io::IoView;

pub(crate) struct Embedded;

/// What a store holds.
pub(crate) struct State {
    table: ResourceTable,
    i2c: Option<I2cCtx>,
    guest: Guest,
}

impl IoView for State {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

impl WasiI2cView for State {
    fn i2c_ctx(&mut self) -> &mut Option<I2cCtx> {
        &mut self.i2c
    }
}

impl Embedding for Embedded {
    type Data = State;

    fn about(&self) -> About {
        crate::about("i2c", "wasi:i2c@0.2.0-draft", "messages")
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        add_to_linker(linker)?;
        let mut board = BoardI2c::new(linker)?;
        board.open_bus(open)?;
        board.open_delay(open_delay)
    }

    fn data(&self, host: &HostConfig, board: &Arc<dyn Board>, guest: Guest) -> State {
        let i2c = glue::context(&host.i2c, board, Bus::over_messages);
        State { table: ResourceTable::new(), i2c: Some(i2c), guest }
    }

    fn guest(state: &mut State) -> &mut Guest {
        &mut state.guest
    }
}
