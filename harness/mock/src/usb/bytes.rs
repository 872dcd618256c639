//! Bytes in a fixture: hex text with runs and comments, or a list of numbers.

use super::config::Pattern;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use std::fmt;

/// The longest byte list of a fixture. A run of a few characters could name any number.
const MOST: usize = 1 << 20;

/// Bytes, written as a list of numbers or as text: pairs of hex digits, runs as in traces (`00+1*300`,
/// `ff*20`), the word `total` for the length of all of it as two bytes, low byte first. White space
/// separates; `#` begins a comment, up to the end of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Bytes, D::Error> {
        struct Both;
        impl<'de> Visitor<'de> for Both {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes such as \"0f d3 00+1*64\" or [0x0f, 0xd3]")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
                parse(text).map(Bytes).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Bytes, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = list.next_element()? {
                    bytes.push(byte);
                }
                Ok(Bytes(bytes))
            }
        }
        from.deserialize_any(Both)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Pattern, D::Error> {
        let text = String::deserialize(from)?;
        let byte = |word: &str| match word {
            ".." => Ok(None),
            hex => pair(hex)
                .map(Some)
                .ok_or_else(|| D::Error::custom(format!("`{hex}` is no byte such as 0f or .."))),
        };
        let pattern = text.split_whitespace().map(byte).collect::<Result<Vec<_>, _>>()?;
        if pattern.len() > 8 {
            return Err(D::Error::custom("a SETUP packet has eight bytes"));
        }
        Ok(Pattern(pattern))
    }
}

pub(super) fn parse(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut totals = Vec::new();
    for word in text.lines().flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace()) {
        let bad = || {
            format!("`{word}` is neither a byte such as 0f, nor a run such as ff*20 or 00+1*300, nor `total`")
        };
        if word == "total" {
            totals.push(bytes.len());
            bytes.extend([0, 0]);
            continue;
        }
        let (first, count) = word.split_once('*').unwrap_or((word, "1"));
        let (first, step) = first.strip_suffix("+1").map_or((first, 0), |first| (first, 1));
        let first = pair(first).ok_or_else(bad)?;
        let count: usize = count.parse().map_err(|_| bad())?;
        if bytes.len().saturating_add(count) > MOST {
            return Err(format!("more than {MOST} bytes"));
        }
        let mut next = first;
        for _ in 0..count {
            bytes.push(next);
            next = next.wrapping_add(step);
        }
    }
    let total = u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_le_bytes();
    for at in totals {
        bytes[at..at + 2].copy_from_slice(&total);
    }
    Ok(bytes)
}

fn pair(text: &str) -> Option<u8> {
    let hex = text.len() == 2 && text.bytes().all(|c| c.is_ascii_hexdigit());
    u8::from_str_radix(text, 16).ok().filter(|_| hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_runs_comments_and_its_own_length() {
        assert_eq!(
            parse("09 02 total # all\n ff*3 fe+1*3"),
            Ok(vec![9, 2, 10, 0, 255, 255, 255, 254, 255, 0])
        );
        for bad in ["1", "0x0f", "zz", "ff*", "ff*99999999999", "+1", "é1", "total*2", "ff*2000000"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
