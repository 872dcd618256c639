//! What a line of a trace means on its wires, for all forms that draw or replay it. A line of no known
//! meaning is an event with a text and nothing else.

pub(crate) mod gpio;
pub(crate) mod i2c;
pub(crate) mod spi;
pub(crate) mod usb;

/// Whose notation a channel is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bus {
    I2c,
    Spi,
    Gpio,
    Usb,
}

impl Bus {
    /// That of a proposal's channels.
    pub(crate) fn of(proposal: &str) -> Option<Bus> {
        match proposal {
            "i2c" => Some(Bus::I2c),
            "spi" => Some(Bus::Spi),
            "gpio" => Some(Bus::Gpio),
            "usb" => Some(Bus::Usb),
            _ => None,
        }
    }
}

/// A number in hex with `0x`, of at most so many digits.
pub(crate) fn hex(text: &str, digits: usize) -> Option<u16> {
    let text = text.strip_prefix("0x")?;
    let plain = !text.is_empty() && text.len() <= digits && text.bytes().all(|c| c.is_ascii_hexdigit());
    u16::from_str_radix(text, 16).ok().filter(|_| plain)
}
