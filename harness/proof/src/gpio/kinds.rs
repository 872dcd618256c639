//! The reference host's functions, by what a pin can do and not by which of six resources it is.

use super::lie::{Answer, Pollable, View};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::analog::{
    AnalogConfig, HostAnalogInOutPin, HostAnalogInPin, HostAnalogOutPin,
};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::{
    DigitalConfig, HostDigitalInOutPin, HostDigitalInPin, HostDigitalOutPin, PinState,
};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::general::{ActiveLevel, PinMode};
use wasi_hw_wasmtime::gpio::{
    AnalogInOutPin, AnalogInPin, AnalogOutPin, DigitalInOutPin, DigitalInPin, DigitalOutPin, Mode,
};
use wasmtime::Result;
use wasmtime::component::Resource;

/// Either configuration.
pub(super) trait Config: Sized {
    fn label(&self) -> &str;
    fn with_label(self, label: &str) -> Self;
    fn with_mode(self, mode: PinMode) -> Self;
    fn without_pull(self) -> Self;
    /// The polarity, where the configuration tells.
    fn active(&self) -> Option<ActiveLevel>;
}

impl Config for DigitalConfig {
    fn label(&self) -> &str {
        &self.label
    }

    fn with_label(self, label: &str) -> DigitalConfig {
        DigitalConfig { label: label.to_owned(), ..self }
    }

    fn with_mode(self, pin_mode: PinMode) -> DigitalConfig {
        DigitalConfig { pin_mode, ..self }
    }

    fn without_pull(self) -> DigitalConfig {
        DigitalConfig { pull_resistor: None, ..self }
    }

    fn active(&self) -> Option<ActiveLevel> {
        Some(self.active_level)
    }
}

impl Config for AnalogConfig {
    fn label(&self) -> &str {
        &self.label
    }

    fn with_label(self, label: &str) -> AnalogConfig {
        AnalogConfig { label: label.to_owned(), ..self }
    }

    fn with_mode(self, pin_mode: PinMode) -> AnalogConfig {
        AnalogConfig { pin_mode, ..self }
    }

    fn without_pull(self) -> AnalogConfig {
        self
    }

    fn active(&self) -> Option<ActiveLevel> {
        None
    }
}

/// A pin.
pub(super) trait AnyPin: Sized + Send + 'static {
    const MODE: Mode;
    type Config: Config;
    fn get_config(real: View<'_, '_>, pin: Resource<Self>) -> Result<Self::Config>;
    fn watch_for_ready(real: View<'_, '_>, pin: Resource<Self>) -> Result<Pollable>;
    fn drop_pin(real: View<'_, '_>, pin: Resource<Self>) -> Result<()>;
}

/// A digital pin that drives.
pub(super) trait Drives: AnyPin {
    fn set_state(real: View<'_, '_>, pin: Resource<Self>, state: PinState) -> Answer<()>;
    fn set_active(real: View<'_, '_>, pin: Resource<Self>) -> Answer<()>;
    fn set_inactive(real: View<'_, '_>, pin: Resource<Self>) -> Answer<()>;
    fn toggle(real: View<'_, '_>, pin: Resource<Self>) -> Answer<()>;
    /// What the line shows, of a pin that can tell.
    fn shows(real: View<'_, '_>, pin: Resource<Self>) -> Answer<Option<PinState>>;
}

/// A digital pin that is read.
pub(super) trait Reads: AnyPin {
    fn read(real: View<'_, '_>, pin: Resource<Self>) -> Answer<PinState>;
    fn is_active(real: View<'_, '_>, pin: Resource<Self>) -> Answer<bool>;
    fn is_inactive(real: View<'_, '_>, pin: Resource<Self>) -> Answer<bool>;
    fn watch_state(real: View<'_, '_>, pin: Resource<Self>, state: PinState) -> Answer<Pollable>;
    fn watch_edge(real: View<'_, '_>, pin: Resource<Self>, to: PinState) -> Answer<Pollable>;
}

/// An analog pin that drives.
pub(super) trait SetsValues: AnyPin {
    fn set_value_raw(real: View<'_, '_>, pin: Resource<Self>, value: u32) -> Answer<()>;
    fn set_value(real: View<'_, '_>, pin: Resource<Self>, value: f32) -> Answer<()>;
}

