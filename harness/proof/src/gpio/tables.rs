//! Tables of the functions of a [`Lie`], by what a pin can do.

use super::kinds::{AnyPin, Drives, Reads, ReadsValues, SetsValues};
use super::lie::{Answer, Lie, Pollable, View};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::PinState;
use wasmtime::Result;
use wasmtime::component::Resource;

/// Writes a table of the functions that pins of one ability have.
macro_rules! table {
    ($table:ident of $can:ident { $($name:ident($($kind:ty),*) -> $result:ty;)* }) => {
        pub(super) struct $table<P: $can> {
            $( pub(super) $name: fn(View<'_, '_>, Resource<P>, $($kind),*) -> $result, )*
        }

        impl<P: $can> $table<P> {
            pub(super) const fn of<L: Lie>() -> $table<P> {
                $table { $( $name: L::$name, )* }
            }
        }
    };
}

table!(Every of AnyPin {
    get_config() -> Result<P::Config>;
    watch_for_ready() -> Result<Pollable>;
    drop_pin() -> Result<()>;
});

table!(Driving of Drives {
    set_state(PinState) -> Answer<()>;
    set_active() -> Answer<()>;
    set_inactive() -> Answer<()>;
    toggle() -> Answer<()>;
});

table!(Reading of Reads {
    read() -> Answer<PinState>;
    is_active() -> Answer<bool>;
    is_inactive() -> Answer<bool>;
    watch_state(PinState) -> Answer<Pollable>;
    watch_edge(PinState) -> Answer<Pollable>;
});

table!(Setting of SetsValues {
    set_value_raw(u32) -> Answer<()>;
    set_value(f32) -> Answer<()>;
});

table!(Measuring of ReadsValues {
    read_raw() -> Answer<u32>;
    read_value() -> Answer<f32>;
    watch_above_raw(u32) -> Answer<Pollable>;
    watch_above(f32) -> Answer<Pollable>;
    watch_below_raw(u32) -> Answer<Pollable>;
    watch_below(f32) -> Answer<Pollable>;
});
