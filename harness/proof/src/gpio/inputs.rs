//! What can be wrong about reading.

use super::driver::{Done, Given, Memory, Twist};
use super::kinds::{AnyPin, Config, Reads, ReadsValues};
use super::lie::{Answer, Lie, View};
use super::memory::made;
use crate::copy;
use wasi_hw_seam::gpio::{Direction, Level, Line, Pull, Request, Sample};
use wasi_hw_seam::{Board, Refusal};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::PinState;
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::general::ActiveLevel;
use wasi_hw_wasmtime::gpio::Mode;
use wasmtime::Result as Trapping;
use wasmtime::component::Resource;

fn is_active_low<P: AnyPin>(real: View<'_, '_>, pin: &Resource<P>) -> Trapping<bool> {
    Ok(P::get_config(real, copy(pin))?.active() == Some(ActiveLevel::ActiveLow))
}

pub(super) fn opposite(state: PinState) -> PinState {
    if state == PinState::Active { PinState::Inactive } else { PinState::Active }
}

pub(super) struct ReadsHighAsActive;
impl Lie for ReadsHighAsActive {
    fn read<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<PinState> {
        let wrong = P::MODE == Mode::DigitalInOut && is_active_low(real, &pin)?;
        let state = P::read(real, pin)?;
        Ok(if wrong { state.map(opposite) } else { state })
    }
}

pub(super) struct InvertsTwice;
impl Lie for InvertsTwice {
    fn is_active<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<bool> {
        let wrong = is_active_low(real, &pin)?;
        Ok(P::is_active(real, pin)?.map(|active| active != wrong))
    }
}

pub(super) struct InactiveIsActive;
impl Lie for InactiveIsActive {
    fn is_inactive<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<bool> {
        P::is_active(real, pin)
    }
}

pub(super) struct DrivenIsInactive;
impl Lie for DrivenIsInactive {
    fn read<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<PinState> {
        let state = P::read(real, pin)?;
        Ok(state.map(|state| if P::MODE == Mode::DigitalInOut { PinState::Inactive } else { state }))
    }
}

pub(super) struct FirstSample;
impl Twist for FirstSample {
    fn get(memory: &mut Memory, line: &mut dyn Line) -> Done<Sample> {
        let now = line.get()?;
        let wrong = !memory.request.analog && memory.request.direction == Direction::In;
        Ok(if wrong { *memory.sample.get_or_insert(now) } else { now })
    }
}

pub(super) struct ReadsLate;
impl Lie for ReadsLate {
    fn read<P: Reads>(real: View<'_, '_>, pin: Resource<P>) -> Answer<PinState> {
        let rep = pin.rep();
        match P::read(real, pin)? {
            Err(error) => Ok(Err(error)),
            Ok(now) => {
                let before = made(real.table)?.insert(rep, (u32::from(now == PinState::Active), 0));
                Ok(Ok(match before {
                    None => now,
                    Some((1, _)) => PinState::Active,
                    Some(_) => PinState::Inactive,
                }))
            }
        }
    }
}

pub(super) struct LastWhenFailing;
impl Twist for LastWhenFailing {
    fn get(memory: &mut Memory, line: &mut dyn Line) -> Done<Sample> {
        if memory.request.analog {
            return line.get();
        }
        let now = line.get();
        match (now, memory.sample) {
            (Err(Refusal::Io | Refusal::Timeout), Some(last)) => Ok(last),
            _ => {
                memory.sample = now.ok().or(memory.sample);
                now
            }
        }
    }
}

/// Ground, in the words of the line's kind.
fn low(request: &Request) -> Sample {
    if request.analog { Sample::Value(0) } else { Sample::Level(Level::Low) }
}

pub(super) struct SettlesLow;
impl Twist for SettlesLow {
    fn get(memory: &mut Memory, line: &mut dyn Line) -> Done<Sample> {
        line.get().or_else(|why| if why == Refusal::NotReady { Ok(low(&memory.request)) } else { Err(why) })
    }
}

pub(super) struct GoneIsLow;
impl Twist for GoneIsLow {
    fn get(memory: &mut Memory, line: &mut dyn Line) -> Done<Sample> {
        let wrong = |why| why == Refusal::Gone && !memory.request.analog;
        line.get().or_else(|why| if wrong(why) { Ok(low(&memory.request)) } else { Err(why) })
    }
}

pub(super) struct NoPull;
impl Twist for NoPull {
    fn request(_: &Given, board: &dyn Board, name: &str, wanted: &Request) -> Done<Box<dyn Line>> {
        board.gpio(name, &Request { pull: None, ..*wanted })
    }
}

pub(super) struct OtherPull;
impl Twist for OtherPull {
    fn request(_: &Given, board: &dyn Board, name: &str, wanted: &Request) -> Done<Box<dyn Line>> {
        let pull = wanted.pull.map(|pull| if pull == Pull::Up { Pull::Down } else { Pull::Up });
        board.gpio(name, &Request { pull, ..*wanted })
    }
}

pub(super) struct BeyondOne;
impl Lie for BeyondOne {
    fn read_value<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>) -> Answer<f32> {
        Ok(P::read(real, pin)?.map(|value| value * 1.125))
    }
}

pub(super) struct FullIsZero;
impl Lie for FullIsZero {
    fn read_value<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>) -> Answer<f32> {
        Ok(P::read(real, pin)?.map(|value| if value == 1.0 { 0.0 } else { value }))
    }
}

pub(super) struct CoarseReads;
impl Lie for CoarseReads {
    fn read_value<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>) -> Answer<f32> {
        Ok(P::read(real, pin)?.map(|value| (value * 10.0).floor() / 10.0))
    }
}
