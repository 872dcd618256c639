//! What an embedder configures: the `[host]` part of a fixture, as far as these hosts have a use for it.

use serde::Deserialize;
use std::collections::BTreeMap;

/// All of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct HostConfig {
    /// I²C buses, by label.
    pub i2c: BTreeMap<String, Bus>,
    /// SPI devices, by name.
    pub spi: BTreeMap<String, Device>,
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
