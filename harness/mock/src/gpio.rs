//! GPIO lines at wire level: levels, who drives them, analog values, contacts, wires and faults.
//!
//! Each line is a channel of the trace. Its lines, one an event, all physical (what is active is the
//! host's affair):
//!
//! ```text
//! REQUEST digital out low          a driver took the line: digital or analog, direction (in, out, in-out),
//!                                  then, where asked for, `open-drain`, `pull-up` or `pull-down`, and what it
//!                                  drives at once: a level, or a raw value as in `0/255`
//! CONFIGURE digital in pull-up     it asked for something else meanwhile, in the same words
//! DRIVE high                       what it drives changed; `DRIVE float`: its driver is off (open drain, too)
//! DRIVE high, held low             the same, while something stronger holds the line at another level; a
//!                                  REQUEST or CONFIGURE that drives says so, too
//! LEVEL low by contact             the level changed without the line's own driver: by a `contact`, by
//!                                  `other` (another chip), by the wired line of a name, by `pull-up`,
//!                                  `pull-down`, by `nothing` (it floats), or by `driver` (its own, which
//!                                  something stronger had held)
//! VALUE 2048/4095                  what an analog output drives changed: the raw value, and the greatest
//! DUTY 64/255                      the same of a PWM output: for that part of the time it is high
//! VALUE 2048/4095, held 0/4095     as with levels
//! VALUE 1000/4095 by other         the voltage of an analog line changed without its own driver
//! RELEASE                          the driver gave the line back
//! TAKEN · GIVEN BACK               somebody else requested the line, or released it
//! GONE · BACK                      the line's chip was taken away, or came back
//! READY                            a line that needs time to settle after its request now works
//! IO FAULT · TIMEOUT · DENIED      an operation failed as the fixture asks (`gone` is written as GONE)
//! NOTE name                        a cue that does nothing else: what the guest had done by then
//! ```
//!
//! Lines appear on change only: driving a level that is driven already writes nothing, and so does a
//! drive that changes the level of no other line. Reading writes nothing. What a line carries when the
//! board starts writes nothing.
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
