//! What a case leaves behind of its guests and of its runtime's process, each within a budget: a report stays small,
//! whatever they do, and says what was left out.

use crate::suite::expect::Line;
use crate::text::{self, MOST_LINE, MOST_STDERR};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most lines of a transcript.
const MOST_LINES: usize = 4_000;
/// The most bytes of all transcripts of a case, where a line costs [`LINE`] bytes more than it has.
const MOST_BYTES: usize = 512 << 10;
const LINE: usize = 32;

/// What a guest writes down, with board time. Clones write to the same transcript.
#[derive(Clone)]
pub struct Transcript(Arc<Mutex<Lines>>);

struct Lines {
    lines: Vec<Line>,
    room: usize,
    full: bool,
    abandoned: bool,
    lost: Lost,
}

/// What there was no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Whole lines.
    pub lines: u64,
    /// Bytes, those of the lines among them.
    pub bytes: u64,
}

impl Default for Transcript {
    fn default() -> Transcript {
        Transcript::of_several(1)
    }
}

impl Transcript {
    /// The transcript of one of so many guests of a case, who share the room.
    pub fn of_several(guests: usize) -> Transcript {
        let room = MOST_BYTES / guests.max(1);
        Transcript(Arc::new(Mutex::new(Lines {
            lines: Vec::new(),
            room,
            full: false,
            abandoned: false,
            lost: Lost::default(),
        })))
    }

    /// Adds a line. What would make it more than one line is escaped; what is too long is cut, and
    /// says so.
    pub fn push(&self, at: u64, text: &str) {
        let mut all = self.lock();
        if all.abandoned {
            return;
        }
        if all.full {
            all.lost.lines += 1;
            all.lost.bytes += text.len() as u64;
            return;
        }
        let kept = text::head(text, MOST_LINE, false);
        let cost = kept.text.len() + LINE;
        if all.lines.len() < MOST_LINES && cost <= all.room {
            all.room -= cost;
            all.lost.bytes += kept.lost as u64;
            all.lines.push(Line { at, text: kept.text });
            return;
        }
        all.full = true;
        all.lost.lines += 1;
        all.lost.bytes += text.len() as u64;
        let lines = all.lines.len();
        all.lines.push(Line { at, text: format!("the transcript is full ({lines} lines)") });
    }

    /// The lines until now.
    pub fn lines(&self) -> Vec<Line> {
        self.lock().lines.clone()
    }

    /// The case is over for everybody but its guest, which is to end as soon as it can.
    pub(crate) fn abandon(&self) {
        self.lock().abandoned = true;
    }

    /// Whether it is.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.lock().abandoned
    }

    /// What was left out until now.
    pub fn lost(&self) -> Lost {
        self.lock().lost
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a runtime's process writes to its error stream while it runs a case: the end of it.
#[derive(Clone, Default)]
pub struct Stderr(Arc<Mutex<(String, usize)>>);

impl Stderr {
    /// Adds text.
    pub fn push(&self, text: &str) {
        self.push_rest(0, text);
    }

    /// Adds the end of a text, of which so many bytes are gone.
    pub(crate) fn push_rest(&self, gone: usize, text: &str) {
        let mut all = self.lock();
        let (there, lost) = &mut *all;
        // More than is kept, so that not every text moves all that is there.
        let text = end(text, 2 * MOST_STDERR, lost);
        there.push_str(text);
        *lost = lost.saturating_add(gone);
        if there.len() > 2 * MOST_STDERR {
            *there = end(there, MOST_STDERR, lost).to_owned();
        }
    }

    /// The end of it, if there is any: escaped, at most 64 KiB and a note of how much is not there.
    pub fn text(&self) -> Option<String> {
        Some(self.kept().text).filter(|text| !text.is_empty())
    }

    /// How many bytes of it are not in the text.
    pub fn lost(&self) -> u64 {
        self.kept().lost as u64
    }

    fn kept(&self) -> text::Kept {
        let (there, lost) = &*self.lock();
        text::last(there, MOST_STDERR, *lost)
    }

    fn lock(&self) -> MutexGuard<'_, (String, usize)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last bytes of a text, at most so many; what is before them is counted.
fn end<'t>(text: &'t str, most: usize, lost: &mut usize) -> &'t str {
    let mut from = text.len().saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    *lost = lost.saturating_add(from);
    &text[from..]
}

#[cfg(test)]
mod tests {
    use super::{Lost, MOST_BYTES, MOST_LINES, Stderr, Transcript};
    use crate::text::{MOST_LINE, MOST_STDERR};

    fn bytes(transcript: &Transcript) -> usize {
        transcript.lines().iter().map(|line| line.text.len()).sum()
    }

    #[test]
    fn a_transcript_is_full_at_so_many_lines_or_bytes() {
        let short = Transcript::default();
        (0..MOST_LINES + 3).for_each(|at| short.push(at as u64, "a line"));
        assert_eq!(short.lines().len(), MOST_LINES + 1);
        assert_eq!(short.lines()[MOST_LINES].text, "the transcript is full (4000 lines)");
        assert_eq!(short.lost(), Lost { lines: 3, bytes: 18 });
        for guests in [1, 3] {
            let long = Transcript::of_several(guests);
            // A control character is six bytes when it can be seen.
            (0..MOST_LINES).for_each(|at| long.push(at as u64, &"\x1b".repeat(4_000)));
            assert!(bytes(&long) <= MOST_BYTES / guests, "{}", bytes(&long));
            assert!(long.lines().last().unwrap().text.starts_with("the transcript is full ("));
            assert!(long.lost().lines > 3_000);
        }
    }

    #[test]
    fn a_long_line_is_cut_and_the_transcript_goes_on() {
        let transcript = Transcript::default();
        transcript.push(1, &"x".repeat(10_000));
        transcript.push(2, "the next");
        let lines = transcript.lines();
        assert!(lines[0].text.len() < MOST_LINE + 40 && lines[0].text.ends_with("… (10000 bytes)"));
        assert_eq!((lines[1].at, &*lines[1].text), (2, "the next"));
        assert_eq!(transcript.lost(), Lost { lines: 0, bytes: 6_000 });
    }

    #[test]
    fn the_end_of_an_error_stream_is_kept() {
        let stderr = Stderr::default();
        assert_eq!(stderr.text(), None);
        (0..1_000).for_each(|n| stderr.push(&format!("{n}{}\n", "é\x1b".repeat(500))));
        stderr.push("last words");
        let (text, lost) = (stderr.text().unwrap(), stderr.lost());
        assert!(text.len() < MOST_STDERR + 40, "{}", text.len());
        assert!(text.starts_with('(') && text.ends_with("\nlast words") && !text.contains('\x1b'));
        assert!(lost > 1_000_000);
        let all = Stderr::default();
        all.push(&"y".repeat(1 << 20));
        assert_eq!(all.lost(), (1 << 20) - MOST_STDERR as u64);
    }
}
