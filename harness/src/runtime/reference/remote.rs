//! The reference host in a process of its own: its drivers are the harness's mock, reached by the adapter
//! protocol. The host is the same, over the same kernel-like traits as [`Reference::kernel`].

mod gpio;
mod spi;
mod usb;

use super::{Reference, State, i2c_policy};
use crate::runtime::engine::{Embedding, Guest, Seat};
use crate::suite::fixture::HostConfig;
use embedded_hal::delay::DelayNs;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasi_hw_mock::Idle;
use wasi_hw_protocol::{
    Code, Count, Cue, Empty, Failure, Handle, Harness, Op, Saw, Wait, Woken, i2c as wire,
};
use wasi_hw_wasmtime::i2c::{Bus, Data, Errno, I2cCtx, Message, MessageList};
use wasmtime::component::{Linker, ResourceTable};

/// The harness, as one guest and its host see it.
#[derive(Clone)]
pub(crate) struct Remote {
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
        Remote { harness, guest, awaited: Arc::default() }
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
        let remote = self.clone();
        let mut i2c = I2cCtx::new(move || Box::new(RemoteDelay(remote.clone())));
        for (label, bus) in &host.i2c {
            let (name, remote) = (label.clone(), self.clone());
            i2c.bus(label, i2c_policy(bus), move || remote.i2c_bus(&name));
        }
        let gpio = self.gpio(&host.gpio);
        let usb = self.usb(&host.usb);
        State { table: ResourceTable::new(), i2c, spi: self.spi(&host.spi), gpio, usb }
    }

    fn i2c_bus(&self, bus: &str) -> Result<Bus, String> {
        let opened = self.ask::<Handle>(Op::I2cOpen(wire::Open { bus: bus.to_owned() }));
        let Handle { handle } = opened.map_err(|why| why.to_string())?;
        Ok(Bus::over_messages(RemoteI2c { remote: self.clone(), handle }))
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

/// A delay on the board's clock.
struct RemoteDelay(Remote);

impl DelayNs for RemoteDelay {
    fn delay_ns(&mut self, ns: u32) {
        // The trait has no error; a conversation that is over ends the guest at its next import.
        let _ = self.0.wait(u64::from(ns));
    }

    // The trait's own versions wait in pieces that fit into 32 bits of nanoseconds.
    fn delay_us(&mut self, us: u32) {
        let _ = self.0.wait(u64::from(us) * 1_000);
    }

    fn delay_ms(&mut self, ms: u32) {
        let _ = self.0.wait(u64::from(ms) * 1_000_000);
    }
}

/// A bus behind the protocol.
struct RemoteI2c {
    remote: Remote,
    handle: u32,
}

impl Drop for RemoteI2c {
    fn drop(&mut self) {
        self.remote.forget(Op::I2cClose(Handle { handle: self.handle }));
    }
}

/// `I2C_M_TEN` and `I2C_M_NOSTART`.
const TEN: u16 = 0x0010;
const NO_START: u16 = 0x4000;

impl MessageList for RemoteI2c {
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Errno> {
        let list = messages.iter().map(|Message { address, ten_bit, no_start, data }| {
            let flags = if *ten_bit { TEN } else { 0 } | if *no_start { NO_START } else { 0 };
            let address = u32::from(*address);
            match data {
                Data::Write(bytes) => {
                    wire::Message::Write(wire::Write { address, flags, bytes: bytes.to_vec().into() })
                }
                Data::Read(buffer) => {
                    wire::Message::Read(wire::Read { address, flags, len: Count(buffer.len() as u64) })
                }
            }
        });
        let transfer = wire::Transfer { handle: self.handle, messages: list.collect() };
        let reads = self.remote.ask::<wire::Reads>(Op::I2cTransfer(transfer)).map_err(errno)?;
        let buffers = messages.iter_mut().filter_map(|message| match &mut message.data {
            Data::Read(buffer) => Some(buffer),
            Data::Write(_) => None,
        });
        for (buffer, bytes) in buffers.zip(reads.reads) {
            if buffer.len() != bytes.0.len() {
                return Err(Errno::Other);
            }
            buffer.copy_from_slice(&bytes.0);
        }
        Ok(())
    }

    fn ten_bit(&self) -> bool {
        true
    }

    fn no_start(&self) -> bool {
        true
    }
}

/// The error numbers of Linux, as the protocol's refusals stand for them.
fn errno(why: Failure) -> Errno {
    match why {
        Failure::Refused(refused) => match refused.code {
            Code::AddressNack => Errno::Nxio,
            Code::DataNack => Errno::RemoteIo,
            Code::ArbitrationLost => Errno::Again,
            Code::Timeout => Errno::TimedOut,
            Code::BusError | Code::Overrun | Code::Io => Errno::Io,
            _ => Errno::Other,
        },
        _ => Errno::Other,
    }
}
