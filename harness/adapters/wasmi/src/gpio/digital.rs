//! `wasi:gpio/digital`: pins with two states.

use super::{DigitalIn, DigitalInOut, DigitalOut, Mode, Pin, answer, every_pin, give, method, ret};
use crate::abi::{Call, Ran, laid_out, list};
use crate::imports::Imports;
use wasi_hw_seam::gpio::{Direction, Level, Pull};

const DIGITAL: &str = "wasi:gpio/digital@0.2.0";

/// The functions of each kind of pin.
pub fn imports(all: &mut Imports) {
    pin::<DigitalOut>(all);
    pin::<DigitalIn>(all);
    pin::<DigitalInOut>(all);
}

fn pin<K: Mode>(all: &mut Imports) {
    every_pin::<K>(all, DIGITAL, get_config::<K>);
    if K::DIRECTION != Direction::In {
        all.add(DIGITAL, method::<K>("set-state"), "(iii)", set_state::<K>);
        all.add(DIGITAL, method::<K>("set-active"), "(ii)", set::<K, true>);
        all.add(DIGITAL, method::<K>("set-inactive"), "(ii)", set::<K, false>);
        all.add(DIGITAL, method::<K>("toggle"), "(ii)", toggle::<K>);
    }
    if K::DIRECTION != Direction::Out {
        all.add(DIGITAL, method::<K>("read"), "(ii)", is::<K, false>);
        all.add(DIGITAL, method::<K>("is-active"), "(ii)", is::<K, true>);
        // `pin-state` has active as its case 0, so what is read and whether it is inactive are the same number.
        all.add(DIGITAL, method::<K>("is-inactive"), "(ii)", is::<K, false>);
        all.add(DIGITAL, method::<K>("watch-state"), "(iii)", watch_state::<K>);
        all.add(DIGITAL, method::<K>("watch-active"), "(ii)", watch::<K, true, false>);
        all.add(DIGITAL, method::<K>("watch-inactive"), "(ii)", watch::<K, false, false>);
        all.add(DIGITAL, method::<K>("watch-rising-edge"), "(ii)", watch::<K, true, true>);
        all.add(DIGITAL, method::<K>("watch-falling-edge"), "(ii)", watch::<K, false, true>);
    }
}

/// The case of `pin-mode`.
pub(super) fn pin_mode<K: Mode>() -> u8 {
    match K::DIRECTION {
        Direction::In => 0,
        Direction::Out => 1,
        Direction::InOut => 2,
    }
}

/// `digital-config`: the label at 0, the mode at 8, the active level at 9, the resistor from 10 on.
fn get_config<K: Mode>(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, call.ret(12, 4)?);
    let pin = call.borrow::<Pin<K>>(this)?;
    let (label, low) = (pin.label.clone(), u8::from(pin.config.active == Level::Low));
    let pull = match pin.config.pull {
        None => [0, 0],
        Some(Pull::Up) => [1, 0],
        Some(Pull::Down) => [1, 1],
    };
    let label = call.give(label.as_bytes(), label.len(), 1)?;
    let rest = [pin_mode::<K>(), low, pull[0], pull[1]];
    call.write(ret, &laid_out(12, &[(0, &list(label)), (8, &rest)]))
}

/// An argument `pin-state`: whether it is active.
fn state(call: &mut Call<'_>) -> Ran<bool> {
    Ok(call.case(2, "pin-state")? == 0)
}

fn set_state<K: Mode>(call: &mut Call<'_>) -> Ran {
    let (this, active, ret) = (call.u32()?, state(call)?, ret(call)?);
    let done = call.borrow::<Pin<K>>(this)?.drive(active);
    answer(call, ret, done.map(|()| 0))
}

fn set<K: Mode, const ACTIVE: bool>(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, ret(call)?);
    let done = call.borrow::<Pin<K>>(this)?.drive(ACTIVE);
    answer(call, ret, done.map(|()| 0))
}

fn toggle<K: Mode>(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, ret(call)?);
    let done = call.borrow::<Pin<K>>(this)?.toggle();
    answer(call, ret, done.map(|()| 0))
}

fn is<K: Mode, const ACTIVE: bool>(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, ret(call)?);
    let active = call.borrow::<Pin<K>>(this)?.is_active();
    answer(call, ret, active.map(|active| u32::from(active == ACTIVE)))
}

fn watch_state<K: Mode>(call: &mut Call<'_>) -> Ran {
    let (this, active, ret) = (call.u32()?, state(call)?, ret(call)?);
    let watch = call.borrow::<Pin<K>>(this)?.watch_state(active, false);
    give(call, ret, watch)
}

fn watch<K: Mode, const ACTIVE: bool, const CHANGE: bool>(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, ret(call)?);
    let watch = call.borrow::<Pin<K>>(this)?.watch_state(ACTIVE, CHANGE);
    give(call, ret, watch)
}
