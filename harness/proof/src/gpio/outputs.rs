//! What can be wrong about driving, about the life of a pin, and about delays.

use super::driver::{Done, Given, Memory, Twist};
use super::kinds::{AnyPin, Config, Drives, SetsValues};
use super::lie::{Answer, Lie, View};
use super::memory::made;
use crate::copy;
use std::sync::PoisonError;
use wasi_hw_seam::gpio::{Level, Line, Request, Sample};
use wasi_hw_seam::{Board, Refusal};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::PinState;
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::general::ActiveLevel;
use wasi_hw_wasmtime::gpio::{GpioError, Mode};
use wasmtime::Result;
use wasmtime::component::Resource;

pub(super) struct DrivesHighForActive;
impl Lie for DrivesHighForActive {
    fn set_active<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        match P::get_config(real, copy(&pin))?.active() {
            Some(ActiveLevel::ActiveLow) if P::MODE == Mode::DigitalOut => P::set_inactive(real, pin),
            _ => P::set_active(real, pin),
        }
    }
}

/// As a driver does that has 32 bytes for a name and its end.
pub(super) struct TellsShortLabels;
impl Lie for TellsShortLabels {
    fn get_config<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<P::Config> {
        let config = P::get_config(real, pin)?;
        let short: String = config.label().chars().take(31).collect();
        Ok(config.with_label(&short))
    }
}

pub(super) struct TellsNoPull;
impl Lie for TellsNoPull {
    fn get_config<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<P::Config> {
        Ok(P::get_config(real, pin)?.without_pull())
    }
}

pub(super) struct StateIsActive;
impl Lie for StateIsActive {
    fn set_state<P: Drives>(real: View<'_, '_>, pin: Resource<P>, _: PinState) -> Answer<()> {
        P::set_active(real, pin)
    }
}

pub(super) struct ForgetsInactive;
impl Lie for ForgetsInactive {
    fn set_state<P: Drives>(real: View<'_, '_>, pin: Resource<P>, state: PinState) -> Answer<()> {
        if P::MODE == Mode::DigitalInOut && state == PinState::Inactive {
            return Ok(Ok(()));
        }
        P::set_state(real, pin, state)
    }
}

pub(super) struct TogglesTheLine;
impl Lie for TogglesTheLine {
    fn toggle<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        match P::shows(real, copy(&pin))? {
            Err(error) => Ok(Err(error)),
            Ok(None) => P::toggle(real, pin),
            Ok(Some(PinState::Active)) => P::set_inactive(real, pin),
            Ok(Some(PinState::Inactive)) => P::set_active(real, pin),
        }
    }
}

pub(super) struct TogglesOn;
impl Lie for TogglesOn {
    fn toggle<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        if P::MODE == Mode::DigitalOut { P::set_active(real, pin) } else { P::toggle(real, pin) }
    }
}

/// Drives the other level on the way to the first one.
pub(super) struct Glitches;
impl Twist for Glitches {
    fn set(memory: &mut Memory, to: Sample, line: &mut dyn Line) -> Done<()> {
        if let (None, Sample::Level(level)) = (memory.sample.replace(to), to) {
            line.set(to)?;
            line.set(Sample::Level(if level == Level::High { Level::Low } else { Level::High }))?;
        }
        line.set(to)
    }
}

/// Takes what it tried for what it did.
pub(super) struct RemembersFailures;
impl Lie for RemembersFailures {
    fn toggle<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        let rep = pin.rep();
        if made(real.table)?.remove(&rep).is_some() {
            // It drives what it drives already.
            return Ok(Ok(()));
        }
        let toggled = P::toggle(real, pin)?;
        if toggled.is_err() {
            made(real.table)?.insert(rep, (0, 0));
        }
        Ok(toggled)
    }
}

pub(super) struct SwallowsFailures;
impl Lie for SwallowsFailures {
    fn toggle<P: Drives>(real: View<'_, '_>, pin: Resource<P>) -> Answer<()> {
        let _ = P::toggle(real, pin)?;
        Ok(Ok(()))
    }
}

