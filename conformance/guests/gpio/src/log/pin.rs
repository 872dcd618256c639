//! Pins of all six kinds.

use super::chain::Chain;
use super::value::{
    active, error_name, flag_name, level_name, mode_name, pull_name, state_name, thousandths,
};
use super::{Watch, saw, saw_drop};
use crate::wasi::gpio::analog::{AnalogInOutPin, AnalogInPin, AnalogOutPin};
use crate::wasi::gpio::digital::{DigitalConfig, DigitalInOutPin, DigitalInPin, DigitalOutPin};
use crate::wasi::gpio::general::GpioError;
use crate::wasi::io::poll::Pollable;
use crate::wasi_hw::conformance::board_gpio;
use wasi_hw_guest::alloc::string::String;
use wasi_hw_guest::decimal;

/// The kinds, named like the resources.
#[derive(Clone, Copy)]
pub enum Kind {
    /// `digital-out-pin`.
    DigitalOut,
    /// `digital-in-pin`.
    DigitalIn,
    /// `digital-in-out-pin`.
    DigitalInOut,
    /// `analog-out-pin`.
    AnalogOut,
    /// `analog-in-pin`.
    AnalogIn,
    /// `analog-in-out-pin`.
    AnalogInOut,
}

enum Handle {
    DigitalOut(DigitalOutPin),
    DigitalIn(DigitalInPin),
    DigitalInOut(DigitalInOutPin),
    AnalogOut(AnalogOutPin),
    AnalogIn(AnalogInPin),
    AnalogInOut(AnalogInOutPin),
    Refused,
}

/// The pins of a test. Those that it did not drop are dropped at its end, the last one first.
#[derive(Default)]
pub struct Pins(Chain<Pin>);

/// A pin, with the pollables that came from it, which are dropped before it.
pub struct Pin {
    watches: Chain<Watch>,
    label: &'static str,
    handle: Handle,
}

impl Pins {
    /// Opens a pin. If it is refused, the calls on it are not made and leave no lines.
    #[inline(never)]
    pub fn open(&self, kind: Kind, label: &'static str) -> &Pin {
        let (name, opened) = match kind {
            Kind::DigitalOut => ("digital-out ", board_gpio::open_digital_out(label).map(Handle::DigitalOut)),
            Kind::DigitalIn => ("digital-in ", board_gpio::open_digital_in(label).map(Handle::DigitalIn)),
            Kind::DigitalInOut => {
                ("digital-in-out ", board_gpio::open_digital_in_out(label).map(Handle::DigitalInOut))
            }
            Kind::AnalogOut => ("analog-out ", board_gpio::open_analog_out(label).map(Handle::AnalogOut)),
            Kind::AnalogIn => ("analog-in ", board_gpio::open_analog_in(label).map(Handle::AnalogIn)),
            Kind::AnalogInOut => {
                ("analog-in-out ", board_gpio::open_analog_in_out(label).map(Handle::AnalogInOut))
            }
        };
        saw(&["open-", name, label, verdict(&opened), opened.as_ref().map_or_else(error_name, |_| "")]);
        self.0.push(Pin { watches: Chain::default(), label, handle: opened.unwrap_or(Handle::Refused) })
    }
}

/// Calls the function of the same name on whichever of these kinds the pin is; on none of them, returns.
macro_rules! on {
    ($pin:expr, [$($kind:ident)+], $call:ident $arguments:tt $(, else $nothing:expr)?) => {
        match &$pin.handle {
            $(Handle::$kind(pin) => pin.$call $arguments,)+
            _ => return $($nothing)?,
        }
    };
}

impl Pin {
    /// Calls `get-config`.
    #[inline(never)]
    pub fn get_config(&self) {
        let (label, mode, rest) = match &self.handle {
            Handle::DigitalOut(pin) => digital(pin.get_config()),
            Handle::DigitalIn(pin) => digital(pin.get_config()),
            Handle::DigitalInOut(pin) => digital(pin.get_config()),
            other => {
                let config = match other {
                    Handle::AnalogOut(pin) => pin.get_config(),
                    Handle::AnalogIn(pin) => pin.get_config(),
                    Handle::AnalogInOut(pin) => pin.get_config(),
                    _ => return,
                };
                (config.label, mode_name(config.pin_mode), ["", ""])
            }
        };
        let gap = if rest[0].is_empty() { "" } else { " " };
        saw(&[self.label, ": get-config -> ", &label, " ", mode, gap, rest[0], gap, rest[1]]);
    }

