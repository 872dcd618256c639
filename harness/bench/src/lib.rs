//! What a hardware interface costs a component, and what the conformance suite costs, measured side by side.
//!
//! Every figure is a difference or a ratio of two things that were measured in turns, in one run, with its spread
//! ([`measure`]); so a machine that is slow, or busy, gives the same figures, with more spread.

mod board;
pub mod calls;
mod guest;
pub mod measure;
pub mod throughput;
