//! What a requested line tells its driver, and who waits for it.

use std::collections::VecDeque;
use std::task::Waker;
use wasi_hw_seam::gpio::{Event, Sample};

/// How many events wait for a driver that does not take them; then the oldest are lost. It is what
/// Linux keeps for a request of one line.
const MOST_WAITING: usize = 16;

/// The events of one request.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Event>,
    sequence: u32,
    wakers: Vec<Waker>,
}

impl Queue {
    pub(super) fn push(&mut self, at_ns: u64, now: Sample) {
        self.sequence += 1;
        if self.waiting.len() == MOST_WAITING {
            self.waiting.pop_front();
        }
        self.waiting.push_back(Event { sequence: self.sequence, at_ns, now });
    }

    pub(super) fn pop(&mut self) -> Option<Event> {
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
