//! What can be wrong about reading.

use super::driver::{State, Twist};
use super::kinds::{AnyPin, Config, Reads, ReadsValues};
use super::lie::{Answer, Lie, View};
use super::memory::made;
use crate::copy;
use wasi_hw_harness::runtime::reference::gpio::request;
use wasi_hw_mock::Board;
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::PinState;
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::general::ActiveLevel;
use wasi_hw_wasmtime::gpio::{Level, Line, LineError, Mode, Pull, Request};
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
    fn get(state: &mut State, line: &mut dyn Line) -> Result<Level, LineError> {
        let now = line.get()?;
        Ok(if state.request.mode == Mode::DigitalIn { *state.level.get_or_insert(now) } else { now })
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
    fn get(state: &mut State, line: &mut dyn Line) -> Result<Level, LineError> {
        let now = line.get();
        match (&now, state.level) {
            (Err(LineError::Io | LineError::Timeout), Some(last)) => Ok(last),
            _ => {
                state.level = now.as_ref().ok().copied().or(state.level);
                now
            }
        }
    }
}

pub(super) struct SettlesLow;
impl Twist for SettlesLow {
    fn get(_: &mut State, line: &mut dyn Line) -> Result<Level, LineError> {
        line.get().or_else(|why| if why == LineError::NotReady { Ok(Level::Low) } else { Err(why) })
    }

    fn value(_: &mut State, line: &mut dyn Line) -> Result<u32, LineError> {
        line.value().or_else(|why| if why == LineError::NotReady { Ok(0) } else { Err(why) })
    }
}

pub(super) struct GoneIsLow;
impl Twist for GoneIsLow {
    fn get(_: &mut State, line: &mut dyn Line) -> Result<Level, LineError> {
        line.get().or_else(|why| if why == LineError::Gone { Ok(Level::Low) } else { Err(why) })
    }
}

pub(super) struct NoPull;
impl Twist for NoPull {
    fn request(board: &Board, name: &str, wanted: &Request) -> Result<Box<dyn Line>, LineError> {
        request(board, name, &Request { pull: None, ..*wanted })
    }
}

pub(super) struct OtherPull;
impl Twist for OtherPull {
    fn request(board: &Board, name: &str, wanted: &Request) -> Result<Box<dyn Line>, LineError> {
        let pull = wanted.pull.map(|pull| if pull == Pull::Up { Pull::Down } else { Pull::Up });
        request(board, name, &Request { pull, ..*wanted })
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
