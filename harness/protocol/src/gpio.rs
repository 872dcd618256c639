//! GPIO: line requests like version 2 of Linux's character device, with values for analog lines.

use crate::Count;
use serde::{Deserialize, Serialize};

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

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The line is read.
    In,
    /// The line is driven.
    Out,
    /// Both.
    InOut,
}

/// A pull resistor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Pull {
    /// To the supply.
    Up,
    /// To ground.
    Down,
}

/// Edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
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

/// A level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Ground.
    Low,
    /// Supply.
    High,
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
