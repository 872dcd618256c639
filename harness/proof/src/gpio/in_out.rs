//! What can be wrong about one kind of pin alone, above all those that drive and read, while others of the same
//! functions are right.

use super::driver::{Done, Memory, Twist};
use super::kinds::{AnyPin, Drives, Reads, ReadsValues, SetsValues};
use super::lie::{Answer, Lie, Pollable, View};
use wasi_hw_seam::gpio::{Direction, Line, Sample};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::PinState;
use wasi_hw_wasmtime::gpio::{GpioError, Mode};
use wasmtime::Result;
use wasmtime::component::Resource;

/// Whether a pin drives and is read.
fn both<P: AnyPin>() -> bool {
    matches!(P::MODE, Mode::DigitalInOut | Mode::AnalogInOut)
}

/// What a call gave, or what a host that overlooks the error of an in-out pin takes for it.
fn overlooked<P: AnyPin, T>(answer: Answer<T>, instead: T) -> Answer<T> {
    Ok(match answer? {
        Err(_) if both::<P>() => Ok(instead),
        answer => answer,
    })
}

/// Of the functions of a digital in-out pin these say nothing of an error.
pub(super) struct Overlooks;
impl Lie for Overlooks {
    fn set_state<P: Drives>(real: View<'_, '_>, pin: Resource<P>, state: PinState) -> Answer<()> {
        overlooked::<P, _>(P::set_state(real, pin, state), ())
    }

    fn set_inactive<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        overlooked::<P, _>(P::set_inactive(real, pin), ())
    }

    fn is_active<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<bool> {
        overlooked::<P, _>(P::is_active(real, pin), false)
    }

    fn is_inactive<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<bool> {
        overlooked::<P, _>(P::is_inactive(real, pin), true)
    }
}

pub(super) struct OverlooksToggle;
impl Lie for OverlooksToggle {
    fn toggle<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        overlooked::<P, _>(P::toggle(real, pin), ())
    }
}

/// Of outputs, too.
pub(super) struct OverlooksValues;
impl Lie for OverlooksValues {
    fn set_value_raw<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<()> {
        Ok(P::set_value_raw(real, pin, value)?.or(Ok(())))
    }
}

/// Takes what an analog in-out pin drove last for a sample that it could not take.
pub(super) struct ReadsWhatItDrove;
impl Twist for ReadsWhatItDrove {
    fn set(memory: &mut Memory, to: Sample, line: &mut dyn Line) -> Done<()> {
        line.set(to)?;
        memory.sample = Some(to);
        Ok(())
    }

    fn get(memory: &mut Memory, line: &mut dyn Line) -> Done<Sample> {
        let now = line.get();
        match memory.sample {
            Some(last) if memory.request.analog && memory.request.direction == Direction::InOut => {
                now.or(Ok(last))
            }
            _ => now,
        }
    }
}

pub(super) struct WrapsFractions;
impl Lie for WrapsFractions {
    fn set_value<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<()> {
        let wraps = both::<P>() && value.is_finite() && !(0.0..=1.0).contains(&value);
        P::set_value(real, pin, if wraps { value.rem_euclid(1.0) } else { value })
    }
}

pub(super) struct BeyondOne;
impl Lie for BeyondOne {
    fn read_value<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>) -> Answer<f32> {
        Ok(P::read(real, pin)?.map(|value| if both::<P>() { value * 1.125 } else { value }))
    }
}

pub(super) struct ClampsThresholds;
impl Lie for ClampsThresholds {
    fn watch_above<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<Pollable> {
        P::watch_above(real, pin, if both::<P>() { value.clamp(0.0, 1.0) } else { value })
    }
}

/// Wants two steps of a thousand, with room for a rounding.
pub(super) struct FractionHysteresis;
impl Lie for FractionHysteresis {
    fn watch_below<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<Pollable> {
        P::watch_below(real, pin, if value == 1.0 { 0.9985 } else { value })
    }
}

/// Refuses to wait for an in-out pin, and says so in words.
pub(super) struct WaitsForInputs;
impl Lie for WaitsForInputs {
    fn watch_state<P: Reads>(real: View<'_, '_>, pin: Resource<P>, state: PinState) -> Answer<Pollable> {
        if both::<P>() { Ok(Err(no())) } else { P::watch_state(real, pin, state) }
    }

    fn watch_above_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<Pollable> {
        if both::<P>() { Ok(Err(no())) } else { P::watch_above_raw(real, pin, value) }
    }
}

fn no() -> GpioError {
    GpioError::Other("it is no input".to_owned())
}

/// Holds the line of an analog input until the instance ends.
pub(super) struct KeepsInputs;
impl Lie for KeepsInputs {
    fn drop_pin<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<()> {
        if P::MODE == Mode::AnalogIn { Ok(()) } else { P::drop_pin(real, pin) }
    }
}

pub(super) struct KeepsAnalogBoth;
impl Lie for KeepsAnalogBoth {
    fn drop_pin<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<()> {
        if P::MODE == Mode::AnalogInOut { Ok(()) } else { P::drop_pin(real, pin) }
    }
}
