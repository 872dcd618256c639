//! Bytes in messages: pairs of hexadecimal digits, without anything between.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// A list of bytes; in a message `"0fd3"`. Hexadecimal because every language reads it with one call, and it is
/// what a person who looks at the lines wants to see; base64 would save a third of the bytes of lines that
/// are short, and whose price is the switch between two processes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bytes(
    #[cfg_attr(feature = "schema", schemars(with = "String", regex(pattern = "^([0-9a-f]{2})*$")))]
    pub  Vec<u8>,
);

const DIGITS: &[u8; 16] = b"0123456789abcdef";

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(2 * self.0.len());
        for byte in &self.0 {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        to.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Bytes, D::Error> {
        struct Hex;
        impl Visitor<'_> for Hex {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes as pairs of hexadecimal digits such as \"0fd3\"")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
                // The text came in a line, and so is no longer than one may be.
                let (pairs, rest) = text.as_bytes().as_chunks::<2>();
                let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
                match bytes.collect::<Option<Vec<u8>>>() {
                    Some(bytes) if rest.is_empty() => Ok(Bytes(bytes)),
                    _ => Err(E::custom("bytes are pairs of hexadecimal digits such as \"0fd3\"")),
                }
            }
        }
        from.deserialize_str(Hex)
    }
}

/// Capital letters are read, too; the harness writes small ones.
fn digit(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        b'A'..=b'F' => Some(c - b'A' + 10),
        _ => None,
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::Bytes;

    #[test]
    fn hex_both_ways() {
        let all = Bytes((0..=255).collect());
        let text = serde_json::to_string(&all).unwrap();
        assert!(text.starts_with("\"000102") && text.ends_with("feff\""));
        assert_eq!(serde_json::from_str::<Bytes>(&text).unwrap(), all);
        for bad in ["\"0\"", "\"0g\"", "\"0f d3\"", "\"é\"", "[15]"] {
            assert!(serde_json::from_str::<Bytes>(bad).is_err(), "{bad}");
        }
    }
}
