//! The adapter protocol: host implementations in another process, tested like one in this.
//!
//! [`Adapters`] is the [`Runtime`](crate::runtime::Runtime): as many processes as cases run at once. A
//! [`conversation`] is one case with one of them, and [`serve`] answers with the mock what they ask. The
//! other side of it, with the reference host, is [`child`]. `harness/PROTOCOL.md` is the specification.

mod adapters;
#[cfg(test)]
mod both;
mod buses;
pub mod child;
mod clock;
mod command;
mod conversation;
pub mod doctor;
mod errors;
mod process;
mod rehearsal;
#[cfg(test)]
mod schema;
mod secret;
mod serve;
mod socket;

pub use adapters::Adapters;
pub use command::Command;
pub(crate) use process::end_all;
pub use rehearsal::rehearse;
pub use socket::Socket;
