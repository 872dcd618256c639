//! `wasi:gpio@0.2.0` over a [`Line`] such as a kernel offers, or over `embedded-hal`'s pins ([`hal`]).
//!
//! The embedder configures pins under labels: polarity, pull resistor, which modes the guest may have,
//! and how the line is got. A guest's pin holds its line for itself until it is dropped.
//!
//! The package imports `wasi:io/poll`, whose functions are asynchronous here: add them with
//! `wasmtime_wasi_io::add_to_linker_async`, and call the guest with `call_async`.
//!
//! ```
//! use wasi_hw_wasmtime::gpio::{self, GpioCtx, GpioCtxView, GpioView, Mode, PinConfig, hal};
//! use wasmtime::component::{Linker, ResourceTable};
//! # use embedded_hal::digital::{ErrorKind, ErrorType, OutputPin};
//! # struct MyPin;
//! # impl ErrorType for MyPin { type Error = ErrorKind; }
//! # impl OutputPin for MyPin {
//! #     fn set_low(&mut self) -> Result<(), ErrorKind> { Ok(()) }
//! #     fn set_high(&mut self) -> Result<(), ErrorKind> { Ok(()) }
//! # }
//! # struct MyDelay;
//! # impl embedded_hal::delay::DelayNs for MyDelay { fn delay_ns(&mut self, _: u32) {} }
//!
//! struct State {
//!     table: ResourceTable,
//!     gpio: GpioCtx,
//! }
//!
//! impl GpioView for State {
//!     fn gpio(&mut self) -> GpioCtxView<'_> {
//!         GpioCtxView { ctx: &mut self.gpio, table: &mut self.table }
//!     }
//! }
//!
//! # impl wasmtime_wasi_io::IoView for State {
//! #     fn table(&mut self) -> &mut ResourceTable { &mut self.table }
//! # }
//! # fn main() -> wasmtime::Result<()> {
//! let engine = wasmtime::Engine::default();
//! let mut linker = Linker::<State>::new(&engine);
//! gpio::add_to_linker(&mut linker)?;
//! wasmtime_wasi_io::add_to_linker_async(&mut linker)?;
//!
//! let mut gpio = GpioCtx::new(MyDelay);
//! let lamp = PinConfig::new().active_low().allow([Mode::DigitalOut]);
//! gpio.pin("lamp", lamp, |request| hal::output(MyPin, request));
//! let mut state = State { table: ResourceTable::new(), gpio };
//!
//! // The package has no factory: the embedding hands the pin to the guest, as an argument of an
//! // export or as the result of an import of its own.
//! let lamp = state.gpio().open::<gpio::DigitalOut>("lamp").expect("configured above");
//! # let _ = lamp;
//! # Ok(())
//! # }
//! ```

pub mod bindings;
pub mod hal;
mod host;
mod mode;
mod pin;
mod watch;

pub use crate::bindings::gpio::wasi::gpio::general::GpioError;
pub use mode::Mode;
pub use pin::{
    AnalogIn, AnalogInOut, AnalogInOutPin, AnalogInPin, AnalogOut, AnalogOutPin, DigitalIn, DigitalInOut,
    DigitalInOutPin, DigitalInPin, DigitalOut, DigitalOutPin, Kind, Pin,
};

use crate::bindings::gpio::wasi::gpio::{analog, delay, digital, general};
use embedded_hal::delay::DelayNs;
use std::collections::BTreeMap;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Direction, Edges, Level, Line, Pull, Request, Sample};
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};

/// The package that [`add_to_linker`] adds.
pub const PACKAGE: &str = "wasi:gpio@0.2.0";

/// Adds the interfaces of `wasi:gpio` to a linker. `wasi:io/poll`, which they use, is added apart.
pub fn add_to_linker<T: GpioView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    general::add_to_linker::<T, Gpio>(linker, T::gpio)?;
    digital::add_to_linker::<T, Gpio>(linker, T::gpio)?;
    analog::add_to_linker::<T, Gpio>(linker, T::gpio)?;
    delay::add_to_linker::<T, Gpio>(linker, T::gpio)
}

struct Gpio;

impl HasData for Gpio {
    type Data<'a> = GpioCtxView<'a>;
}

/// Gives the host functions what they work on.
pub trait GpioView: Send {
    /// The context and the resource table of this store.
    fn gpio(&mut self) -> GpioCtxView<'_>;
}

