//! What the conformance guests import beside the package under test.

use crate::abi::{Call, Ran, trap};
use crate::gpio::{self, Pin};
use crate::handles::TOO_MANY;
use crate::i2c;
use crate::imports::Imports;
use crate::state::{ended, pause};

const BOARD: &str = "wasi-hw:conformance/board@0.1.0";
const BOARD_I2C: &str = "wasi-hw:conformance/board-i2c@0.1.0";
const BOARD_GPIO: &str = "wasi-hw:conformance/board-gpio@0.1.0";

/// The imports.
pub fn imports(all: &mut Imports) {
    all.add(BOARD, "saw", "(ii)", saw);
    all.add(BOARD, "cue", "(iii)", cue);
    all.add(BOARD, "wait", "(I)", wait);
    all.add(BOARD_I2C, "open-bus", "(iii)", open_bus);
    all.add(BOARD_I2C, "open-delay", "()i", open_delay);
    all.add(BOARD_GPIO, "open-digital-out", "(iii)", open_pin::<gpio::DigitalOut>);
    all.add(BOARD_GPIO, "open-digital-in", "(iii)", open_pin::<gpio::DigitalIn>);
    all.add(BOARD_GPIO, "open-digital-in-out", "(iii)", open_pin::<gpio::DigitalInOut>);
    all.add(BOARD_GPIO, "open-analog-out", "(iii)", open_pin::<gpio::AnalogOut>);
    all.add(BOARD_GPIO, "open-analog-in", "(iii)", open_pin::<gpio::AnalogIn>);
    all.add(BOARD_GPIO, "open-analog-in-out", "(iii)", open_pin::<gpio::AnalogInOut>);
}

fn saw(call: &mut Call<'_>) -> Ran {
    let line = call.text()?;
    ended(call.state().board.saw(&line))
}

fn cue(call: &mut Call<'_>) -> Ran {
    let (name, ret) = (call.text()?, call.ret(12, 4)?);
    match ended(call.state().board.cue(&name))? {
        Ok(()) => call.write(ret, &[0]),
        Err(why) => call.write_failure(ret, &why),
    }
}

fn wait(call: &mut Call<'_>) -> Ran {
    let ns = call.u64()?;
    pause(call, ns)
}

fn open_bus(call: &mut Call<'_>) -> Ran {
    let (label, ret) = (call.text()?, call.ret(12, 4)?);
    let state = call.state();
    let opened = i2c::Bus::open(&state.board, &state.config, &label);
    match opened.and_then(|bus| state.handles.insert(bus).ok_or_else(|| TOO_MANY.to_owned())) {
        Ok(handle) => call.write_number(ret, handle),
        Err(why) => call.write_failure(ret, &why),
    }
}

fn open_delay(call: &mut Call<'_>) -> Ran {
    call.result = call.state().handles.insert(i2c::Delay);
    if call.result.is_some() { Ok(()) } else { trap(TOO_MANY) }
}

fn open_pin<K: gpio::Mode>(call: &mut Call<'_>) -> Ran {
    let (label, ret) = (call.text()?, call.ret(16, 4)?);
    let state = call.state();
    let pin = Pin::<K>::open(&state.board, &state.config, &label);
    gpio::give(call, ret, pin)
}
