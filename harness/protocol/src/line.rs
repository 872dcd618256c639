//! Lines: read with a limit, because the other side may be broken.

use serde::Serialize;
use std::fmt;
use std::io::{self, BufRead, Read, Write};

/// The longest line, without its end. The longest that a sane host sends is a USB transfer of some megabytes.
pub const MOST_BYTES: usize = 16 << 20;

/// Lines of a stream.
pub struct Lines<R> {
    from: R,
    line: Vec<u8>,
}

/// Why there is no line.
#[derive(Debug)]
pub enum NoLine {
    /// The stream ended, after a whole line.
    End,
    /// The stream ended in the middle of a line: its beginning.
    Half(String),
    /// The line is longer than [`MOST_BYTES`]: its beginning.
    TooLong(String),
    /// The line is not UTF-8: its beginning, as far as it is readable.
    NotText(String),
    /// The stream cannot be read.
    Broken(io::Error),
}

impl fmt::Display for NoLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoLine::End => f.write_str("the stream ended"),
            NoLine::Half(line) => write!(f, "the stream ended within a line: {line}"),
            NoLine::TooLong(line) => write!(f, "a line of more than {MOST_BYTES} bytes: {line}"),
            NoLine::NotText(line) => write!(f, "a line that is not UTF-8: {line}"),
            NoLine::Broken(error) => write!(f, "the stream cannot be read: {error}"),
        }
    }
}

impl std::error::Error for NoLine {}

impl<R: BufRead> Lines<R> {
    /// Reads from `from`.
    pub fn new(from: R) -> Lines<R> {
        Lines { from, line: Vec::new() }
    }

    /// The next line, without its end (a line feed, or carriage return and line feed). Blocks until it is
    /// there. No more than [`MOST_BYTES`] are kept, however long it is.
    pub fn next_line(&mut self) -> Result<&str, NoLine> {
        self.line.clear();
        // What a long line left behind is given back.
        self.line.shrink_to(64 << 10);
        // With its end, the longest line has one byte more.
        let mut limited = (&mut self.from).take(MOST_BYTES as u64 + 1);
        if let Err(error) = limited.read_until(b'\n', &mut self.line) {
            return Err(NoLine::Broken(error));
        }
        if self.line.pop_if(|last| *last == b'\n').is_none() {
            return Err(match self.line.len() {
                0 => NoLine::End,
                length if length > MOST_BYTES => NoLine::TooLong(beginning(&self.line)),
                _ => NoLine::Half(beginning(&self.line)),
            });
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        std::str::from_utf8(&self.line).map_err(|_| NoLine::NotText(beginning(&self.line)))
    }
}

/// The beginning of a line, for a message.
pub(crate) fn beginning(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(&line[..line.len().min(200)]);
    if line.len() > 200 { format!("{text}…") } else { text.into_owned() }
}

/// Writes one message as a line, at once.
pub fn write(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    // Most messages are shorter.
    let mut line = Vec::with_capacity(256);
    serde_json::to_writer(&mut line, message)?;
    line.push(b'\n');
    // In one piece: a half-written line is no message.
    to.write_all(&line)?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::{Lines, MOST_BYTES, NoLine};
    use std::io::{BufReader, Read};

    #[test]
    fn lines_end_with_lf_or_crlf() {
        let mut lines = Lines::new(&b"one\ntwo\r\n\nthr"[..]);
        assert_eq!(lines.next_line().unwrap(), "one");
        assert_eq!(lines.next_line().unwrap(), "two");
        assert_eq!(lines.next_line().unwrap(), "");
        assert!(matches!(lines.next_line(), Err(NoLine::Half(half)) if half == "thr"));
        assert!(matches!(Lines::new(&b""[..]).next_line(), Err(NoLine::End)));
        assert!(matches!(Lines::new(&b"\xff\n"[..]).next_line(), Err(NoLine::NotText(_))));
    }

    #[test]
    fn a_line_without_end_costs_no_more_than_the_limit() {
        let mut lines = Lines::new(BufReader::new(std::io::repeat(b'x').take(1 << 40)));
        assert!(matches!(lines.next_line(), Err(NoLine::TooLong(_))));
        assert!(lines.line.capacity() <= 2 * MOST_BYTES + 512);
    }
}
