//! GPIO: requests of lines.

use super::Open;
use crate::runtime::adapter::serve::{Served, Server, no_handle, nothing};
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use wasi_hw_protocol::{Refused, Reply, gpio as wire};
use wasi_hw_seam::gpio::{Line, Request, Sample};

impl Server {
    pub(super) fn gpio_request(&self, open: &wire::Open) -> Served {
        let line = self.drivers.gpio(&open.line, &Request::try_from(open.request)?)?;
        let greatest = line.greatest();
        let handle = self.keep(Open::Gpio(Mutex::new(line)))?;
        Ok(Reply::Requested(wire::Requested { handle, greatest }))
    }

    pub(super) fn gpio_configure(&self, to: &wire::Configure) -> Served {
        let request = Request::try_from(to.request)?;
        self.gpio(to.handle, |line| line.configure(&request))??;
        Ok(nothing())
    }

    pub(super) fn gpio_get(&self, number: u32) -> Served {
        let sample = self.gpio(number, |line| line.get())??;
        Ok(Reply::Sample(wire::Sampled { sample: sample.into() }))
    }

    pub(super) fn gpio_set(&self, set: &wire::Set) -> Served {
        let to = Sample::try_from(set.to)?;
        self.gpio(set.handle, |line| line.set(to))??;
        Ok(nothing())
    }

    pub(super) fn gpio_event(&self, number: u32) -> Served {
        let event = self.gpio(number, |line| line.poll_event(&mut Context::from_waker(Waker::noop())))?;
        let event = match event {
            Poll::Pending => None,
            Poll::Ready(event) => Some(event?.into()),
        };
        Ok(Reply::Event(wire::Happened { event }))
    }

    /// Does something with a line.
    fn gpio<T>(&self, number: u32, run: impl FnOnce(&mut dyn Line) -> T) -> Result<T, Refused> {
        match &*self.get(number)? {
            Open::Gpio(line) => Ok(run(&mut **self.hold(line)?)),
            _ => Err(no_handle(number)),
        }
    }
}

#[cfg(test)]
mod tests;