    /// Calls `set-state`, with true for `active`. Like all calls that set, it tells whether it was ok.
    #[inline(never)]
    pub fn set_state(&self, state: bool) -> bool {
        let state = active(state);
        let done = on!(self, [DigitalOut DigitalInOut], set_state(state), else false);
        self.done("set-state ", state_name(state), done)
    }

    /// Calls `set-active`.
    #[inline(never)]
    pub fn set_active(&self) -> bool {
        self.done("set-active", "", on!(self, [DigitalOut DigitalInOut], set_active(), else false))
    }

    /// Calls `set-inactive`.
    #[inline(never)]
    pub fn set_inactive(&self) -> bool {
        self.done("set-inactive", "", on!(self, [DigitalOut DigitalInOut], set_inactive(), else false))
    }

    /// Calls `toggle`.
    #[inline(never)]
    pub fn toggle(&self) -> bool {
        self.done("toggle", "", on!(self, [DigitalOut DigitalInOut], toggle(), else false))
    }

    /// Calls `set-value-raw`.
    #[inline(never)]
    pub fn set_value_raw(&self, value: u32) -> bool {
        let done = on!(self, [AnalogOut AnalogInOut], set_value_raw(value), else false);
        self.done("set-value-raw ", &decimal(value.into()), done)
    }

    /// Calls `set-value`.
    #[inline(never)]
    pub fn set_value(&self, value: f32) -> bool {
        let done = on!(self, [AnalogOut AnalogInOut], set_value(value), else false);
        self.done("set-value ", &thousandths(value), done)
    }

    /// Calls `read`.
    #[inline(never)]
    pub fn read(&self) {
        if let Handle::AnalogIn(_) | Handle::AnalogInOut(_) = &self.handle {
            self.read_value();
            return;
        }
        let read = on!(self, [DigitalIn DigitalInOut], read());
        self.saw("read", read.map(|state| state_name(state).into()));
    }

    /// Calls `read` of an analog pin, and returns the value, or a NaN if there is none.
    #[inline(never)]
    pub fn read_value(&self) -> f32 {
        let read = on!(self, [AnalogIn AnalogInOut], read(), else f32::NAN);
        let value = *read.as_ref().unwrap_or(&f32::NAN);
        self.saw("read", read.map(thousandths));
        value
    }

    /// Calls `read-raw`.
    #[inline(never)]
    pub fn read_raw(&self) {
        let read = on!(self, [AnalogIn AnalogInOut], read_raw());
        self.saw("read-raw", read.map(|value| decimal(value.into())));
    }

    /// Calls `is-active`.
    #[inline(never)]
    pub fn is_active(&self) {
        let flag = on!(self, [DigitalIn DigitalInOut], is_active());
        self.saw("is-active", flag.map(|flag| flag_name(flag).into()));
    }

    /// Calls `is-inactive`.
    #[inline(never)]
    pub fn is_inactive(&self) {
        let flag = on!(self, [DigitalIn DigitalInOut], is_inactive());
        self.saw("is-inactive", flag.map(|flag| flag_name(flag).into()));
    }

    /// Calls `watch-for-ready`, and gives the pollable a name.
    #[inline(never)]
    pub fn watch_for_ready(&self, name: &'static str) -> &Watch {
        let pollable = on!(self, [DigitalOut DigitalIn DigitalInOut AnalogOut AnalogIn AnalogInOut], watch_for_ready(), else self.no_watch(name));
        saw(&[self.label, ": watch-for-ready -> ", name]);
        self.watches.push(Watch::new(name, Some(pollable)))
    }

    /// Calls `watch-state`, with true for `active`.
    #[inline(never)]
    pub fn watch_state(&self, state: bool, name: &'static str) -> &Watch {
        let state = active(state);
        self.watch(
            "watch-state ",
            state_name(state),
            name,
            on!(self, [DigitalIn DigitalInOut], watch_state(state), else self.no_watch(name)),
        )
    }

    /// Calls `watch-active`.
    #[inline(never)]
    pub fn watch_active(&self, name: &'static str) -> &Watch {
        self.watch(
            "watch-active",
            "",
            name,
            on!(self, [DigitalIn DigitalInOut], watch_active(), else self.no_watch(name)),
        )
    }

    /// Calls `watch-inactive`.
    #[inline(never)]
    pub fn watch_inactive(&self, name: &'static str) -> &Watch {
        self.watch(
            "watch-inactive",
            "",
            name,
            on!(self, [DigitalIn DigitalInOut], watch_inactive(), else self.no_watch(name)),
        )
    }

