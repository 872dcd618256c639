//! Fixtures: `fixtures/<proposal>/<name>.toml`, a board as data.
//!
#![doc = include_str!("../../NOTATION.md")]

use super::place;
use super::problem::{Problem, Source, Versioned};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasi_hw_mock::{Board, BoardConfig};

/// The file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fixture {
    /// The format's version: 1.
    pub version: u32,
    /// What an embedder would configure.
    #[serde(default)]
    pub host: HostConfig,
    /// The board.
    #[serde(default)]
    pub device: BoardConfig,
}

impl Versioned for Fixture {
    fn version(&self) -> u32 {
        self.version
    }
}

impl Fixture {
    /// Reads a fixture, and builds its board once, to see that it can be.
    pub fn parse(source: &Source) -> Result<Fixture, Problem> {
        let fixture: Fixture = source.parse_versioned()?;
        Board::new(&fixture.device).map_err(|why| source.problem(place::of(&source.text, &why), why))?;
        Ok(fixture)
    }
}

/// What an embedder would configure: labels, modes, polarity, policy. A runtime gets this part, and
/// nothing of the board's.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct HostConfig {
    /// I²C buses, by the label under which a guest asks for them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub i2c: BTreeMap<String, I2cBusHost>,
    /// SPI devices, by the name under which a guest opens them; the board has the device under the same name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub spi: BTreeMap<String, SpiDeviceHost>,
    /// USB devices.
    #[serde(skip_serializing_if = "UsbHost::says_nothing")]
    pub usb: UsbHost,
    /// GPIO pins, by the label under which a guest asks for them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub gpio: BTreeMap<String, GpioPinHost>,
}

/// What an embedder says of an I²C bus.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct I2cBusHost {
    /// What is allowed; absent: everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow: Option<Vec<I2cAllow>>,
    /// How many bytes one call may move; absent: the host's own limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_bytes: Option<u32>,
}

/// An address with what is allowed there.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct I2cAllow {
    /// The address.
    pub address: u16,
    /// The directions.
    pub access: I2cAccess,
}

/// Directions of traffic.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum I2cAccess {
    /// Reads only.
    Read,
    /// Writes only.
    Write,
    /// Both.
    ReadWrite,
}

/// What an embedder says of an SPI device.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SpiDeviceHost {
    /// What the guest may do; absent: everything.
    pub access: SpiAccess,
    /// How many bytes one call may clock; absent: the host's own limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_bytes: Option<u32>,
    /// Clock mode, 0 to 3; absent: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<u8>,
    /// Clock rate in hertz; absent: 1,000,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hz: Option<u32>,
    /// Bits of a word; absent: 8, as the contract says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<u8>,
    /// Whether the least significant bit goes first; absent: the most significant, as the contract says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lsb_first: bool,
}

/// What a guest may do with an SPI device.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SpiAccess {
    /// Nothing; for the guest it does not exist.
    None,
    /// Reads only.
    Read,
    /// Everything.
    #[default]
    ReadWrite,
}

/// What an embedder says of USB: `[host.usb]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct UsbHost {
    /// The devices that a guest may see; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow: Option<Vec<UsbAllow>>,
    /// Whether a claim leaves an interface to its kernel driver, and gives `busy`, rather than take it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keep_kernel_drivers: bool,
    /// How many bytes one transfer may move; absent: the host's own limit, which is at least 1 MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_bytes: Option<u32>,
    /// How many packets an isochronous transfer may have; absent: the host's own limit, at least 128.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_packets: Option<u32>,
}

impl UsbHost {
    fn says_nothing(&self) -> bool {
        let UsbHost { allow, keep_kernel_drivers, most_bytes, most_packets } = self;
        allow.is_none() && !keep_kernel_drivers && most_bytes.is_none() && most_packets.is_none()
    }
}

/// A device that a guest may see: `{ vendor = 0x1209, product = 0x0001 }`. What is absent may be any.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UsbAllow {
    /// idVendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<u16>,
    /// idProduct.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<u16>,
}

/// What an embedder says of a GPIO pin:
/// `[host.gpio.lamp]`, `line = "d7"`, `active = "low"`, `allow = ["digital-out"]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct GpioPinHost {
    /// The board's line; absent: the one named like the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The level that is active, or the end of the scale that is fully active.
    pub active: GpioActive,
    /// The resistor in the chip to switch on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull: Option<GpioPull>,
    /// Whether the pin drives the low level only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub open_drain: bool,
    /// The modes that the guest may have; absent: all of them; empty: the pin is not allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow: Option<Vec<GpioMode>>,
}

/// A polarity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GpioActive {
    /// High is active.
    #[default]
    High,
    /// Low is active.
    Low,
}

/// A pull resistor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GpioPull {
    /// To the supply.
    Up,
    /// To ground.
    Down,
}

/// A kind of pin that a guest may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GpioMode {
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
