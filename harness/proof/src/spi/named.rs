//! Wrong hosts of components that import the interface once for each device.

use super::super::{Defect, config};
use super::lie::{Answer, Lie, View, instead, link_named};
use wasi_hw_harness::runtime::reference::spi::NAMES;
use wasi_hw_harness::runtime::reference::{Reference, State};
use wasi_hw_wasmtime::bindings::spi::wasi::spi::spi::{HostSpiDevice, Operation, OperationResult};
use wasi_hw_wasmtime::spi::{self, Device, Spi, named};
use wasmtime::component::{Linker, Resource};

pub(super) fn defects() -> Vec<Defect> {
    vec![
        config("spi/gives-each-import-all-devices", &["SPI-42"], |host| {
            for device in host.spi.values_mut().filter(|device| !device.imports.is_empty()) {
                device.imports = NAMES.map(str::to_owned).into();
            }
        }),
        config("spi/gives-named-imports-what-is-given-to-none", &["SPI-42"], |host| {
            // Where nothing is given by name, guests import the package by its own.
            if host.spi.values().any(|device| !device.imports.is_empty()) {
                for device in host.spi.values_mut().filter(|device| device.imports.is_empty()) {
                    device.imports = NAMES.map(str::to_owned).into();
                }
            }
        }),
        mixed_up::<CallsTheFirst>("spi/calls-the-handle-that-another-import-gave", &["SPI-42b"]),
        mixed_up::<DropsTheFirst>("spi/drops-the-handle-that-another-import-gave", &["SPI-42b"]),
        mixed_up::<DropsNothing>("spi/keeps-what-a-named-import-drops", &["SPI-42b"]),
    ]
}

/// A wrong host of one import alone: that of the first name.
fn mixed_up<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference {
        link_spi: link,
        instead: instead::<L>(),
        ..Reference::default()
    })
}

fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    spi::add_to_linker(linker)?;
    link_named(linker, 0)?;
    named::add_to_linker::<_, Spi>(linker, NAMES[1], |state: &mut State| state.spi_under(1))
}

/// The handle that a store gave first, through whichever import.
fn first() -> Resource<Device> {
    Resource::new_borrow(0)
}

struct CallsTheFirst;
impl Lie for CallsTheFirst {
    fn read(real: View<'_, '_>, _: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        real.read(first(), len)
    }

    fn write(real: View<'_, '_>, _: Resource<Device>, data: Vec<u8>) -> Answer<()> {
        real.write(first(), data)
    }

    fn transfer(real: View<'_, '_>, _: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>> {
        real.transfer(first(), data)
    }

    fn transaction(
        real: View<'_, '_>,
        _: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        real.transaction(first(), list)
    }
}

struct DropsTheFirst;
impl Lie for DropsTheFirst {
    fn drop_device(real: View<'_, '_>, _: Resource<Device>) -> wasmtime::Result<()> {
        HostSpiDevice::drop(real, Resource::new_own(0))
    }
}

struct DropsNothing;
impl Lie for DropsNothing {
    fn drop_device(_: View<'_, '_>, _: Resource<Device>) -> wasmtime::Result<()> {
        Ok(())
    }
}
