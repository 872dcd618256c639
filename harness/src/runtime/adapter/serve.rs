//! What adapters ask, answered with the drivers of a board. Whatever comes is checked before anything is made of it.

use super::buses::{Open, refused};
use super::clock::RealClock;
use super::secret::Secret;
use crate::runtime::Transcript;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use wasi_hw_mock::{Board, Idle};
use wasi_hw_protocol::{Clock, Code, Empty, Form, Handle, Op, Outcome, Refused, Reply, Wait, Woken};
use wasi_hw_seam::usb::Watch;
use wasi_hw_seam::{self as seam, Refusal};

/// The most handles that are open at a time in a run.
const MOST_HANDLES: usize = 4_096;

/// The guest that stands for whoever asks over the socket: what comes and goes there is told once.
pub(super) const SOCKET: u32 = u32::MAX;

/// The board of one run, as its adapter sees it.
pub(super) struct Server {
    /// Whose are the time and the cues.
    pub(super) board: Board,
    /// Whose are the drivers.
    pub(super) drivers: Box<dyn seam::Board>,
    open: Mutex<HashMap<u32, Arc<Open>>>,
    /// By guest: who is told of USB devices that come and go.
    pub(super) watches: Mutex<HashMap<u32, Box<dyn Watch>>>,
    /// Counts for the whole life of the adapter: a handle of another run is nobody's.
    next: Arc<AtomicU32>,
    /// Where the host has a clock of its own: that clock.
    pub(super) real: Option<RealClock>,
    over: AtomicBool,
    secret: Secret,
    asked: AtomicU64,
}

/// What came of an operation.
pub(super) type Served = Result<Reply, Refused>;

impl Server {
    pub(super) fn new(board: &Board, next: &Arc<AtomicU32>, clock: Clock, secret: &Secret) -> Server {
        Server {
            board: board.clone(),
            drivers: Box::new(board.clone()),
            open: Mutex::default(),
            watches: Mutex::default(),
            next: Arc::clone(next),
            real: (clock == Clock::Own).then(RealClock::default),
            over: AtomicBool::new(false),
            secret: secret.clone(),
            asked: AtomicU64::new(0),
        }
    }

    /// The same, of guests in this form.
    pub(super) fn of_form(mut self, form: Form) -> Server {
        self.real = self.real.map(|_| RealClock::that_awaits_the_guest(form == Form::Command));
        self
    }

