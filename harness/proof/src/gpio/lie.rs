//! Wrong functions of the interface: the reference host's, with one of them exchanged.
//!
//! Several kinds of pin have the same functions. A lie names a function once, for every kind of pin that
//! has it; where it is to hold for one kind only, it asks for the pin's [`Kind::MODE`](wasi_hw_wasmtime::gpio::Kind).

use super::kinds::{AnyPin, Drives, Reads, ReadsValues, SetsValues};
use std::marker::PhantomData;
use wasi_hw_harness::runtime::engine::Guest;
use wasi_hw_harness::runtime::reference::State;
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
pub(super) fn link<L: Lie>(linker: &mut Linker<Guest<State>>) -> Result<()> {
    general::add_to_linker::<_, Lies<L>>(linker, lying::<L>)?;
    digital::add_to_linker::<_, Lies<L>>(linker, lying::<L>)?;
    analog::add_to_linker::<_, Lies<L>>(linker, lying::<L>)?;
    delay::add_to_linker::<_, Lies<L>>(linker, lying::<L>)?;
    poll::add_to_linker::<_, PollLies<L>>(linker, |guest| LyingPoll(guest.table(), PhantomData))
}

fn lying<L>(guest: &mut Guest<State>) -> Lying<'_, L> {
    Lying(guest.gpio(), PhantomData)
}

struct Lies<L>(PhantomData<fn() -> L>);

impl<L: 'static> HasData for Lies<L> {
    type Data<'a> = Lying<'a, L>;
}

struct Lying<'a, L>(GpioCtxView<'a>, PhantomData<fn() -> L>);

impl<L: Lie> general::Host for Lying<'_, L> {}

impl<L: Lie> digital::Host for Lying<'_, L> {}

impl<L: Lie> analog::Host for Lying<'_, L> {}

macro_rules! every_pin {
    ($pin:ty, $config:ty) => {
        fn get_config(&mut self, pin: Resource<$pin>) -> Result<$config> {
            L::get_config(&mut self.0, pin)
        }

        fn watch_for_ready(&mut self, pin: Resource<$pin>) -> Result<Pollable> {
            L::watch_for_ready(&mut self.0, pin)
        }

        fn drop(&mut self, pin: Resource<$pin>) -> Result<()> {
            L::drop_pin(&mut self.0, pin)
        }
    };
}

macro_rules! drives {
    ($pin:ty) => {
        fn set_state(&mut self, pin: Resource<$pin>, state: PinState) -> Answer<()> {
            L::set_state(&mut self.0, pin, state)
        }

        fn set_active(&mut self, pin: Resource<$pin>) -> Answer<()> {
            L::set_active(&mut self.0, pin)
        }

        fn set_inactive(&mut self, pin: Resource<$pin>) -> Answer<()> {
            L::set_inactive(&mut self.0, pin)
        }

        fn toggle(&mut self, pin: Resource<$pin>) -> Answer<()> {
            L::toggle(&mut self.0, pin)
        }
    };
}

macro_rules! reads {
    ($pin:ty) => {
        fn read(&mut self, pin: Resource<$pin>) -> Answer<PinState> {
            L::read(&mut self.0, pin)
        }

        fn is_active(&mut self, pin: Resource<$pin>) -> Answer<bool> {
            L::is_active(&mut self.0, pin)
        }

        fn is_inactive(&mut self, pin: Resource<$pin>) -> Answer<bool> {
            L::is_inactive(&mut self.0, pin)
        }

        fn watch_state(&mut self, pin: Resource<$pin>, state: PinState) -> Answer<Pollable> {
            L::watch_state(&mut self.0, pin, state)
        }

        fn watch_active(&mut self, pin: Resource<$pin>) -> Answer<Pollable> {
            L::watch_state(&mut self.0, pin, PinState::Active)
        }

        fn watch_inactive(&mut self, pin: Resource<$pin>) -> Answer<Pollable> {
            L::watch_state(&mut self.0, pin, PinState::Inactive)
        }

        fn watch_falling_edge(&mut self, pin: Resource<$pin>) -> Answer<Pollable> {
            L::watch_edge(&mut self.0, pin, PinState::Inactive)
        }

        fn watch_rising_edge(&mut self, pin: Resource<$pin>) -> Answer<Pollable> {
            L::watch_edge(&mut self.0, pin, PinState::Active)
        }
    };
}

