//! GPIO: line requests like version 2 of Linux's character device, with values for analog lines.

use crate::Count;
use serde::{Deserialize, Serialize};
use wasi_hw_seam::{Refusal, gpio as seam};

pub use seam::{Direction, Edges, Level, Pull};

/// A line, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GpioOpen"))]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The line's name on the board.
    pub line: String,
    /// What is asked of it. Refusals: `missing`, `busy`, `gone`, `denied`, `unsupported`, `invalid`, `io`, `timeout`.
    pub request: Request,
}

/// Something else that is asked of a requested line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GpioConfigure"))]
#[serde(deny_unknown_fields)]
pub struct Configure {
    /// The line.
    pub handle: u32,
    /// What is asked of it now.
    pub request: Request,
}

/// What is asked of a line. Everything is physical: what is active is the host's affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GpioRequest"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Request {
    /// As an analog line, or as a digital one.
    #[serde(default)]
    pub analog: bool,
    /// What for.
    pub direction: Direction,
    /// The resistor in the chip to switch on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull: Option<Pull>,
    /// Whether the driver only ever pulls the line low: driving high switches it off.
    #[serde(default)]
    pub open_drain: bool,
    /// What an output drives at once; absent: its driver stays off until the first set. For an analog line, too, it
    /// may be a level: that end of its scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drive: Option<Sample>,
    /// Which edges an input reports; of an analog line every new value, unless `none`.
    #[serde(default)]
    pub edges: Edges,
}

/// What a line has, or is to have: `{"level":"high"}` of a digital one, `{"value":2048}` of an analog one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sample {
    /// A level.
    Level(Level),
    /// A raw value; 0 is ground, or always low, and the greatest value the supply, or always high.
    Value(Count),
}

/// What to drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GpioSet"))]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// The line.
    pub handle: u32,
    /// What it is to have. Refusals, as of a get: `invalid` (it does not fit the request, or the value is above
    /// the greatest), `not-ready`, `gone`, `denied`, `io`, `timeout`.
    pub to: Sample,
}

/// A line that was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GpioRequested"))]
#[serde(deny_unknown_fields)]
pub struct Requested {
    /// Its number.
    pub handle: u32,
    /// The greatest raw value; 1 of a digital line.
    pub greatest: u32,
}

/// What a line has now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GpioSampled"))]
#[serde(deny_unknown_fields)]
pub struct Sampled {
    /// The level or the value.
    pub sample: Sample,
}

/// The next event of a line, or that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GpioHappened"))]
#[serde(deny_unknown_fields)]
pub struct Happened {
    /// The event; null if there is none.
    pub event: Option<Event>,
}

/// Something that happened on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GpioEvent"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Event {
    /// Counts the events of a request from 1. A gap means that some were lost.
    pub sequence: u32,
    /// Board time in nanoseconds.
    pub at_ns: u64,
    /// What the line has since then; an edge to high is a rising one.
    pub now: Sample,
}

impl From<seam::Request> for Request {
    fn from(request: seam::Request) -> Request {
        let seam::Request { analog, direction, pull, open_drain, drive, edges } = request;
        Request { analog, direction, pull, open_drain, drive: drive.map(Sample::from), edges }
    }
}

impl TryFrom<Request> for seam::Request {
    type Error = Refusal;

    fn try_from(request: Request) -> Result<seam::Request, Refusal> {
        let Request { analog, direction, pull, open_drain, drive, edges } = request;
        let drive = drive.map(seam::Sample::try_from).transpose()?;
        Ok(seam::Request { analog, direction, pull, open_drain, drive, edges })
    }
}

impl From<seam::Sample> for Sample {
    fn from(sample: seam::Sample) -> Sample {
        match sample {
            seam::Sample::Level(level) => Sample::Level(level),
            seam::Sample::Value(value) => Sample::Value(Count(value.into())),
        }
    }
}

impl TryFrom<Sample> for seam::Sample {
    type Error = Refusal;

    /// A value above 32 bits is above what any line has as its greatest.
    fn try_from(sample: Sample) -> Result<seam::Sample, Refusal> {
        match sample {
            Sample::Level(level) => Ok(seam::Sample::Level(level)),
            Sample::Value(Count(value)) => {
                u32::try_from(value).map(seam::Sample::Value).map_err(|_| Refusal::Invalid)
            }
        }
    }
}

impl From<seam::Event> for Event {
    fn from(seam::Event { sequence, at_ns, now }: seam::Event) -> Event {
        Event { sequence, at_ns, now: now.into() }
    }
}

impl TryFrom<Event> for seam::Event {
    type Error = Refusal;

    fn try_from(Event { sequence, at_ns, now }: Event) -> Result<seam::Event, Refusal> {
        Ok(seam::Event { sequence, at_ns, now: now.try_into()? })
    }
}
