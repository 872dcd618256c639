//! The functions of the package, each for the pins that have it.

use super::GpioCtxView;
use super::pin::{
    AnalogInOutPin, AnalogInPin, AnalogOutPin, DigitalInOutPin, DigitalInPin, DigitalOutPin, Kind, Pin,
};
use super::watch::Watch;
use crate::bindings::gpio::wasi::gpio::{analog, delay, digital, general};
use analog::AnalogConfig;
use digital::{DigitalConfig, PinState};
use general::{ActiveLevel, GpioError, PinMode, PullResistor};
use wasi_hw_seam::gpio::{Direction, Level, Pull};
use wasmtime::Result;
use wasmtime::component::Resource;
use wasmtime_wasi_io::poll::{DynPollable, subscribe};

/// What a function answers, or a trap.
type Answer<T> = Result<std::result::Result<T, GpioError>>;

type Pollables = Resource<DynPollable>;

impl GpioCtxView<'_> {
    fn watched<K: Kind>(
        &mut self,
        pin: &Resource<Pin<K>>,
        watch: impl FnOnce(&Pin<K>) -> std::result::Result<Watch, GpioError>,
    ) -> Answer<Pollables> {
        match watch(self.table.get(pin)?) {
            Ok(watch) => Ok(Ok(self.pollable(watch)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    fn ready<K: Kind>(&mut self, pin: &Resource<Pin<K>>) -> Result<Pollables> {
        let watch = self.table.get(pin)?.watch_ready()?;
        self.pollable(watch)
    }

    /// The pollable owns its watch, and is no child of the pin: the guest may drop either first.
    fn pollable(&mut self, watch: Watch) -> Result<Pollables> {
        let watch = self.table.push(watch)?;
        subscribe(self.table, watch)
    }

    fn digital_config<K: Kind>(&mut self, pin: &Resource<Pin<K>>) -> Result<DigitalConfig> {
        let pin = self.table.get(pin)?;
        Ok(DigitalConfig {
            label: pin.label.clone(),
            pin_mode: pin_mode::<K>(),
            active_level: match pin.active {
                Level::High => ActiveLevel::ActiveHigh,
                Level::Low => ActiveLevel::ActiveLow,
            },
            pull_resistor: pin.pull.map(|pull| match pull {
                Pull::Up => PullResistor::PullUp,
                Pull::Down => PullResistor::PullDown,
            }),
        })
    }

    fn analog_config<K: Kind>(&mut self, pin: &Resource<Pin<K>>) -> Result<AnalogConfig> {
        Ok(AnalogConfig { label: self.table.get(pin)?.label.clone(), pin_mode: pin_mode::<K>() })
    }
}

fn pin_mode<K: Kind>() -> PinMode {
    match K::MODE.direction() {
        Direction::In => PinMode::In,
        Direction::Out => PinMode::Out,
        Direction::InOut => PinMode::InOut,
    }
}

impl general::Host for GpioCtxView<'_> {}

impl digital::Host for GpioCtxView<'_> {}

impl analog::Host for GpioCtxView<'_> {}

/// The functions that every kind of pin has.
macro_rules! every_pin {
    ($pin:ty, $config:ident, $record:ty) => {
        fn get_config(&mut self, pin: Resource<$pin>) -> Result<$record> {
            self.$config(&pin)
        }

        fn watch_for_ready(&mut self, pin: Resource<$pin>) -> Result<Pollables> {
            self.ready(&pin)
        }

        fn drop(&mut self, pin: Resource<$pin>) -> Result<()> {
            self.table.delete(pin)?;
            Ok(())
        }
    };
}

/// Those of digital pins that drive.
macro_rules! drives {
    ($pin:ty) => {
        fn set_state(&mut self, pin: Resource<$pin>, state: PinState) -> Answer<()> {
            Ok(self.table.get_mut(&pin)?.set_state(state))
        }

        fn set_active(&mut self, pin: Resource<$pin>) -> Answer<()> {
            Ok(self.table.get_mut(&pin)?.set_state(PinState::Active))
        }

        fn set_inactive(&mut self, pin: Resource<$pin>) -> Answer<()> {
            Ok(self.table.get_mut(&pin)?.set_state(PinState::Inactive))
        }

        fn toggle(&mut self, pin: Resource<$pin>) -> Answer<()> {
            Ok(self.table.get_mut(&pin)?.toggle())
        }
    };
}

/// Those of digital pins that are read.
macro_rules! reads {
    ($pin:ty) => {
        fn read(&mut self, pin: Resource<$pin>) -> Answer<PinState> {
            Ok(self.table.get_mut(&pin)?.read_state())
        }

        fn is_active(&mut self, pin: Resource<$pin>) -> Answer<bool> {
            Ok(self.table.get_mut(&pin)?.read_state().map(|state| state == PinState::Active))
        }

        fn is_inactive(&mut self, pin: Resource<$pin>) -> Answer<bool> {
            Ok(self.table.get_mut(&pin)?.read_state().map(|state| state == PinState::Inactive))
        }

        fn watch_state(&mut self, pin: Resource<$pin>, state: PinState) -> Answer<Pollables> {
            self.watched(&pin, |pin| pin.watch_state(state))
        }

        fn watch_active(&mut self, pin: Resource<$pin>) -> Answer<Pollables> {
            self.watched(&pin, |pin| pin.watch_state(PinState::Active))
        }

        fn watch_inactive(&mut self, pin: Resource<$pin>) -> Answer<Pollables> {
            self.watched(&pin, |pin| pin.watch_state(PinState::Inactive))
        }

        fn watch_falling_edge(&mut self, pin: Resource<$pin>) -> Answer<Pollables> {
            self.watched(&pin, |pin| pin.watch_edge(PinState::Inactive))
        }

        fn watch_rising_edge(&mut self, pin: Resource<$pin>) -> Answer<Pollables> {
            self.watched(&pin, |pin| pin.watch_edge(PinState::Active))
        }
    };
}

/// Those of analog pins that drive.
macro_rules! sets_values {
    ($pin:ty) => {
        fn set_value_raw(&mut self, pin: Resource<$pin>, value: u32) -> Answer<()> {
            Ok(self.table.get_mut(&pin)?.set_raw(value))
        }

        fn set_value(&mut self, pin: Resource<$pin>, value: f32) -> Answer<()> {
            Ok(self.table.get_mut(&pin)?.set_fraction(value))
        }
    };
}

/// Those of analog pins that are read.
macro_rules! reads_values {
    ($pin:ty) => {
        fn read_raw(&mut self, pin: Resource<$pin>) -> Answer<u32> {
            Ok(self.table.get_mut(&pin)?.read_raw().map(|(value, _)| value))
        }

        fn read(&mut self, pin: Resource<$pin>) -> Answer<f32> {
            Ok(self.table.get_mut(&pin)?.read_fraction())
        }

        fn watch_above_raw(&mut self, pin: Resource<$pin>, value: u32) -> Answer<Pollables> {
            self.watched(&pin, |pin| pin.watch_above_raw(value))
        }

        fn watch_above(&mut self, pin: Resource<$pin>, value: f32) -> Answer<Pollables> {
            self.watched(&pin, |pin| pin.watch_above_fraction(value))
        }

        fn watch_below_raw(&mut self, pin: Resource<$pin>, value: u32) -> Answer<Pollables> {
            self.watched(&pin, |pin| pin.watch_below_raw(value))
        }

        fn watch_below(&mut self, pin: Resource<$pin>, value: f32) -> Answer<Pollables> {
            self.watched(&pin, |pin| pin.watch_below_fraction(value))
        }
    };
}

impl digital::HostDigitalOutPin for GpioCtxView<'_> {
    every_pin!(DigitalOutPin, digital_config, DigitalConfig);
    drives!(DigitalOutPin);
}

impl digital::HostDigitalInPin for GpioCtxView<'_> {
    every_pin!(DigitalInPin, digital_config, DigitalConfig);
    reads!(DigitalInPin);
}

impl digital::HostDigitalInOutPin for GpioCtxView<'_> {
    every_pin!(DigitalInOutPin, digital_config, DigitalConfig);
    drives!(DigitalInOutPin);
    reads!(DigitalInOutPin);
}

impl analog::HostAnalogOutPin for GpioCtxView<'_> {
    every_pin!(AnalogOutPin, analog_config, AnalogConfig);
    sets_values!(AnalogOutPin);
}

impl analog::HostAnalogInPin for GpioCtxView<'_> {
    every_pin!(AnalogInPin, analog_config, AnalogConfig);
    reads_values!(AnalogInPin);
}

impl analog::HostAnalogInOutPin for GpioCtxView<'_> {
    every_pin!(AnalogInOutPin, analog_config, AnalogConfig);
    sets_values!(AnalogInOutPin);
    reads_values!(AnalogInOutPin);
}

impl delay::Host for GpioCtxView<'_> {
    fn delay_ns(&mut self, ns: u32) -> Result<()> {
        self.ctx.delay.delay_ns(ns);
        Ok(())
    }

    fn delay_us(&mut self, us: u32) -> Result<()> {
        self.ctx.delay.delay_us(us);
        Ok(())
    }

    fn delay_ms(&mut self, ms: u32) -> Result<()> {
        self.ctx.delay.delay_ms(ms);
        Ok(())
    }
}