    /// A host with a clock of its own may do nothing but look whether it has waited long enough.
    fn count(&self, op: &Op) {
        if self.real.is_none() || !matches!(op, Op::Wait(_)) {
            self.asked.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many operations were asked for; where the host has a clock of its own, waits are none.
    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Does what a guest asks. Blocks while it waits, and while other guests of the run have their turn.
    pub(super) fn serve(&self, guest: u32, transcript: &Transcript, op: Op) -> Outcome {
        if let Some(real) = &self.real {
            real.guest_is_there();
        }
        let served = match op {
            Op::Saw(mut saw) => {
                self.secret.hide(&mut saw.line);
                self.asked.fetch_add(1, Ordering::Relaxed);
                self.follow_the_clock();
                transcript.push(self.board.now(), &saw.line);
                Ok(nothing())
            }
            Op::Cue(cue) => {
                self.asked.fetch_add(1, Ordering::Relaxed);
                self.follow_the_clock();
                let done = self.board.cue(&cue.name);
                if let Some(real) = &self.real {
                    real.until_heard(&self.board, || self.usb_is_unheard());
                }
                done.map(|()| nothing()).map_err(|why| refused(Code::NoCue, why))
            }
            op => return self.drive(guest, op),
        };
        answer(served)
    }

    /// Does what a driver asks.
    pub(super) fn drive(&self, guest: u32, op: Op) -> Outcome {
        self.count(&op);
        let served = match op {
            Op::Wait(wait) => match self.wait(guest, &wait) {
                Some(served) => served,
                None => return Outcome::Dead(Empty {}),
            },
            Op::Saw(_) | Op::Cue(_) => {
                Err(refused(Refusal::Invalid, "only a guest's conversation has a transcript"))
            }
            op => {
                self.follow_the_clock();
                self.bus(guest, op)
            }
        };
        // What was opened meanwhile is closed with the rest.
        if self.over.load(Ordering::Acquire) {
            self.forget(|_| true);
        }
        answer(served)
    }

    /// The guests are done, and what they used was to be closed by then: what is closed from now on was left open.
    pub(super) fn guests_are_done(&self) {
        self.board.mark_left_open();
    }

    /// The run is over: closes what the adapter left open. Who still asks is refused.
    pub(super) fn end(&self) {
        self.guests_are_done();
        self.over.store(true, Ordering::Release);
        self.forget(|_| true);
    }

    /// Waits; `None` if nothing of what is waited for can ever happen.
    fn wait(&self, guest: u32, wait: &Wait) -> Option<Served> {
        let Wait { ns, on, hotplug } = wait;
        if on.len() > MOST_HANDLES {
            return Some(Err(refused(Refusal::TooMuch, "there are not so many handles")));
        }
        if let Some(Err(why)) = on.iter().map(|awaited| self.has_happened(awaited)).find(Result::is_err) {
            return Some(Err(why));
        }
        let driver = guest == SOCKET || *hotplug || !on.is_empty();
        let until = ns.map(|ns| self.board.now().saturating_add(ns.0));
        match (driver, until) {
            (true, _) => {}
            (false, None) => return None,
            (false, Some(until)) => {
                match &self.real {
                    Some(real) => real.sleep_until(&self.board, until),
                    None => self.board.wait(until.saturating_sub(self.board.now())),
                }
                return Some(Ok(Reply::Woken(Woken {
                    now: self.board.now(),
                    time: true,
                    ..Woken::default()
                })));
            }
        }
        loop {
            let now = self.board.now();
            // What was closed meanwhile is waited for no longer.
            let so = on.iter().copied().filter(|awaited| self.has_happened(awaited).unwrap_or(true));
            let woken = Woken {
                now,
                time: until.is_some_and(|until| until <= now),
                on: so.collect(),
                hotplug: *hotplug && self.usb_has_changed(guest),
            };
            if woken.time || woken.hotplug || !woken.on.is_empty() {
                return Some(Ok(Reply::Woken(woken)));
            }
            let idle = match (&self.real, until) {
                _ if self.over.load(Ordering::Acquire) => Idle::Dead,
                (Some(real), _) => real.idle(&self.board),
                (None, Some(until)) => self.board.idle_until(until),
                (None, None) => self.board.idle(),
            };
            if idle == Idle::Dead {
                return None;
            }
        }
    }

    /// Where the host has a clock of its own, the board's is never behind it.
    fn follow_the_clock(&self) {
        if let Some(real) = &self.real {
            real.busy(&self.board);
        }
    }

    /// Looks after a host with a clock of its own, which was idle for so long since the last look: false if everybody waits
    /// for what can never happen.
    pub(super) fn look(&self, idle: Duration) -> bool {
        self.real.as_ref().is_none_or(|real| real.look(&self.board, idle))
    }

    /// Whether that was found out.
    pub(super) fn is_lost(&self) -> bool {
        self.real.as_ref().is_some_and(RealClock::is_lost)
    }

    /// Keeps what was opened, under a number of its own.
    pub(super) fn keep(&self, opened: Open) -> Result<u32, Refused> {
        let mut open = self.open();
        self.room_in(&open)?;
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        open.insert(number, Arc::new(opened));
        Ok(number)
    }

    /// Whether one more can be open.
    pub(super) fn room_in(&self, open: &HashMap<u32, Arc<Open>>) -> Result<(), Refused> {
        if open.len() < MOST_HANDLES {
            return Ok(());
        }
        Err(refused(Refusal::TooMuch, format!("{MOST_HANDLES} handles are open in this run")))
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

    /// Closes all of these.
    pub(super) fn forget(&self, which: impl Fn(&Open) -> bool) {
        let mut open = self.open();
        let mut numbers: Vec<_> =
            open.iter().filter(|(_, open)| which(open)).map(|(number, _)| *number).collect();
        // What was opened last goes first, as it does when a guest's own variables go.
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        let closed: Vec<_> = numbers.iter().filter_map(|number| open.remove(number)).collect();
        // As with one: closing touches the board.
        drop(open);
        drop(closed);
    }

    pub(super) fn open(&self) -> MutexGuard<'_, HashMap<u32, Arc<Open>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer(served: Served) -> Outcome {
    match served {
        Ok(reply) => Outcome::Ok(reply),
        Err(why) => Outcome::Refused(why),
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
