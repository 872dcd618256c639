//! Wrong hosts at limits, and with what only some of their calls get wrong.

use super::super::{Defect, config};
use super::lie;
use super::lie::{Answer, Lie, View};
use crate::copy;
use wasi_hw_wasmtime::bindings::spi::wasi::spi::spi::{
    Error, Host, HostSpiDevice, Operation, OperationResult,
};
use wasi_hw_wasmtime::spi::Device;
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<CutsAt4096>("spi/cuts-what-is-longer-than-4096-bytes", &["SPI-32"]),
        lie::<EightBitCount>("spi/counts-operations-in-eight-bits", &["SPI-32"]),
        config("spi/refuses-exactly-what-is-allowed", &["SPI-32c"], |host| {
            for device in host.spi.values_mut() {
                device.most_bytes = device.most_bytes.map(|most| most - 1);
            }
        }),
        lie::<TrapsOnAbsurd>("spi/traps-on-an-absurd-length", &["SPI-33b"]),
        lie::<ThirtyTwoBytesOfNames>("spi/compares-the-first-32-bytes-of-names", &["SPI-08"]),
        lie::<WritesToNobody>("spi/a-write-succeeds-without-chip-select", &["SPI-01", "SPI-28"]),
        lie::<PadsWrites>("spi/pads-a-write-to-whole-words", &["SPI-41"]),
        lie::<ReadsFailOtherwise>("spi/a-read-fails-otherwise-than-a-transaction", &["SPI-16"]),
        lie::<RefusesEmptyOperations>("spi/refuses-empty-operations", &["SPI-19"]),
    ]
}

/// The usual limit of a Linux driver.
const PAGE: usize = 4096;

struct CutsAt4096;
impl Lie for CutsAt4096 {
    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        if !(PAGE as u64 + 1..2 * PAGE as u64).contains(&len) {
            return real.read(device, len);
        }
        let first = real.read(copy(&device), PAGE as u64)?;
        let rest = real.read(device, len - PAGE as u64)?;
        Ok(first.and_then(|first| Ok([first, rest?].concat())))
    }
}

struct EightBitCount;
impl Lie for EightBitCount {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        mut list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        list.truncate(usize::from(list.len() as u8));
        real.transaction(device, list)
    }
}

struct TrapsOnAbsurd;
impl Lie for TrapsOnAbsurd {
    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        if len > 1 << 33 { Err(wasmtime::format_err!("{len} bytes")) } else { real.read(device, len) }
    }
}

struct ThirtyTwoBytesOfNames;
impl Lie for ThirtyTwoBytesOfNames {
    fn open(real: View<'_, '_>, mut name: String) -> Answer<Resource<Device>> {
        if name.len() == 64 {
            // What the first 32 bytes find is the name that was configured first.
            name.replace_range(63.., "1");
        }
        real.open(name)
    }
}

struct WritesToNobody;
impl Lie for WritesToNobody {
    fn write(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<()> {
        match real.write(device, data)? {
            Err(Error::ChipSelectFault) => Ok(Ok(())),
            result => Ok(result),
        }
    }
}

struct PadsWrites;
impl Lie for PadsWrites {
    fn write(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<()> {
        let len = data.len();
        let mut padded = data;
        padded.resize(if len > 2 { len.next_multiple_of(4) } else { len }, 0);
        real.write(device, padded)
    }
}

struct ReadsFailOtherwise;
impl Lie for ReadsFailOtherwise {
    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        // Reads of three are another case's.
        Ok(real.read(device, len)?.map_err(|why| if len == 2 { Error::Other(String::new()) } else { why }))
    }
}

struct RefusesEmptyOperations;
impl Lie for RefusesEmptyOperations {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        let nothing = |operation: &Operation| match operation {
            Operation::Read(len) => *len == 0,
            Operation::Write(data) | Operation::Transfer(data) => data.is_empty(),
            Operation::DelayNs(_) => false,
        };
        if list.iter().any(nothing) {
            return Ok(Err(Error::Other("an operation of nothing".to_owned())));
        }
        real.transaction(device, list)
    }
}
