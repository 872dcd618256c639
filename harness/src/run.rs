//! A run: which cases, on which runtime, and what came of it.

mod ahead;
mod hangs;
pub mod known;
mod order;
mod pressed;
mod program;
pub mod session;
mod shard;
pub(crate) mod target;
mod watch;

pub use program::{Finished, Options, interrupted, run};
pub use shard::Shard;
