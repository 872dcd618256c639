//! A host whose view gives one context.

use std::sync::Arc;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::{Embedding, Guest};
use wasi_hw_harness::runtime::reference::spi as glue;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_seam::Board;
use wasi_hw_stand_ins::spi::{SpiCtx, SpiView, add_to_linker};
use wasi_hw_wasmtime::spi::Device;
use wasmtime::component::{Linker, ResourceTable};

pub(crate) struct Embedded;

/// What a store holds.
pub(crate) struct State {
    spi: SpiCtx,
    guest: Guest,
}

impl SpiView for State {
    fn spi_ctx(&mut self) -> &mut SpiCtx {
        &mut self.spi
    }
}

impl Embedding for Embedded {
    type Data = State;

    fn about(&self) -> About {
        crate::about("spi", "wasi:spi@0.2.0-draft", "hal")
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        add_to_linker(linker)
    }

    fn data(&self, host: &HostConfig, board: &Arc<dyn Board>, guest: Guest) -> State {
        let hardware = glue::context(&host.spi, board, Device::new);
        State { spi: SpiCtx { table: ResourceTable::new(), hardware }, guest }
    }

    fn guest(state: &mut State) -> &mut Guest {
        &mut state.guest
    }
}
