//! GPIO: requests of lines.

#[cfg(feature = "embedded-hal")]
mod hal;

use crate::Refusal;
use std::fmt;
use std::task::{Context, Poll};

/// A driver's hold on a line. Nobody else can request the line until it is dropped.
pub trait Line: Send {
    /// What the line has now, of the kind for which it was requested; also of one that is driven
    /// (`GPIO_V2_LINE_GET_VALUES_IOCTL`).
    ///
    /// Refusals: [`Invalid`](Refusal::Invalid) where the hardware cannot read what was requested to be driven (an
    /// analog output), [`NotReady`](Refusal::NotReady), [`Gone`](Refusal::Gone), [`Denied`](Refusal::Denied),
    /// [`Io`](Refusal::Io), [`Timeout`](Refusal::Timeout).
    fn get(&mut self) -> Result<Sample, Refusal>;

    /// Drives a level or a raw value, switching the driver on if it is off (`GPIO_V2_LINE_SET_VALUES_IOCTL`).
    ///
    /// Refusals: as of [`Line::get`]; [`Invalid`](Refusal::Invalid) for a line that was requested to be read, for a
    /// sample of the other kind, and for a value above [`Line::greatest`].
    fn set(&mut self, to: Sample) -> Result<(), Refusal>;

    /// The greatest raw value; 1 of a digital line.
    fn greatest(&self) -> u32;

    /// Asks for something else without giving the line back (`GPIO_V2_LINE_SET_CONFIG_IOCTL`).
    fn configure(&mut self, request: &Request) -> Result<(), Refusal>;

    /// Waits for the next event that the request asked for and that nobody took yet, and takes it. A refusal says that
    /// no more events come. When it is pending, the waker of `context` is called as soon as asking again makes sense,
    /// or whoever polls goes on after each step of the board's clock.
    /// Unless it is written: there are no events, as on hardware that reports no edges.
    fn poll_event(&mut self, _context: &mut Context<'_>) -> Poll<Result<Event, Refusal>> {
        Poll::Ready(Err(Refusal::Unsupported))
    }

    /// Waits until the line is usable after its request; a refusal says that it will not be. Unless it is written: it is
    /// usable at once.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        Poll::Ready(Ok(()))
    }

    /// Whether an event waits to be taken, or none can come any more. Takes nothing, and no time.
    /// Unless it is written: none can come.
    fn has_event(&mut self) -> bool {
        true
    }

    /// Whether the line is usable after its request, or never will be. Takes no time.
    /// Unless it is written: it is.
    fn has_settled(&mut self) -> bool {
        true
    }
}

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
    /// What an output drives at once; absent: its driver stays off until the first set. A level, in a request for an
    /// analog line, is that end of its scale.
    pub drive: Option<Sample>,
    /// Which edges an input reports. Of an analog line every new value, unless [`Edges::None`].
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

    /// Whether the line can be read.
    pub fn reads(&self) -> bool {
        self.direction != Direction::Out
    }

    /// Whether the line can be driven.
    pub fn drives(&self) -> bool {
        self.direction != Direction::In
    }
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Direction {
    /// It is read.
    In,
    /// It is driven.
    Out,
    /// It is driven and read.
    InOut,
}

/// A resistor in the chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Pull {
    /// To the supply.
    Up,
    /// To ground.
    Down,
}

/// Edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Edges {
    /// None.
    #[default]
    None,
    /// From low to high.
    Rising,
    /// From high to low.
    Falling,
    /// All.
    Both,
}

/// A level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Level {
    /// Ground.
    #[default]
    Low,
    /// Supply.
    High,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Low => "low",
            Level::High => "high",
        })
    }
}

/// What a line has, or is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// A level, of a digital line.
    Level(Level),
    /// A raw value, of an analog line: 0 is ground, or always low; [`Line::greatest`] the supply, or always high.
    Value(u32),
}

/// Something that happened on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts the events of a request from 1. A gap means that some were lost.
    pub sequence: u32,
    /// The time on the machine's clock in nanoseconds.
    pub at_ns: u64,
    /// What the line has since then; an edge to high is a rising one.
    pub now: Sample,
}
