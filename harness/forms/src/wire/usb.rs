//! Lines of a USB device: what its bus sees, and what the system does for a driver.

use super::hex;
use crate::bytes::{bracketed, bytes};

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A control transfer begins.
    Setup([u8; 8]),
    /// Data of an endpoint, or of a control transfer on endpoint 0.
    Data { endpoint: u8, bytes: Vec<u8> },
    /// A control transfer ended well.
    Status,
    /// An isochronous transfer, packet by packet; none for one that failed.
    Isochronous { endpoint: u8, packets: Vec<Option<Vec<u8>>> },
    /// A transfer starts to wait.
    Nak(u8),
    /// It ended otherwise than well.
    End { endpoint: u8, end: End, bytes: Vec<u8> },
    /// A request that the system makes for a driver.
    Request([u8; 8]),
    /// The device is gone.
    Gone,
    /// Anything else, nothing of which is on the bus.
    Other,
}

/// How a transfer ends that does not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Stall,
    Babble,
    Error,
    Cancel,
}

impl Event {
    pub(crate) fn parse(text: &str) -> Event {
        parse(text).unwrap_or(Event::Other)
    }
}

fn parse(text: &str) -> Option<Event> {
    match text {
        "STATUS" => return Some(Event::Status),
        "GONE" => return Some(Event::Gone),
        _ => {}
    }
    let (word, rest) = text.split_once(' ')?;
    let number = |text: &str| text.parse::<u8>().ok();
    match word {
        "SETUP" => return Some(Event::Setup(bytes(rest)?.try_into().ok()?)),
        // What follows is the handle of another driver.
        "SET_CONFIGURATION" => {
            let value = number(rest.split(' ').next()?)?;
            return Some(Event::Request([0x00, 0x09, value, 0, 0, 0, 0, 0]));
        }
        "SET_INTERFACE" => {
            let mut numbers = rest.split(' ');
            let (interface, setting) = (number(numbers.next()?)?, number(numbers.next()?)?);
            return Some(Event::Request([0x01, 0x0b, setting, 0, interface, 0, 0, 0]));
        }
        _ => {}
    }
    let (endpoint, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let endpoint = hex(endpoint, 2)? as u8;
    let rest = match rest.strip_prefix('#') {
        Some(stream) => stream.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start(),
        None => rest,
    };
    let end = |end| Some(Event::End { endpoint, end, bytes: Vec::new() });
    match (word, rest) {
        ("CLEAR_HALT", _) => Some(Event::Request([0x02, 0x01, 0, 0, endpoint, 0, 0, 0])),
        ("NAK", "") => Some(Event::Nak(endpoint)),
        ("STALL", "") => end(End::Stall),
        ("ERROR", "") => end(End::Error),
        ("CANCEL", "") => end(End::Cancel),
        ("BABBLE", rest) => {
            let (bytes, _) = bracketed(rest)?;
            Some(Event::End { endpoint, end: End::Babble, bytes })
        }
        ("IN" | "OUT", rest) => {
            let (bytes, after) = bracketed(rest)?;
            after.is_empty().then_some(Event::Data { endpoint, bytes })
        }
        ("ISO", rest) => {
            let (mut packets, mut rest) = (Vec::new(), rest);
            while !rest.is_empty() {
                let failed = rest.strip_prefix("ERROR").or_else(|| rest.strip_prefix("BABBLE"));
                rest = match failed {
                    Some(after) => {
                        packets.push(None);
                        after
                    }
                    None => {
                        let (bytes, after) = bracketed(rest)?;
                        packets.push(Some(bytes));
                        after
                    }
                };
                rest = rest.strip_prefix(' ').unwrap_or(rest);
            }
            Some(Event::Isochronous { endpoint, packets })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Event};

    #[test]
    fn lines_are_read_as_they_are_written() {
        let parse = Event::parse;
        assert_eq!(
            parse("SETUP 40 01 01 00 00 00 02 00"),
            Event::Setup([0x40, 0x01, 0x01, 0, 0, 0, 0x02, 0])
        );
        assert_eq!(parse("IN 0x81 []"), Event::Data { endpoint: 0x81, bytes: vec![] });
        assert_eq!(parse("OUT 0x02 #3 [0f d3]"), Event::Data { endpoint: 0x02, bytes: vec![0x0f, 0xd3] });
        assert_eq!(
            parse("ISO 0x85 [01 02] ERROR []"),
            Event::Isochronous { endpoint: 0x85, packets: vec![Some(vec![1, 2]), None, Some(vec![])] }
        );
        assert_eq!(
            parse("BABBLE 0x81 [10+1*2]"),
            Event::End { endpoint: 0x81, end: End::Babble, bytes: vec![0x10, 0x11] }
        );
        assert_eq!(parse("CANCEL 0x81 #2"), Event::End { endpoint: 0x81, end: End::Cancel, bytes: vec![] });
        assert_eq!(parse("SET_INTERFACE 2 5 #2"), Event::Request([1, 11, 5, 0, 2, 0, 0, 0]));
        assert_eq!(parse("CLEAR_HALT 0x81"), Event::Request([2, 1, 0, 0, 0x81, 0, 0, 0]));
    }

    #[test]
    fn what_is_on_no_bus_is_a_text() {
        for text in
            ["", "OPEN", "CLAIM 0", "SETUP 40", "IN 0x81", "IN 0x181 []", "IN 81 []", "NAK", "ISO 0x85 x"]
        {
            assert_eq!(Event::parse(text), Event::Other, "{text}");
        }
    }
}
