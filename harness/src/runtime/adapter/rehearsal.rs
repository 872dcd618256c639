//! A case with an adapter that has nothing but its lines, whatever it hears: what anything at all that an adapter says
//! comes to, without a process.

use super::adapters::check;
use super::conversation::{self, Ran};
use super::secret::Secret;
use super::serve::Server;
use crate::runtime::{Ending, Job};
use std::io::{Cursor, sink};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use wasi_hw_protocol::{Clock, Exchange, FromAdapter};

/// Greets the adapter that says these lines, and runs a case with it, as the harness does with one in a process. Gives how
/// the guests ended; an error is why it was no adapter to begin with.
pub fn rehearse(job: &Job<'_>, said: Vec<u8>) -> anyhow::Result<Vec<Ending>> {
    let exchange = Exchange::new(Cursor::new(said), sink(), conversation::address);
    match exchange.receive(0)? {
        FromAdapter::Started(started) => check(&started)?,
        _ => anyhow::bail!("it answered `start` with something else than `started`"),
    }
    let server = Server::new(job.board, &Arc::new(AtomicU32::new(1)), Clock::Board, &Secret::new()?);
    let Ran { guests, afterwards, .. } = conversation::run(&exchange, job, 1, &server);
    server.end();
    let wrong = afterwards.into_iter().map(|over| Ending::Crash(over.to_string()));
    let ended = guests.into_iter().map(|guest| guest.unwrap_or_else(|over| Ending::Crash(over.to_string())));
    Ok(ended.chain(wrong).collect())
}
