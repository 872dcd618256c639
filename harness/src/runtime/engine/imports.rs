//! The guests' own imports: `board`, and the interfaces that hand out what a package has no function for.

use super::{Embedding, Seat};
use std::sync::Arc;
use wasmtime::component::{ComponentType, Linker, LinkerInstance, Lower, Resource};

/// The board interface of `wasi:i2c`: a bus and a delay.
pub struct BoardI2c<'a, T: 'static>(LinkerInstance<'a, T>);

impl<T: 'static> BoardI2c<'_, T> {
    /// The interface, without functions yet.
    pub fn new(linker: &mut Linker<T>) -> wasmtime::Result<BoardI2c<'_, T>> {
        linker.instance("wasi-hw:conformance/board-i2c@0.1.0").map(BoardI2c)
    }

    /// Adds `open-bus`: it pushes the host's own resource `B` into its table. An error is told to the guest.
    pub fn open_bus<B: 'static>(
        &mut self,
        open: fn(&mut T, &str) -> Result<Resource<B>, String>,
    ) -> wasmtime::Result<()> {
        self.0.func_wrap("open-bus", move |mut store, (label,): (String,)| {
            Ok((open(store.data_mut(), &label),))
        })
    }

    /// Adds `open-delay`, which does the same with the resource `D`. An error traps.
    pub fn open_delay<D: 'static>(
        &mut self,
        open: fn(&mut T) -> wasmtime::Result<Resource<D>>,
    ) -> wasmtime::Result<()> {
        self.0.func_wrap("open-delay", move |mut store, (): ()| Ok((open(store.data_mut())?,)))
    }
}

/// The board interface of `wasi:gpio`, one function for each kind of pin.
pub struct BoardGpio<'a, T: 'static>(LinkerInstance<'a, T>);

impl<T: 'static> BoardGpio<'_, T> {
    /// The interface, without functions yet.
    pub fn new(linker: &mut Linker<T>) -> wasmtime::Result<BoardGpio<'_, T>> {
        linker.instance("wasi-hw:conformance/board-gpio@0.1.0").map(BoardGpio)
    }

    /// Adds a function such as `open-digital-out`: it pushes the host's own resource `P` into its
    /// table. `E` is the host's `gpio-error`.
    pub fn open<P: 'static, E: ComponentType + Lower + 'static>(
        &mut self,
        function: &str,
        open: fn(&mut T, &str) -> Result<Resource<P>, E>,
    ) -> wasmtime::Result<()> {
        self.0
            .func_wrap(function, move |mut store, (label,): (String,)| Ok((open(store.data_mut(), &label),)))
    }
}

/// Adds `board`, which reaches the seat of whoever calls it.
pub(super) fn board<E: Embedding>(linker: &mut Linker<E::Data>) -> wasmtime::Result<()> {
    fn seat<E: Embedding>(data: &mut E::Data) -> &Arc<dyn Seat> {
        &E::guest(data).seat
    }
    let mut board = linker.instance("wasi-hw:conformance/board@0.1.0")?;
    board.func_wrap("saw", |mut store, (line,): (String,)| seat::<E>(store.data_mut()).saw(&line))?;
    board.func_wrap("cue", |mut store, (name,): (String,)| Ok((seat::<E>(store.data_mut()).cue(&name)?,)))?;
    board.func_wrap("wait", |mut store, (ns,): (u64,)| seat::<E>(store.data_mut()).wait(ns))
}
