//! Wrong functions of the interface: the reference host's, with one of them exchanged.
//!
//! Several kinds of pin have the same functions. A lie names a function once, for every kind of pin that
//! has it; where it is to hold for one kind only, it asks for the pin's [`Kind::MODE`](wasi_hw_wasmtime::gpio::Kind).

use super::kinds::{AnyPin, Drives, Reads, ReadsValues, SetsValues};
use super::tables::{Driving, Every, Measuring, Reading, Setting};
use std::pin::Pin;
use wasi_hw_harness::runtime::reference::{Instead, State};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::analog::{self, AnalogConfig};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::delay::{self, Host as _};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::{self, DigitalConfig, PinState};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::general;
use wasi_hw_wasmtime::gpio::{
    AnalogInOutPin, AnalogInPin, AnalogOutPin, DigitalInOutPin, DigitalInPin, DigitalOutPin, GpioCtxView,
    GpioError, GpioView,
};
use wasmtime::Result;
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi_io::IoView;
use wasmtime_wasi_io::bindings::wasi::io::poll::{self, Host as _, HostPollable as _};
use wasmtime_wasi_io::poll::DynPollable;

/// What a function answers, or a trap.
pub(super) type Answer<T> = Result<std::result::Result<T, GpioError>>;

/// The host's state.
pub(super) type View<'a, 'b> = &'a mut GpioCtxView<'b>;

pub(super) type Pollable = Resource<DynPollable>;

/// The functions of the package, and of `wasi:io/poll`; those that a wrong host does not exchange are
/// the reference host's.
pub(super) trait Lie: 'static {
    fn set_state<P: Drives>(real: View<'_, '_>, pin: Resource<P>, state: PinState) -> Answer<()> {
        P::set_state(real, pin, state)
    }

    fn set_active<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        P::set_active(real, pin)
    }

    fn set_inactive<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        P::set_inactive(real, pin)
    }

    fn toggle<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        P::toggle(real, pin)
    }

    fn read<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<PinState> {
        P::read(real, pin)
    }

    fn is_active<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<bool> {
        P::is_active(real, pin)
    }

    fn is_inactive<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<bool> {
        P::is_inactive(real, pin)
    }

    /// Also behind `watch-active` and `watch-inactive`.
    fn watch_state<P: Reads>(real: View<'_, '_>, pin: Resource<P>, state: PinState) -> Answer<Pollable> {
        P::watch_state(real, pin, state)
    }

    /// `watch-rising-edge` for active, `watch-falling-edge` for inactive.
    fn watch_edge<P: Reads>(real: View<'_, '_>, pin: Resource<P>, to: PinState) -> Answer<Pollable> {
        P::watch_edge(real, pin, to)
    }

    fn set_value_raw<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<()> {
        P::set_value_raw(real, pin, value)
    }

    fn set_value<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<()> {
        P::set_value(real, pin, value)
    }

    fn read_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>) -> Answer<u32> {
        P::read_raw(real, pin)
    }

    fn read_value<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>) -> Answer<f32> {
        P::read(real, pin)
    }

    fn watch_above_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<Pollable> {
        P::watch_above_raw(real, pin, value)
    }

    fn watch_above<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<Pollable> {
        P::watch_above(real, pin, value)
    }

    fn watch_below_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<Pollable> {
        P::watch_below_raw(real, pin, value)
    }

    fn watch_below<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<Pollable> {
        P::watch_below(real, pin, value)
    }

    fn get_config<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<P::Config> {
        P::get_config(real, pin)
    }

    fn watch_for_ready<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<Pollable> {
        P::watch_for_ready(real, pin)
    }

    fn drop_pin<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<()> {
        P::drop_pin(real, pin)
    }

    fn delay_ns(real: View<'_, '_>, ns: u32) -> Result<()> {
        real.delay_ns(ns)
    }

    fn delay_us(real: View<'_, '_>, us: u32) -> Result<()> {
        real.delay_us(us)
    }

    fn delay_ms(real: View<'_, '_>, ms: u32) -> Result<()> {
        real.delay_ms(ms)
    }

    fn poll(table: &mut ResourceTable, list: Vec<Pollable>) -> impl Future<Output = Result<Vec<u32>>> + Send {
        table.poll(list)
    }

    fn ready(table: &mut ResourceTable, pollable: Pollable) -> impl Future<Output = Result<bool>> + Send {
        table.ready(pollable)
    }

    fn block(table: &mut ResourceTable, pollable: Pollable) -> impl Future<Output = Result<()>> + Send {
        table.block(pollable)
    }

    fn drop_pollable(table: &mut ResourceTable, pollable: Pollable) -> Result<()> {
        poll::HostPollable::drop(table, pollable)
    }
}

