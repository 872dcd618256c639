//! What a driver asks of a line, and why it may not get it.

use super::config::{Direction, Level, Pull};
use std::fmt;

/// What a driver asks of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// As an analog line, or as a digital one.
    pub analog: bool,
    /// What for.
    pub direction: Direction,
    /// The resistor in the chip to switch on.
    pub pull: Option<Pull>,
    /// Whether the driver only ever pulls the line low: driving high switches it off.
    pub open_drain: bool,
    /// What an output drives at once; absent: its driver stays off until the first set.
    pub drive: Option<Drive>,
    /// Which edges an input reports. Of an analog one every new value, unless `None`.
    pub edges: Edges,
}

impl Request {
    /// A request for a digital line, with nothing asked for beyond the direction.
    pub fn digital(direction: Direction) -> Request {
        Request { analog: false, direction, pull: None, open_drain: false, drive: None, edges: Edges::None }
    }

    /// The same for an analog line.
    pub fn analog(direction: Direction) -> Request {
        Request { analog: true, ..Request::digital(direction) }
    }

    pub(super) fn reads(&self) -> bool {
        self.direction != Direction::Out
    }

    pub(super) fn drives(&self) -> bool {
        self.direction != Direction::In
    }

    /// In the words of the trace; `greatest` is the line's greatest raw value.
    pub(super) fn words(&self, greatest: u32) -> String {
        let mut words = String::from(if self.analog { "analog" } else { "digital" });
        words.push_str(match self.direction {
            Direction::In => " in",
            Direction::Out => " out",
            Direction::InOut => " in-out",
        });
        if self.open_drain {
            words.push_str(" open-drain");
        }
        words.push_str(match self.pull {
            Some(Pull::Up) => " pull-up",
            Some(Pull::Down) => " pull-down",
            None => "",
        });
        match self.drive {
            Some(Drive::Level(level)) => words.push_str(&format!(" {level}")),
            Some(Drive::Value(value)) => words.push_str(&format!(" {value}/{greatest}")),
            None => {}
        }
        words
    }
}

/// What a chip drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drive {
    /// A level. In a request for an analog line, that end of its scale.
    Level(Level),
    /// A raw value.
    Value(u32),
}

/// Edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edges {
    /// None.
    None,
    /// From low to high.
    Rising,
    /// From high to low.
    Falling,
    /// All.
    Both,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Low => "low",
            Level::High => "high",
        })
    }
}

/// Why a request or an operation failed, as a driver tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The board has no line of this name (`ENOENT`).
    Missing,
    /// Somebody else has the line (`EBUSY`).
    Busy,
    /// The chip was taken away (`ENODEV`).
    Gone,
    /// The chip reports a failure (`EIO`).
    Io,
    /// The chip does not answer (`ETIMEDOUT`).
    Timeout,
    /// The operating system does not permit it (`EPERM`).
    Denied,
    /// The line was requested and still settles (`EAGAIN`).
    NotReady,
    /// The hardware cannot do it (`EOPNOTSUPP`).
    Unsupported,
    /// The operation does not fit the request, or a raw value is above the greatest (`EINVAL`).
    Invalid,
}

impl Refusal {
    /// The name of the error number that Linux gives for it.
    pub fn errno(self) -> &'static str {
        match self {
            Refusal::Missing => "ENOENT",
            Refusal::Busy => "EBUSY",
            Refusal::Gone => "ENODEV",
            Refusal::Io => "EIO",
            Refusal::Timeout => "ETIMEDOUT",
            Refusal::Denied => "EPERM",
            Refusal::NotReady => "EAGAIN",
            Refusal::Unsupported => "EOPNOTSUPP",
            Refusal::Invalid => "EINVAL",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?} ({})", self.errno())
    }
}

impl std::error::Error for Refusal {}
