//! The adapter protocol: how a host implementation in another process is tested.
//!
//! JSON, one message a line, over the adapter's standard input and output. `harness/PROTOCOL.md` is the
//! specification; here are its messages as types, for adapters written in Rust and for the harness itself, and a
//! [`Client`], which is the driver seam at an adapter's end.
//!
//! Every message is an object with one key, which says what it is: `{"sync":{"run":7}}`. So is every
//! operation inside `ask`. What the harness sends is [`ToAdapter`], what an adapter sends is [`FromAdapter`].
//!
//! ```
//! use wasi_hw_protocol::{Ask, FromAdapter, Op, i2c};
//!
//! let line = r#"{"ask":{"op":{"i2c-open":{"bus":"sensors"}}}}"#;
//! let ask = Ask { guest: 0, op: Op::I2cOpen(i2c::Open { bus: "sensors".into() }) };
//! assert_eq!(serde_json::from_str::<FromAdapter>(line).unwrap(), FromAdapter::Ask(ask));
//! ```

mod bytes;
mod client;
mod exchange;
pub mod gpio;
mod harness;
pub mod i2c;
mod line;
mod message;
mod op;
pub mod spi;
pub mod usb;

pub use bytes::Bytes;
pub use client::Client;
pub use exchange::{Exchange, Over};
pub use harness::{Failure, Harness};
pub use line::{Lines, MOST_BYTES, NoLine, write};
pub use message::{
    Answer, Ask, Clock, Component, Done, Features, Form, FromAdapter, Go, How, Lack, Limits, Run, Start,
    Started, Sync, ToAdapter,
};
pub use op::{
    Awaited, Code, Count, Cue, Empty, Handle, Op, Outcome, Refused, Reply, Saw, Until, Wait, Woken,
};

/// The version of the protocol. An adapter that speaks another major version cannot be tested with this
/// harness; of the minor versions, an adapter's may be the older one.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The variable of an adapter's environment that names a socket, as address and port, on which libraries inside the
/// process reach the board.
pub const SOCKET: &str = "WASI_HW_SOCKET";

/// Whether an adapter that speaks `theirs` can be tested by a harness that speaks [`VERSION`]; the error
/// says why not.
pub fn compatible(theirs: &str) -> Result<(), String> {
    let parse = |text: &str| {
        let mut parts = text.split('.').map(|part| part.parse::<u32>().ok());
        let version = (parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(version)
    };
    let Some((major, minor, _)) = parse(theirs) else {
        return Err(format!("`{theirs}` is not a version such as {VERSION}"));
    };
    match parse(VERSION) {
        Some((ours, newest, _)) if major == ours && minor <= newest => Ok(()),
        _ => Err(format!("the adapter speaks protocol {theirs}, this harness {VERSION}")),
    }
}

#[cfg(test)]
mod tests {
    use super::compatible;

    #[test]
    fn a_version_is_compatible_with_older_minors_of_its_major() {
        assert!(compatible("1.0.0").is_ok() && compatible("1.2.7").is_ok());
        for other in ["2.0.0", "0.9.0", "1.3.0", "1.0", "1.0.0.0", "one", "", "-1.0.0"] {
            assert!(compatible(other).is_err(), "{other}");
        }
    }
}
