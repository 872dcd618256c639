//! GPIO lines as data.

use serde::Deserialize;
use std::num::NonZeroU32;
use wasi_hw_seam::gpio::{Direction, Level, Pull};

/// A line: what its chip can do with it, and what hangs on it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LineConfig {
    /// The chip that has the line; absent: the one that has all such lines. A chip goes as a whole.
    pub chip: Option<String>,
    /// What the hardware can do with the line as a digital one; absent: `in-out`, or `none` if the
    /// line is analog.
    pub digital: Option<Digital>,
    /// What it can do with the line as an analog one; absent: nothing.
    pub analog: Option<AnalogConfig>,
    /// Whether the chip has no pull resistors: a request for one is refused.
    pub no_bias: bool,
    /// Whether the chip cannot tell of edges and new values: whoever waits for one is refused.
    pub no_events: bool,
    /// A resistor on the board. It is stronger than one in the chip.
    pub pull: Option<Pull>,
    /// The level while nothing drives the line and nothing pulls it.
    pub floats: Level,
    /// The level to which another chip holds the line from the start, whatever a host drives.
    pub held: Option<Level>,
    /// Whether somebody else has requested the line from the start.
    pub taken: bool,
    /// Lines that a wire joins with this one; naming them at one end is enough.
    pub wire: Vec<String>,
    /// A push button between the line and a rail.
    pub contact: Option<ContactConfig>,
    /// How long after a request the line refuses to work (`NotReady`); 0: it works at once.
    pub settle_ns: u64,
    /// What the chip's driver does when a request ends.
    pub after_release: AfterRelease,
    /// What goes wrong, and when.
    pub fault: Vec<FaultConfig>,
}

/// What the hardware can do with a digital line.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Digital {
    /// Nothing.
    None,
    /// Read it.
    In,
    /// Drive it.
    Out,
    /// Both.
    InOut,
}

/// A converter or PWM channel behind a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnalogConfig {
    /// What it can do; `in-out` can also be requested for one direction.
    pub direction: Direction,
    /// The greatest raw value, which is the supply voltage, or always high. 0 is ground.
    pub greatest: NonZeroU32,
    /// How an output makes its value.
    #[serde(default)]
    pub kind: AnalogKind,
    /// The voltage that another chip (a sensor) gives from the start, as a raw value; it is stronger
    /// than what a host drives. Absent: none.
    pub value: Option<u32>,
}

/// How an analog output makes its value.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum AnalogKind {
    /// As a voltage; the trace says `VALUE`.
    #[default]
    Voltage,
    /// As the part of the time for which the line is high; the trace says `DUTY`.
    Pwm,
}

/// A push button: `{ closes-to = "low" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ContactConfig {
    /// The rail that the line is joined with while the button is pressed.
    pub closes_to: Level,
    /// How often the contact opens and closes again after a press (closes and opens again after a
    /// release), at most 1,000 times.
    #[serde(default)]
    pub bounces: u16,
    /// How long each of those states lasts.
    #[serde(default)]
    pub bounce_ns: u64,
}

/// What the chip's driver does when a request ends.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum AfterRelease {
    /// It stays as it was.
    #[default]
    Keeps,
    /// It is switched off.
    Floats,
}

/// Something that goes wrong: `{ kind = "io", operation = 2 }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FaultConfig {
    /// What goes wrong.
    pub kind: FaultKind,
    /// At which operation on the line, 1 being the first get, set, value or set-value since the board
    /// was built, and 0 each request; absent: at every one, requests apart.
    pub operation: Option<u32>,
}

/// What can go wrong on a line.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The chip reports a failure.
    Io,
    /// The chip does not answer.
    Timeout,
    /// The operating system does not permit it.
    Denied,
    /// The chip disappears, with all its lines.
    Gone,
}

/// Something that happens to a line: `{ gpio = "button", event = "press" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ActionConfig {
    /// The line.
    pub gpio: String,
    /// What happens to it.
    pub event: Event,
}

/// What can happen to a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Event {
    /// The button is pressed.
    Press,
    /// The button is released.
    Release,
    /// Another chip drives the line, whatever a host drives: `{ drive = "high" }`.
    Drive(Level),
    /// The other chip lets go.
    LetGo,
    /// Another chip drives the line to a level for a time, and then does what it did before:
    /// `{ pulse = { level = "high", ns = 1_000_000 } }`.
    Pulse {
        /// The level.
        level: Level,
        /// How long.
        ns: u64,
    },
    /// The voltage that another chip gives changes: `{ value = 2000 }`.
    Value(u32),
    /// The same in steps: after each `ns / points` a step, the last one being `to`.
    Ramp {
        /// The raw value at its end.
        to: u32,
        /// How long it takes.
        ns: u64,
        /// How many steps, 1 to 1,000.
        points: u16,
    },
    /// Somebody else requests the line; nothing happens if it has an owner.
    Take,
    /// They release it.
    GiveBack,
    /// The line's chip is taken away.
    Gone,
    /// It comes back. Requests from before are of no use any more.
    Back,
    /// From now on every operation on the line goes wrong, requests apart, however often it is tried:
    /// `{ fails = "io" }`.
    Fails(FaultKind),
    /// They work again, but for the faults that the line has from the start.
    Works,
    /// Nothing; the trace notes the name: `{ note = "here" }`.
    Note(String),
    /// A later step of one of these.
    #[serde(skip)]
    Later(Step),
}

/// A later step of something that a fixture started. Each knows which start it belongs to, because a
/// newer one makes it void.
#[derive(Clone, Debug)]
pub struct Step(pub(super) Later);

#[derive(Clone, Debug)]
pub(super) enum Later {
    /// The contact closes or opens.
    Contact { closed: bool, start: u32 },
    /// The other chip gives this voltage, or none.
    Other { volts: Option<u64>, start: u32 },
    /// The line settles.
    Settled { request: u64 },
}
