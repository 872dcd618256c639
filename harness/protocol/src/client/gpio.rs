//! GPIO lines.

use super::{Client, Opened};
use crate::{Op, Until, gpio};
use std::task::{Context, Poll};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Event, Line, Request, Sample};

/// A driver's hold on a line.
pub(super) struct Driver {
    line: Opened,
    greatest: u32,
}

impl Driver {
    /// Requests a line.
    pub(super) fn open(client: &Client, line: &str, request: &Request) -> Result<Driver, Refusal> {
        let open = gpio::Open { line: line.to_owned(), request: (*request).into() };
        let gpio::Requested { handle, greatest } = client.drive(Op::GpioRequest(open))?;
        let line = Opened { client: client.clone(), handle, close: Op::GpioRelease };
        Ok(Driver { line, greatest })
    }
}

impl Line for Driver {
    fn get(&mut self) -> Result<Sample, Refusal> {
        let gpio::Sampled { sample } = self.line.client.drive(Op::GpioGet(self.line.itself()))?;
        sample.try_into()
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        self.line.client.done(Op::GpioSet(gpio::Set { handle: self.line.handle, to: to.into() }))
    }

    fn greatest(&self) -> u32 {
        self.greatest
    }

    fn configure(&mut self, request: &Request) -> Result<(), Refusal> {
        let to = gpio::Configure { handle: self.line.handle, request: (*request).into() };
        self.line.client.done(Op::GpioConfigure(to))
    }

    /// Pending without a waker: whoever polls goes on after each [`Client::idle`].
    fn poll_event(&mut self, _: &mut Context<'_>) -> Poll<Result<Event, Refusal>> {
        let gpio::Happened { event } = self.line.client.drive(Op::GpioEvent(self.line.itself()))?;
        match event {
            Some(event) => Poll::Ready(event.try_into()),
            None => {
                self.line.client.awaits(self.line.handle, Until::Event, true);
                Poll::Pending
            }
        }
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        if self.has_settled() {
            return Poll::Ready(Ok(()));
        }
        self.line.client.awaits(self.line.handle, Until::Settled, true);
        Poll::Pending
    }

    fn has_event(&mut self) -> bool {
        self.line.client.is(self.line.handle, Until::Event)
    }

    fn has_settled(&mut self) -> bool {
        self.line.client.is(self.line.handle, Until::Settled)
    }
}
