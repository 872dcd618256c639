//! The conformance harness for WASI hardware interfaces.
//!
//! It reads a suite ([`suite`]), starts a host implementation ([`runtime`]), puts a mock board under
//! it, runs guests on it, and compares what the guests and the wires saw with what the cases
//! expect ([`judge`]). What comes out is a stream of records ([`report`]).
//!
//! A Rust host outside this repository is tested by a target of its own:
//!
//! ```no_run
//! # use wasi_hw_harness::reference::Reference as MyHost;
//! use wasi_hw_harness::engine::InProcess;
//!
//! fn main() -> std::process::ExitCode {
//!     wasi_hw_harness::main(InProcess::new(MyHost::default()).expect("an engine"))
//! }
//! ```
//!
//! where `MyHost` implements [`engine::Embedding`].

pub mod case;
pub mod cli;
pub mod defects;
pub mod engine;
mod executor;
pub mod expect;
pub mod fixture;
pub mod guests;
pub mod judge;
pub mod known;
pub mod manifest;
pub mod markdown;
mod needs;
pub mod pages;
mod panics;
pub mod phase;
pub mod problem;
pub mod protocol;
pub mod reference;
pub mod report;
pub mod requirement;
pub mod runtime;
mod runtimes;
pub mod session;
pub mod suite;
mod target;
pub mod wit;

pub use runtimes::Runtimes;
pub use target::main;
