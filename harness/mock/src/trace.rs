//! What the wires saw, line by line, with the board's time.

use std::sync::Arc;

/// The most lines that a trace keeps. A guest in a loop can make traffic for as long as its fuel
/// lasts; beyond this the trace says that it is full, and no expectation matches it.
pub const MOST_LINES: usize = 20_000;

/// The most bytes that it keeps, where each line costs [`LINE`] bytes beside its text: a line is as long as what a
/// transfer moves.
pub const MOST_BYTES: usize = 1 << 20;

/// What a line costs beside its text, in bytes.
pub const LINE: usize = 32;

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
    bytes: usize,
    lost: Lost,
}

/// What a trace had no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Lines.
    pub lines: u64,
    /// The bytes of these lines.
    pub bytes: u64,
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

    /// What was left out until now.
    pub fn lost(&self) -> Lost {
        self.lost
    }

    pub(crate) fn push(&mut self, at: u64, channel: &Arc<str>, text: impl Into<String>) {
        let text = text.into();
        let cost = text.len() + LINE;
        let fits = self.entries.len() < MOST_LINES && self.bytes + cost <= MOST_BYTES;
        // What follows on a line that is left out would say something else than happened.
        if fits && self.lost.lines == 0 {
            self.bytes += cost;
            return self.entries.push(Entry { at, channel: channel.clone(), text });
        }
        if self.lost.lines == 0 {
            let text = format!("the trace is full ({} lines)", self.entries.len());
            self.entries.push(Entry { at, channel: channel.clone(), text });
        }
        self.lost.lines += 1;
        self.lost.bytes += text.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::{LINE, Lost, MOST_BYTES, MOST_LINES, Trace};

    #[test]
    fn a_trace_is_full_at_so_many_lines() {
        let mut trace = Trace::default();
        (0..MOST_LINES + 5).for_each(|at| trace.push(at as u64, &"bus".into(), "STOP"));
        assert_eq!(trace.entries().len(), MOST_LINES + 1);
        let last = trace.entries().last().unwrap();
        assert_eq!((last.at, &*last.text), (MOST_LINES as u64, "the trace is full (20000 lines)"));
        assert_eq!(trace.lost(), Lost { lines: 5, bytes: 20 });
    }

    #[test]
    fn a_trace_is_full_at_so_many_bytes_and_takes_no_shorter_line_after_that() {
        let mut trace = Trace::default();
        let line = "x".repeat(300_000);
        (0..4).for_each(|at| trace.push(at, &"bus".into(), line.as_str()));
        trace.push(4, &"bus".into(), "STOP");
        let kept: usize = trace.entries().iter().map(|entry| entry.text.len() + LINE).sum();
        assert!(kept <= MOST_BYTES + 100, "{kept}");
        let texts: Vec<_> = trace.entries().iter().skip(3).map(|entry| entry.text.as_str()).collect();
        assert_eq!(texts, ["the trace is full (3 lines)"]);
        assert_eq!(trace.lost(), Lost { lines: 2, bytes: 300_004 });
    }
}
