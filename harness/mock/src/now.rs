//! The present of a board: its time, what was written down until now, and what is still to happen.

use crate::config::Action;
use crate::trace::Trace;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What every part of a board works on: it writes lines at the present time, and lets things happen later.
#[derive(Default)]
pub(crate) struct Now {
    /// Nanoseconds since the board was built.
    pub(crate) ns: u64,
    /// What the wires saw.
    pub(crate) trace: Trace,
    /// What will happen, by time; at one time in the order in which it was scheduled.
    events: BTreeMap<(u64, u64), Vec<Action>>,
    scheduled: u64,
    /// Whether whoever used the drivers is done: what is closed from now on was left open.
    pub(crate) left_open: bool,
}

/// What stands before a line of something that was left open, behind which the line is in parentheses. No expectation
/// can be written so, because no wire says it.
pub const LEFT_OPEN: &str = "LEFT OPEN";

impl Now {
    /// Writes a line of a channel.
    pub(crate) fn line(&mut self, channel: &Arc<str>, text: impl Into<String>) {
        match self.left_open {
            false => self.trace.push(self.ns, channel, text),
            true => self.trace.push(self.ns, channel, format!("{LEFT_OPEN} ({})", text.into())),
        }
    }

    /// The same of a time that a transfer under way will have reached by then.
    pub(crate) fn line_after(&mut self, ns: u64, channel: &Arc<str>, text: impl Into<String>) {
        self.trace.push(self.ns.saturating_add(ns), channel, text);
    }

    /// Lets something happen at a time, after what is to happen then already.
    pub(crate) fn schedule(&mut self, at_ns: u64, actions: Vec<Action>) {
        self.events.insert((at_ns, self.scheduled), actions);
        self.scheduled += 1;
    }

    /// The same, so much later than now.
    pub(crate) fn after(&mut self, ns: u64, action: Action) {
        self.schedule(self.ns.saturating_add(ns), vec![action]);
    }

    /// When the next thing is to happen.
    pub(crate) fn next(&self) -> Option<u64> {
        self.events.first_key_value().map(|((at, _), _)| *at)
    }

    /// Moves on to the next thing that is to happen, and takes it.
    pub(crate) fn take_next(&mut self) -> Vec<Action> {
        let Some(((at, _), actions)) = self.events.pop_first() else { return Vec::new() };
        self.move_to(at);
        actions
    }

    /// Moves on to a time, if it is not past.
    pub(crate) fn move_to(&mut self, ns: u64) {
        self.ns = self.ns.max(ns);
    }
}