/// The context and the resource table, borrowed together.
pub struct GpioCtxView<'a> {
    /// What the embedder configured.
    pub ctx: &'a mut GpioCtx,
    /// Where the guest's handles live.
    pub table: &'a mut ResourceTable,
}

/// The pins that a guest may get, and its delay.
pub struct GpioCtx {
    pins: BTreeMap<String, (PinConfig, OpenLine)>,
    delay: Box<dyn DelayNs + Send>,
}

type OpenLine = Box<dyn FnMut(&Request) -> Result<Box<dyn Line>, Refusal> + Send>;

impl GpioCtx {
    /// A context without pins. `delay` is what the guest's delays wait with.
    pub fn new(delay: impl DelayNs + Send + 'static) -> GpioCtx {
        GpioCtx { pins: BTreeMap::new(), delay: Box::new(delay) }
    }

    /// Configures a pin under a label. `open` is called each time that a guest gets the pin, and
    /// says why it cannot have it.
    pub fn pin(
        &mut self,
        label: impl Into<String>,
        config: PinConfig,
        open: impl FnMut(&Request) -> Result<Box<dyn Line>, Refusal> + Send + 'static,
    ) {
        self.pins.insert(label.into(), (config, Box::new(open)));
    }
}

/// What an embedder says of a pin.
#[derive(Clone, Debug)]
pub struct PinConfig {
    active: Level,
    pull: Option<Pull>,
    open_drain: bool,
    allow: Vec<Mode>,
}

impl PinConfig {
    /// An active-high pin without a resistor, which the guest may have in no mode.
    pub fn new() -> PinConfig {
        PinConfig { active: Level::High, pull: None, open_drain: false, allow: Vec::new() }
    }

    /// Makes the low level the active one.
    pub fn active_low(self) -> PinConfig {
        PinConfig { active: Level::Low, ..self }
    }

    /// Switches a resistor in the chip on.
    pub fn pull(self, pull: Pull) -> PinConfig {
        PinConfig { pull: Some(pull), ..self }
    }

    /// Only ever pulls the line low, and lets it go for high.
    pub fn open_drain(self) -> PinConfig {
        PinConfig { open_drain: true, ..self }
    }

    /// Allows modes to the guest.
    pub fn allow(mut self, modes: impl IntoIterator<Item = Mode>) -> PinConfig {
        self.allow.extend(modes);
        self
    }

    /// Allows every mode.
    pub fn allow_all(self) -> PinConfig {
        self.allow(Mode::ALL)
    }

    /// What to ask of the driver: an output begins inactive, and without a glitch, because the level
    /// goes with the request. A pin for both directions is not driven before the guest says so.
    fn request(&self, mode: Mode) -> Request {
        let inactive = if self.active == Level::High { Level::Low } else { Level::High };
        let direction = mode.direction();
        let output = direction == Direction::Out;
        Request {
            analog: mode.is_analog(),
            direction,
            pull: self.pull,
            open_drain: self.open_drain,
            drive: output.then_some(Sample::Level(inactive)),
            edges: if output { Edges::None } else { Edges::Both },
        }
    }
}

impl Default for PinConfig {
    fn default() -> PinConfig {
        PinConfig::new()
    }
}

impl GpioCtxView<'_> {
    /// Opens a pin for the guest, as the kind of pin that it asked for: `open::<DigitalOut>("lamp")`.
    ///
    /// What is wrong is looked for in the order label, policy on the pin, policy on the mode, hardware,
    /// use.
    pub fn open<K: Kind>(&mut self, label: &str) -> Result<Resource<Pin<K>>, GpioError> {
        let (config, open) = self.ctx.pins.get_mut(label).ok_or(GpioError::UndefinedPinLabel)?;
        if config.allow.is_empty() {
            return Err(GpioError::PinNotAllowed);
        }
        if !config.allow.contains(&K::MODE) {
            return Err(GpioError::PinModeNotAllowed);
        }
        let request = config.request(K::MODE);
        let (line, events) = match open(&request) {
            // Perhaps the hardware can do all but tell of changes.
            Err(Refusal::Unsupported) if request.edges != Edges::None => {
                (open(&Request { edges: Edges::None, ..request }).map_err(pin::acquired)?, false)
            }
            line => (line.map_err(pin::acquired)?, request.edges != Edges::None),
        };
        let pin = Pin::new(label, config.active, config.pull, events, line);
        self.table.push(pin).map_err(|full| GpioError::Other(full.to_string()))
    }
}

#[cfg(test)]
mod tests;
