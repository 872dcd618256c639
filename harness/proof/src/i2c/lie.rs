//! Wrong functions of the interface: the reference host's, with one of them exchanged.

use crate::functions::functions;
use wasi_hw_harness::runtime::reference::State;
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::delay;
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::i2c::{self, ErrorCode, Operation};
use wasi_hw_wasmtime::i2c::{Bus, Delay, I2cCtxView, I2cView};
use wasmtime::component::{Linker, Resource};

pub(super) type Answer<T> = wasmtime::Result<Result<T, ErrorCode>>;

functions! {
    I2cCtxView by i2c;
    i2c::HostI2c {
        transaction as transaction(bus: Resource<Bus>, address: u16, list: Vec<Operation>) -> Answer<Vec<Vec<u8>>>;
        read as read(bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>>;
        write as write(bus: Resource<Bus>, address: u16, data: Vec<u8>) -> Answer<()>;
        write_read as write_read(bus: Resource<Bus>, address: u16, write: Vec<u8>, len: u64) -> Answer<Vec<u8>>;
        drop as drop_bus(bus: Resource<Bus>) -> wasmtime::Result<()>;
    }
    delay::HostDelay {
        delay_ns as delay_ns(delay: Resource<Delay>, ns: u32) -> wasmtime::Result<()>;
        drop as drop_delay(delay: Resource<Delay>) -> wasmtime::Result<()>;
    }
}

impl i2c::Host for Lying<'_> {}
impl delay::Host for Lying<'_> {}

/// Links a wrong host.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    i2c::add_to_linker::<_, Lies>(linker, lying)?;
    delay::add_to_linker::<_, Lies>(linker, lying)
}
