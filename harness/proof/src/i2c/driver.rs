//! Wrong drivers: a bus, decorated. Each does only what a host at this seam could ask for.

use crate::drivers::Drivers;
use std::marker::PhantomData;
use wasi_hw_seam::i2c::{Bus, Message};
use wasi_hw_seam::{Board, Refusal};

pub(super) type Done = Result<(), Refusal>;

/// What a wrong driver does instead of a transfer.
pub(super) trait Twist: Send + 'static {
    /// Does what it likes with the real bus.
    fn transfer(state: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        let _ = state;
        bus.transfer(messages)
    }

    /// What it does when the guest's handle is dropped.
    fn dropped(state: &mut State, bus: &mut dyn Bus) {
        let _ = (state, bus);
    }
}

/// What a wrong driver remembers between calls.
#[derive(Default)]
pub(super) struct State {
    /// Calls until now.
    pub(super) calls: u32,
    /// Writes that it owes the bus.
    pub(super) owed: Vec<(u16, Vec<u8>)>,
    /// The error of the last call, if it failed.
    pub(super) last: Option<Refusal>,
}

/// Buses whose drivers have a twist.
pub(super) struct Buses<T>(PhantomData<T>);

impl<T: Twist> Drivers for Buses<T> {
    type Memory = ();

    fn i2c(_: &(), real: &dyn Board, bus: &str) -> Result<Box<dyn Bus>, Refusal> {
        let (state, bus) = (State::default(), real.i2c(bus)?);
        Ok(Box::new(Twisted::<T> { state, bus, twist: PhantomData }))
    }
}

/// A driver with a twist.
struct Twisted<T: Twist> {
    state: State,
    bus: Box<dyn Bus>,
    twist: PhantomData<T>,
}

impl<T: Twist> Drop for Twisted<T> {
    fn drop(&mut self) {
        T::dropped(&mut self.state, &mut *self.bus);
    }
}

impl<T: Twist> Bus for Twisted<T> {
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Done {
        let result = T::transfer(&mut self.state, messages, &mut *self.bus);
        self.state.calls += 1;
        self.state.last = result.err();
        result
    }

    fn no_start(&self) -> bool {
        self.bus.no_start()
    }
}