/// An analog pin that is read.
pub(super) trait ReadsValues: AnyPin {
    fn read_raw(real: View<'_, '_>, pin: Resource<Self>) -> Answer<u32>;
    fn read(real: View<'_, '_>, pin: Resource<Self>) -> Answer<f32>;
    fn watch_above_raw(real: View<'_, '_>, pin: Resource<Self>, value: u32) -> Answer<Pollable>;
    fn watch_above(real: View<'_, '_>, pin: Resource<Self>, value: f32) -> Answer<Pollable>;
    fn watch_below_raw(real: View<'_, '_>, pin: Resource<Self>, value: u32) -> Answer<Pollable>;
    fn watch_below(real: View<'_, '_>, pin: Resource<Self>, value: f32) -> Answer<Pollable>;
}

/// Forwards each function to that of the same name and resource.
macro_rules! forward {
    ($pin:ty, $host:ident: $($function:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        $(
            fn $function(real: View<'_, '_>, pin: Resource<$pin>, $($argument: $type),*) -> $answer {
                $host::$function(real, pin, $($argument),*)
            }
        )*
    };
}

macro_rules! any_pin {
    ($pin:ty, $host:ident, $mode:ident, $config:ty) => {
        impl AnyPin for $pin {
            const MODE: Mode = Mode::$mode;
            type Config = $config;

            forward! { $pin, $host:
                get_config() -> Result<$config>;
                watch_for_ready() -> Result<Pollable>;
            }

            fn drop_pin(real: View<'_, '_>, pin: Resource<$pin>) -> Result<()> {
                $host::drop(real, pin)
            }
        }
    };
}

macro_rules! drives {
    ($pin:ty, $host:ident, $shows:expr) => {
        impl Drives for $pin {
            forward! { $pin, $host:
                set_state(state: PinState) -> Answer<()>;
                set_active() -> Answer<()>;
                set_inactive() -> Answer<()>;
                toggle() -> Answer<()>;
            }

            fn shows(real: View<'_, '_>, pin: Resource<$pin>) -> Answer<Option<PinState>> {
                $shows(real, pin)
            }
        }
    };
}

macro_rules! reads {
    ($pin:ty, $host:ident) => {
        impl Reads for $pin {
            forward! { $pin, $host:
                read() -> Answer<PinState>;
                is_active() -> Answer<bool>;
                is_inactive() -> Answer<bool>;
                watch_state(state: PinState) -> Answer<Pollable>;
            }

            fn watch_edge(real: View<'_, '_>, pin: Resource<$pin>, to: PinState) -> Answer<Pollable> {
                match to {
                    PinState::Active => $host::watch_rising_edge(real, pin),
                    PinState::Inactive => $host::watch_falling_edge(real, pin),
                }
            }
        }
    };
}

macro_rules! sets_values {
    ($pin:ty, $host:ident) => {
        impl SetsValues for $pin {
            forward! { $pin, $host:
                set_value_raw(value: u32) -> Answer<()>;
                set_value(value: f32) -> Answer<()>;
            }
        }
    };
}

macro_rules! reads_values {
    ($pin:ty, $host:ident) => {
        impl ReadsValues for $pin {
            forward! { $pin, $host:
                read_raw() -> Answer<u32>;
                read() -> Answer<f32>;
                watch_above_raw(value: u32) -> Answer<Pollable>;
                watch_above(value: f32) -> Answer<Pollable>;
                watch_below_raw(value: u32) -> Answer<Pollable>;
                watch_below(value: f32) -> Answer<Pollable>;
            }
        }
    };
}

any_pin!(DigitalOutPin, HostDigitalOutPin, DigitalOut, DigitalConfig);
any_pin!(DigitalInPin, HostDigitalInPin, DigitalIn, DigitalConfig);
any_pin!(DigitalInOutPin, HostDigitalInOutPin, DigitalInOut, DigitalConfig);
any_pin!(AnalogOutPin, HostAnalogOutPin, AnalogOut, AnalogConfig);
any_pin!(AnalogInPin, HostAnalogInPin, AnalogIn, AnalogConfig);
any_pin!(AnalogInOutPin, HostAnalogInOutPin, AnalogInOut, AnalogConfig);
drives!(DigitalOutPin, HostDigitalOutPin, |_, _| Ok(Ok(None)));
drives!(
    DigitalInOutPin,
    HostDigitalInOutPin,
    |real, pin| Ok(HostDigitalInOutPin::read(real, pin)?.map(Some))
);
reads!(DigitalInPin, HostDigitalInPin);
reads!(DigitalInOutPin, HostDigitalInOutPin);
sets_values!(AnalogOutPin, HostAnalogOutPin);
sets_values!(AnalogInOutPin, HostAnalogInOutPin);
reads_values!(AnalogInPin, HostAnalogInPin);
reads_values!(AnalogInOutPin, HostAnalogInOutPin);
