//! The tool `wasi-hw`, `cargo hw` in this repository: [`cli`] is its command line, and behind it stand the
//! checks and pages of what surrounds a run. [`wit`] checks, draws and publishes the packages, [`phase`] reports
//! where a proposal stands in the phase process, [`pages`] renews the parts of documents that are made from the
//! suite, [`guests`] builds the components, [`release`] freezes a suite, and
//! [`evidence`] makes and verifies packages of runs on one.

pub mod axes;
pub mod cli;
pub mod evidence;
pub mod guests;
pub mod markdown;
pub mod pages;
pub mod phase;
pub mod release;
pub mod traced;
pub mod verdicts;
pub mod wit;
