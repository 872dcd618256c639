//! Wrong drivers: the mock's bus, decorated. Each does only what a host at this seam could ask for.

use embedded_hal::i2c::{Error, ErrorKind, ErrorType, I2c, Operation, SevenBitAddress, TenBitAddress};
use std::marker::PhantomData;
use wasi_hw_mock::i2c::Bus;

pub(super) type Done = Result<(), ErrorKind>;

/// What a wrong driver does instead of a transaction.
pub(super) trait Twist: Send + 'static {
    /// Does what it likes with the real bus.
    fn transaction(
        state: &mut State,
        address: u16,
        operations: &mut [Operation<'_>],
        bus: &mut Real,
    ) -> Done {
        let _ = state;
        bus.transaction(address, operations)
    }

    /// What it does when the guest's handle is dropped.
    fn dropped(state: &mut State, bus: &mut Real) {
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
    pub(super) last: Option<ErrorKind>,
}

/// The mock's bus, with the width of the address chosen by its value.
pub(super) struct Real(Bus);

impl Real {
    pub(super) fn transaction(&mut self, address: u16, operations: &mut [Operation<'_>]) -> Done {
        match u8::try_from(address).ok().filter(|address| *address <= 0x7f) {
            Some(address) => self.0.transaction(address, operations).map_err(|error| error.kind()),
            None => self.0.transaction(address, operations).map_err(|error| error.kind()),
        }
    }
}

/// A driver with a twist.
pub(super) struct Twisted<T: Twist> {
    state: State,
    bus: Real,
    twist: PhantomData<T>,
}

/// Puts a twisted driver under the reference host.
pub(super) fn under<T: Twist>(bus: Bus) -> wasi_hw_wasmtime::i2c::Bus {
    wasi_hw_wasmtime::i2c::Bus::new(Twisted::<T> {
        state: State::default(),
        bus: Real(bus),
        twist: PhantomData,
    })
}

impl<T: Twist> Drop for Twisted<T> {
    fn drop(&mut self) {
        T::dropped(&mut self.state, &mut self.bus);
    }
}

impl<T: Twist> ErrorType for Twisted<T> {
    type Error = ErrorKind;
}

impl<T: Twist> I2c<SevenBitAddress> for Twisted<T> {
    fn transaction(&mut self, address: SevenBitAddress, operations: &mut [Operation<'_>]) -> Done {
        self.run(u16::from(address), operations)
    }
}

impl<T: Twist> I2c<TenBitAddress> for Twisted<T> {
    fn transaction(&mut self, address: TenBitAddress, operations: &mut [Operation<'_>]) -> Done {
        self.run(address, operations)
    }
}

impl<T: Twist> Twisted<T> {
    fn run(&mut self, address: u16, operations: &mut [Operation<'_>]) -> Done {
        let result = T::transaction(&mut self.state, address, operations, &mut self.bus);
        self.state.calls += 1;
        self.state.last = result.err();
        result
    }
}
