//! Lines of an SPI bus.

use crate::bytes::bracketed;

/// An event on the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Settings: the clock's polarity and phase, and whether the lowest bit comes first.
    Config { mode: u8, lsb_first: bool },
    /// A chip select, and its level.
    Select { device: String, high: bool },
    /// Bytes both ways, as many on MOSI as on MISO.
    Bytes { out: Vec<u8>, into: Vec<u8> },
    /// Anything else.
    Other,
}

impl Event {
    pub(crate) fn parse(text: &str) -> Event {
        parse(text).unwrap_or(Event::Other)
    }
}

fn parse(text: &str) -> Option<Event> {
    if let Some(settings) = text.strip_prefix("CONFIG mode ") {
        let mode = settings.bytes().next().filter(u8::is_ascii_digit)? - b'0';
        let lsb_first = settings.to_ascii_lowercase().contains("lsb");
        return (mode < 4).then_some(Event::Config { mode, lsb_first });
    }
    if let Some(select) = text.strip_prefix("CS ") {
        let (device, level) = select.rsplit_once(' ')?;
        // `STUCK` is about the level that the line has all the same.
        let device = device.strip_suffix(" STUCK").unwrap_or(device).to_owned();
        return match level {
            "LOW" => Some(Event::Select { device, high: false }),
            "HIGH" => Some(Event::Select { device, high: true }),
            _ => None,
        };
    }
    let (out, rest) = bracketed(text.strip_prefix("OUT ")?)?;
    let (into, rest) = bracketed(rest.strip_prefix(" IN ")?)?;
    (rest.is_empty() && out.len() == into.len()).then_some(Event::Bytes { out, into })
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn lines_are_read_as_they_are_written() {
        assert_eq!(
            Event::parse("CONFIG mode 3, 1000000 Hz, 8 bit"),
            Event::Config { mode: 3, lsb_first: false }
        );
        assert_eq!(Event::parse("CS a b LOW"), Event::Select { device: "a b".into(), high: false });
        assert_eq!(Event::parse("CS flash STUCK HIGH"), Event::Select { device: "flash".into(), high: true });
        assert_eq!(Event::parse("OUT [9f] IN [ff]"), Event::Bytes { out: vec![0x9f], into: vec![0xff] });
        for text in ["OUT [9f] IN []", "OUT [9f]", "CONFIG mode 4", "CS x", "OVERRUN", ""] {
            assert_eq!(Event::parse(text), Event::Other, "{text}");
        }
    }
}
