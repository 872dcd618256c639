//! The tests of the tool, in one executable: each that links wasmtime has a hundred megabytes. `installed.rs` needs a
//! feature, and so an executable of its own.

mod bad_input;
#[cfg(target_os = "linux")]
mod bench;
mod board;
mod copy;
mod coverage;
mod diff;
mod evidence;
mod guests;
mod judge;
mod links;
mod merge;
mod oci;
mod pages;
mod phase;
mod protocol_page;
mod releases;
mod style;
mod terminal;
mod traced;
mod tutorial;
mod walkthroughs;
mod wit;
