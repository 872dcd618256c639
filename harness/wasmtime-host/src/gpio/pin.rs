//! A guest's pin: logical states and values over a physical line.

use super::mode::Mode;
use super::watch::{Condition, Shared, Threshold, Watch};
use crate::bindings::gpio::wasi::gpio::digital::PinState;
use crate::bindings::gpio::wasi::gpio::general::GpioError;
use std::fmt;
use std::marker::PhantomData;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Level, Line, Pull, Sample};

/// What stands behind a guest's handle; `K` says of which resource.
pub struct Pin<K> {
    pub(super) label: String,
    pub(super) active: Level,
    pub(super) pull: Option<Pull>,
    /// Whether the line tells of its changes.
    events: bool,
    line: Shared,
    /// What the pin last drove.
    driven: PinState,
    kind: PhantomData<fn() -> K>,
}

/// Which resource a pin is.
pub trait Kind: 'static {
    /// The mode that its line is requested in.
    const MODE: Mode;
}

macro_rules! kinds {
    ($($kind:ident, $pin:ident, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            pub enum $kind {}

            impl Kind for $kind {
                const MODE: Mode = Mode::$kind;
            }

            #[doc = concat!("A pin that is ", $doc)]
            pub type $pin = Pin<$kind>;
        )*
    };
}

kinds! {
    DigitalOut, DigitalOutPin, "driven, with two states.";
    DigitalIn, DigitalInPin, "read, with two states.";
    DigitalInOut, DigitalInOutPin, "driven and read, with two states.";
    AnalogOut, AnalogOutPin, "driven, with a scale.";
    AnalogIn, AnalogInPin, "read, with a scale.";
    AnalogInOut, AnalogInOutPin, "driven and read, with a scale.";
}

impl<K> Pin<K> {
    pub(super) fn new(
        label: &str,
        active: Level,
        pull: Option<Pull>,
        events: bool,
        line: Box<dyn Line>,
    ) -> Pin<K> {
        let label = label.to_owned();
        Pin {
            label,
            active,
            pull,
            events,
            line: Shared::new(line),
            driven: PinState::Inactive,
            kind: PhantomData,
        }
    }

    pub(super) fn set_state(&mut self, state: PinState) -> Result<(), GpioError> {
        let level = level(state, self.active);
        self.line.line(|line| line.set(Sample::Level(level))).map_err(in_use)?;
        self.driven = state;
        Ok(())
    }

    pub(super) fn toggle(&mut self) -> Result<(), GpioError> {
        self.set_state(match self.driven {
            PinState::Active => PinState::Inactive,
            PinState::Inactive => PinState::Active,
        })
    }

    pub(super) fn read_state(&mut self) -> Result<PinState, GpioError> {
        let active = self.active;
        self.line
            .line(|line| line.get())
            .and_then(|sample| match sample {
                Sample::Level(level) if level == active => Ok(PinState::Active),
                Sample::Level(_) => Ok(PinState::Inactive),
                Sample::Value(_) => Err(OTHER_KIND),
            })
            .map_err(in_use)
    }

    /// Drives `value` steps from fully inactive.
    pub(super) fn set_raw(&mut self, value: u32) -> Result<(), GpioError> {
        let active = self.active;
        let set = |line: &mut dyn Line| {
            let greatest = line.greatest().max(1);
            line.set(Sample::Value(turned(value.min(greatest), greatest, active)))
        };
        self.line.line(set).map_err(in_use)
    }

    pub(super) fn set_fraction(&mut self, value: f32) -> Result<(), GpioError> {
        if value.is_nan() {
            return Err(GpioError::Other("a NaN is no value".to_owned()));
        }
        let greatest = self.greatest()?;
        let steps = f64::from(value.clamp(0.0, 1.0)) * f64::from(greatest);
        // It lies within 0..=greatest, so nothing is cut off.
        self.set_raw(steps.round() as u32)
    }

    /// The steps from fully inactive, with the greatest number of them.
    pub(super) fn read_raw(&mut self) -> Result<(u32, u32), GpioError> {
        let active = self.active;
        let read = |line: &mut dyn Line| {
            let greatest = line.greatest().max(1);
            match line.get()? {
                Sample::Value(value) => Ok((turned(value.min(greatest), greatest, active), greatest)),
                Sample::Level(_) => Err(OTHER_KIND),
            }
        };
        self.line.line(read).map_err(in_use)
    }

