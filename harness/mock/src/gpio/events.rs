//! What a requested line tells its driver, and who waits for it.

use super::config::Level;
use std::collections::VecDeque;
use std::task::Waker;

/// Something that happened on a line while it was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineEvent {
    /// Counts the line's events from 1. A gap means that events were lost.
    pub sequence: u32,
    /// Board time in nanoseconds.
    pub at_ns: u64,
    /// What the line has since then: the level of a digital line, the raw value of an analog one.
    pub now: Sample,
}

/// What a line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// A digital line: an edge to high is a rising one.
    Level(Level),
    /// An analog line.
    Value(u32),
}

/// How many events wait for a driver that does not take them; then the oldest are lost. It is what
/// Linux keeps for a request of one line.
const MOST_WAITING: usize = 16;

/// The events of one request.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<LineEvent>,
    sequence: u32,
    wakers: Vec<Waker>,
}

impl Queue {
    pub(super) fn push(&mut self, at_ns: u64, now: Sample) {
        self.sequence += 1;
        if self.waiting.len() == MOST_WAITING {
            self.waiting.pop_front();
        }
        self.waiting.push_back(LineEvent { sequence: self.sequence, at_ns, now });
    }

    pub(super) fn pop(&mut self) -> Option<LineEvent> {
        self.waiting.pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Notes who is to be woken by whatever happens next.
    pub(super) fn wait(&mut self, waker: &Waker) {
        if !self.wakers.iter().any(|other| other.will_wake(waker)) {
            self.wakers.push(waker.clone());
        }
    }

    pub(super) fn wake(&mut self) {
        for waker in self.wakers.drain(..) {
            waker.wake();
        }
    }
}
