//! GPIO lines.

use super::Client;
use crate::{Empty, Handle, Op, Until, gpio};
use std::task::{Context, Poll};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Event, Line, Request, Sample};

/// A driver's hold on a line.
pub(super) struct Driver {
    client: Client,
    handle: u32,
    greatest: u32,
}

impl Driver {
    /// Requests a line.
    pub(super) fn open(client: &Client, line: &str, request: &Request) -> Result<Driver, Refusal> {
        let open = gpio::Open { line: line.to_owned(), request: (*request).into() };
        let gpio::Requested { handle, greatest } = client.drive(Op::GpioRequest(open))?;
        Ok(Driver { client: client.clone(), handle, greatest })
    }

    fn itself(&self) -> Handle {
        Handle { handle: self.handle }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.client.awaited().retain(|awaited| awaited.handle != self.handle);
        self.client.close(Op::GpioRelease, self.handle);
    }
}

impl Line for Driver {
    fn get(&mut self) -> Result<Sample, Refusal> {
        let gpio::Sampled { sample } = self.client.drive(Op::GpioGet(self.itself()))?;
        sample.try_into()
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        let Empty {} = self.client.drive(Op::GpioSet(gpio::Set { handle: self.handle, to: to.into() }))?;
        Ok(())
    }

    fn greatest(&self) -> u32 {
        self.greatest
    }

    fn configure(&mut self, request: &Request) -> Result<(), Refusal> {
        let to = gpio::Configure { handle: self.handle, request: (*request).into() };
        let Empty {} = self.client.drive(Op::GpioConfigure(to))?;
        Ok(())
    }

    /// Pending without a waker: whoever polls goes on after each [`Client::idle`].
    fn poll_event(&mut self, _: &mut Context<'_>) -> Poll<Result<Event, Refusal>> {
        let gpio::Happened { event } = self.client.drive(Op::GpioEvent(self.itself()))?;
        match event {
            Some(event) => Poll::Ready(event.try_into()),
            None => {
                self.client.awaits(self.handle, Until::Event, true);
                Poll::Pending
            }
        }
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        if !self.client.has_happened(self.handle, Until::Settled)? {
            self.client.awaits(self.handle, Until::Settled, true);
            return Poll::Pending;
        }
        // It has settled, or the next call on it says what is wrong.
        Poll::Ready(Ok(()))
    }

    fn has_event(&mut self) -> bool {
        self.client.has_happened(self.handle, Until::Event).unwrap_or(true)
    }

    fn has_settled(&mut self) -> bool {
        self.client.has_happened(self.handle, Until::Settled).unwrap_or(true)
    }
}
