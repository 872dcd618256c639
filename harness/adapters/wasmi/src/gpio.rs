//! `wasi:gpio@0.2.0`, over requests for lines.

mod analog;
mod digital;
mod line;
mod pin;

pub use line::Watch;
pub use pin::{AnalogIn, AnalogInOut, AnalogOut, DigitalIn, DigitalInOut, DigitalOut, Mode, Pin};

use crate::abi::{Call, Fault, Ran, trap};
use crate::handles::{Kind, TOO_MANY};
use crate::imports::Imports;
use crate::state::pause;
use wasi_hw_seam::Refusal;

/// The package.
pub const PACKAGE: &str = "wasi:gpio@0.2.0";

const DELAY: &str = "wasi:gpio/delay@0.2.0";

/// The cases of `gpio-error`, by position.
mod error {
    pub const HARDWARE_FAULT: u8 = 0;
    pub const ALREADY_IN_USE: u8 = 1;
    pub const PIN_NOT_ALLOWED: u8 = 2;
    pub const PIN_MODE_NOT_ALLOWED: u8 = 3;
    pub const UNDEFINED_PIN_LABEL: u8 = 4;
    pub const PIN_MODE_NOT_AVAILABLE: u8 = 5;
    pub const OPERATION_NOT_SUPPORTED: u8 = 7;
    pub const OTHER: u8 = 8;
}

/// The imports.
pub fn imports(all: &mut Imports) {
    digital::imports(all);
    analog::imports(all);
    all.add(DELAY, "delay-ns", "(i)", delay::<1>);
    all.add(DELAY, "delay-us", "(i)", delay::<1_000>);
    all.add(DELAY, "delay-ms", "(i)", delay::<1_000_000>);
}

/// A pause of so many units of `NS` nanoseconds, which may be more than 32 bits of them.
fn delay<const NS: u64>(call: &mut Call<'_>) -> Ran {
    let units = call.u32()?;
    pause(call, u64::from(units) * NS)
}

/// `other`.
fn other(why: impl ToString) -> Fault {
    Fault { case: error::OTHER, why: Some(why.to_string()) }
}

/// Why a call on a pin failed.
fn refused(why: Refusal) -> Fault {
    match why {
        Refusal::Gone | Refusal::Io | Refusal::Timeout => Fault::named(error::HARDWARE_FAULT),
        Refusal::Unsupported => Fault::named(error::OPERATION_NOT_SUPPORTED),
        Refusal::Busy => Fault::named(error::ALREADY_IN_USE),
        why => other(why),
    }
}

/// The last argument of what has a `result<T, gpio-error>`: 16 bytes whatever T is, because the error has a string.
fn ret(call: &mut Call<'_>) -> Ran<u32> {
    call.ret(16, 4)
}

/// Writes such a result, of which T is no wider than 32 bits.
fn answer(call: &mut Call<'_>, ret: u32, outcome: Result<u32, Fault>) -> Ran {
    match outcome {
        Ok(value) => call.write_number(ret, value),
        Err(fault) => call.write_fault(ret, &fault),
    }
}

/// The same, of which T is a handle.
pub fn give<K: Kind>(call: &mut Call<'_>, ret: u32, resource: Result<K, Fault>) -> Ran {
    let handles = &mut call.state().handles;
    let handle = resource.and_then(|resource| handles.insert(resource).ok_or_else(|| other(TOO_MANY)));
    answer(call, ret, handle)
}

/// The functions that pins have in both interfaces.
fn every_pin<K: Mode>(all: &mut Imports, module: &'static str, config: fn(&mut Call<'_>) -> Ran) {
    all.add(module, method::<K>("get-config"), "(ii)", config);
    all.add(module, method::<K>("watch-for-ready"), "(i)i", watch_for_ready::<K>);
    let drop = format!("[resource-drop]{}", <Pin<K>>::NAME);
    all.add(module, drop, "(i)", crate::handles::resource_drop::<Pin<K>>);
}

fn method<K: Mode>(name: &str) -> String {
    format!("[method]{}.{name}", <Pin<K>>::NAME)
}

/// It has no error to give: a line that is lost is as ready as it will be.
fn watch_for_ready<K: Mode>(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    let watch = call.borrow::<Pin<K>>(this)?.watch_for_ready();
    call.result = watch.and_then(|watch| call.state().handles.insert(watch));
    if call.result.is_some() { Ok(()) } else { trap("too many pollables") }
}
