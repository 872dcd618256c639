//! What an embedder configures: the `[host]` part of a fixture, as far as these hosts have a use for it.

use serde::Deserialize;
use std::collections::BTreeMap;
use wasi_hw_seam::gpio::{Level, Pull};

/// All of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct HostConfig {
    /// I²C buses, by label.
    pub i2c: BTreeMap<String, Bus>,
    /// SPI devices, by name.
    pub spi: BTreeMap<String, Device>,
    /// GPIO pins, by label.
    pub gpio: BTreeMap<String, Pin>,
    /// USB.
    pub usb: Usb,
}

/// An I²C bus.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Bus {
    /// What is allowed; absent: everything.
    pub allow: Option<Vec<Rule>>,
    /// How many bytes a call may move.
    pub most_bytes: Option<u64>,
}

/// An address, and what is allowed there.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Rule {
    /// The address.
    pub address: u16,
    /// The directions.
    pub access: Access,
}

/// An SPI device.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Device {
    /// What is allowed.
    pub access: Access,
    /// How many bytes a call may clock.
    pub most_bytes: Option<u64>,
    /// Clock mode.
    pub mode: Option<u8>,
    /// Clock rate.
    pub hz: Option<u32>,
}

/// Directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Nothing.
    None,
    /// To read.
    Read,
    /// To write.
    Write,
    /// Both.
    #[default]
    ReadWrite,
}

impl Access {
    /// Whether it lets a guest read, or write.
    pub fn admits(self, reads: bool) -> bool {
        self == Access::ReadWrite || self == if reads { Access::Read } else { Access::Write }
    }
}

/// A GPIO pin.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pin {
    /// The board's line; absent: the one that is called like the label.
    pub line: Option<String>,
    /// The level that is active, or the end of the scale that is fully active.
    #[serde(default = "high")]
    pub active: Level,
    /// The resistor in the chip to switch on.
    pub pull: Option<Pull>,
    /// Whether only the low level is ever driven.
    #[serde(default)]
    pub open_drain: bool,
    /// What the guest may have it as; absent: everything; empty: nothing.
    pub allow: Option<Vec<PinMode>>,
}

fn high() -> Level {
    Level::High
}

/// What a pin may be had as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinMode {
    /// Digital, read.
    DigitalIn,
    /// Digital, driven.
    DigitalOut,
    /// Digital, both.
    DigitalInOut,
    /// Analog, read.
    AnalogIn,
    /// Analog, driven.
    AnalogOut,
    /// Analog, both.
    AnalogInOut,
}

/// USB devices.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Usb {
    /// What the guest may see; absent: all of them.
    pub allow: Option<Vec<UsbRule>>,
    /// Whether a claim leaves an interface to its kernel driver.
    pub keep_kernel_drivers: bool,
    /// How many bytes a transfer may move.
    pub most_bytes: Option<u32>,
    /// How many packets an isochronous transfer may have.
    pub most_packets: Option<u32>,
}

/// Devices with these numbers, where an absent one may be any.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct UsbRule {
    /// idVendor.
    pub vendor: Option<u16>,
    /// idProduct.
    pub product: Option<u16>,
}

impl Usb {
    /// Whether the guest may see a device with these numbers.
    pub fn admits(&self, vendor: u16, product: u16) -> bool {
        let fits = |rule: &UsbRule| {
            rule.vendor.is_none_or(|it| it == vendor) && rule.product.is_none_or(|it| it == product)
        };
        self.allow.as_ref().is_none_or(|rules| rules.iter().any(fits))
    }
}
