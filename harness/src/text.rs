//! Text from outside: what guests, adapters and files say, made safe to show and to keep, once, where it
//! comes in.
//!
//! A terminal obeys control characters, and a reader is misled by marks that turn the direction of text. Both are
//! written as escapes, `\n` or `\u{202e}`, and what is too long is cut after that, and says so.

/// The most bytes of a transcript's line.
pub const MOST_LINE: usize = 4_000;
/// The most bytes of a reason for which a guest did not return.
pub const MOST_WHY: usize = 16 << 10;
/// The most bytes of an error stream that are kept for a case: its end.
pub const MOST_STDERR: usize = 64 << 10;
/// The most bytes of a name or a version.
pub const MOST_NAME: usize = 128;
/// The most bytes of an address on the web.
pub const MOST_ADDRESS: usize = 1_024;
/// The most bytes of a message for a person.
pub const MOST_MESSAGE: usize = 80 << 10;

/// Whether a character does nothing but stand for itself: not C0, C1, a mark that turns the direction of text, a
/// separator of lines, nor a byte order mark.
pub fn is_plain(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !(c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}'))
}

/// One line: line ends are escaped as everything else is. What is above `most` bytes is cut, and the line ends with
/// how many bytes there were.
pub fn line(text: &str, most: usize) -> String {
    head(text, most, false).text
}

/// Several lines: line ends stay. What is above `most` bytes is cut, as by [`line()`].
pub fn block(text: &str, most: usize) -> String {
    head(text, most, true).text
}

/// The last lines: line ends stay. What is above `most` bytes is cut at the front, which says how many bytes came before.
pub fn tail(text: &str, most: usize) -> String {
    last(text, most, 0).text
}

/// What was kept of a text.
pub(crate) struct Kept {
    /// The text, escaped and cut.
    pub(crate) text: String,
    /// How many bytes of what there was were left out.
    pub(crate) lost: usize,
}

pub(crate) fn head(text: &str, most: usize, lines: bool) -> Kept {
    let mut kept = String::new();
    for (at, c) in text.char_indices() {
        let before = kept.len();
        push(&mut kept, c, &text[at..], lines);
        if kept.len() > most {
            kept.truncate(before);
            kept.push_str(&format!("… ({} bytes)", text.len()));
            return Kept { text: kept, lost: text.len() - at };
        }
    }
    Kept { text: kept, lost: 0 }
}

/// `before` is how many bytes came before `text` and are gone already.
pub(crate) fn last(text: &str, most: usize, before: usize) -> Kept {
    let (mut from, mut bytes, mut one) = (text.len(), 0, String::new());
    for (at, c) in text.char_indices().rev() {
        one.clear();
        push(&mut one, c, &text[at..], true);
        bytes += one.len();
        if bytes > most {
            break;
        }
        from = at;
    }
    let lost = before.saturating_add(from);
    let mut kept = if lost > 0 { format!("({lost} bytes before this)…") } else { String::new() };
    for (at, c) in text[from..].char_indices() {
        push(&mut kept, c, &text[from + at..], true);
    }
    Kept { text: kept, lost }
}

/// Adds a character; `rest` begins with it.
fn push(out: &mut String, c: char, rest: &str, lines: bool) {
    match c {
        '\n' if lines => out.push(c),
        '\r' if lines && rest.starts_with("\r\n") => {}
        _ if is_plain(c) => out.push(c),
        _ => out.extend(c.escape_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::{block, is_plain, last, line, tail};

    #[test]
    fn what_a_terminal_obeys_or_a_reader_does_not_see_is_escaped() {
        assert_eq!(line("\x1b]0;x\x07\r\n\0\u{7f}\u{9b}", 100), r"\u{1b}]0;x\u{7}\r\n\u{0}\u{7f}\u{9b}");
        for c in "\u{61c}\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}\u{2028}\u{2029}\u{feff}".chars() {
            assert_eq!(line(&c.to_string(), 100), format!("\\u{{{:x}}}", u32::from(c)));
        }
        assert_eq!(line("µs · é 漢 🦀 \\n \"", 100), "µs · é 漢 🦀 \\n \"");
        assert_eq!(block("a\r\nb\rc\td", 100), "a\nb\\rc\\td");
    }

    #[test]
    fn everything_that_comes_out_is_plain() {
        let all: String = (0..=0x2_ffff).filter_map(char::from_u32).collect();
        assert!(line(&all, usize::MAX).chars().all(is_plain));
        assert!(tail(&all, usize::MAX).chars().all(|c| c == '\n' || is_plain(c)));
    }

    #[test]
    fn the_cut_comes_after_the_escape_and_within_no_character() {
        // Six bytes of text are 24 of escapes.
        assert_eq!(line("\x1b\x1b\x1b\x1b\x1b\x1b", 13), r"\u{1b}\u{1b}… (6 bytes)");
        assert_eq!(line("äää", 5), "ää… (6 bytes)");
        assert_eq!(line("äää", 6), "äää");
        assert_eq!(tail("one\ntwo", 3), "(4 bytes before this)…two");
        assert_eq!(tail("ä\x1b", 7), r"(2 bytes before this)…\u{1b}");
        assert_eq!(last("x", 0, 5).lost, 6);
    }
}
