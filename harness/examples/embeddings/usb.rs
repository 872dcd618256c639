//! A host whose view gives context and table together.

use std::sync::Arc;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::{Embedding, Guest};
use wasi_hw_harness::runtime::reference::usb as glue;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_seam::Board;
use wasi_hw_stand_ins::usb::{WasiUsbCtxView, WasiUsbView, add_to_linker};
use wasi_hw_wasmtime::usb::UsbCtx;
use wasmtime::component::{Linker, ResourceTable};

pub(crate) struct Embedded;

/// What a store holds.
pub(crate) struct State {
    table: ResourceTable,
    usb: UsbCtx,
    guest: Guest,
}

impl WasiUsbView for State {
    fn usb(&mut self) -> WasiUsbCtxView<'_> {
        WasiUsbCtxView { ctx: &mut self.usb, table: &mut self.table }
    }
}

impl Embedding for Embedded {
    type Data = State;

    fn about(&self) -> About {
        crate::about("usb", "wasi:usb@0.2.1", "transfers")
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        add_to_linker(linker)
    }

    fn data(&self, host: &HostConfig, board: &Arc<dyn Board>, guest: Guest) -> State {
        // The devices of a board are the backend of the host: `board.usb()`, with the policy of the fixture.
        State { table: ResourceTable::new(), usb: glue::context(&host.usb, &**board), guest }
    }

    fn guest(state: &mut State) -> &mut Guest {
        &mut state.guest
    }
}
