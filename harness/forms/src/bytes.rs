//! Reads lists of bytes in the notation of traces: `0f d3`, `ff*20`, `00+1*4096`.

/// The most bytes of one list that a form expands; a run has a few characters and may stand for any number.
pub(crate) const MOST: usize = 1 << 18;

/// The bytes; none if the text is another, or stands for more than [`MOST`].
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for part in text.split_ascii_whitespace() {
        let (first, times) = part.split_once('*').map_or((part, "1"), |(first, times)| (first, times));
        let (first, step) = first.strip_suffix("+1").map_or((first, 0), |first| (first, 1));
        if first.len() != 2 || !first.bytes().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        let first = u8::from_str_radix(first, 16).ok()?;
        let times = times.parse::<usize>().ok().filter(|times| *times <= MOST - out.len())?;
        // A count wraps, as in the notation.
        out.extend((0..times).map(|n| first.wrapping_add(step * n as u8)));
    }
    Some(out)
}

/// The bytes between brackets at the start of `text`, and what follows them.
pub(crate) fn bracketed(text: &str) -> Option<(Vec<u8>, &str)> {
    let (inside, after) = text.strip_prefix('[')?.split_once(']')?;
    Some((bytes(inside)?, after))
}

#[cfg(test)]
mod tests {
    use super::{bracketed, bytes};

    #[test]
    fn lists_are_read_as_they_are_written() {
        assert_eq!(bytes("0f d3"), Some(vec![0x0f, 0xd3]));
        assert_eq!(bytes("fe+1*4 00*2"), Some(vec![0xfe, 0xff, 0, 1, 0, 0]));
        assert_eq!(bracketed("[] IN [a5]"), Some((vec![], " IN [a5]")));
        assert_eq!(bytes("00*262144").map(|bytes| bytes.len()), Some(262_144));
    }

    #[test]
    fn what_is_no_list_or_too_long_is_none() {
        for bad in [
            "0",
            "0ff",
            "x*3",
            "00*",
            "00*-1",
            "00*262145",
            "00*262144 00",
            "+1*3",
            "é",
            "00*99999999999999999999",
        ] {
            assert_eq!(bytes(bad), None, "{bad}");
        }
        assert_eq!(bracketed("[0f"), None);
    }
}
