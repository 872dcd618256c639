//! Lines of an I²C bus.

use super::hex;
use crate::bytes::bytes;

/// An event on the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A START or a repeated one, and the address.
    Start { again: bool, address: u16, ten: bool, read: bool, ack: Option<bool> },
    /// Data bytes, each with the same answer.
    Bytes { bytes: Vec<u8>, ack: bool },
    /// A STOP.
    Stop,
    /// A target holds the clock, for so long if the line says.
    Stretch { ns: Option<u64> },
    /// Anything else.
    Other,
}

impl Event {
    pub(crate) fn parse(text: &str) -> Event {
        parse(text).unwrap_or(Event::Other)
    }

    /// The frames of nine bits that it has on the wire, each with its ninth bit if there was one: `true` is ACK. The
    /// second of a ten-bit address stands for itself only where the host writes: a read repeats the first.
    pub(crate) fn frames(&self) -> Vec<(u8, Option<bool>)> {
        match self {
            Event::Start { address, ten: false, read, ack, .. } => {
                vec![((*address as u8) << 1 | u8::from(*read), *ack)]
            }
            Event::Start { address, ten: true, read, ack, .. } => {
                let high = 0xf0 | (address >> 7 & 0b110) as u8;
                match read {
                    true => vec![(high | 1, *ack)],
                    // A target that does not match leaves the first byte without an answer.
                    false if *ack != Some(true) => vec![(high, *ack)],
                    false => vec![(high, *ack), (*address as u8, *ack)],
                }
            }
            Event::Bytes { bytes, ack } => bytes.iter().map(|byte| (*byte, Some(*ack))).collect(),
            _ => Vec::new(),
        }
    }
}

fn parse(text: &str) -> Option<Event> {
    if text == "STOP" {
        return Some(Event::Stop);
    }
    if let Some(rest) = text.strip_prefix("STRETCH") {
        let ns = rest.trim().strip_suffix("ns").and_then(|ns| ns.parse().ok());
        return (rest.is_empty() || ns.is_some()).then_some(Event::Stretch { ns });
    }
    let (rest, ack) = match text.strip_suffix(" NACK") {
        Some(rest) => (rest, Some(false)),
        None => text.strip_suffix(" ACK").map_or((text, None), |rest| (rest, Some(true))),
    };
    let (again, start) = match rest.strip_prefix("RESTART ") {
        Some(start) => (true, Some(start)),
        None => (false, rest.strip_prefix("START ")),
    };
    if let Some(start) = start {
        let (address, direction) = start.split_once(' ')?;
        let (address, ten) = address.strip_suffix("/10").map_or((address, false), |address| (address, true));
        let address = hex(address, 3).filter(|address| *address < if ten { 1 << 10 } else { 1 << 7 })?;
        let read = match direction {
            "R" => true,
            "W" => false,
            _ => return None,
        };
        return Some(Event::Start { again, address, ten, read, ack });
    }
    let bytes = bytes(rest).filter(|bytes| !bytes.is_empty())?;
    Some(Event::Bytes { bytes, ack: ack? })
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn every_line_has_its_frames() {
        let frames = |text| Event::parse(text).frames();
        assert_eq!(frames("START 0x48 W ACK"), [(0x90, Some(true))]);
        assert_eq!(frames("RESTART 0x48 R NACK"), [(0x91, Some(false))]);
        assert_eq!(frames("START 0x48 W"), [(0x90, None)]);
        assert_eq!(frames("START 0x123/10 W ACK"), [(0xf2, Some(true)), (0x23, Some(true))]);
        assert_eq!(frames("RESTART 0x3ff/10 R ACK"), [(0xf7, Some(true))]);
        assert_eq!(frames("0f d3 ACK"), [(0x0f, Some(true)), (0xd3, Some(true))]);
        assert_eq!(Event::parse("STRETCH 1000ns"), Event::Stretch { ns: Some(1_000) });
        assert_eq!(Event::parse("STOP"), Event::Stop);
    }

    #[test]
    fn what_is_no_line_of_a_bus_is_a_text() {
        for text in [
            "",
            "ACK",
            "STOP 1",
            "START 0x80 W ACK",
            "START 0x400/10 W ACK",
            "START x W",
            "0f",
            "GONE",
            "STRETCH x",
        ] {
            assert_eq!(Event::parse(text), Event::Other, "{text}");
        }
    }
}
