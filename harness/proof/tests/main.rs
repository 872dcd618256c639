//! The tests of the wrong hosts, in one executable.

mod self_proof;
mod usb_sequences;
