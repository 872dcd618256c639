//! Wrong functions of the interface: the reference host's, with one of them exchanged.

use crate::functions::functions;
use wasi_hw_harness::runtime::reference::State;
use wasi_hw_harness::runtime::reference::spi::NAMES;
use wasi_hw_wasmtime::bindings::spi::wasi::spi::spi::{
    self, Error, Host, HostSpiDevice, Operation, OperationResult,
};
use wasi_hw_wasmtime::spi::{Device, SpiCtxView, SpiView, named};
use wasmtime::component::{Linker, Resource};

pub(super) type Answer<T> = wasmtime::Result<Result<T, Error>>;

functions! {
    SpiCtxView by spi;
    Host {
        open as open(name: String) -> Answer<Resource<Device>>;
    }
    HostSpiDevice {
        read as read(device: Resource<Device>, len: u64) -> Answer<Vec<u8>>;
        write as write(device: Resource<Device>, data: Vec<u8>) -> Answer<()>;
        transfer as transfer(device: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>>;
        transaction as transaction(device: Resource<Device>, list: Vec<Operation>) -> Answer<Vec<OperationResult>>;
        drop as drop_device(device: Resource<Device>) -> wasmtime::Result<()>;
    }
}

/// Links a wrong host.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    spi::add_to_linker::<_, Lies>(linker, lying)?;
    (0..NAMES.len()).try_for_each(|at| link_named(linker, at))
}

/// The same under one of the names alone.
pub(super) fn link_named(linker: &mut Linker<State>, at: usize) -> wasmtime::Result<()> {
    named::add_to_linker::<_, Lies>(linker, NAMES[at], move |state: &mut State| {
        let functions = state.instead().expect("a wrong host has its functions in the store");
        Lying(state.spi_under(at), functions)
    })
}
