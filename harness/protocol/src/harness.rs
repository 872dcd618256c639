//! The harness as an adapter sees it, for adapters written in Rust.

use crate::exchange::{Exchange, Over};
use crate::message::{Answer, Ask, FromAdapter, ToAdapter};
use crate::op::{Code, Op, Outcome, Refused};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::fmt;
use std::io::{BufRead, Write};
use wasi_hw_seam::Refusal;

/// The harness. Guests that run in several threads share it.
pub struct Harness<H>(Exchange<ToAdapter<H, Box<RawValue>>>);

/// Why an operation has no result.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Failure {
    /// The driver's error, which the host maps to one of its own.
    Refused(Refused),
    /// Nothing can happen any more: the guest is to be abandoned.
    Dead,
    /// The conversation is over, and so is everything else.
    Over(Over),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Refused(refused) => refused.fmt(f),
            Failure::Dead => f.write_str("nothing can happen any more"),
            Failure::Over(why) => write!(f, "the harness is gone: {why}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Over> for Failure {
    fn from(why: Over) -> Failure {
        Failure::Over(why)
    }
}

/// What the driver says; [`Refusal::Other`] where it is not a driver that refuses.
impl From<Failure> for Refusal {
    fn from(why: Failure) -> Refusal {
        match why {
            Failure::Refused(Refused { code: Code::Driver(refusal), .. }) => refusal,
            _ => Refusal::Other,
        }
    }
}

impl<H: DeserializeOwned + fmt::Debug> Harness<H> {
    /// Talks over these streams: the standard ones, or a socket.
    pub fn new(from: impl BufRead + Send + 'static, to: impl Write + Send + 'static) -> Harness<H> {
        Harness(Exchange::new(from, to, |message| match message {
            ToAdapter::Go(go) => Some(go.guest),
            ToAdapter::Answer(answer) => Some(answer.guest),
            _ => None,
        }))
    }

    /// The next message that is for no guest: `start`, `load`, `run`, `sync` or `stop`.
    pub fn next(&self) -> Result<ToAdapter<H, Box<RawValue>>, Over> {
        let message = self.0.receive(None)?;
        if let ToAdapter::Run(run) = &message {
            self.0.set_places(u32::try_from(run.tests.len()).unwrap_or(u32::MAX));
        }
        Ok(message)
    }

    /// Sends a message to which no guest waits for the answer.
    pub fn send(&self, message: &FromAdapter) -> Result<(), Over> {
        self.0.send(message)
    }

    /// Waits until this one of several guests may begin.
    pub fn go(&self, guest: u32) -> Result<(), Over> {
        match self.0.receive(guest)? {
            ToAdapter::Go(_) => Ok(()),
            other => Err(Over::Broken(format!("{other:?} where `go` belongs"))),
        }
    }

    /// Asks something for a guest, and waits for the answer; `T` is what the operation is answered with, as
    /// [`Op`] says.
    pub fn ask<T: DeserializeOwned>(&self, guest: u32, op: Op) -> Result<T, Failure> {
        read(&self.ask_raw(guest, op)?)
    }

    /// The same, with the answer as it came.
    pub(crate) fn ask_raw(&self, guest: u32, op: Op) -> Result<Box<RawValue>, Failure> {
        self.0.send(&FromAdapter::Ask(Ask { guest, op }))?;
        match self.0.receive(guest)? {
            ToAdapter::Answer(Answer { outcome: Outcome::Ok(reply), .. }) => Ok(reply),
            ToAdapter::Answer(Answer { outcome: Outcome::Refused(refused), .. }) => {
                Err(Failure::Refused(refused))
            }
            ToAdapter::Answer(Answer { outcome: Outcome::Dead(_), .. }) => Err(Failure::Dead),
            other => Err(Over::Broken(format!("{other:?} where an answer belongs")).into()),
        }
    }
}

/// An answer that came.
pub(crate) fn read<T: DeserializeOwned>(reply: &RawValue) -> Result<T, Failure> {
    serde_json::from_str(reply.get()).map_err(|error| Over::Broken(error.to_string()).into())
}
