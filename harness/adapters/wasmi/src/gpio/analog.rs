//! `wasi:gpio/analog`: pins with a scale.

use super::digital::pin_mode;
use super::{AnalogIn, AnalogInOut, AnalogOut, Mode, Pin, answer, every_pin, give, method, ret};
use crate::abi::{Call, Ran, laid_out, list};
use crate::imports::Imports;
use wasi_hw_seam::gpio::Direction;

const ANALOG: &str = "wasi:gpio/analog@0.2.0";

/// The functions of each kind of pin.
pub fn imports(all: &mut Imports) {
    pin::<AnalogOut>(all);
    pin::<AnalogIn>(all);
    pin::<AnalogInOut>(all);
}

fn pin<K: Mode>(all: &mut Imports) {
    every_pin::<K>(all, ANALOG, get_config::<K>);
    if K::DIRECTION != Direction::In {
        all.add(ANALOG, method::<K>("set-value-raw"), "(iii)", set_value_raw::<K>);
        all.add(ANALOG, method::<K>("set-value"), "(ifi)", set_value::<K>);
    }
    if K::DIRECTION != Direction::Out {
        all.add(ANALOG, method::<K>("read-raw"), "(ii)", read_raw::<K>);
        all.add(ANALOG, method::<K>("read"), "(ii)", read::<K>);
        all.add(ANALOG, method::<K>("watch-above-raw"), "(iii)", watch_raw::<K, true>);
        all.add(ANALOG, method::<K>("watch-above"), "(ifi)", watch::<K, true>);
        all.add(ANALOG, method::<K>("watch-below-raw"), "(iii)", watch_raw::<K, false>);
        all.add(ANALOG, method::<K>("watch-below"), "(ifi)", watch::<K, false>);
    }
}

/// `analog-config`: the label at 0, the mode at 8.
fn get_config<K: Mode>(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, call.ret(12, 4)?);
    let label = call.borrow::<Pin<K>>(this)?.label.clone();
    let label = call.give(label.as_bytes(), label.len(), 1)?;
    call.write(ret, &laid_out(12, &[(0, &list(label)), (8, &[pin_mode::<K>()])]))
}

fn set_value_raw<K: Mode>(call: &mut Call<'_>) -> Ran {
    let (this, steps, ret) = (call.u32()?, call.u32()?, ret(call)?);
    let done = call.borrow::<Pin<K>>(this)?.drive_steps(steps);
    answer(call, ret, done.map(|()| 0))
}

fn set_value<K: Mode>(call: &mut Call<'_>) -> Ran {
    let (this, part, ret) = (call.u32()?, call.f32()?, ret(call)?);
    let done = call.borrow::<Pin<K>>(this)?.drive_part(part);
    answer(call, ret, done.map(|()| 0))
}

fn read_raw<K: Mode>(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, ret(call)?);
    let steps = call.borrow::<Pin<K>>(this)?.steps();
    answer(call, ret, steps.map(|(steps, _)| steps))
}

fn read<K: Mode>(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, ret(call)?);
    let steps = call.borrow::<Pin<K>>(this)?.steps();
    let part = |(steps, greatest)| (f64::from(steps) / f64::from(greatest)) as f32;
    answer(call, ret, steps.map(|steps: (u32, u32)| part(steps).to_bits()))
}

fn watch_raw<K: Mode, const ABOVE: bool>(call: &mut Call<'_>) -> Ran {
    let (this, steps, ret) = (call.u32()?, call.u32()?, ret(call)?);
    let watch = call.borrow::<Pin<K>>(this)?.watch_steps(ABOVE, steps.into());
    give(call, ret, watch)
}

fn watch<K: Mode, const ABOVE: bool>(call: &mut Call<'_>) -> Ran {
    let (this, part, ret) = (call.u32()?, call.f32()?, ret(call)?);
    let watch = call.borrow::<Pin<K>>(this)?.watch_part(ABOVE, part);
    give(call, ret, watch)
}
