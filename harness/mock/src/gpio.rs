//! GPIO lines at wire level: levels, who drives them, analog values, contacts, wires and faults.
//!
//! Each line is a channel of the trace; what is written there is explained in [`notation`](crate::notation). All of it
//! is physical: what is active is the host's affair. Lines appear on change only: driving a level that is driven
//! already writes nothing, and so does a drive that changes the level of no other line. Reading writes nothing. What a
//! line carries when the board starts writes nothing.
//!
//! Of those that may give a line its level the strongest wins: another chip (`held`, `drive`, `pulse`,
//! and `value` on an analog line), a closed contact, drivers of the line and of the lines wired to it
//! (low, where they disagree), a resistor on the board, a resistor in a chip, and what it floats to. A
//! digital line sees high from half of the supply on; a PWM output counts with its mean.
//!
//! A request is exclusive, and ends when the [`Line`] is dropped. Two seams: the methods of [`Line`],
//! shaped like version 2 of the character device of Linux and with values for analog lines, and
//! `embedded-hal`'s digital and PWM traits on it.

mod actions;
mod config;
mod events;
mod hal;
mod line;
mod node;
mod request;
mod state;

pub use config::{
    ActionConfig, AfterRelease, AnalogConfig, AnalogKind, ContactConfig, Digital, Direction, Event,
    FaultConfig, FaultKind, Level, LineConfig, Pull,
};
pub use events::{LineEvent, Sample};
pub use line::Line;
pub use request::{Drive, Edges, Refusal, Request};
pub(crate) use state::Lines;
