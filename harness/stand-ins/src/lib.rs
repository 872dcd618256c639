//! What published hosts ask of their embedder, one module a host: the traits that it has to implement for the type that
//! its store holds, in the shapes that are in use. The work is done by the reference host.
//!
//! | module | in the shape of | what its view gives |
//! |---|---|---|
//! | [`spi`] | masters-wasi-spi | a context that has the table in it; the host functions are generic over the view |
//! | [`i2c`] | i2c-wasm-components | the table and the context, borrowed one after the other |
//! | [`gpio`] | masters-gpio-can | a context beside what `WasiView` gives, which it builds on |
//! | [`usb`] | wasmtime-wasi-usb | context and table, borrowed together |
//!
//! No embedder can implement these for a type of another crate: that is what the tests of them show.

pub mod gpio;
pub mod i2c;
pub mod spi;
pub mod usb;