    /// Calls `watch-rising-edge`.
    #[inline(never)]
    pub fn watch_rising_edge(&self, name: &'static str) -> &Watch {
        self.watch(
            "watch-rising-edge",
            "",
            name,
            on!(self, [DigitalIn DigitalInOut], watch_rising_edge(), else self.no_watch(name)),
        )
    }

    /// Calls `watch-falling-edge`.
    #[inline(never)]
    pub fn watch_falling_edge(&self, name: &'static str) -> &Watch {
        self.watch(
            "watch-falling-edge",
            "",
            name,
            on!(self, [DigitalIn DigitalInOut], watch_falling_edge(), else self.no_watch(name)),
        )
    }

    /// Calls `watch-above-raw`.
    #[inline(never)]
    pub fn watch_above_raw(&self, value: u32, name: &'static str) -> &Watch {
        let made = on!(self, [AnalogIn AnalogInOut], watch_above_raw(value), else self.no_watch(name));
        self.watch("watch-above-raw ", &decimal(value.into()), name, made)
    }

    /// Calls `watch-above`.
    #[inline(never)]
    pub fn watch_above(&self, value: f32, name: &'static str) -> &Watch {
        let made = on!(self, [AnalogIn AnalogInOut], watch_above(value), else self.no_watch(name));
        self.watch("watch-above ", &thousandths(value), name, made)
    }

    /// Calls `watch-below-raw`.
    #[inline(never)]
    pub fn watch_below_raw(&self, value: u32, name: &'static str) -> &Watch {
        let made = on!(self, [AnalogIn AnalogInOut], watch_below_raw(value), else self.no_watch(name));
        self.watch("watch-below-raw ", &decimal(value.into()), name, made)
    }

    /// Calls `watch-below`.
    #[inline(never)]
    pub fn watch_below(&self, value: f32, name: &'static str) -> &Watch {
        let made = on!(self, [AnalogIn AnalogInOut], watch_below(value), else self.no_watch(name));
        self.watch("watch-below ", &thousandths(value), name, made)
    }

    /// Drops the handle. Later calls trap.
    #[inline(never)]
    pub fn drop(&self) {
        macro_rules! drop {
            ($($kind:ident $resource:ident)+) => {
                match &self.handle {
                    // SAFETY: the handle is the guest's own, and its owner forgets it in the same breath.
                    $(Handle::$kind(pin) => drop(unsafe { $resource::from_handle(pin.take_handle()) }),)+
                    Handle::Refused => return,
                }
            };
        }
        drop!(
            DigitalOut DigitalOutPin DigitalIn DigitalInPin DigitalInOut DigitalInOutPin
            AnalogOut AnalogOutPin AnalogIn AnalogInPin AnalogInOut AnalogInOutPin
        );
        saw_drop(self.label);
    }

    /// Stands for the pollable of a call that was not made.
    #[inline(never)]
    fn no_watch(&self, name: &'static str) -> &Watch {
        self.watches.push(Watch::new(name, None))
    }

    #[inline(never)]
    fn done(&self, call: &str, argument: &str, done: Result<(), GpioError>) -> bool {
        let detail = done.as_ref().map_or_else(error_name, |()| "");
        saw(&[self.label, ": ", call, argument, verdict(&done), detail]);
        done.is_ok()
    }

    #[inline(never)]
    fn saw(&self, call: &str, read: Result<String, GpioError>) {
        let gap = if read.is_ok() { " " } else { "" };
        let detail: &str = match &read {
            Ok(value) => value,
            Err(error) => error_name(error),
        };
        saw(&[self.label, ": ", call, verdict(&read), gap, detail]);
    }

    #[inline(never)]
    fn watch(
        &self,
        call: &str,
        argument: &str,
        name: &'static str,
        made: Result<Pollable, GpioError>,
    ) -> &Watch {
        let gap = if made.is_ok() { " " } else { "" };
        let detail = made.as_ref().map_or_else(error_name, |_| name);
        saw(&[self.label, ": ", call, argument, verdict(&made), gap, detail]);
        self.watches.push(Watch::new(name, made.ok()))
    }
}

fn digital(config: DigitalConfig) -> (String, &'static str, [&'static str; 2]) {
    (
        config.label,
        mode_name(config.pin_mode),
        [level_name(config.active_level), pull_name(config.pull_resistor)],
    )
}

/// An error always has a name to follow.
fn verdict<T>(result: &Result<T, GpioError>) -> &'static str {
    if result.is_ok() { " -> ok" } else { " -> err " }
}
