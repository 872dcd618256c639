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
//! A request is exclusive, and ends when the [`Line`] is dropped. One seam: [`wasi_hw_seam::gpio::Line`], shaped like
//! version 2 of the character device of Linux and with values for analog lines. What is boxed as that has
//! `embedded-hal`'s digital and PWM traits, too.

mod actions;
mod config;
mod events;
mod line;
mod node;
mod request;
mod state;

pub use config::{
    ActionConfig, AfterRelease, AnalogConfig, AnalogKind, ContactConfig, Digital, Event, FaultConfig,
    FaultKind, LineConfig,
};
pub(crate) use line::Line;
pub(crate) use state::Lines;

#[cfg(test)]
mod tests;
