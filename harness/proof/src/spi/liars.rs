//! Hosts that answer every call alike. Handles they do hand out; nothing reaches a bus.

use super::super::Defect;
use super::lie::{Answer, Lie, View};
use super::{lie, lie_over_transfers};
use embedded_hal::spi::{ErrorKind, ErrorType, Operation as Step, SpiDevice};
use wasi_hw_wasmtime::bindings::spi::wasi::spi::spi::{Error, Host, Operation, OperationResult};
use wasi_hw_wasmtime::spi::Device;
use wasmtime::component::Resource;

pub(in super::super) fn liars() -> Vec<Defect> {
    vec![
        lie::<Accepts<0x00>>("spi/accepts-everything-with-zeros", &[]),
        lie::<Accepts<0xff>>("spi/accepts-everything-with-ones", &[]),
        lie::<Rejects<0>>("spi/rejects-everything-with-overrun", &[]),
        lie::<Rejects<1>>("spi/rejects-everything-with-mode-fault", &[]),
        lie::<Rejects<2>>("spi/rejects-everything-with-frame-format", &[]),
        lie::<Rejects<3>>("spi/rejects-everything-with-chip-select-fault", &[]),
        lie::<Rejects<4>>("spi/rejects-everything-with-other", &[]),
        lie::<OpensNothing>("spi/opens-nothing", &[]),
        lie_over_transfers::<Accepts<0x00>>("spi/accepts-all-transfers-with-zeros", &[]),
        lie_over_transfers::<Accepts<0xff>>("spi/accepts-all-transfers-with-ones", &[]),
        lie_over_transfers::<Rejects<4>>("spi/rejects-all-transfers-with-other", &[]),
    ]
}

/// What stands behind a handle whose name is nobody's.
struct Nobody;

impl ErrorType for Nobody {
    type Error = ErrorKind;
}

impl SpiDevice for Nobody {
    fn transaction(&mut self, _: &mut [Step<'_, u8>]) -> Result<(), ErrorKind> {
        Ok(())
    }
}

/// Answers ok, with as many bytes as were asked for, within reason; opens every name.
struct Accepts<const BYTE: u8>;

fn bytes(byte: u8, len: u64) -> Vec<u8> {
    vec![byte; len.min(1 << 20) as usize]
}

impl<const BYTE: u8> Lie for Accepts<BYTE> {
    fn open(real: View<'_, '_>, name: String) -> Answer<Resource<Device>> {
        match real.open(name)? {
            Ok(device) => Ok(Ok(device)),
            Err(_) => Ok(Ok(real.table.push(Device::new(Nobody))?)),
        }
    }

    fn read(_: View<'_, '_>, _: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        Ok(Ok(bytes(BYTE, len)))
    }

    fn write(_: View<'_, '_>, _: Resource<Device>, _: Vec<u8>) -> Answer<()> {
        Ok(Ok(()))
    }

    fn transfer(_: View<'_, '_>, _: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>> {
        Ok(Ok(bytes(BYTE, data.len() as u64)))
    }

    fn transaction(
        _: View<'_, '_>,
        _: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        let result = |operation: &Operation| match operation {
            Operation::Read(len) => OperationResult::Read(bytes(BYTE, *len)),
            Operation::Write(_) => OperationResult::Write,
            Operation::Transfer(data) => OperationResult::Transfer(bytes(BYTE, data.len() as u64)),
            Operation::DelayNs(_) => OperationResult::Delay,
        };
        Ok(Ok(list.iter().map(result).collect()))
    }
}

/// Answers the same error, whatever is asked of a device.
struct Rejects<const ERROR: u8>;

fn error(error: u8) -> Error {
    match error {
        0 => Error::Overrun,
        1 => Error::ModeFault,
        2 => Error::FrameFormat,
        3 => Error::ChipSelectFault,
        _ => Error::Other("no".to_owned()),
    }
}

impl<const ERROR: u8> Lie for Rejects<ERROR> {
    fn read(_: View<'_, '_>, _: Resource<Device>, _: u64) -> Answer<Vec<u8>> {
        Ok(Err(error(ERROR)))
    }

    fn write(_: View<'_, '_>, _: Resource<Device>, _: Vec<u8>) -> Answer<()> {
        Ok(Err(error(ERROR)))
    }

    fn transfer(_: View<'_, '_>, _: Resource<Device>, _: Vec<u8>) -> Answer<Vec<u8>> {
        Ok(Err(error(ERROR)))
    }

    fn transaction(_: View<'_, '_>, _: Resource<Device>, _: Vec<Operation>) -> Answer<Vec<OperationResult>> {
        Ok(Err(error(ERROR)))
    }
}

/// Has no device, whatever the name.
struct OpensNothing;

impl Lie for OpensNothing {
    fn open(_: View<'_, '_>, _: String) -> Answer<Resource<Device>> {
        Ok(Err(error(4)))
    }
}
