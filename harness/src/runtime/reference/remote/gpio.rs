//! GPIO lines behind the protocol.

use super::super::gpio::config;
use super::{Remote, RemoteDelay};
use crate::suite::fixture::GpioPinHost;
use std::collections::BTreeMap;
use std::task::{Context, Poll};
use wasi_hw_protocol::gpio as wire;
use wasi_hw_protocol::{Count, Empty, Failure, Handle, Op, Wait, Woken};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Event, Line, Request, Sample};
use wasi_hw_wasmtime::gpio::GpioCtx;

impl Remote {
    pub(super) fn gpio(&self, host: &BTreeMap<String, GpioPinHost>) -> GpioCtx {
        let mut gpio = GpioCtx::new(RemoteDelay(self.clone()));
        for (label, pin) in host {
            let (remote, name) = (self.clone(), pin.line.clone().unwrap_or_else(|| label.clone()));
            gpio.pin(label, config(pin), move |request| remote.gpio_line(&name, request));
        }
        gpio
    }

    fn gpio_line(&self, line: &str, request: &Request) -> Result<Box<dyn Line>, Refusal> {
        let open = wire::Open { line: line.to_owned(), request: (*request).into() };
        let wire::Requested { handle, greatest } = self.ask(Op::GpioRequest(open))?;
        Ok(Box::new(RemoteLine { remote: self.clone(), handle, greatest }))
    }

    /// What of this is so now: a wait that takes no time is a question.
    pub(super) fn is_so(&self, wait: Wait) -> Result<Woken, Failure> {
        self.ask(Op::Wait(Wait { ns: Some(Count(0)), ..wait }))
    }
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
    fn get(&mut self) -> Result<Sample, Refusal> {
        let wire::Sampled { sample } = self.remote.ask(Op::GpioGet(self.itself()))?;
        sample.try_into()
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        let Empty {} = self.remote.ask(Op::GpioSet(wire::Set { handle: self.handle, to: to.into() }))?;
        Ok(())
    }

    fn greatest(&self) -> u32 {
        self.greatest
    }

    fn configure(&mut self, request: &Request) -> Result<(), Refusal> {
        let to = wire::Configure { handle: self.handle, request: (*request).into() };
        let Empty {} = self.remote.ask(Op::GpioConfigure(to))?;
        Ok(())
    }

    /// Pending without a waker: whoever polls goes on after each [`Seat::idle`](crate::runtime::engine::Seat::idle).
    fn poll_event(&mut self, _: &mut Context<'_>) -> Poll<Result<Event, Refusal>> {
        let wire::Happened { event } = self.remote.ask(Op::GpioEvent(self.itself()))?;
        match event {
            Some(event) => Poll::Ready(event.try_into()),
            None => {
                self.remote.awaited().lines.insert(self.handle);
                Poll::Pending
            }
        }
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        let woken = self.remote.is_so(Wait { settled: vec![self.handle], ..Wait::default() })?;
        if woken.settled.is_empty() {
            self.remote.awaited().settled.insert(self.handle);
            return Poll::Pending;
        }
        // It has settled, or the next call on it says what is wrong.
        Poll::Ready(Ok(()))
    }

    fn has_event(&mut self) -> bool {
        let woken = self.remote.is_so(Wait { lines: vec![self.handle], ..Wait::default() });
        woken.map_or(true, |woken| !woken.lines.is_empty())
    }

    fn has_settled(&mut self) -> bool {
        let woken = self.remote.is_so(Wait { settled: vec![self.handle], ..Wait::default() });
        woken.map_or(true, |woken| !woken.settled.is_empty())
    }
}
