//! Wrong functions of the interface: the reference host's, with one of them exchanged.

use std::marker::PhantomData;
use wasi_hw_harness::runtime::engine::Guest;
use wasi_hw_harness::runtime::reference::State;
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::delay::{self, HostDelay};
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::i2c::{self, ErrorCode, HostI2c, Operation};
use wasi_hw_wasmtime::i2c::{Bus, Delay, I2cCtxView, I2cView};
use wasmtime::component::{HasData, Linker, Resource};

pub(super) type Answer<T> = wasmtime::Result<Result<T, ErrorCode>>;

/// The functions of the interface; those that a wrong host does not exchange are the reference host's.
pub(super) trait Lie: 'static {
    fn transaction(
        real: &mut I2cCtxView<'_>,
        bus: Resource<Bus>,
        address: u16,
        list: Vec<Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        real.transaction(bus, address, list)
    }

    fn read(real: &mut I2cCtxView<'_>, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        real.read(bus, address, len)
    }

    fn write(real: &mut I2cCtxView<'_>, bus: Resource<Bus>, address: u16, data: Vec<u8>) -> Answer<()> {
        real.write(bus, address, data)
    }

    fn write_read(
        real: &mut I2cCtxView<'_>,
        bus: Resource<Bus>,
        address: u16,
        write: Vec<u8>,
        len: u64,
    ) -> Answer<Vec<u8>> {
        real.write_read(bus, address, write, len)
    }

    fn drop_bus(real: &mut I2cCtxView<'_>, bus: Resource<Bus>) -> wasmtime::Result<()> {
        HostI2c::drop(real, bus)
    }

    fn delay_ns(real: &mut I2cCtxView<'_>, delay: Resource<Delay>, ns: u32) -> wasmtime::Result<()> {
        real.delay_ns(delay, ns)
    }
}

/// Links a wrong host.
pub(super) fn link<L: Lie>(linker: &mut Linker<Guest<State>>) -> wasmtime::Result<()> {
    i2c::add_to_linker::<_, Lies<L>>(linker, lying::<L>)?;
    delay::add_to_linker::<_, Lies<L>>(linker, lying::<L>)
}

fn lying<L>(guest: &mut Guest<State>) -> Lying<'_, L> {
    Lying(guest.i2c(), PhantomData)
}

struct Lies<L>(PhantomData<L>);

impl<L: 'static> HasData for Lies<L> {
    type Data<'a> = Lying<'a, L>;
}

struct Lying<'a, L>(I2cCtxView<'a>, PhantomData<L>);

impl<L: Lie> i2c::Host for Lying<'_, L> {}

impl<L: Lie> HostI2c for Lying<'_, L> {
    fn transaction(
        &mut self,
        bus: Resource<Bus>,
        address: u16,
        list: Vec<Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        L::transaction(&mut self.0, bus, address, list)
    }

    fn read(&mut self, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        L::read(&mut self.0, bus, address, len)
    }

    fn write(&mut self, bus: Resource<Bus>, address: u16, data: Vec<u8>) -> Answer<()> {
        L::write(&mut self.0, bus, address, data)
    }

    fn write_read(&mut self, bus: Resource<Bus>, address: u16, write: Vec<u8>, len: u64) -> Answer<Vec<u8>> {
        L::write_read(&mut self.0, bus, address, write, len)
    }

    fn drop(&mut self, bus: Resource<Bus>) -> wasmtime::Result<()> {
        L::drop_bus(&mut self.0, bus)
    }
}

impl<L: Lie> delay::Host for Lying<'_, L> {}

impl<L: Lie> HostDelay for Lying<'_, L> {
    fn delay_ns(&mut self, delay: Resource<Delay>, ns: u32) -> wasmtime::Result<()> {
        L::delay_ns(&mut self.0, delay, ns)
    }

    fn drop(&mut self, delay: Resource<Delay>) -> wasmtime::Result<()> {
        HostDelay::drop(&mut self.0, delay)
    }
}
