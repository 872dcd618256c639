//! The harness, asked over the socket that the environment names.
//!
//! Each thread has a connection of its own, on which it asks and waits for the answer. So a thread that handles events,
//! which is what waiting for a transfer is, holds up no other.

use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::io::{BufReader, Write};
use std::net::TcpStream;
use wasi_hw_protocol::{Failure, Harness, Op, Over, SOCKET, ToAdapter, address_and_secret, compatible};

/// The `[host]` part of a fixture, which does not come this way.
type NoHost = ();

thread_local! {
    static CONNECTION: RefCell<Option<Harness<NoHost>>> = const { RefCell::new(None) };
}

/// Asks, and waits for the answer; `T` is what the operation is answered with.
pub(crate) fn ask<T: DeserializeOwned>(op: Op) -> Result<T, Failure> {
    CONNECTION.with(|connection| {
        let mut connection = connection.borrow_mut();
        let harness = match &mut *connection {
            Some(harness) => harness,
            none => none.insert(connect().map_err(Over::Gone)?),
        };
        harness.ask(0, op)
    })
}

/// Whether there is a harness that can be asked; an error says why not.
pub(crate) fn present() -> Result<(), String> {
    CONNECTION.with(|connection| {
        let mut connection = connection.borrow_mut();
        if connection.is_none() {
            *connection = Some(connect()?);
        }
        Ok(())
    })
}

fn connect() -> Result<Harness<NoHost>, String> {
    let address = std::env::var(SOCKET).map_err(|_| {
        format!(
            "{SOCKET} does not name the harness's socket; the harness sets it for the adapters that it starts"
        )
    })?;
    let (address, secret) = address_and_secret(&address).ok_or_else(|| {
        format!("{SOCKET} is no address with a secret behind it; build the harness and this library alike")
    })?;
    let mut stream =
        TcpStream::connect(address).map_err(|why| format!("cannot connect to {address}: {why}"))?;
    // A question is one small write, and nobody goes on before it has arrived.
    stream.set_nodelay(true).map_err(|why| why.to_string())?;
    let entered = stream.write_all(format!("{secret}\n").as_bytes());
    entered.map_err(|why| format!("{address} cannot be written to: {why}"))?;
    let from = stream.try_clone().map_err(|why| why.to_string())?;
    let harness = Harness::<NoHost>::new(BufReader::with_capacity(64 << 10, from), stream);
    match harness.next() {
        Ok(ToAdapter::Start(start)) => compatible(&start.protocol)
            .map_err(|why| format!("{why}; build it again with `cargo hw setup`"))
            .map(|()| harness),
        Ok(_) => Err(format!("{address} does not greet as a harness does")),
        Err(why) => Err(format!("{address} does not greet: {why}")),
    }
}
