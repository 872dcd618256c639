//! Fixtures: `fixtures/<proposal>/<name>.toml`, a board as data.
//!
#![doc = include_str!("../../../conformance/NOTATION.md")]

mod gpio;
mod i2c;
mod spi;
mod usb;

pub use gpio::{GpioActive, GpioMode, GpioPinHost, GpioPull};
pub use i2c::{I2cAccess, I2cAllow, I2cBusHost};
pub use spi::{SpiAccess, SpiDeviceHost};
pub use usb::{UsbAllow, UsbHost};

use crate::suite::problem::Versioned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasi_hw_mock::BoardConfig;

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