pub(super) struct HeldIsAnError;
impl Twist for HeldIsAnError {
    fn set(_: &mut Memory, to: Sample, line: &mut dyn Line) -> Done<()> {
        line.set(to)?;
        let held = matches!(to, Sample::Level(_)) && line.get()? != to;
        if held { Err(Refusal::Io) } else { Ok(()) }
    }
}

pub(super) struct RawIsHalved;
impl Lie for RawIsHalved {
    fn set_value_raw<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<()> {
        P::set_value_raw(real, pin, if value < 255 { value / 2 } else { value })
    }
}

pub(super) struct EightBitRaw;
impl Lie for EightBitRaw {
    fn set_value_raw<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<()> {
        let low = value & 0xff;
        P::set_value_raw(real, pin, if P::MODE == Mode::AnalogOut { low } else { value })
    }
}

pub(super) struct RefusesRaw;
impl Lie for RefusesRaw {
    fn set_value_raw<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<()> {
        // More than any converter has.
        if value > 1 << 30 {
            return Ok(Err(GpioError::Other("out of range".to_owned())));
        }
        P::set_value_raw(real, pin, value)
    }
}

pub(super) struct CoarseValues;
impl Lie for CoarseValues {
    fn set_value<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<()> {
        P::set_value(real, pin, (value * 10.0).floor() / 10.0)
    }
}

pub(super) struct NeverFull;
impl Lie for NeverFull {
    fn set_value<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<()> {
        P::set_value(real, pin, if value == 1.0 { 0.96 } else { value })
    }
}

pub(super) struct WrapsFractions;
impl Lie for WrapsFractions {
    fn set_value<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<()> {
        let inside = (0.0..=1.0).contains(&value) || !value.is_finite();
        P::set_value(real, pin, if inside { value } else { value.rem_euclid(1.0) })
    }
}

pub(super) struct NanIsZero;
impl Lie for NanIsZero {
    fn set_value<P: SetsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<()> {
        P::set_value(real, pin, if value.is_nan() { 0.0 } else { value })
    }
}

/// Holds the line until the instance ends.
pub(super) struct KeepsTheLine;
impl Lie for KeepsTheLine {
    fn drop_pin<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<()> {
        if P::MODE == Mode::AnalogOut { Ok(()) } else { P::drop_pin(real, pin) }
    }
}

pub(super) struct KeepsInOut;
impl Lie for KeepsInOut {
    fn drop_pin<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<()> {
        if P::MODE == Mode::DigitalInOut { Ok(()) } else { P::drop_pin(real, pin) }
    }
}

/// Remembers that a line was given out, and not that it came back.
pub(super) struct OnceOnly;
impl Twist for OnceOnly {
    fn request(given: &Given, board: &dyn Board, name: &str, wanted: &Request) -> Done<Box<dyn Line>> {
        let mut given = given.lock().unwrap_or_else(PoisonError::into_inner);
        if given.contains(name) {
            return Err(Refusal::Busy);
        }
        let line = board.gpio(name, wanted)?;
        given.insert(name.to_owned());
        Ok(line)
    }
}

pub(super) struct DelaysInMicroseconds;
impl Lie for DelaysInMicroseconds {
    fn delay_ns(real: View<'_, '_>, ns: u32) -> Result<()> {
        <Real as Lie>::delay_ns(real, ns / 1_000 * 1_000)
    }
}

pub(super) struct DelaysOverflow;
impl Lie for DelaysOverflow {
    fn delay_us(real: View<'_, '_>, us: u32) -> Result<()> {
        <Real as Lie>::delay_ns(real, us.wrapping_mul(1_000))
    }

    fn delay_ms(real: View<'_, '_>, ms: u32) -> Result<()> {
        <Real as Lie>::delay_ns(real, ms.wrapping_mul(1_000_000))
    }
}

pub(super) struct NoDelay;
impl Lie for NoDelay {
    fn delay_ms(_: View<'_, '_>, _: u32) -> Result<()> {
        Ok(())
    }
}

/// No lie at all.
struct Real;
impl Lie for Real {}
