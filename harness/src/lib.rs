//! The conformance harness for WASI hardware interfaces.
//!
//! Four rooms, each of which knows only those above it:
//!
//! - [`suite`] reads the files: cases, fixtures, requirements, components;
//! - [`runtime`] is what it takes to be a host under test, with an engine for embeddings of wasmtime, the
//!   reference host, and the adapters of hosts in other processes;
//! - [`report`] is what is written down of a run: records, verdicts, and the forms that they are told in;
//! - [`run`] puts a mock board under a runtime, runs the cases on it, and hands the records to the forms of
//!   the report.
//!
//! Below them lie [`text`], which makes text from outside safe, [`say`], the error stream, and [`interrupt`], whether this
//! process was asked to end.
//!
//! A Rust host outside this repository is tested by a target of its own:
//!
//! ```no_run
//! # use wasi_hw_harness::runtime::reference::Reference as MyHost;
//! use wasi_hw_harness::runtime::engine::InProcess;
//!
//! fn main() -> std::process::ExitCode {
//!     wasi_hw_harness::main(InProcess::new(MyHost::default()).expect("an engine"))
//! }
//! ```
//!
//! where `MyHost` implements [`runtime::engine::Embedding`]. It runs in processes of its own, which are this executable,
//! started again, unless it is asked for in this one (`--isolate=never`); what it is known to fail stands in `wasi-hw.toml`
//! beside its `Cargo.toml`. wasmtime is the one that this crate is built on, 48; a host on another has an adapter
//! ([`runtime::adapter`]).

pub mod interrupt;
pub mod report;
pub mod run;
pub mod runtime;
pub mod say;
pub mod suite;
pub mod text;

pub use run::target::main;
pub use runtime::Runtimes;
