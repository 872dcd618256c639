//! A pin's line, shared by the pin and by the pollables of what its guest waits for.
//!
//! The pollables outlive the pin if the guest drops it first: then they are ready, and the line is
//! released all the same. What happened stays with the watch that waited for it, so a pollable that
//! became ready stays so.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Level, Line, Sample};
use wasmtime_wasi_io::async_trait;
use wasmtime_wasi_io::poll::Pollable;

/// How many watches a guest may have on one pin at a time.
const MOST_WATCHES: usize = 1_000;

/// A line, and who waits for what on it.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Waited>>);

struct Waited {
    /// Until the pin is dropped.
    line: Option<Box<dyn Line>>,
    watches: BTreeMap<u64, (Condition, bool)>,
    next: u64,
}

/// What a guest waits for, in physical terms.
#[derive(Clone, Copy, Debug)]
pub(super) enum Condition {
    /// The line works.
    Ready,
    /// It has this level.
    Level(Level),
    /// It changes to this level.
    Edge(Level),
    /// Its raw value is above this.
    Above(Threshold),
    /// Its raw value is below this.
    Below(Threshold),
}

/// A raw value, or a place between two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Threshold {
    /// Where.
    pub(super) at: f64,
    /// Whether a raw value that is equal is on the wanted side.
    pub(super) inclusive: bool,
}

impl Condition {
    /// Whether the line, which has this now, is as wanted. An edge is not something that a line has.
    fn has(self, now: Sample) -> bool {
        match (self, now) {
            (Condition::Level(wanted), Sample::Level(level)) => level == wanted,
            (Condition::Above(Threshold { at, inclusive }), Sample::Value(value)) => {
                f64::from(value) > at || inclusive && f64::from(value) == at
            }
            (Condition::Below(Threshold { at, inclusive }), Sample::Value(value)) => {
                f64::from(value) < at || inclusive && f64::from(value) == at
            }
            _ => false,
        }
    }

    /// Whether a change to what the line has now is what was waited for.
    fn comes(self, now: Sample) -> bool {
        matches!((self, now), (Condition::Edge(wanted), Sample::Level(level)) if level == wanted)
            || self.has(now)
    }
}

impl Shared {
    pub(super) fn new(line: Box<dyn Line>) -> Shared {
        Shared(Arc::new(Mutex::new(Waited { line: Some(line), watches: BTreeMap::new(), next: 0 })))
    }

    /// Does something with the line.
    pub(super) fn line<T>(
        &self,
        run: impl FnOnce(&mut dyn Line) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        match &mut self.lock().line {
            Some(line) => run(&mut **line),
            None => Err(Refusal::Gone),
        }
    }

    /// Releases the line.
    pub(super) fn release(&self) {
        let line = self.lock().line.take();
        drop(line);
    }

    /// Begins to wait. What happened on the line before does not count for this watch; what it has
    /// now does, unless an edge is waited for.
    pub(super) fn watch(&self, condition: Condition) -> Result<Watch, Refusal> {
        let mut waited = self.lock();
        if waited.watches.len() >= MOST_WATCHES {
            return Err(Refusal::TooMuch);
        }
        let told = waited.take_events(&mut Context::from_waker(Waker::noop()));
        if !matches!(condition, Condition::Ready) {
            told?;
        }
        let line = waited.line.as_mut().ok_or(Refusal::Gone)?;
        let now = match condition {
            Condition::Ready | Condition::Edge(_) => None,
            Condition::Level(_) | Condition::Above(_) | Condition::Below(_) => Some(line.get()?),
        };
        let fired = now.is_some_and(|now| condition.has(now));
        let id = waited.next;
        waited.next += 1;
        waited.watches.insert(id, (condition, fired));
        Ok(Watch { shared: self.clone(), id })
    }

    fn lock(&self) -> MutexGuard<'_, Waited> {
        // A driver that panicked did so between two states of this, never within one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waited {
    /// Tells every watch what happened on the line since this was last done. The error says that the
    /// line does not tell.
    fn take_events(&mut self, context: &mut Context<'_>) -> Result<(), Refusal> {
        let line = self.line.as_mut().ok_or(Refusal::Gone)?;
        loop {
            let event = match line.poll_event(context) {
                Poll::Pending => return Ok(()),
                Poll::Ready(Err(Refusal::Unsupported)) => return Err(Refusal::Unsupported),
                Poll::Ready(event) => event,
            };
            for (condition, fired) in self.watches.values_mut() {
                // A line that is lost is an error to come, and an error counts as ready.
                *fired |= event.as_ref().map_or(true, |event| condition.comes(event.now));
            }
            event?;
        }
    }

    fn poll(&mut self, id: u64, context: &mut Context<'_>) -> Poll<()> {
        // If the line is lost, every watch has been told.
        let _ = self.take_events(context);
        match (&mut self.line, self.watches.get(&id)) {
            (Some(line), Some((Condition::Ready, false))) => line.poll_ready(context).map(|_| ()),
            (Some(_), Some((_, false))) => Poll::Pending,
            _ => Poll::Ready(()),
        }
    }
}

/// One thing that is waited for.
pub(super) struct Watch {
    shared: Shared,
    id: u64,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.lock().watches.remove(&self.id);
    }
}

#[async_trait]
impl Pollable for Watch {
    async fn ready(&mut self) {
        poll_fn(|context| self.shared.lock().poll(self.id, context)).await;
    }
}
