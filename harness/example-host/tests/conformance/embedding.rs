//! How the host is embedded over the mock board: its message lists under the host's transfers.

use example_host::{Bus, Delay, ErrorCode, I2cView, NoAcknowledgeSource, Part, add_to_linker};
use std::sync::Arc;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::{BoardI2c, Embedding, Guest};
use wasi_hw_harness::suite::fixture::{HostConfig, I2cAccess};
use wasi_hw_seam::i2c::{Flags, Message};
use wasi_hw_seam::{Board, Refusal};
use wasmtime::component::{Linker, Resource, ResourceTable};

pub(crate) struct Embedded;

pub(crate) struct State {
    table: ResourceTable,
    host: HostConfig,
    board: Arc<dyn Board>,
    guest: Guest,
}

impl I2cView for State {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

impl Embedding for Embedded {
    type Data = State;

    fn about(&self) -> About {
        About {
            name: "example-host".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            packages: vec!["wasi:i2c@0.2.0-draft".to_owned()],
            seams: [("i2c".to_owned(), "messages".to_owned())].into(),
            ..About::default()
        }
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        add_to_linker(linker)?;
        let mut board = BoardI2c::new(linker)?;
        board.open_bus(State::open_bus)?;
        board.open_delay(State::open_delay)
    }

    fn data(&self, host: &HostConfig, board: &Arc<dyn Board>, guest: Guest) -> State {
        State { table: ResourceTable::new(), host: host.clone(), board: Arc::clone(board), guest }
    }

    fn guest(state: &mut State) -> &mut Guest {
        &mut state.guest
    }
}

impl State {
    fn open_bus(&mut self, label: &str) -> Result<Resource<Bus>, String> {
        let config = self.host.i2c.get(label).ok_or("no such bus")?.clone();
        let mut driver = self.board.i2c(label).map_err(|why| why.to_string())?;
        let allows = move |address: u16, reads: bool| {
            let Some(list) = &config.allow else { return true };
            let fits = |access| {
                matches!(
                    (access, reads),
                    (I2cAccess::ReadWrite, _) | (I2cAccess::Read, true) | (I2cAccess::Write, false)
                )
            };
            list.iter().any(|allow| allow.address == address && fits(allow.access))
        };
        let bus = Bus {
            transfer: Box::new(move |address, parts| transfer(&mut *driver, address, parts)),
            allows: Box::new(allows),
            most_bytes: config.most_bytes.map_or(64 << 10, u64::from),
        };
        self.table.push(bus).map_err(|full| full.to_string())
    }

    fn open_delay(&mut self) -> wasmtime::Result<Resource<Delay>> {
        let mut delay = self.board.delay();
        Ok(self.table.push(Delay(Box::new(move |ns| delay.wait_ns(ns.into()))))?)
    }
}

fn transfer(
    driver: &mut dyn wasi_hw_seam::i2c::Bus,
    address: u16,
    parts: &mut [Part],
) -> Result<(), ErrorCode> {
    let width = if address > 0x7f { Flags::TEN } else { Flags::NONE };
    let mut before = None;
    let mut messages = Vec::with_capacity(parts.len());
    for part in parts {
        let (reads, message) = match part {
            Part::Write(bytes) => (false, Message::write(address, width, bytes)),
            Part::Read(bytes) => (true, Message::read(address, width, bytes)),
        };
        let joined = before.replace(reads) == Some(reads);
        messages.push(Message { flags: if joined { width | Flags::NO_START } else { width }, ..message });
    }
    driver.transfer(&mut messages).map_err(|refusal| match refusal {
        Refusal::BusError => ErrorCode::Bus,
        Refusal::ArbitrationLost => ErrorCode::ArbitrationLoss,
        Refusal::AddressNack => ErrorCode::NoAcknowledge(NoAcknowledgeSource::Address),
        Refusal::DataNack => ErrorCode::NoAcknowledge(NoAcknowledgeSource::Data),
        Refusal::Overrun => ErrorCode::Overrun,
        _ => ErrorCode::Other,
    })
}
