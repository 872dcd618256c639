//! What the host asks of a driver: one line, requested for itself, as a kernel offers it.

use std::fmt;
use std::task::{Context, Poll};

/// What the host asks for. It follows from the pin's configuration and from what the guest opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// What the line is to be used for.
    pub mode: Mode,
    /// The resistor in the chip to switch on.
    pub pull: Option<Pull>,
    /// Whether the line is only ever pulled low, and let go for high.
    pub open_drain: bool,
    /// What an output carries at once, without a glitch before it; of an analog one, the end of its
    /// scale. Absent: the driver stays off until the first set.
    pub drive: Option<Level>,
    /// Whether the host will wait for edges, or for new values of an analog line.
    pub events: bool,
}

/// A kind of pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Digital, read.
    DigitalIn,
    /// Digital, driven.
    DigitalOut,
    /// Digital, both.
    DigitalInOut,
    /// Analog, read.
    AnalogIn,
    /// Analog, driven.
    AnalogOut,
    /// Analog, both.
    AnalogInOut,
}

/// A physical level, or an end of an analog scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// Ground.
    Low,
    /// Supply.
    #[default]
    High,
}

/// A pull resistor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    /// To the supply.
    Up,
    /// To ground.
    Down,
}

/// What a line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// A digital line.
    Level(Level),
    /// An analog line: the raw value.
    Value(u32),
}

/// A line that was requested. Everything in it is physical: polarity is the host's affair. Dropping it
/// releases the line.
pub trait Line: Send {
    /// The level now.
    fn get(&mut self) -> Result<Level, LineError> {
        Err(LineError::Unsupported)
    }

    /// Drives a level, switching the driver on if it is off.
    fn set(&mut self, level: Level) -> Result<(), LineError> {
        let _ = level;
        Err(LineError::Unsupported)
    }

    /// The greatest raw value of an analog line, at least 1.
    fn greatest(&self) -> u32 {
        1
    }

    /// The raw value now.
    fn value(&mut self) -> Result<u32, LineError> {
        Err(LineError::Unsupported)
    }

    /// Drives a raw value, up to the greatest.
    fn set_value(&mut self, value: u32) -> Result<(), LineError> {
        let _ = value;
        Err(LineError::Unsupported)
    }

    /// The next change since the request that was not taken yet: what the line has from then on. A
    /// digital line reports each edge, an analog one each new value. If there is none, the task of
    /// `context` is woken when one comes, or when the line is lost. Never blocks.
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Sample, LineError>> {
        let _ = context;
        Poll::Ready(Err(LineError::Unsupported))
    }

    /// Ready when the line can be used, or is lost; until then its functions return an error. Wakes
    /// like [`Line::poll_event`].
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let _ = context;
        Poll::Ready(())
    }
}

/// Why a line cannot be had, or an operation on it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineError {
    /// Somebody else has the line.
    Busy,
    /// The chip is gone.
    Gone,
    /// The chip reports a failure.
    Io,
    /// The chip does not answer.
    Timeout,
    /// The system does not permit it.
    Denied,
    /// The line was requested and cannot be used yet.
    NotReady,
    /// The hardware, or its driver, cannot do it.
    Unsupported,
    /// Anything else, in words.
    Other(String),
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LineError::Busy => "the line is in use",
            LineError::Gone => "the chip is gone",
            LineError::Io => "the chip reports a failure",
            LineError::Timeout => "the chip does not answer",
            LineError::Denied => "not permitted",
            LineError::NotReady => "the line is not ready yet",
            LineError::Unsupported => "not supported",
            LineError::Other(why) => why,
        })
    }
}

impl std::error::Error for LineError {}