/// Links a wrong host.
pub(super) fn link(linker: &mut Linker<State>) -> Result<()> {
    general::add_to_linker::<_, Lies>(linker, lying)?;
    digital::add_to_linker::<_, Lies>(linker, lying)?;
    analog::add_to_linker::<_, Lies>(linker, lying)?;
    delay::add_to_linker::<_, Lies>(linker, lying)?;
    poll::add_to_linker::<_, PollLies>(linker, |state| {
        let functions = functions(state);
        LyingPoll(state.table(), functions)
    })
}

fn lying(state: &mut State) -> Lying<'_> {
    let functions = functions(state);
    Lying(state.gpio(), functions)
}

fn functions(state: &State) -> &'static Functions {
    state.instead().expect("a wrong host has its functions in the store")
}

struct Lies;

impl HasData for Lies {
    type Data<'a> = Lying<'a>;
}

/// The context of the reference host, and what is asked in its place: linked is one host, however many wrong ones
/// there are.
struct Lying<'a>(GpioCtxView<'a>, &'static Functions);

/// The functions of a [`Lie`], by kind of pin.
struct Functions {
    digital_out: (Every<DigitalOutPin>, Driving<DigitalOutPin>),
    digital_in: (Every<DigitalInPin>, Reading<DigitalInPin>),
    digital_in_out: (Every<DigitalInOutPin>, Driving<DigitalInOutPin>, Reading<DigitalInOutPin>),
    analog_out: (Every<AnalogOutPin>, Setting<AnalogOutPin>),
    analog_in: (Every<AnalogInPin>, Measuring<AnalogInPin>),
    analog_in_out: (Every<AnalogInOutPin>, Setting<AnalogInOutPin>, Measuring<AnalogInOutPin>),
    delay_ns: fn(View<'_, '_>, u32) -> Result<()>,
    delay_us: fn(View<'_, '_>, u32) -> Result<()>,
    delay_ms: fn(View<'_, '_>, u32) -> Result<()>,
    poll: for<'a> fn(&'a mut ResourceTable, Vec<Pollable>) -> Awaited<'a, Vec<u32>>,
    ready: for<'a> fn(&'a mut ResourceTable, Pollable) -> Awaited<'a, bool>,
    block: for<'a> fn(&'a mut ResourceTable, Pollable) -> Awaited<'a, ()>,
    drop_pollable: fn(&mut ResourceTable, Pollable) -> Result<()>,
}

type Awaited<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What a store of a wrong host has.
pub(super) fn instead<L: Lie>() -> Instead {
    Some(
        const {
            &Functions {
                digital_out: (Every::of::<L>(), Driving::of::<L>()),
                digital_in: (Every::of::<L>(), Reading::of::<L>()),
                digital_in_out: (Every::of::<L>(), Driving::of::<L>(), Reading::of::<L>()),
                analog_out: (Every::of::<L>(), Setting::of::<L>()),
                analog_in: (Every::of::<L>(), Measuring::of::<L>()),
                analog_in_out: (Every::of::<L>(), Setting::of::<L>(), Measuring::of::<L>()),
                delay_ns: L::delay_ns,
                delay_us: L::delay_us,
                delay_ms: L::delay_ms,
                poll: |table, list| Box::pin(L::poll(table, list)),
                ready: |table, pollable| Box::pin(L::ready(table, pollable)),
                block: |table, pollable| Box::pin(L::block(table, pollable)),
                drop_pollable: L::drop_pollable,
            }
        },
    )
}