macro_rules! sets_values {
    ($pin:ty) => {
        fn set_value_raw(&mut self, pin: Resource<$pin>, value: u32) -> Answer<()> {
            L::set_value_raw(&mut self.0, pin, value)
        }

        fn set_value(&mut self, pin: Resource<$pin>, value: f32) -> Answer<()> {
            L::set_value(&mut self.0, pin, value)
        }
    };
}

macro_rules! reads_values {
    ($pin:ty) => {
        fn read_raw(&mut self, pin: Resource<$pin>) -> Answer<u32> {
            L::read_raw(&mut self.0, pin)
        }

        fn read(&mut self, pin: Resource<$pin>) -> Answer<f32> {
            L::read_value(&mut self.0, pin)
        }

        fn watch_above_raw(&mut self, pin: Resource<$pin>, value: u32) -> Answer<Pollable> {
            L::watch_above_raw(&mut self.0, pin, value)
        }

        fn watch_above(&mut self, pin: Resource<$pin>, value: f32) -> Answer<Pollable> {
            L::watch_above(&mut self.0, pin, value)
        }

        fn watch_below_raw(&mut self, pin: Resource<$pin>, value: u32) -> Answer<Pollable> {
            L::watch_below_raw(&mut self.0, pin, value)
        }

        fn watch_below(&mut self, pin: Resource<$pin>, value: f32) -> Answer<Pollable> {
            L::watch_below(&mut self.0, pin, value)
        }
    };
}

impl<L: Lie> digital::HostDigitalOutPin for Lying<'_, L> {
    every_pin!(DigitalOutPin, DigitalConfig);
    drives!(DigitalOutPin);
}

impl<L: Lie> digital::HostDigitalInPin for Lying<'_, L> {
    every_pin!(DigitalInPin, DigitalConfig);
    reads!(DigitalInPin);
}

impl<L: Lie> digital::HostDigitalInOutPin for Lying<'_, L> {
    every_pin!(DigitalInOutPin, DigitalConfig);
    drives!(DigitalInOutPin);
    reads!(DigitalInOutPin);
}

impl<L: Lie> analog::HostAnalogOutPin for Lying<'_, L> {
    every_pin!(AnalogOutPin, AnalogConfig);
    sets_values!(AnalogOutPin);
}

impl<L: Lie> analog::HostAnalogInPin for Lying<'_, L> {
    every_pin!(AnalogInPin, AnalogConfig);
    reads_values!(AnalogInPin);
}

impl<L: Lie> analog::HostAnalogInOutPin for Lying<'_, L> {
    every_pin!(AnalogInOutPin, AnalogConfig);
    sets_values!(AnalogInOutPin);
    reads_values!(AnalogInOutPin);
}

impl<L: Lie> delay::Host for Lying<'_, L> {
    fn delay_ns(&mut self, ns: u32) -> Result<()> {
        L::delay_ns(&mut self.0, ns)
    }

    fn delay_us(&mut self, us: u32) -> Result<()> {
        L::delay_us(&mut self.0, us)
    }

    fn delay_ms(&mut self, ms: u32) -> Result<()> {
        L::delay_ms(&mut self.0, ms)
    }
}

struct PollLies<L>(PhantomData<fn() -> L>);

impl<L: 'static> HasData for PollLies<L> {
    type Data<'a> = LyingPoll<'a, L>;
}

struct LyingPoll<'a, L>(&'a mut ResourceTable, PhantomData<fn() -> L>);

impl<L: Lie> poll::Host for LyingPoll<'_, L> {
    async fn poll(&mut self, list: Vec<Pollable>) -> Result<Vec<u32>> {
        L::poll(self.0, list).await
    }
}

impl<L: Lie> poll::HostPollable for LyingPoll<'_, L> {
    async fn ready(&mut self, pollable: Pollable) -> Result<bool> {
        L::ready(self.0, pollable).await
    }

    async fn block(&mut self, pollable: Pollable) -> Result<()> {
        L::block(self.0, pollable).await
    }

    fn drop(&mut self, pollable: Pollable) -> Result<()> {
        L::drop_pollable(self.0, pollable)
    }
}
