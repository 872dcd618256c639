//! GPIO: what the fixture says as the reference host's configuration, and a board's lines under it.

use super::State;
use crate::runtime::engine::BoardGpio;
use crate::suite::fixture::{GpioActive, GpioMode, GpioPinHost, GpioPull};
use std::collections::BTreeMap;
use std::sync::Arc;
use wasi_hw_seam::gpio::{Direction, Edges, Line, Pull, Request};
use wasi_hw_seam::{Board, Refusal};
use wasi_hw_wasmtime::gpio::{
    self, AnalogIn, AnalogInOut, AnalogOut, DigitalIn, DigitalInOut, DigitalOut, GpioCtx, GpioCtxView,
    GpioView, Mode, PinConfig, hal,
};
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi_io::IoView;

/// How a line of the board is got, by its name: [`request`], [`request_hal`], or a wrong way to do it.
pub type Open = fn(&dyn Board, &str, &Request) -> Result<Box<dyn Line>, Refusal>;

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    gpio::add_to_linker(linker)?;
    wasmtime_wasi_io::add_to_linker_async(linker)
}

impl GpioView for State {
    fn gpio(&mut self) -> GpioCtxView<'_> {
        GpioCtxView { ctx: &mut self.gpio, table: &mut self.table }
    }
}

impl IoView for State {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

/// What the host keeps in a store, over a board's devices: the configuration of a fixture as the host's own.
pub fn context(host: &BTreeMap<String, GpioPinHost>, board: &Arc<dyn Board>, open: Open) -> GpioCtx {
    let mut gpio = GpioCtx::new(board.delay());
    for (label, pin) in host {
        let (board, name) = (Arc::clone(board), pin.line.clone().unwrap_or_else(|| label.clone()));
        gpio.pin(label, config(pin), move |request| open(&*board, &name, request));
    }
    gpio
}

pub(super) fn board(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut board = BoardGpio::new(linker)?;
    board.open("open-digital-out", |state, label| state.gpio().open::<DigitalOut>(label))?;
    board.open("open-digital-in", |state, label| state.gpio().open::<DigitalIn>(label))?;
    board.open("open-digital-in-out", |state, label| state.gpio().open::<DigitalInOut>(label))?;
    board.open("open-analog-out", |state, label| state.gpio().open::<AnalogOut>(label))?;
    board.open("open-analog-in", |state, label| state.gpio().open::<AnalogIn>(label))?;
    board.open("open-analog-in-out", |state, label| state.gpio().open::<AnalogInOut>(label))
}

fn config(pin: &GpioPinHost) -> PinConfig {
    let mut config = match &pin.allow {
        None => PinConfig::new().allow_all(),
        Some(modes) => PinConfig::new().allow(modes.iter().map(|mode| match mode {
            GpioMode::DigitalIn => Mode::DigitalIn,
            GpioMode::DigitalOut => Mode::DigitalOut,
            GpioMode::DigitalInOut => Mode::DigitalInOut,
            GpioMode::AnalogIn => Mode::AnalogIn,
            GpioMode::AnalogOut => Mode::AnalogOut,
            GpioMode::AnalogInOut => Mode::AnalogInOut,
        })),
    };
    if pin.active == GpioActive::Low {
        config = config.active_low();
    }
    if pin.open_drain {
        config = config.open_drain();
    }
    match pin.pull {
        Some(GpioPull::Up) => config.pull(Pull::Up),
        Some(GpioPull::Down) => config.pull(Pull::Down),
        None => config,
    }
}

/// Requests a line, which is the host's as it is.
pub fn request(board: &dyn Board, name: &str, request: &Request) -> Result<Box<dyn Line>, Refusal> {
    board.gpio(name, request)
}

/// Requests a line as an `embedded-hal` pin, which has no edges and no analog input.
pub fn request_hal(board: &dyn Board, name: &str, wanted: &Request) -> Result<Box<dyn Line>, Refusal> {
    let line = || request(board, name, wanted);
    match (wanted.analog, wanted.direction) {
        _ if wanted.edges != Edges::None => Err(Refusal::Unsupported),
        (false, Direction::In) => Ok(hal::input(line()?)),
        (false, Direction::Out) => hal::output(line()?, wanted),
        (false, Direction::InOut) => hal::in_out(line()?, wanted),
        (true, Direction::Out) => hal::pwm(line()?, wanted),
        (true, Direction::In | Direction::InOut) => Err(Refusal::Unsupported),
    }
}
