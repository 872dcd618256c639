//! The variant `wasi:spi`, which has no version.
//!
//! Types of a component are compared by structure, so the functions of the canonical package serve under the
//! other name as they are.

use super::{Device, SpiView};
use crate::bindings::spi::wasi::spi::spi::{Host, HostSpiDevice, Operation};
use wasmtime::component::{Linker, Resource, ResourceType};

/// The package that [`add_to_linker`] adds.
pub const PACKAGE: &str = "wasi:spi";

/// Adds `wasi:spi/spi` to a linker.
pub fn add_to_linker<T: SpiView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    type Handle = Resource<Device>;
    let mut spi = linker.instance("wasi:spi/spi")?;
    spi.resource("spi-device", ResourceType::host::<Device>(), |mut store, handle| {
        HostSpiDevice::drop(&mut store.data_mut().spi(), Resource::new_own(handle))
    })?;
    spi.func_wrap("open", |mut store, (name,): (String,)| Ok((store.data_mut().spi().open(name)?,)))?;
    spi.func_wrap("[method]spi-device.read", |mut store, (device, len): (Handle, u64)| {
        Ok((store.data_mut().spi().read(device, len)?,))
    })?;
    spi.func_wrap("[method]spi-device.write", |mut store, (device, data): (Handle, Vec<u8>)| {
        Ok((store.data_mut().spi().write(device, data)?,))
    })?;
    spi.func_wrap("[method]spi-device.transfer", |mut store, (device, data): (Handle, Vec<u8>)| {
        Ok((store.data_mut().spi().transfer(device, data)?,))
    })?;
    spi.func_wrap("[method]spi-device.transaction", |mut store, (device, list): (Handle, Vec<Operation>)| {
        Ok((store.data_mut().spi().transaction(device, list)?,))
    })
}
