//! Wrong drivers: a bus, decorated. Each does only what a host at this seam could ask for.

use std::marker::PhantomData;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{Bus, Message};

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

/// A driver with a twist.
struct Twisted<T: Twist> {
    state: State,
    bus: Box<dyn Bus>,
    twist: PhantomData<T>,
}

/// Puts a twisted driver under the reference host, which sits on `embedded-hal` there.
pub(super) fn under<T: Twist>(bus: Box<dyn Bus>) -> wasi_hw_wasmtime::i2c::Bus {
    let twisted = Twisted::<T> { state: State::default(), bus, twist: PhantomData };
    wasi_hw_wasmtime::i2c::Bus::new(Box::new(twisted) as Box<dyn Bus>)
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
