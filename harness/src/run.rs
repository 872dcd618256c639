//! A run: which cases, on which runtime, and what came of it.

pub mod known;
pub mod session;
pub(crate) mod target;
