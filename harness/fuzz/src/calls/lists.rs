//! Calls of `wasi:i2c` and `wasi:spi`, whose functions take lists and lengths.

use crate::choices::Choices;
use std::sync::Arc;
use wasi_hw_harness::runtime::reference::{i2c as over_i2c, spi as over_spi};
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_mock::Board;
use wasi_hw_seam as seam;
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::delay::HostDelay;
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::i2c::{HostI2c, Operation};
use wasi_hw_wasmtime::bindings::spi::wasi::spi::spi::{self, Host, HostSpiDevice};
use wasi_hw_wasmtime::i2c::{Bus, I2cCtxView};
use wasi_hw_wasmtime::spi::{Device, SpiCtxView};
use wasmtime::component::{Resource, ResourceTable};

/// Lengths that a guest may ask for.
const LENGTHS: [u64; 8] = [0, 1, 2, 255, 65_536, 65_537, u32::MAX as u64 + 1, u64::MAX];

const ADDRESSES: [u16; 6] = [0x48, 0x49, 0, 0x7f, 0x3ff, u16::MAX];

const NAMES: [&str; 4] = ["one", "other", "", "nowhere"];

fn fixture() -> Fixture {
    toml::from_str(include_str!("lists.toml")).expect("the board is one")
}

/// The same handle again: the host only borrows it.
fn again<T: 'static>(handle: &Resource<T>) -> Resource<T> {
    Resource::new_own(handle.rep())
}

pub(super) fn i2c(choices: &mut Choices<'_>) {
    let Fixture { host, device, .. } = fixture();
    let board = Board::new(&device).expect("it was built before");
    let seam: Arc<dyn seam::Board> = Arc::new(board.clone());
    let under = choices.of(&[Bus::new, Bus::over_messages]);
    let mut ctx = over_i2c::context(&host.i2c, &seam, under);
    let mut table = ResourceTable::new();
    let (mut buses, mut delays) = (Vec::new(), Vec::new());
    while let Some(call) = choices.next() {
        let mut host = I2cCtxView { ctx: &mut ctx, table: &mut table };
        let bus = buses.get(usize::from(choices.next().unwrap_or(0)) % buses.len().max(1)).map(again);
        let (address, len) = (choices.of(&ADDRESSES), choices.of(&LENGTHS));
        match (call % 8, bus) {
            (0, _) => buses.extend(host.open(choices.of(&NAMES))),
            (1, _) => delays.extend(host.open_delay()),
            (2, _) => {
                if let Some(delay) = delays.last() {
                    host.delay_ns(again(delay), len as u32).expect("no delay traps");
                }
            }
            (_, None) => {}
            (3, Some(bus)) => drop(host.read(bus, address, len).expect("no read traps")),
            (4, Some(bus)) => {
                let _ = host.write(bus, address, choices.bytes(8)).expect("no write traps");
            }
            (5, Some(bus)) => {
                drop(host.write_read(bus, address, choices.bytes(8), len).expect("no write-read traps"));
            }
            (6, Some(bus)) => {
                let count = choices.of(&[0, 1, 2, 3, 50]);
                let operation = |choices: &mut Choices<'_>| match choices.of(&[true, false]) {
                    true => Operation::Read(choices.of(&LENGTHS)),
                    false => Operation::Write(choices.bytes(8)),
                };
                let list = (0..count).map(|_| operation(choices)).collect();
                drop(host.transaction(bus, address, list).expect("no transaction traps"));
            }
            (_, Some(bus)) => {
                buses.retain(|other| other.rep() != bus.rep());
                HostI2c::drop(&mut host, bus).expect("no drop traps");
            }
        }
    }
    let mut host = I2cCtxView { ctx: &mut ctx, table: &mut table };
    buses.into_iter().for_each(|bus| HostI2c::drop(&mut host, bus).expect("no drop traps"));
    delays.into_iter().for_each(|delay| HostDelay::drop(&mut host, delay).expect("no drop traps"));
    assert!(table.is_empty());
    board.finish();
}

pub(super) fn spi(choices: &mut Choices<'_>) {
    let Fixture { host, device, .. } = fixture();
    let board = Board::new(&device).expect("it was built before");
    let seam: Arc<dyn seam::Board> = Arc::new(board.clone());
    let under = choices.of(&[Device::new, Device::over_transfers]);
    let mut ctx = over_spi::context(&host.spi, &seam, under);
    let mut table = ResourceTable::new();
    let mut devices = Vec::new();
    while let Some(call) = choices.next() {
        let mut host = SpiCtxView { ctx: &mut ctx, table: &mut table };
        let device = devices.get(usize::from(choices.next().unwrap_or(0)) % devices.len().max(1)).map(again);
        match (call % 6, device) {
            (0, _) => devices.extend(host.open(choices.of(&NAMES).to_owned()).expect("no open traps")),
            (_, None) => {}
            (1, Some(device)) => drop(host.read(device, choices.of(&LENGTHS)).expect("no read traps")),
            (2, Some(device)) => {
                let _ = host.write(device, choices.bytes(8)).expect("no write traps");
            }
            (3, Some(device)) => drop(host.transfer(device, choices.bytes(8)).expect("no transfer traps")),
            (4, Some(device)) => {
                let count = choices.of(&[0, 1, 2, 3, 50]);
                let operation = |choices: &mut Choices<'_>| match choices.of(&[0, 1, 2, 3]) {
                    0 => spi::Operation::Read(choices.of(&LENGTHS)),
                    1 => spi::Operation::Write(choices.bytes(8)),
                    2 => spi::Operation::Transfer(choices.bytes(8)),
                    _ => spi::Operation::DelayNs(choices.of(&[0, 1, 999, u32::MAX])),
                };
                let list = (0..count).map(|_| operation(choices)).collect();
                drop(host.transaction(device, list).expect("no transaction traps"));
            }
            (_, Some(device)) => {
                devices.retain(|other| other.rep() != device.rep());
                HostSpiDevice::drop(&mut host, device).expect("no drop traps");
            }
        }
    }
    let mut host = SpiCtxView { ctx: &mut ctx, table: &mut table };
    devices.into_iter().for_each(|device| HostSpiDevice::drop(&mut host, device).expect("no drop traps"));
    assert!(table.is_empty());
    board.finish();
}
