//! GPIO: requests of lines.

use super::{Open, refused};
use crate::runtime::adapter::serve::{Served, Server, no_handle, nothing};
use std::task::{Context, Poll, Waker};
use wasi_hw_mock::gpio as mock;
use wasi_hw_protocol::gpio as wire;
use wasi_hw_protocol::{Count, Refused, Reply};
use wasi_hw_seam as seam;

impl Server {
    pub(super) fn gpio_request(&self, open: &wire::Open) -> Served {
        let line = self.board.gpio(&open.line, &request(&open.request)?).map_err(refusal)?;
        let greatest = line.greatest();
        Ok(Reply::Requested(wire::Requested { handle: self.keep(Open::Gpio(line))?, greatest }))
    }

    pub(super) fn gpio_configure(&self, to: &wire::Configure) -> Served {
        let request = request(&to.request)?;
        self.gpio(to.handle, |line| line.configure(&request))?.map_err(refusal)?;
        Ok(nothing())
    }

    pub(super) fn gpio_get(&self, number: u32) -> Served {
        let sample = self.gpio(number, mock::Line::sample)?.map_err(refusal)?;
        Ok(Reply::Sample(wire::Sampled { sample: told(sample) }))
    }

    pub(super) fn gpio_set(&self, set: &wire::Set) -> Served {
        let to = drive(set.to)?;
        let done = self.gpio(set.handle, |line| match to {
            mock::Drive::Level(level) => line.set(level),
            mock::Drive::Value(value) => line.set_value(value),
        })?;
        done.map_err(refusal)?;
        Ok(nothing())
    }

    pub(super) fn gpio_event(&self, number: u32) -> Served {
        let event = self.gpio(number, |line| line.poll_event(&mut Context::from_waker(Waker::noop())))?;
        let event = match event {
            Poll::Pending => None,
            Poll::Ready(event) => {
                let mock::LineEvent { sequence, at_ns, now } = event.map_err(refusal)?;
                Some(wire::Event { sequence, at_ns, now: told(now) })
            }
        };
        Ok(Reply::Event(wire::Happened { event }))
    }

    /// Does something with a line.
    pub(in crate::runtime::adapter) fn gpio<T>(
        &self,
        number: u32,
        run: impl FnOnce(&mock::Line) -> T,
    ) -> Result<T, Refused> {
        match &*self.get(number)? {
            Open::Gpio(line) => Ok(run(line)),
            _ => Err(no_handle(number)),
        }
    }

    /// Those of these lines of which something is so. One that was released meanwhile is gone.
    pub(in crate::runtime::adapter) fn of_those(
        &self,
        lines: &[u32],
        is_so: fn(&mock::Line) -> bool,
    ) -> Vec<u32> {
        lines.iter().copied().filter(|line| self.gpio(*line, is_so).unwrap_or(true)).collect()
    }
}

fn request(asked: &wire::Request) -> Result<mock::Request, Refused> {
    let wire::Request { analog, direction, pull, open_drain, drive: at_once, edges } = *asked;
    Ok(mock::Request {
        analog,
        direction: match direction {
            wire::Direction::In => mock::Direction::In,
            wire::Direction::Out => mock::Direction::Out,
            wire::Direction::InOut => mock::Direction::InOut,
        },
        pull: pull.map(|pull| match pull {
            wire::Pull::Up => mock::Pull::Up,
            wire::Pull::Down => mock::Pull::Down,
        }),
        open_drain,
        drive: at_once.map(drive).transpose()?,
        edges: match edges {
            wire::Edges::None => mock::Edges::None,
            wire::Edges::Rising => mock::Edges::Rising,
            wire::Edges::Falling => mock::Edges::Falling,
            wire::Edges::Both => mock::Edges::Both,
        },
    })
}

fn drive(to: wire::Sample) -> Result<mock::Drive, Refused> {
    match to {
        wire::Sample::Level(wire::Level::Low) => Ok(mock::Drive::Level(mock::Level::Low)),
        wire::Sample::Level(wire::Level::High) => Ok(mock::Drive::Level(mock::Level::High)),
        wire::Sample::Value(Count(value)) => {
            // Above what any line has as its greatest.
            let value = u32::try_from(value).map_err(|_| refusal(mock::Refusal::Invalid))?;
            Ok(mock::Drive::Value(value))
        }
    }
}

fn told(sample: mock::Sample) -> wire::Sample {
    match sample {
        mock::Sample::Level(mock::Level::Low) => wire::Sample::Level(wire::Level::Low),
        mock::Sample::Level(mock::Level::High) => wire::Sample::Level(wire::Level::High),
        mock::Sample::Value(value) => wire::Sample::Value(Count(value.into())),
    }
}

fn refusal(why: mock::Refusal) -> Refused {
    let code = match why {
        mock::Refusal::Missing => seam::Refusal::Missing,
        mock::Refusal::Busy => seam::Refusal::Busy,
        mock::Refusal::Gone => seam::Refusal::Gone,
        mock::Refusal::Io => seam::Refusal::Io,
        mock::Refusal::Timeout => seam::Refusal::Timeout,
        mock::Refusal::Denied => seam::Refusal::Denied,
        mock::Refusal::NotReady => seam::Refusal::NotReady,
        mock::Refusal::Unsupported => seam::Refusal::Unsupported,
        mock::Refusal::Invalid => seam::Refusal::Invalid,
    };
    refused(code, why.to_string())
}
