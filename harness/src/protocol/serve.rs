//! What adapters ask, answered with the mock. Whatever comes is checked before anything is made of it.

use super::buses::{Open, refused};
use crate::runtime::Transcript;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use wasi_hw_mock::{Board, Idle, gpio};
use wasi_hw_protocol::{Clock, Code, Empty, Handle, Op, Outcome, Refused, Reply, Wait, Woken};

/// The most handles that are open at a time in a run.
const MOST_HANDLES: usize = 4_096;

/// The board of one run, as its adapter sees it.
pub(super) struct Server<'a> {
    pub(super) board: &'a Board,
    open: Mutex<HashMap<u32, Arc<Open>>>,
    /// Counts for the whole life of the adapter: a handle of another run is nobody's.
    next: &'a AtomicU32,
    /// When the run began, where the host's clock is its own.
    began: Option<Instant>,
}

/// What came of an operation.
pub(super) type Served = Result<Reply, Refused>;

impl<'a> Server<'a> {
    pub(super) fn new(board: &'a Board, next: &'a AtomicU32, clock: Clock) -> Server<'a> {
        Server { board, open: Mutex::default(), next, began: (clock == Clock::Own).then(Instant::now) }
    }

    /// Does what is asked. Blocks only while other guests of the run have their turn.
    pub(super) fn serve(&self, transcript: &Transcript, op: Op) -> Outcome {
        self.follow_the_clock();
        let served = match op {
            Op::Saw(saw) => {
                transcript.push(self.board.now(), &saw.line);
                Ok(nothing())
            }
            Op::Cue(cue) => match self.board.cue(&cue.name) {
                Ok(()) => Ok(nothing()),
                Err(why) => Err(refused(Code::NoCue, why)),
            },
            Op::Wait(wait) => match self.wait(&wait) {
                Some(served) => served,
                None => return Outcome::Dead(Empty {}),
            },
            op => self.bus(op),
        };
        match served {
            Ok(reply) => Outcome::Ok(reply),
            Err(why) => Outcome::Refused(why),
        }
    }

    /// Waits; `None` if nothing that is waited for can ever be so.
    fn wait(&self, wait: &Wait) -> Option<Served> {
        let Wait { ns, lines, settled, transfers, .. } = wait;
        if lines.len() + settled.len() > MOST_HANDLES {
            return Some(Err(refused(Code::TooMuch, "there are not so many handles")));
        }
        let mut asked = lines.iter().chain(settled).map(|line| self.gpio(*line, |_| ()));
        if let Some(Err(why)) = asked.find(Result::is_err) {
            return Some(Err(why));
        }
        if let Some(handle) = transfers.first() {
            return Some(Err(no_handle(*handle)));
        }
        let until = ns.map(|ns| self.board.now().saturating_add(ns.0));
        if lines.is_empty() && settled.is_empty() {
            self.board.wait((*ns)?.0);
            return Some(Ok(Reply::Woken(Woken { now: self.board.now(), time: true, ..Woken::default() })));
        }
        loop {
            let now = self.board.now();
            let woken = Woken {
                now,
                time: until.is_some_and(|until| until <= now),
                lines: self.of_those(lines, gpio::Line::has_event),
                settled: self.of_those(settled, gpio::Line::has_settled),
                ..Woken::default()
            };
            if woken.time || !woken.lines.is_empty() || !woken.settled.is_empty() {
                return Some(Ok(Reply::Woken(woken)));
            }
            let idle = match until {
                Some(until) => self.board.idle_until(until),
                None => self.board.idle(),
            };
            if idle == Idle::Dead {
                return None;
            }
        }
    }

    /// Where the host has a clock of its own, the board's is never behind it.
    fn follow_the_clock(&self) {
        if let Some(began) = self.began {
            let now = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
            self.board.wait(now.saturating_sub(self.board.now()));
        }
    }

    /// Keeps what was opened, under a number of its own.
    pub(super) fn keep(&self, opened: Open) -> Result<u32, Refused> {
        let mut open = self.open();
        if open.len() >= MOST_HANDLES {
            return Err(refused(Code::TooMuch, format!("{MOST_HANDLES} handles are open in this run")));
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        open.insert(number, Arc::new(opened));
        Ok(number)
    }

    /// The same, as an answer.
    pub(super) fn handle(&self, opened: Open) -> Served {
        Ok(Reply::Handle(Handle { handle: self.keep(opened)? }))
    }

    /// What is open under a number.
    pub(super) fn get(&self, number: u32) -> Result<Arc<Open>, Refused> {
        self.open().get(&number).cloned().ok_or_else(|| no_handle(number))
    }

    /// Closes what is open under a number, if it is of the right kind.
    pub(super) fn close(&self, number: u32, of_the_kind: fn(&Open) -> bool) -> Served {
        let open = self.get(number)?;
        if !of_the_kind(&open) {
            return Err(no_handle(number));
        }
        // Dropped outside the lock: closing touches the board, and may have to wait for its turn.
        let closed = self.open().remove(&number);
        drop((open, closed));
        Ok(nothing())
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u32, Arc<Open>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No handle of this number, or one of another kind.
pub(super) fn no_handle(number: u32) -> Refused {
    refused(Code::NoHandle, format!("no such handle is open in this run: {number}"))
}

/// Nothing more to say.
pub(super) fn nothing() -> Reply {
    Reply::Nothing(Empty {})
}
