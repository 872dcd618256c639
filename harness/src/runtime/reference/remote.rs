//! The reference host in a process of its own: its drivers are the harness's mock, reached by the adapter
//! protocol. The host is the same, over the same kernel-like traits as [`Reference::kernel`].

mod gpio;
mod usb;

use super::{Reference, State, i2c, spi};
use crate::runtime::engine::{Embedding, Guest, Seat};
use crate::suite::fixture::HostConfig;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasi_hw_mock::Idle;
use wasi_hw_protocol::{Client, Count, Cue, Empty, Failure, Harness, Op, Saw, Wait, Woken};
use wasi_hw_seam::Delay;
use wasi_hw_wasmtime::i2c::{Bus, I2cCtx};
use wasi_hw_wasmtime::spi::{Device, SpiCtx};
use wasmtime::component::{Linker, ResourceTable};

/// The harness, as one guest and its host see it.
#[derive(Clone)]
pub(crate) struct Remote {
    /// Its drivers.
    client: Client,
    /// The conversation.
    harness: Arc<Harness<HostConfig>>,
    /// The guest's number.
    guest: u32,
    /// What its host waits for.
    awaited: Arc<Mutex<Awaited>>,
}

/// What somebody waits for. Pollables say it anew after each time that the guest idled; a transfer is awaited until
/// it is over.
#[derive(Default)]
struct Awaited {
    /// Lines that are to have an event.
    lines: BTreeSet<u32>,
    /// Lines that are to settle.
    settled: BTreeSet<u32>,
    /// USB transfers that are to be over.
    transfers: BTreeSet<u32>,
}

impl Remote {
    /// A guest's.
    pub(crate) fn new(harness: Arc<Harness<HostConfig>>, guest: u32) -> Remote {
        Remote { client: Client::new(Arc::clone(&harness), guest), harness, guest, awaited: Arc::default() }
    }

    fn ask<T: serde::de::DeserializeOwned>(&self, op: Op) -> Result<T, Failure> {
        self.harness.ask(self.guest, op)
    }

    /// Links the host's packages, as in process.
    pub(crate) fn link(linker: &mut Linker<Guest<State>>) -> wasmtime::Result<()> {
        Reference::kernel().link(linker)
    }

    /// The host's state in one store.
    pub(crate) fn state(&self, host: &HostConfig) -> State {
        let client = self.client.clone();
        let mut i2c = I2cCtx::new(move || Box::new(Box::new(client.clone()) as Box<dyn Delay>));
        for (label, bus) in &host.i2c {
            let (name, client) = (label.clone(), self.client.clone());
            i2c.bus(label, i2c::policy(bus), move || client.i2c(&name).map(Bus::over_messages));
        }
        let mut spi = SpiCtx::new();
        for (name, device) in &host.spi {
            let (place, client, settings) = (name.clone(), self.client.clone(), spi::settings(device));
            spi.device(name, spi::policy(device), move || {
                let mut device = client.spi(&place)?;
                device.configure(settings)?;
                Ok(Device::over_transfers(device))
            });
        }
        let gpio = self.gpio(&host.gpio);
        let usb = self.usb(&host.usb);
        State { table: ResourceTable::new(), i2c, spi, gpio, usb }
    }

    fn awaited(&self) -> MutexGuard<'_, Awaited> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An operation that nobody hears the result of: a driver that goes away.
    fn forget(&self, op: Op) {
        // If the conversation is over, so is the driver.
        let _ = self.ask::<Empty>(op);
    }
}

impl Seat for Remote {
    fn saw(&self, line: &str) -> wasmtime::Result<()> {
        self.ask::<Empty>(Op::Saw(Saw { line: line.to_owned() }))?;
        Ok(())
    }

    fn cue(&self, name: &str) -> wasmtime::Result<Result<(), String>> {
        match self.ask::<Empty>(Op::Cue(Cue { name: name.to_owned() })) {
            Ok(Empty {}) => Ok(Ok(())),
            Err(Failure::Refused(refused)) => Ok(Err(refused.why)),
            Err(why) => Err(why.into()),
        }
    }

    fn wait(&self, ns: u64) -> wasmtime::Result<()> {
        self.ask::<Woken>(Op::Wait(Wait { ns: Some(Count(ns)), ..Wait::default() }))?;
        Ok(())
    }

    fn idle(&self) -> Idle {
        let mut awaited = self.awaited();
        let (lines, settled) = (std::mem::take(&mut awaited.lines), std::mem::take(&mut awaited.settled));
        let transfers = awaited.transfers.clone();
        drop(awaited);
        let wait = Wait {
            lines: lines.into_iter().collect(),
            settled: settled.into_iter().collect(),
            transfers: transfers.into_iter().collect(),
            ..Wait::default()
        };
        match self.ask::<Woken>(Op::Wait(wait)) {
            Ok(_) => Idle::Moved,
            Err(_) => Idle::Dead,
        }
    }
}
