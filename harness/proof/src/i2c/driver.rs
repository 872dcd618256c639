//! Wrong drivers: a bus, decorated. Each does only what a host at this seam could ask for.

use crate::Wrong;
use std::marker::PhantomData;
use wasi_hw_seam::i2c::{Bus, Message};
use wasi_hw_seam::{Board, Over, Refusal};

pub(super) type Done = Result<(), Refusal>;

/// What a wrong driver does instead of a transfer.
pub(super) trait Twist: Send + 'static {
    /// Does what it likes with the real bus.
    fn transfer(memory: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        let _ = memory;
        bus.transfer(messages)
    }

    /// What it does when the guest's handle is dropped.
    fn dropped(memory: &mut Memory, bus: &mut dyn Bus) {
        let _ = (memory, bus);
    }
}

/// What a wrong driver remembers between calls.
#[derive(Default)]
pub(super) struct Memory {
    /// Calls until now.
    pub(super) calls: u32,
    /// Writes that it owes the bus.
    pub(super) owed: Vec<(u16, Vec<u8>)>,
    /// The error of the last call, if it failed.
    pub(super) last: Option<Refusal>,
}

/// Buses whose drivers have a twist.
pub(super) type Buses<T> = Wrong<BusesOf<T>>;

pub(super) struct BusesOf<T>(PhantomData<T>);

impl<T: Twist> Over for Buses<T> {
    fn below(&self) -> &dyn Board {
        &*self.real
    }

    fn i2c(&self, bus: &str) -> Result<Box<dyn Bus>, Refusal> {
        let (memory, bus) = (Memory::default(), self.real.i2c(bus)?);
        Ok(Box::new(Twisted::<T> { memory, bus, twist: PhantomData }))
    }
}

/// A driver with a twist.
struct Twisted<T: Twist> {
    memory: Memory,
    bus: Box<dyn Bus>,
    twist: PhantomData<T>,
}

impl<T: Twist> Drop for Twisted<T> {
    fn drop(&mut self) {
        T::dropped(&mut self.memory, &mut *self.bus);
    }
}

impl<T: Twist> Bus for Twisted<T> {
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Done {
        let result = T::transfer(&mut self.memory, messages, &mut *self.bus);
        self.memory.calls += 1;
        self.memory.last = result.err();
        result
    }

    fn no_start(&self) -> bool {
        self.bus.no_start()
    }
}
