//! Hosts that answer every call alike. Handles they do hand out; nothing reaches a line.

use super::super::Defect;
use super::kinds::{AnyPin, Config, Drives, Reads, ReadsValues, SetsValues};
use super::lie;
use super::lie::{Answer, Lie, Pollable, View};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::PinState;
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::general::PinMode;
use wasi_hw_wasmtime::gpio::GpioError;
use wasmtime::Result;
use wasmtime::component::{Resource, ResourceTable};

pub(in super::super) fn liars() -> Vec<Defect> {
    vec![
        lie::<Accepts<0>>("gpio/accepts-everything-with-zeros", &[]),
        lie::<Accepts<1>>("gpio/accepts-everything-with-ones", &[]),
        lie::<Rejects<0>>("gpio/rejects-everything-with-hardware-fault", &[]),
        lie::<Rejects<1>>("gpio/rejects-everything-with-already-in-use", &[]),
        lie::<Rejects<2>>("gpio/rejects-everything-with-pin-not-allowed", &[]),
        lie::<Rejects<3>>("gpio/rejects-everything-with-pin-mode-not-allowed", &[]),
        lie::<Rejects<4>>("gpio/rejects-everything-with-undefined-pin-label", &[]),
        lie::<Rejects<5>>("gpio/rejects-everything-with-pin-mode-not-available", &[]),
        lie::<Rejects<6>>("gpio/rejects-everything-with-would-block", &[]),
        lie::<Rejects<7>>("gpio/rejects-everything-with-operation-not-supported", &[]),
        lie::<Rejects<8>>("gpio/rejects-everything-with-other", &[]),
    ]
}

/// What every call answers: a number of 0 or 1, or an error.
trait Says: 'static {
    /// 1 or 0 where a call cannot fail.
    const NUMBER: u8;

    fn says<T>(number: impl FnOnce(u8) -> T) -> Answer<T>;
}

struct Accepts<const NUMBER: u8>;

impl<const NUMBER: u8> Says for Accepts<NUMBER> {
    const NUMBER: u8 = NUMBER;

    fn says<T>(number: impl FnOnce(u8) -> T) -> Answer<T> {
        Ok(Ok(number(NUMBER)))
    }
}

struct Rejects<const ERROR: u8>;

impl<const ERROR: u8> Says for Rejects<ERROR> {
    const NUMBER: u8 = 0;

    fn says<T>(_: impl FnOnce(u8) -> T) -> Answer<T> {
        Ok(Err(match ERROR {
            0 => GpioError::HardwareFault,
            1 => GpioError::AlreadyInUse,
            2 => GpioError::PinNotAllowed,
            3 => GpioError::PinModeNotAllowed,
            4 => GpioError::UndefinedPinLabel,
            5 => GpioError::PinModeNotAvailable,
            6 => GpioError::WouldBlock,
            7 => GpioError::OperationNotSupported,
            _ => GpioError::Other("no".to_owned()),
        }))
    }
}

fn nothing(_: u8) {}

fn bool(number: u8) -> bool {
    number == 1
}

fn state(number: u8) -> PinState {
    if number == 1 { PinState::Active } else { PinState::Inactive }
}

/// A pollable to hand out; what it says is a lie, too.
fn pollable<S: Says, P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Answer<Pollable> {
    match S::says(nothing)? {
        Ok(()) => Ok(Ok(P::watch_for_ready(real, pin)?)),
        Err(error) => Ok(Err(error)),
    }
}

macro_rules! lies {
    ($($says:tt)*) => {
        impl<const N: u8> Lie for $($says)*<N> {
            fn set_state<P: Drives>(_: View<'_, '_>, _: Resource<P>, _: PinState) -> Answer<()> {
                Self::says(nothing)
            }

            fn set_active<P: Drives>(_: View<'_, '_>, _: Resource<P>) -> Answer<()> {
                Self::says(nothing)
            }

            fn set_inactive<P: Drives>(_: View<'_, '_>, _: Resource<P>) -> Answer<()> {
                Self::says(nothing)
            }

            fn toggle<P: Drives>(_: View<'_, '_>, _: Resource<P>) -> Answer<()> {
                Self::says(nothing)
            }

            fn read<P: Reads>(_: View<'_, '_>, _: Resource<P>) -> Answer<PinState> {
                Self::says(state)
            }

            fn is_active<P: Reads>(_: View<'_, '_>, _: Resource<P>) -> Answer<bool> {
                Self::says(bool)
            }

            fn is_inactive<P: Reads>(_: View<'_, '_>, _: Resource<P>) -> Answer<bool> {
                Self::says(bool)
            }

            fn watch_state<P: Reads>(real: View<'_, '_>, pin: Resource<P>, _: PinState) -> Answer<Pollable> {
                pollable::<Self, P>(real, pin)
            }

            fn watch_edge<P: Reads>(real: View<'_, '_>, pin: Resource<P>, _: PinState) -> Answer<Pollable> {
                pollable::<Self, P>(real, pin)
            }

            fn set_value_raw<P: SetsValues>(_: View<'_, '_>, _: Resource<P>, _: u32) -> Answer<()> {
                Self::says(nothing)
            }

            fn set_value<P: SetsValues>(_: View<'_, '_>, _: Resource<P>, _: f32) -> Answer<()> {
                Self::says(nothing)
            }

            fn read_raw<P: ReadsValues>(_: View<'_, '_>, _: Resource<P>) -> Answer<u32> {
                Self::says(|number| u32::from(number) * u32::MAX)
            }

            fn read_value<P: ReadsValues>(_: View<'_, '_>, _: Resource<P>) -> Answer<f32> {
                Self::says(f32::from)
            }

            fn watch_above_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, _: u32) -> Answer<Pollable> {
                pollable::<Self, P>(real, pin)
            }

            fn watch_above<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, _: f32) -> Answer<Pollable> {
                pollable::<Self, P>(real, pin)
            }

            fn watch_below_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, _: u32) -> Answer<Pollable> {
                pollable::<Self, P>(real, pin)
            }

            fn watch_below<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, _: f32) -> Answer<Pollable> {
                pollable::<Self, P>(real, pin)
            }

            fn get_config<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<P::Config> {
                let mode = if Self::NUMBER == 1 { PinMode::InOut } else { PinMode::In };
                Ok(P::get_config(real, pin)?.with_label("").with_mode(mode))
            }

            fn delay_ns(_: View<'_, '_>, _: u32) -> Result<()> {
                Ok(())
            }

            fn delay_us(_: View<'_, '_>, _: u32) -> Result<()> {
                Ok(())
            }

            fn delay_ms(_: View<'_, '_>, _: u32) -> Result<()> {
                Ok(())
            }

            async fn poll(_: &mut ResourceTable, list: Vec<Pollable>) -> Result<Vec<u32>> {
                let all = 0..u32::try_from(list.len())?;
                Ok(if Self::NUMBER == 1 { all.collect() } else { Vec::new() })
            }

            async fn ready(_: &mut ResourceTable, _: Pollable) -> Result<bool> {
                Ok(Self::NUMBER == 1)
            }

            async fn block(_: &mut ResourceTable, _: Pollable) -> Result<()> {
                Ok(())
            }
        }
    };
}

lies!(Accepts);
lies!(Rejects);
