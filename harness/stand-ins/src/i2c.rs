//! A view that has the table of `wasi:io` below it, as hosts of the preview's first form have.

use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::{delay, i2c};
use wasi_hw_wasmtime::i2c::{Bus, Delay, I2cCtx, I2cCtxView};
use wasmtime::component::{HasData, Linker, Resource};
use wasmtime_wasi_io::IoView;

/// Gives the host functions their buses. The handles are in the table.
pub trait WasiI2cView: IoView {
    /// The buses, taken for the length of a call.
    fn i2c_ctx(&mut self) -> &mut Option<I2cCtx>;
}

/// The host functions, for one type of state.
pub struct I2cImpl<'a, T>(&'a mut T);

struct I2c<T>(std::marker::PhantomData<T>);

impl<T: WasiI2cView + 'static> HasData for I2c<T> {
    type Data<'a> = I2cImpl<'a, T>;
}

/// Adds `wasi:i2c` to a linker.
pub fn add_to_linker<T: WasiI2cView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    i2c::add_to_linker::<T, I2c<T>>(linker, |state| I2cImpl(state))?;
    delay::add_to_linker::<T, I2c<T>>(linker, |state| I2cImpl(state))
}

/// Opens a bus of this name for the guest.
pub fn open<T: WasiI2cView>(state: &mut T, name: &str) -> Result<Resource<Bus>, String> {
    I2cImpl(state).real(|real| real.open(name))
}

/// Opens a delay for the guest.
pub fn open_delay<T: WasiI2cView>(state: &mut T) -> wasmtime::Result<Resource<Delay>> {
    Ok(I2cImpl(state).real(|real| real.open_delay())?)
}

impl<T: WasiI2cView> I2cImpl<'_, T> {
    fn real<R>(&mut self, call: impl FnOnce(&mut I2cCtxView<'_>) -> R) -> R {
        let mut ctx = self.0.i2c_ctx().take().expect("no call is inside another");
        let result = call(&mut I2cCtxView { ctx: &mut ctx, table: self.0.table() });
        *self.0.i2c_ctx() = Some(ctx);
        result
    }
}

type Answer<T> = wasmtime::Result<Result<T, i2c::ErrorCode>>;

impl<T: WasiI2cView> i2c::Host for I2cImpl<'_, T> {}

impl<T: WasiI2cView> i2c::HostI2c for I2cImpl<'_, T> {
    fn transaction(
        &mut self,
        bus: Resource<Bus>,
        at: u16,
        list: Vec<i2c::Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        self.real(|real| real.transaction(bus, at, list))
    }

    fn read(&mut self, bus: Resource<Bus>, at: u16, len: u64) -> Answer<Vec<u8>> {
        self.real(|real| real.read(bus, at, len))
    }

    fn write(&mut self, bus: Resource<Bus>, at: u16, data: Vec<u8>) -> Answer<()> {
        self.real(|real| real.write(bus, at, data))
    }

    fn write_read(&mut self, bus: Resource<Bus>, at: u16, data: Vec<u8>, len: u64) -> Answer<Vec<u8>> {
        self.real(|real| real.write_read(bus, at, data, len))
    }

    fn drop(&mut self, bus: Resource<Bus>) -> wasmtime::Result<()> {
        self.real(|real| i2c::HostI2c::drop(real, bus))
    }
}

impl<T: WasiI2cView> delay::Host for I2cImpl<'_, T> {}

impl<T: WasiI2cView> delay::HostDelay for I2cImpl<'_, T> {
    fn delay_ns(&mut self, delay: Resource<Delay>, ns: u32) -> wasmtime::Result<()> {
        self.real(|real| real.delay_ns(delay, ns))
    }

    fn drop(&mut self, delay: Resource<Delay>) -> wasmtime::Result<()> {
        self.real(|real| delay::HostDelay::drop(real, delay))
    }
}
