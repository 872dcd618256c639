//! Wrong drivers: the mock's bus, decorated. Each does only what a host at this seam could ask for.

use embedded_hal::i2c::{Error, ErrorKind, ErrorType, I2c, Operation, SevenBitAddress, TenBitAddress};
use std::marker::PhantomData;
use wasi_hw_mock::i2c::Bus;

pub(super) type Done = Result<(), ErrorKind>;

/// What a wrong driver does instead of a transaction.
pub(super) trait Twist: Send + 'static {
    /// `again` does a transaction on the real bus; a twist may do several, or none.
    fn transaction(state: &mut State, address: u16, operations: &mut [Operation<'_>], bus: &mut Real) -> Done;
}

/// What a wrong driver remembers between calls.
#[derive(Default)]
pub(super) struct State {
    /// Calls until now.
    pub(super) calls: u32,
    /// Writes that it owes the bus.
    pub(super) owed: Vec<(u16, Vec<u8>)>,
    /// How the last call ended.
    pub(super) failed: bool,
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
pub(super) struct Twisted<T> {
    state: State,
    bus: Real,
    twist: PhantomData<T>,
}

/// Puts a twisted driver under the reference host.
pub(super) fn under<T: Twist>(bus: Bus) -> wasi_hw_wasmtime::i2c::Bus {
    wasi_hw_wasmtime::i2c::Bus::new(Twisted::<T> { state: State::default(), bus: Real(bus), twist: PhantomData })
}

impl<T> ErrorType for Twisted<T> {
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
        self.state.failed = result.is_err();
        result
    }
}