    pub(super) fn read_fraction(&mut self) -> Result<f32, GpioError> {
        let (value, greatest) = self.read_raw()?;
        Ok((f64::from(value) / f64::from(greatest)) as f32)
    }

    pub(super) fn watch_ready(&self) -> Result<Watch, Refusal> {
        self.line.watch(Condition::Ready)
    }

    pub(super) fn watch_state(&self, state: PinState) -> Result<Watch, GpioError> {
        self.watch(Condition::Level(level(state, self.active)))
    }

    /// Waits for a change to `state`.
    pub(super) fn watch_edge(&self, state: PinState) -> Result<Watch, GpioError> {
        self.watch(Condition::Edge(level(state, self.active)))
    }

    /// Waits for more than `value` steps from fully inactive, or at the end of the scale for its end.
    pub(super) fn watch_above_raw(&self, value: u32) -> Result<Watch, GpioError> {
        self.watch_above(f64::from(value))
    }

    pub(super) fn watch_below_raw(&self, value: u32) -> Result<Watch, GpioError> {
        self.watch_below(f64::from(value))
    }

    pub(super) fn watch_above_fraction(&self, value: f32) -> Result<Watch, GpioError> {
        self.watch_above(fraction(value)? * f64::from(self.greatest()?))
    }

    pub(super) fn watch_below_fraction(&self, value: f32) -> Result<Watch, GpioError> {
        self.watch_below(fraction(value)? * f64::from(self.greatest()?))
    }

    fn watch_above(&self, steps: f64) -> Result<Watch, GpioError> {
        let greatest = f64::from(self.greatest()?);
        // Nothing is above the end of the scale, so there being at the end is what is meant.
        let threshold = Threshold { at: steps.min(greatest), inclusive: steps >= greatest };
        self.watch(match self.active {
            Level::High => Condition::Above(threshold),
            Level::Low => Condition::Below(Threshold { at: greatest - threshold.at, ..threshold }),
        })
    }

    fn watch_below(&self, steps: f64) -> Result<Watch, GpioError> {
        let greatest = f64::from(self.greatest()?);
        let threshold = Threshold { at: steps, inclusive: false };
        self.watch(match self.active {
            Level::High => Condition::Below(threshold),
            Level::Low => Condition::Above(Threshold { at: greatest - steps, ..threshold }),
        })
    }

    fn watch(&self, condition: Condition) -> Result<Watch, GpioError> {
        if !self.events {
            return Err(GpioError::OperationNotSupported);
        }
        self.line.watch(condition).map_err(in_use)
    }

    fn greatest(&self) -> Result<u32, GpioError> {
        self.line.line(|line| Ok(line.greatest().max(1))).map_err(in_use)
    }
}

/// The guest's line is released when its handle goes, whatever still waits for it.
impl<K> Drop for Pin<K> {
    fn drop(&mut self) {
        self.line.release();
    }
}

impl<K> fmt::Debug for Pin<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pin").field("label", &self.label).finish_non_exhaustive()
    }
}

fn level(state: PinState, active: Level) -> Level {
    match (state, active) {
        (PinState::Active, active) => active,
        (PinState::Inactive, Level::High) => Level::Low,
        (PinState::Inactive, Level::Low) => Level::High,
    }
}

/// Steps from one end of the scale as steps from the other, on an active-low pin.
fn turned(value: u32, greatest: u32, active: Level) -> u32 {
    if active == Level::High { value } else { greatest - value }
}

fn fraction(value: f32) -> Result<f64, GpioError> {
    match (0.0..=1.0).contains(&value) {
        true => Ok(value.into()),
        false => Err(GpioError::Other(format!("a threshold lies from 0 to 1: {value}"))),
    }
}

/// A driver that answers with a sample of the other kind is wrong, and nobody knows how.
const OTHER_KIND: Refusal = Refusal::Other;

/// Why a call on a pin failed.
fn in_use(why: Refusal) -> GpioError {
    match why {
        Refusal::Gone | Refusal::Io | Refusal::Timeout => GpioError::HardwareFault,
        Refusal::Unsupported => GpioError::OperationNotSupported,
        Refusal::Busy => GpioError::AlreadyInUse,
        why => GpioError::Other(why.to_string()),
    }
}

/// Why a pin cannot be had.
pub(super) fn acquired(why: Refusal) -> GpioError {
    match why {
        Refusal::Unsupported => GpioError::PinModeNotAvailable,
        Refusal::Denied => GpioError::PinNotAllowed,
        why => in_use(why),
    }
}