impl general::Host for Lying<'_> {}

impl digital::Host for Lying<'_> {}

impl analog::Host for Lying<'_> {}

macro_rules! every_pin {
    ($pin:ty, $config:ty, $kind:ident) => {
        fn get_config(&mut self, pin: Resource<$pin>) -> Result<$config> {
            (self.1.$kind.0.get_config)(&mut self.0, pin)
        }

        fn watch_for_ready(&mut self, pin: Resource<$pin>) -> Result<Pollable> {
            (self.1.$kind.0.watch_for_ready)(&mut self.0, pin)
        }

        fn drop(&mut self, pin: Resource<$pin>) -> Result<()> {
            (self.1.$kind.0.drop_pin)(&mut self.0, pin)
        }
    };
}

macro_rules! drives {
    ($pin:ty, $kind:ident . $at:tt) => {
        fn set_state(&mut self, pin: Resource<$pin>, state: PinState) -> Answer<()> {
            (self.1.$kind.$at.set_state)(&mut self.0, pin, state)
        }

        fn set_active(&mut self, pin: Resource<$pin>) -> Answer<()> {
            (self.1.$kind.$at.set_active)(&mut self.0, pin)
        }

        fn set_inactive(&mut self, pin: Resource<$pin>) -> Answer<()> {
            (self.1.$kind.$at.set_inactive)(&mut self.0, pin)
        }

        fn toggle(&mut self, pin: Resource<$pin>) -> Answer<()> {
            (self.1.$kind.$at.toggle)(&mut self.0, pin)
        }
    };
}

macro_rules! reads {
    ($pin:ty, $kind:ident . $at:tt) => {
        fn read(&mut self, pin: Resource<$pin>) -> Answer<PinState> {
            (self.1.$kind.$at.read)(&mut self.0, pin)
        }

        fn is_active(&mut self, pin: Resource<$pin>) -> Answer<bool> {
            (self.1.$kind.$at.is_active)(&mut self.0, pin)
        }

        fn is_inactive(&mut self, pin: Resource<$pin>) -> Answer<bool> {
            (self.1.$kind.$at.is_inactive)(&mut self.0, pin)
        }

        fn watch_state(&mut self, pin: Resource<$pin>, state: PinState) -> Answer<Pollable> {
            (self.1.$kind.$at.watch_state)(&mut self.0, pin, state)
        }

        fn watch_active(&mut self, pin: Resource<$pin>) -> Answer<Pollable> {
            (self.1.$kind.$at.watch_state)(&mut self.0, pin, PinState::Active)
        }

        fn watch_inactive(&mut self, pin: Resource<$pin>) -> Answer<Pollable> {
            (self.1.$kind.$at.watch_state)(&mut self.0, pin, PinState::Inactive)
        }

        fn watch_falling_edge(&mut self, pin: Resource<$pin>) -> Answer<Pollable> {
            (self.1.$kind.$at.watch_edge)(&mut self.0, pin, PinState::Inactive)
        }

        fn watch_rising_edge(&mut self, pin: Resource<$pin>) -> Answer<Pollable> {
            (self.1.$kind.$at.watch_edge)(&mut self.0, pin, PinState::Active)
        }
    };
}

macro_rules! sets_values {
    ($pin:ty, $kind:ident . $at:tt) => {
        fn set_value_raw(&mut self, pin: Resource<$pin>, value: u32) -> Answer<()> {
            (self.1.$kind.$at.set_value_raw)(&mut self.0, pin, value)
        }

        fn set_value(&mut self, pin: Resource<$pin>, value: f32) -> Answer<()> {
            (self.1.$kind.$at.set_value)(&mut self.0, pin, value)
        }
    };
}

