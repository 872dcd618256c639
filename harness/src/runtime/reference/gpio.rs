//! GPIO: what the fixture says as the reference host's configuration, and the mock's lines under it.

use super::State;
use crate::runtime::engine::{BoardGpio, Guest};
use crate::suite::fixture::{GpioActive, GpioMode, GpioPinHost, GpioPull, HostConfig};
use std::task::{Context, Poll};
use wasi_hw_mock::{Board, gpio as mock};
use wasi_hw_seam::Delay;
use wasi_hw_wasmtime::gpio::{
    self, AnalogIn, AnalogInOut, AnalogOut, DigitalIn, DigitalInOut, DigitalOut, GpioCtx, GpioCtxView,
    GpioView, Level, Line, LineError, Mode, PinConfig, Pull, Request, Sample, hal,
};
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi_io::IoView;

/// How a line of the board is got, by its name: [`request`], [`request_hal`], or a wrong way to do it.
pub type Open = fn(&Board, &str, &Request) -> Result<Box<dyn Line>, LineError>;

pub(super) fn link(linker: &mut Linker<Guest<State>>) -> wasmtime::Result<()> {
    gpio::add_to_linker(linker)?;
    wasmtime_wasi_io::add_to_linker_async(linker)
}

impl GpioView for Guest<State> {
    fn gpio(&mut self) -> GpioCtxView<'_> {
        self.data.gpio()
    }
}

impl GpioView for State {
    fn gpio(&mut self) -> GpioCtxView<'_> {
        GpioCtxView { ctx: &mut self.gpio, table: &mut self.table }
    }
}

impl IoView for Guest<State> {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.data.table
    }
}

pub(super) fn context(host: &HostConfig, board: &Board, open: Open, delay: Box<dyn Delay>) -> GpioCtx {
    let mut gpio = GpioCtx::new(delay);
    for (label, pin) in &host.gpio {
        let (board, name) = (board.clone(), pin.line.clone().unwrap_or_else(|| label.clone()));
        gpio.pin(label, config(pin), move |request| open(&board, &name, request));
    }
    gpio
}

pub(super) fn board(linker: &mut Linker<Guest<State>>) -> wasmtime::Result<()> {
    let mut board = BoardGpio::new(linker)?;
    board.open("open-digital-out", |state, label| state.gpio().open::<DigitalOut>(label))?;
    board.open("open-digital-in", |state, label| state.gpio().open::<DigitalIn>(label))?;
    board.open("open-digital-in-out", |state, label| state.gpio().open::<DigitalInOut>(label))?;
    board.open("open-analog-out", |state, label| state.gpio().open::<AnalogOut>(label))?;
    board.open("open-analog-in", |state, label| state.gpio().open::<AnalogIn>(label))?;
    board.open("open-analog-in-out", |state, label| state.gpio().open::<AnalogInOut>(label))
}

pub(super) fn config(pin: &GpioPinHost) -> PinConfig {
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

/// Requests a line of the mock as a kernel's line.
pub fn request(board: &Board, name: &str, request: &Request) -> Result<Box<dyn Line>, LineError> {
    Ok(Box::new(KernelLine(requested(board, name, request)?)))
}

/// Requests a line of the mock as an `embedded-hal` pin, which has no edges and no analog input.
pub fn request_hal(board: &Board, name: &str, request: &Request) -> Result<Box<dyn Line>, LineError> {
    let line = || requested(board, name, &Request { events: false, ..*request });
    match request.mode {
        _ if request.events => Err(LineError::Unsupported),
        Mode::DigitalIn => Ok(hal::input(line()?)),
        Mode::DigitalOut => hal::output(line()?, request),
        Mode::DigitalInOut => hal::in_out(line()?, request),
        Mode::AnalogOut => hal::pwm(line()?, request),
        Mode::AnalogIn | Mode::AnalogInOut => Err(LineError::Unsupported),
    }
}

fn requested(board: &Board, name: &str, request: &Request) -> Result<mock::Line, LineError> {
    let (analog, direction) = match request.mode {
        Mode::DigitalIn => (false, mock::Direction::In),
        Mode::DigitalOut => (false, mock::Direction::Out),
        Mode::DigitalInOut => (false, mock::Direction::InOut),
        Mode::AnalogIn => (true, mock::Direction::In),
        Mode::AnalogOut => (true, mock::Direction::Out),
        Mode::AnalogInOut => (true, mock::Direction::InOut),
    };
    let request = mock::Request {
        analog,
        direction,
        pull: request.pull.map(|pull| if pull == Pull::Up { mock::Pull::Up } else { mock::Pull::Down }),
        open_drain: request.open_drain,
        drive: request.drive.map(|level| mock::Drive::Level(mock_level(level))),
        edges: if request.events { mock::Edges::Both } else { mock::Edges::None },
    };
    board.gpio(name, &request).map_err(error)
}

fn mock_level(level: Level) -> mock::Level {
    if level == Level::High { mock::Level::High } else { mock::Level::Low }
}

fn level(level: mock::Level) -> Level {
    if level == mock::Level::High { Level::High } else { Level::Low }
}

fn error(why: mock::Refusal) -> LineError {
    match why {
        mock::Refusal::Busy => LineError::Busy,
        mock::Refusal::Gone => LineError::Gone,
        mock::Refusal::Io => LineError::Io,
        mock::Refusal::Timeout => LineError::Timeout,
        mock::Refusal::Denied => LineError::Denied,
        mock::Refusal::NotReady => LineError::NotReady,
        mock::Refusal::Unsupported => LineError::Unsupported,
        mock::Refusal::Missing | mock::Refusal::Invalid => LineError::Other(why.to_string()),
    }
}

/// A line of the mock, as the host's trait has it.
struct KernelLine(mock::Line);

impl Line for KernelLine {
    fn get(&mut self) -> Result<Level, LineError> {
        self.0.get().map(level).map_err(error)
    }

    fn set(&mut self, level: Level) -> Result<(), LineError> {
        self.0.set(mock_level(level)).map_err(error)
    }

    fn greatest(&self) -> u32 {
        self.0.greatest()
    }

    fn value(&mut self) -> Result<u32, LineError> {
        self.0.value().map_err(error)
    }

    fn set_value(&mut self, value: u32) -> Result<(), LineError> {
        self.0.set_value(value).map_err(error)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Sample, LineError>> {
        self.0.poll_event(context).map(|event| match event {
            Ok(mock::LineEvent { now: mock::Sample::Level(now), .. }) => Ok(Sample::Level(level(now))),
            Ok(mock::LineEvent { now: mock::Sample::Value(now), .. }) => Ok(Sample::Value(now)),
            Err(why) => Err(error(why)),
        })
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.0.poll_ready(context).map(|_| ())
    }
}
