//! The variant `wasi:spi`, which has no version.
//!
//! Types of a component are compared by structure, so the functions of the canonical package serve under the
//! other name as they are.

use super::{Spi, SpiView, named};
use wasmtime::component::Linker;

/// The package that [`add_to_linker`] adds.
pub const PACKAGE: &str = "wasi:spi";

/// Adds `wasi:spi/spi` to a linker.
pub fn add_to_linker<T: SpiView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    named::add_to_linker::<T, Spi>(linker, "wasi:spi/spi", T::spi)
}
