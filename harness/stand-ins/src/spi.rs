//! A view of one context, in which everything is.

use std::marker::PhantomData;
use wasi_hw_wasmtime::bindings::spi::wasi::spi::spi::{
    self as bindings, Error, Host, HostSpiDevice, Operation, OperationResult,
};
use wasi_hw_wasmtime::spi::{self as real, Device, SpiCtxView};
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};

/// The host's state.
pub struct SpiCtx {
    /// The guest's handles.
    pub table: ResourceTable,
    /// The devices, by name.
    pub hardware: real::SpiCtx,
}

/// Gives the host functions their state.
pub trait SpiView {
    /// It.
    fn spi_ctx(&mut self) -> &mut SpiCtx;
}

/// The host functions, for one type of state.
pub struct SpiImpl<'a, T>(&'a mut T);

struct Spi<T>(PhantomData<T>);

impl<T: SpiView + 'static> HasData for Spi<T> {
    type Data<'a> = SpiImpl<'a, T>;
}

/// Adds `wasi:spi` to a linker.
pub fn add_to_linker<T: SpiView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    bindings::add_to_linker::<T, Spi<T>>(linker, |state| SpiImpl(state))
}

impl<T: SpiView> SpiImpl<'_, T> {
    fn real(&mut self) -> SpiCtxView<'_> {
        let SpiCtx { table, hardware } = self.0.spi_ctx();
        SpiCtxView { ctx: hardware, table }
    }
}

type Answer<T> = wasmtime::Result<Result<T, Error>>;

impl<T: SpiView> Host for SpiImpl<'_, T> {
    fn open(&mut self, name: String) -> Answer<Resource<Device>> {
        self.real().open(name)
    }
}

impl<T: SpiView> HostSpiDevice for SpiImpl<'_, T> {
    fn read(&mut self, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        self.real().read(device, len)
    }

    fn write(&mut self, device: Resource<Device>, data: Vec<u8>) -> Answer<()> {
        self.real().write(device, data)
    }

    fn transfer(&mut self, device: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>> {
        self.real().transfer(device, data)
    }

    fn transaction(
        &mut self,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        self.real().transaction(device, list)
    }

    fn drop(&mut self, device: Resource<Device>) -> wasmtime::Result<()> {
        HostSpiDevice::drop(&mut self.real(), device)
    }
}