macro_rules! reads_values {
    ($pin:ty, $kind:ident . $at:tt) => {
        fn read_raw(&mut self, pin: Resource<$pin>) -> Answer<u32> {
            (self.1.$kind.$at.read_raw)(&mut self.0, pin)
        }

        fn read(&mut self, pin: Resource<$pin>) -> Answer<f32> {
            (self.1.$kind.$at.read_value)(&mut self.0, pin)
        }

        fn watch_above_raw(&mut self, pin: Resource<$pin>, value: u32) -> Answer<Pollable> {
            (self.1.$kind.$at.watch_above_raw)(&mut self.0, pin, value)
        }

        fn watch_above(&mut self, pin: Resource<$pin>, value: f32) -> Answer<Pollable> {
            (self.1.$kind.$at.watch_above)(&mut self.0, pin, value)
        }

        fn watch_below_raw(&mut self, pin: Resource<$pin>, value: u32) -> Answer<Pollable> {
            (self.1.$kind.$at.watch_below_raw)(&mut self.0, pin, value)
        }

        fn watch_below(&mut self, pin: Resource<$pin>, value: f32) -> Answer<Pollable> {
            (self.1.$kind.$at.watch_below)(&mut self.0, pin, value)
        }
    };
}

impl digital::HostDigitalOutPin for Lying<'_> {
    every_pin!(DigitalOutPin, DigitalConfig, digital_out);
    drives!(DigitalOutPin, digital_out.1);
}

impl digital::HostDigitalInPin for Lying<'_> {
    every_pin!(DigitalInPin, DigitalConfig, digital_in);
    reads!(DigitalInPin, digital_in.1);
}

impl digital::HostDigitalInOutPin for Lying<'_> {
    every_pin!(DigitalInOutPin, DigitalConfig, digital_in_out);
    drives!(DigitalInOutPin, digital_in_out.1);
    reads!(DigitalInOutPin, digital_in_out.2);
}

impl analog::HostAnalogOutPin for Lying<'_> {
    every_pin!(AnalogOutPin, AnalogConfig, analog_out);
    sets_values!(AnalogOutPin, analog_out.1);
}

impl analog::HostAnalogInPin for Lying<'_> {
    every_pin!(AnalogInPin, AnalogConfig, analog_in);
    reads_values!(AnalogInPin, analog_in.1);
}

impl analog::HostAnalogInOutPin for Lying<'_> {
    every_pin!(AnalogInOutPin, AnalogConfig, analog_in_out);
    sets_values!(AnalogInOutPin, analog_in_out.1);
    reads_values!(AnalogInOutPin, analog_in_out.2);
}

impl delay::Host for Lying<'_> {
    fn delay_ns(&mut self, ns: u32) -> Result<()> {
        (self.1.delay_ns)(&mut self.0, ns)
    }

    fn delay_us(&mut self, us: u32) -> Result<()> {
        (self.1.delay_us)(&mut self.0, us)
    }

    fn delay_ms(&mut self, ms: u32) -> Result<()> {
        (self.1.delay_ms)(&mut self.0, ms)
    }
}

struct PollLies;

impl HasData for PollLies {
    type Data<'a> = LyingPoll<'a>;
}

struct LyingPoll<'a>(&'a mut ResourceTable, &'static Functions);

impl poll::Host for LyingPoll<'_> {
    async fn poll(&mut self, list: Vec<Pollable>) -> Result<Vec<u32>> {
        (self.1.poll)(self.0, list).await
    }
}

impl poll::HostPollable for LyingPoll<'_> {
    async fn ready(&mut self, pollable: Pollable) -> Result<bool> {
        (self.1.ready)(self.0, pollable).await
    }

    async fn block(&mut self, pollable: Pollable) -> Result<()> {
        (self.1.block)(self.0, pollable).await
    }

    fn drop(&mut self, pollable: Pollable) -> Result<()> {
        (self.1.drop_pollable)(self.0, pollable)
    }
}
