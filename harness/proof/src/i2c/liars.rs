//! Hosts that answer every call alike. Handles they do hand out; nothing reaches a bus.

use super::super::Defect;
use super::lie;
use super::lie::{Answer, Lie, View};
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::i2c::{ErrorCode, NoAcknowledgeSource, Operation};
use wasi_hw_wasmtime::i2c::{Bus, Delay};
use wasmtime::component::Resource;

pub(in super::super) fn liars() -> Vec<Defect> {
    vec![
        lie::<Accepts<0x00>>("i2c/accepts-everything-with-zeros", &[]),
        lie::<Accepts<0xff>>("i2c/accepts-everything-with-ones", &[]),
        lie::<Rejects<0>>("i2c/rejects-everything-with-bus", &[]),
        lie::<Rejects<1>>("i2c/rejects-everything-with-arbitration-loss", &[]),
        lie::<Rejects<2>>("i2c/rejects-everything-with-no-acknowledge-address", &[]),
        lie::<Rejects<3>>("i2c/rejects-everything-with-no-acknowledge-data", &[]),
        lie::<Rejects<4>>("i2c/rejects-everything-with-no-acknowledge-unknown", &[]),
        lie::<Rejects<5>>("i2c/rejects-everything-with-overrun", &[]),
        lie::<Rejects<6>>("i2c/rejects-everything-with-other", &[]),
    ]
}

/// Answers ok, with as many bytes as were asked for, within reason.
struct Accepts<const BYTE: u8>;

fn bytes(byte: u8, len: u64) -> Vec<u8> {
    vec![byte; len.min(1 << 20) as usize]
}

impl<const BYTE: u8> Lie for Accepts<BYTE> {
    fn transaction(_: View<'_, '_>, _: Resource<Bus>, _: u16, list: Vec<Operation>) -> Answer<Vec<Vec<u8>>> {
        let read = |operation: &Operation| match operation {
            Operation::Read(len) => Some(bytes(BYTE, *len)),
            Operation::Write(_) => None,
        };
        Ok(Ok(list.iter().filter_map(read).collect()))
    }

    fn read(_: View<'_, '_>, _: Resource<Bus>, _: u16, len: u64) -> Answer<Vec<u8>> {
        Ok(Ok(bytes(BYTE, len)))
    }

    fn write(_: View<'_, '_>, _: Resource<Bus>, _: u16, _: Vec<u8>) -> Answer<()> {
        Ok(Ok(()))
    }

    fn write_read(_: View<'_, '_>, _: Resource<Bus>, _: u16, _: Vec<u8>, len: u64) -> Answer<Vec<u8>> {
        Ok(Ok(bytes(BYTE, len)))
    }

    fn delay_ns(_: View<'_, '_>, _: Resource<Delay>, _: u32) -> wasmtime::Result<()> {
        Ok(())
    }
}

/// Answers the same error, whatever is asked.
struct Rejects<const ERROR: u8>;

fn error(error: u8) -> ErrorCode {
    match error {
        0 => ErrorCode::Bus,
        1 => ErrorCode::ArbitrationLoss,
        2 => ErrorCode::NoAcknowledge(NoAcknowledgeSource::Address),
        3 => ErrorCode::NoAcknowledge(NoAcknowledgeSource::Data),
        4 => ErrorCode::NoAcknowledge(NoAcknowledgeSource::Unknown),
        5 => ErrorCode::Overrun,
        _ => ErrorCode::Other,
    }
}

impl<const ERROR: u8> Lie for Rejects<ERROR> {
    fn transaction(_: View<'_, '_>, _: Resource<Bus>, _: u16, _: Vec<Operation>) -> Answer<Vec<Vec<u8>>> {
        Ok(Err(error(ERROR)))
    }

    fn read(_: View<'_, '_>, _: Resource<Bus>, _: u16, _: u64) -> Answer<Vec<u8>> {
        Ok(Err(error(ERROR)))
    }

    fn write(_: View<'_, '_>, _: Resource<Bus>, _: u16, _: Vec<u8>) -> Answer<()> {
        Ok(Err(error(ERROR)))
    }

    fn write_read(_: View<'_, '_>, _: Resource<Bus>, _: u16, _: Vec<u8>, _: u64) -> Answer<Vec<u8>> {
        Ok(Err(error(ERROR)))
    }

    fn delay_ns(_: View<'_, '_>, _: Resource<Delay>, _: u32) -> wasmtime::Result<()> {
        Ok(())
    }
}
