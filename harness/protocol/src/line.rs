//! Lines: read with a limit, because the other side may be broken.

use serde::Serialize;
use std::fmt;
use std::io::{self, BufRead, Write};

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
        loop {
            let read = match self.from.fill_buf() {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(NoLine::Broken(error)),
            };
            if read.is_empty() {
                return Err(if self.line.is_empty() {
                    NoLine::End
                } else {
                    NoLine::Half(beginning(&self.line))
                });
            }
            let end = read.iter().position(|byte| *byte == b'\n');
            let part = &read[..end.unwrap_or(read.len())];
            if self.line.len() + part.len() > MOST_BYTES {
                self.line.extend_from_slice(&part[..part.len().min(256)]);
                return Err(NoLine::TooLong(beginning(&self.line)));
            }
            self.line.extend_from_slice(part);
            let used = end.map_or(read.len(), |end| end + 1);
            self.from.consume(used);
            if end.is_some() {
                break;
            }
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
    let mut line = serde_json::to_vec(message)?;
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
