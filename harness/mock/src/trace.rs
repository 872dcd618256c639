//! What the wires saw, line by line, with the board's time.

use std::sync::Arc;

/// The most lines that a trace keeps. A guest in a loop can make traffic for as long as its fuel
/// lasts; beyond this the trace says that it is full, and no expectation matches it.
pub const MOST_LINES: usize = 20_000;

/// One line of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Board time in nanoseconds.
    pub at: u64,
    /// The bus, line or device that the line speaks of, as the fixture names it.
    pub channel: Arc<str>,
    /// What happened, in the notation of the channel's kind.
    pub text: String,
}

/// The lines of all channels, in the order in which they happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    entries: Vec<Entry>,
}

impl Trace {
    /// Every line, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The lines of one channel, in order.
    pub fn channel(&self, channel: &str) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |e| &*e.channel == channel)
    }

    pub(crate) fn push(&mut self, at: u64, channel: &Arc<str>, text: impl Into<String>) {
        if self.entries.len() > MOST_LINES {
            return;
        }
        let full = self.entries.len() == MOST_LINES;
        let text = if full { format!("the trace is full ({MOST_LINES} lines)") } else { text.into() };
        self.entries.push(Entry { at, channel: channel.clone(), text });
    }
}
