//! GPIO lines behind the protocol.

use super::super::gpio::config;
use super::Remote;
use crate::suite::fixture::GpioPinHost;
use std::collections::BTreeMap;
use std::task::{Context, Poll};
use wasi_hw_protocol::gpio as wire;
use wasi_hw_protocol::{Code, Count, Empty, Failure, Handle, Op, Refused, Wait, Woken};
use wasi_hw_seam as seam;
use wasi_hw_wasmtime::gpio::{GpioCtx, Level, Line, LineError, Mode, Pull, Request, Sample};

impl Remote {
    pub(super) fn gpio(&self, host: &BTreeMap<String, GpioPinHost>) -> GpioCtx {
        let mut gpio = GpioCtx::new(Box::new(self.client.clone()) as Box<dyn seam::Delay>);
        for (label, pin) in host {
            let (remote, name) = (self.clone(), pin.line.clone().unwrap_or_else(|| label.clone()));
            gpio.pin(label, config(pin), move |request| remote.gpio_line(&name, request));
        }
        gpio
    }

    fn gpio_line(&self, line: &str, request: &Request) -> Result<Box<dyn Line>, LineError> {
        let open = wire::Open { line: line.to_owned(), request: asked(request) };
        let wire::Requested { handle, greatest } = self.ask(Op::GpioRequest(open)).map_err(error)?;
        Ok(Box::new(RemoteLine { remote: self.clone(), handle, greatest }))
    }
}

fn asked(request: &Request) -> wire::Request {
    let (analog, direction) = match request.mode {
        Mode::DigitalIn => (false, wire::Direction::In),
        Mode::DigitalOut => (false, wire::Direction::Out),
        Mode::DigitalInOut => (false, wire::Direction::InOut),
        Mode::AnalogIn => (true, wire::Direction::In),
        Mode::AnalogOut => (true, wire::Direction::Out),
        Mode::AnalogInOut => (true, wire::Direction::InOut),
    };
    wire::Request {
        analog,
        direction,
        pull: request.pull.map(|pull| if pull == Pull::Up { wire::Pull::Up } else { wire::Pull::Down }),
        open_drain: request.open_drain,
        drive: request.drive.map(|level| wire::Sample::Level(wire_level(level))),
        edges: if request.events { wire::Edges::Both } else { wire::Edges::None },
    }
}

fn wire_level(level: Level) -> wire::Level {
    if level == Level::High { wire::Level::High } else { wire::Level::Low }
}

fn level(level: wire::Level) -> Level {
    if level == wire::Level::High { Level::High } else { Level::Low }
}

/// A line behind the protocol.
struct RemoteLine {
    remote: Remote,
    handle: u32,
    greatest: u32,
}

impl RemoteLine {
    fn itself(&self) -> Handle {
        Handle { handle: self.handle }
    }

    fn sample(&self) -> Result<wire::Sample, LineError> {
        let sampled: wire::Sampled = self.remote.ask(Op::GpioGet(self.itself())).map_err(error)?;
        Ok(sampled.sample)
    }

    fn drive(&self, to: wire::Sample) -> Result<(), LineError> {
        let set = wire::Set { handle: self.handle, to };
        self.remote.ask::<Empty>(Op::GpioSet(set)).map(|_| ()).map_err(error)
    }
}

impl Drop for RemoteLine {
    fn drop(&mut self) {
        let mut awaited = self.remote.awaited();
        awaited.lines.remove(&self.handle);
        awaited.settled.remove(&self.handle);
        drop(awaited);
        self.remote.forget(Op::GpioRelease(self.itself()));
    }
}

impl Line for RemoteLine {
    fn get(&mut self) -> Result<Level, LineError> {
        match self.sample()? {
            wire::Sample::Level(now) => Ok(level(now)),
            wire::Sample::Value(_) => Err(another_kind()),
        }
    }

    fn set(&mut self, level: Level) -> Result<(), LineError> {
        self.drive(wire::Sample::Level(wire_level(level)))
    }

    fn greatest(&self) -> u32 {
        self.greatest
    }

    fn value(&mut self) -> Result<u32, LineError> {
        match self.sample()? {
            wire::Sample::Value(value) => raw(value),
            wire::Sample::Level(_) => Err(another_kind()),
        }
    }

    fn set_value(&mut self, value: u32) -> Result<(), LineError> {
        self.drive(wire::Sample::Value(Count(value.into())))
    }

    /// Pending without a waker: whoever polls goes on after each [`Seat::idle`](crate::runtime::engine::Seat::idle).
    fn poll_event(&mut self, _: &mut Context<'_>) -> Poll<Result<Sample, LineError>> {
        let happened: wire::Happened = self.remote.ask(Op::GpioEvent(self.itself())).map_err(error)?;
        Poll::Ready(match happened.event.map(|event| event.now) {
            None => {
                self.remote.awaited().lines.insert(self.handle);
                return Poll::Pending;
            }
            Some(wire::Sample::Level(now)) => Ok(Sample::Level(level(now))),
            Some(wire::Sample::Value(now)) => raw(now).map(Sample::Value),
        })
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        // A wait that takes no time is a question.
        let now = Wait { ns: Some(Count(0)), settled: vec![self.handle], ..Wait::default() };
        match self.remote.ask::<Woken>(Op::Wait(now)) {
            Ok(woken) if woken.settled.is_empty() => {
                self.remote.awaited().settled.insert(self.handle);
                Poll::Pending
            }
            // It has settled, or the next call on it says what is wrong.
            _ => Poll::Ready(()),
        }
    }
}

fn raw(value: Count) -> Result<u32, LineError> {
    u32::try_from(value.0).map_err(|_| another_kind())
}

fn another_kind() -> LineError {
    LineError::Other("the harness answered with a sample of another kind".to_owned())
}

/// A refusal, as the in-process driver tells it.
fn error(why: Failure) -> LineError {
    let Failure::Refused(Refused { code, why }) = why else { return LineError::Other(why.to_string()) };
    match code {
        Code::Driver(seam::Refusal::Busy) => LineError::Busy,
        Code::Driver(seam::Refusal::Gone) => LineError::Gone,
        Code::Driver(seam::Refusal::Io) => LineError::Io,
        Code::Driver(seam::Refusal::Timeout) => LineError::Timeout,
        Code::Driver(seam::Refusal::Denied) => LineError::Denied,
        Code::Driver(seam::Refusal::NotReady) => LineError::NotReady,
        Code::Driver(seam::Refusal::Unsupported) => LineError::Unsupported,
        _ => LineError::Other(why),
    }
}
