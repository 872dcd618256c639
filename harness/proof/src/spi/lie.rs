//! Wrong functions of the interface: the reference host's, with one of them exchanged.

use std::marker::PhantomData;
use wasi_hw_harness::runtime::engine::Guest;
use wasi_hw_harness::runtime::reference::State;
use wasi_hw_wasmtime::bindings::spi::wasi::spi::spi::{
    self, Error, Host, HostSpiDevice, Operation, OperationResult,
};
use wasi_hw_wasmtime::spi::{Device, SpiCtxView, SpiView};
use wasmtime::component::{HasData, Linker, Resource};

pub(super) type Answer<T> = wasmtime::Result<Result<T, Error>>;

/// The reference host's context, as a wrong function has it.
pub(super) type View<'a, 'b> = &'a mut SpiCtxView<'b>;

/// A handle for one more call.
pub(super) fn copy(handle: &Resource<Device>) -> Resource<Device> {
    Resource::new_borrow(handle.rep())
}

/// The functions of the interface; those that a wrong host does not exchange are the reference host's.
pub(super) trait Lie: 'static {
    fn open(real: View<'_, '_>, name: String) -> Answer<Resource<Device>> {
        real.open(name)
    }

    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        real.read(device, len)
    }

    fn write(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<()> {
        real.write(device, data)
    }

    fn transfer(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>> {
        real.transfer(device, data)
    }

    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        real.transaction(device, list)
    }

    fn drop_device(real: View<'_, '_>, device: Resource<Device>) -> wasmtime::Result<()> {
        HostSpiDevice::drop(real, device)
    }
}

/// Links a wrong host.
pub(super) fn link<L: Lie>(linker: &mut Linker<Guest<State>>) -> wasmtime::Result<()> {
    spi::add_to_linker::<_, Lies<L>>(linker, |guest| Lying(guest.spi(), PhantomData))
}

struct Lies<L>(PhantomData<L>);

impl<L: 'static> HasData for Lies<L> {
    type Data<'a> = Lying<'a, L>;
}

struct Lying<'a, L>(SpiCtxView<'a>, PhantomData<L>);

impl<L: Lie> Host for Lying<'_, L> {
    fn open(&mut self, name: String) -> Answer<Resource<Device>> {
        L::open(&mut self.0, name)
    }
}

impl<L: Lie> HostSpiDevice for Lying<'_, L> {
    fn read(&mut self, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        L::read(&mut self.0, device, len)
    }

    fn write(&mut self, device: Resource<Device>, data: Vec<u8>) -> Answer<()> {
        L::write(&mut self.0, device, data)
    }

    fn transfer(&mut self, device: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>> {
        L::transfer(&mut self.0, device, data)
    }

    fn transaction(
        &mut self,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        L::transaction(&mut self.0, device, list)
    }

    fn drop(&mut self, device: Resource<Device>) -> wasmtime::Result<()> {
        L::drop_device(&mut self.0, device)
    }
}
