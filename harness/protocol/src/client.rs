//! The adapter's side of the conversation, for adapters written in Rust.

use crate::message::{Answer, Ask, FromAdapter, ToAdapter};
use crate::op::{Op, Outcome, Refused};
use crate::{Lines, NoLine, line};
use serde::de::DeserializeOwned;
use std::fmt;
use std::io::{self, BufRead, Write};

/// A conversation with the harness, over the standard streams or a socket.
pub struct Client<R, W> {
    lines: Lines<R>,
    to: W,
}

/// Why an operation has no result.
#[derive(Debug)]
pub enum Failure {
    /// The harness refused it: an error of the driver, which the host maps to one of its own.
    Refused(Refused),
    /// Nothing can happen any more: the guest is to be abandoned.
    Dead,
    /// The conversation is over; so is everything else.
    Over(String),
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

impl From<NoLine> for Failure {
    fn from(why: NoLine) -> Failure {
        Failure::Over(why.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(why: io::Error) -> Failure {
        Failure::Over(why.to_string())
    }
}

impl<R: BufRead, W: Write> Client<R, W> {
    /// Talks over these streams.
    pub fn new(from: R, to: W) -> Client<R, W> {
        Client { lines: Lines::new(from), to }
    }

    /// The harness's next message; `None` when it has no more to say.
    pub fn next<H: DeserializeOwned>(&mut self) -> Result<Option<ToAdapter<H, serde_json::Value>>, Failure> {
        match self.lines.next_line() {
            Ok(line) => serde_json::from_str(line).map(Some).map_err(|error| Failure::Over(format!("{error}: {line}"))),
            Err(NoLine::End) => Ok(None),
            Err(why) => Err(why.into()),
        }
    }

    /// Sends a message that is not answered.
    pub fn send(&mut self, message: &FromAdapter) -> Result<(), Failure> {
        Ok(line::write(&mut self.to, message)?)
    }

    /// Asks something for a guest, and waits for the answer. For adapters with one guest at a time: no other
    /// message can come in between.
    pub fn ask<T: DeserializeOwned>(&mut self, guest: u32, op: Op) -> Result<T, Failure> {
        self.send(&FromAdapter::Ask(Ask { guest, op }))?;
        match self.next::<serde_json::Value>()? {
            Some(ToAdapter::Answer(answer)) => reply(answer),
            Some(other) => Err(Failure::Over(format!("another message than an answer: {other:?}"))),
            None => Err(NoLine::End.into()),
        }
    }
}

/// What an answer holds.
pub fn reply<T: DeserializeOwned>(answer: Answer<serde_json::Value>) -> Result<T, Failure> {
    match answer.outcome {
        Outcome::Ok(reply) => serde_json::from_value(reply).map_err(|error| Failure::Over(error.to_string())),
        Outcome::Refused(refused) => Err(Failure::Refused(refused)),
        Outcome::Dead(_) => Err(Failure::Dead),
    }
}
