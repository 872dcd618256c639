//! One side of a conversation, shared by threads: each waits for what is addressed to it.

use crate::{Lines, NoLine, line};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A conversation whose incoming messages are of type `M`. There is no thread that reads: of those that
/// wait, one reads, and hands the others what is theirs. So a conversation of one thread costs no more
/// than its reads and writes.
pub struct Exchange<M> {
    from: Mutex<Lines<Box<dyn BufRead + Send>>>,
    to: Mutex<Box<dyn Write + Send>>,
    address: fn(&M) -> Option<u32>,
    mail: Mutex<Mail<M>>,
    arrived: Condvar,
}

struct Mail<M> {
    waiting: BTreeMap<Option<u32>, M>,
    reading: bool,
    /// How many wait for the one that reads.
    asleep: u32,
    over: Option<Over>,
    places: u32,
}

/// Why a conversation is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Over {
    /// The other side is gone: its stream ended, or cannot be read or written any more.
    Gone(String),
    /// The other side sent what it may not.
    Broken(String),
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Over::Gone(why) | Over::Broken(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Over {}

impl From<NoLine> for Over {
    fn from(why: NoLine) -> Over {
        match why {
            NoLine::TooLong(_) | NoLine::NotText(_) => Over::Broken(why.to_string()),
            NoLine::End | NoLine::Half(_) | NoLine::Broken(_) => Over::Gone(why.to_string()),
        }
    }
}

impl<M: DeserializeOwned> Exchange<M> {
    /// A conversation over these streams. `address` says for which place a message is; `None` is the one for what is for no
    /// guest.
    pub fn new(
        from: impl BufRead + Send + 'static,
        to: impl Write + Send + 'static,
        address: fn(&M) -> Option<u32>,
    ) -> Exchange<M> {
        let mail = Mail { waiting: BTreeMap::new(), reading: false, asleep: 0, over: None, places: 1 };
        Exchange {
            from: Mutex::new(Lines::new(Box::new(from))),
            to: Mutex::new(Box::new(to)),
            address,
            mail: Mutex::new(mail),
            arrived: Condvar::new(),
        }
    }

    /// How many places there are from now on, from 0; a message for another one ends the conversation.
    pub fn set_places(&self, places: u32) {
        self.mail().places = places;
    }

    /// Sends a message.
    pub fn send(&self, message: &impl Serialize) -> Result<(), Over> {
        let mut to = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        line::write(&mut *to, message)
            .map_err(|error: io::Error| Over::Gone(format!("cannot be written to: {error}")))
    }

    /// Waits for the next message to `place`, which may be the number of a guest. Once the conversation is over it is so for every place.
    pub fn receive(&self, place: impl Into<Option<u32>>) -> Result<M, Over> {
        let place = place.into();
        let mut mail = self.mail();
        loop {
            if let Some(message) = mail.waiting.remove(&place) {
                return Ok(message);
            }
            if let Some(over) = &mail.over {
                return Err(over.clone());
            }
            if mail.reading {
                mail.asleep += 1;
                mail = self.arrived.wait(mail).unwrap_or_else(PoisonError::into_inner);
                mail.asleep -= 1;
                continue;
            }
            mail.reading = true;
            drop(mail);
            let read = self.read();
            mail = self.mail();
            mail.reading = false;
            let mine = match read {
                // Nearly always so, and then nothing has to be kept for anybody.
                Ok(message) if (self.address)(&message) == place => Some(message),
                Ok(message) => {
                    self.deliver(&mut mail, message);
                    None
                }
                Err(over) => {
                    mail.over = Some(over);
                    None
                }
            };
            // Waking nobody is a call of the system, too.
            if mail.asleep > 0 {
                self.arrived.notify_all();
            }
            if let Some(message) = mine {
                return Ok(message);
            }
        }
    }

    fn read(&self) -> Result<M, Over> {
        let mut lines = self.from.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.next_line()?;
        serde_json::from_str(line)
            .map_err(|error| Over::Broken(format!("{error}: {}", crate::line::beginning(line.as_bytes()))))
    }

    fn deliver(&self, mail: &mut Mail<M>, message: M) {
        let place = (self.address)(&message);
        let places = mail.places;
        mail.over = match place {
            Some(place) if place >= places => {
                Some(format!("a message of guest {place}, of {places} in this run"))
            }
            _ if mail.waiting.insert(place, message).is_none() => return,
            Some(place) => Some(format!("guest {place} sent two messages and waited for no answer")),
            None => Some("two messages, and no answer was waited for".to_owned()),
        }
        .map(Over::Broken);
    }

    fn mail(&self) -> MutexGuard<'_, Mail<M>> {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
