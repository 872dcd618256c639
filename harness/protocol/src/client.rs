//! The board behind a conversation, for a host written in Rust: the drivers of [`wasi_hw_seam`], whose operations the
//! harness does.

mod gpio;
mod i2c;
mod spi;
mod usb;

use crate::harness::read;
use crate::{Awaited, Bytes, Count, Cue, Empty, Failure, Handle, Harness, Op, Saw, Until, Wait, Woken};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use wasi_hw_seam::{self as seam, Board, Delay, Refusal};

/// The board as one guest and its host have it. Clones are the same guest's.
#[derive(Clone)]
pub struct Client {
    harness: Arc<dyn Asks>,
    guest: u32,
    asking: Arc<Mutex<()>>,
    /// What somebody waits for. Whoever polls says it anew after each time that the guest idled; a transfer is awaited
    /// until it is over.
    awaited: Arc<Mutex<BTreeSet<Awaited>>>,
}

/// A [`Harness`], whatever it tells of the embedder's configuration.
trait Asks: Send + Sync {
    fn ask(&self, guest: u32, op: Op) -> Result<Box<RawValue>, Failure>;
}

impl<H: DeserializeOwned + fmt::Debug + Send> Asks for Harness<H> {
    fn ask(&self, guest: u32, op: Op) -> Result<Box<RawValue>, Failure> {
        self.ask_raw(guest, op)
    }
}

impl Client {
    /// The board for the guest of this number.
    pub fn new<H>(harness: Arc<Harness<H>>, guest: u32) -> Client
    where
        H: DeserializeOwned + fmt::Debug + Send + 'static,
    {
        Client { harness, guest, asking: Arc::default(), awaited: Arc::default() }
    }

    /// The guest's import `board.saw`.
    pub fn saw(&self, line: &str) -> Result<(), Failure> {
        self.ask(Op::Saw(Saw { line: line.to_owned() })).map(|Empty {}| ())
    }

    /// The guest's import `board.cue`; the inner error is the import's.
    pub fn cue(&self, name: &str) -> Result<Result<(), String>, Failure> {
        match self.ask(Op::Cue(Cue { name: name.to_owned() })) {
            Ok(Empty {}) => Ok(Ok(())),
            Err(Failure::Refused(refused)) => Ok(Err(refused.why)),
            Err(why) => Err(why),
        }
    }

    /// The guest's import `board.wait`. Blocks for so many nanoseconds of board time.
    pub fn wait(&self, ns: u64) -> Result<(), Failure> {
        self.ask::<Woken>(Op::Wait(Wait { ns: Some(Count(ns)), ..Wait::default() }))?;
        Ok(())
    }

    /// Blocks until one of the things may have happened that drivers were polled for and were not ready.
    pub fn idle(&self) -> Result<(), Failure> {
        self.idle_until(None)
    }

    /// The same, but for no longer than a moment of real time: for a host that threads or timers of its own may wake.
    pub fn idle_for(&self, moment: Duration) -> Result<(), Failure> {
        if self.awaited().is_empty() {
            thread::sleep(moment);
            return Ok(());
        }
        self.idle_until(Some(Count(u64::try_from(moment.as_nanos()).unwrap_or(u64::MAX))))
    }

    fn idle_until(&self, ns: Option<Count>) -> Result<(), Failure> {
        let mut awaited = self.awaited();
        let on = awaited.iter().copied().collect();
        awaited.retain(|awaited| awaited.until == Until::Over);
        drop(awaited);
        self.ask::<Woken>(Op::Wait(Wait { on, ns, ..Wait::default() }))?;
        Ok(())
    }

    fn ask<T: DeserializeOwned>(&self, op: Op) -> Result<T, Failure> {
        // The host may have threads: what one of them asks is not answered to another.
        let _one = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        read(&self.harness.ask(self.guest, op)?)
    }

    /// Which of these things have happened: a wait that takes no time.
    fn poll(&self, wait: Wait) -> Result<Woken, Refusal> {
        self.drive(Op::Wait(Wait { ns: Some(Count(0)), ..wait }))
    }

    /// Whether a handle is so, or something is wrong with it, which the next call on it says.
    fn is(&self, handle: u32, until: Until) -> bool {
        let woken = self.poll(Wait { on: vec![Awaited { handle, until }], ..Wait::default() });
        woken.map_or(true, |woken| !woken.on.is_empty())
    }

    /// Somebody waits, or waits no more, for a handle to be so.
    fn awaits(&self, handle: u32, until: Until, so: bool) {
        let awaited = Awaited { handle, until };
        if so {
            self.awaited().insert(awaited);
        } else {
            self.awaited().remove(&awaited);
        }
    }

    /// Asks for a driver.
    fn drive<T: DeserializeOwned>(&self, op: Op) -> Result<T, Refusal> {
        self.ask(op).map_err(Refusal::from)
    }

    /// The same of what is answered with nothing.
    fn done(&self, op: Op) -> Result<(), Refusal> {
        self.drive(op).map(|Empty {}| ())
    }

    /// What an operation opens, and another closes.
    fn open(&self, op: Op, close: fn(Handle) -> Op) -> Result<Opened, Refusal> {
        let Handle { handle } = self.drive(op)?;
        Ok(Opened { client: self.clone(), handle, close })
    }

    fn awaited(&self) -> MutexGuard<'_, BTreeSet<Awaited>> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something open at the harness's end. Dropped, it is closed; nobody hears of an error.
struct Opened {
    client: Client,
    handle: u32,
    close: fn(Handle) -> Op,
}

impl Opened {
    fn itself(&self) -> Handle {
        Handle { handle: self.handle }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.client.awaited().retain(|awaited| awaited.handle != self.handle);
        // If the conversation is over, so is the driver.
        let _ = self.client.done((self.close)(self.itself()));
    }
}

impl Board for Client {
    fn i2c(&self, bus: &str) -> Result<Box<dyn seam::i2c::Bus>, Refusal> {
        let open = Op::I2cOpen(crate::i2c::Open { bus: bus.to_owned() });
        Ok(Box::new(i2c::Driver(self.open(open, Op::I2cClose)?)))
    }

    fn spi(&self, device: &str) -> Result<Box<dyn seam::spi::Device>, Refusal> {
        let open = Op::SpiOpen(crate::spi::Open { device: device.to_owned() });
        Ok(Box::new(spi::Driver(self.open(open, Op::SpiClose)?)))
    }

    fn gpio(&self, line: &str, request: &seam::gpio::Request) -> Result<Box<dyn seam::gpio::Line>, Refusal> {
        Ok(Box::new(gpio::Driver::open(self, line, request)?))
    }

    fn usb(&self) -> Box<dyn seam::usb::Usb> {
        Box::new(usb::Devices(self.clone()))
    }

    fn delay(&self) -> Box<dyn Delay> {
        Box::new(self.clone())
    }
}

/// A conversation that is over ends the guest at its next import; a delay has no error.
impl Delay for Client {
    fn wait_ns(&mut self, ns: u64) {
        let _ = self.wait(ns);
    }
}

/// Puts what was read where it belongs. An answer that does not fit is nothing that a driver says.
fn fill<'a>(buffers: impl Iterator<Item = &'a mut [u8]>, reads: &[Bytes]) -> Result<(), Refusal> {
    let mut reads = reads.iter();
    for buffer in buffers {
        let bytes = reads.next().filter(|bytes| bytes.0.len() == buffer.len()).ok_or(Refusal::Other)?;
        buffer.copy_from_slice(&bytes.0);
    }
    Ok(())
}
