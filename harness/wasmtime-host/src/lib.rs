//! Hardware interfaces of WASI for wasmtime, over the traits that embedded drivers already speak.
//!
//! One module a proposal, all of one pattern: a context with what the embedder configured
//! (`I2cCtx`), a view that gives the host functions their context and the resource table
//! (`I2cView`), and `add_to_linker`. The host functions of `i2c` and `spi` are synchronous. Those that
//! wait are not: `await-transfer` of `usb`, and `wasi:io/poll` behind the pollables of `gpio`; a guest
//! that may wait is called with `call_async`. In a store that was configured for async every guest is.
//!
//! Whatever a guest passes is checked before it is used: a length against a limit before anything is
//! allocated, an address or a name against the policy before the hardware hears of it.
//!
//! ```
//! use wasi_hw_wasmtime::i2c::{self, Access, Bus, BusPolicy, I2cCtx, I2cCtxView, I2cView};
//! use wasmtime::component::{Linker, ResourceTable};
//! # use embedded_hal::i2c::{ErrorKind, ErrorType, I2c, Operation};
//! # struct MyBus;
//! # impl ErrorType for MyBus { type Error = ErrorKind; }
//! # impl I2c for MyBus {
//! #     fn transaction(&mut self, _: u8, _: &mut [Operation<'_>]) -> Result<(), ErrorKind> { Ok(()) }
//! # }
//! # struct MyDelay;
//! # impl embedded_hal::delay::DelayNs for MyDelay { fn delay_ns(&mut self, _: u32) {} }
//!
//! struct State {
//!     table: ResourceTable,
//!     i2c: I2cCtx,
//! }
//!
//! impl I2cView for State {
//!     fn i2c(&mut self) -> I2cCtxView<'_> {
//!         I2cCtxView { ctx: &mut self.i2c, table: &mut self.table }
//!     }
//! }
//!
//! # fn main() -> wasmtime::Result<()> {
//! let engine = wasmtime::Engine::default();
//! let mut linker = Linker::<State>::new(&engine);
//! i2c::add_to_linker(&mut linker)?;
//!
//! let mut i2c = I2cCtx::new(|| Box::new(MyDelay));
//! i2c.bus("sensors", BusPolicy::new().allow(0x48, Access::ReadWrite), || Ok(Bus::seven_bit(MyBus)));
//! let mut state = State { table: ResourceTable::new(), i2c };
//!
//! // The proposal has no factory: the embedding hands the bus to the guest, as an argument of an
//! // export or as the result of an import of its own.
//! let bus = state.i2c().open("sensors").expect("configured above");
//! # let _ = bus;
//! # Ok(())
//! # }
//! ```

pub mod gpio;
pub mod i2c;
pub mod spi;
pub mod usb;

/// What `wasmtime::component::bindgen!` makes of the WIT packages.
pub mod bindings {
    pub use crate::gpio::bindings as gpio;
    pub use crate::i2c::bindings as i2c;
    pub use crate::spi::bindings as spi;
    pub use crate::usb::bindings as usb;
    pub use crate::usb::component as usb_component;
}
