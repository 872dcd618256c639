//! A board as data: the `[device]` part of a fixture.

use crate::gpio;
use crate::i2c;
use crate::spi;
use crate::usb;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Everything on a board, by the name that drivers and traces use for it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct BoardConfig {
    /// What one bus operation costs on the board's clock, in nanoseconds. It is never 0, so that a
    /// driver that polls makes progress.
    pub operation_ns: Option<std::num::NonZeroU64>,
    /// I²C buses.
    pub i2c: BTreeMap<String, i2c::BusConfig>,
    /// SPI buses.
    pub spi: BTreeMap<String, spi::BusConfig>,
    /// USB devices.
    pub usb: BTreeMap<String, usb::DeviceConfig>,
    /// What the system around the USB devices cannot do.
    pub usb_system: usb::SystemConfig,
    /// GPIO lines.
    pub gpio: BTreeMap<String, gpio::LineConfig>,
    /// Things that happen when they are asked for by name; of several with one name, the next one.
    pub cue: Vec<Cue>,
    /// Things that happen at a time.
    pub event: Vec<ScheduledAction>,
}

/// Something that happens when it is asked for by name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cue {
    /// The name to ask for.
    pub name: String,
    /// What happens; several things happen in order.
    pub action: Vec<Action>,
}

/// Something that happens at a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScheduledAction {
    /// Board time in nanoseconds.
    pub at_ns: u64,
    /// What happens; several things happen in order.
    pub action: Vec<Action>,
}

/// Something that happens to a part of the board: `{ i2c = "sensors", event = "gone" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "no such action; one is { i2c = BUS, event = EVENT }, { spi = BUS, event = EVENT } or \
                 { gpio = LINE, event = EVENT }, { usb = DEVICE, event = EVENT }"
)]
pub enum Action {
    /// To an I²C bus.
    I2c(i2c::ActionConfig),
    /// To an SPI bus.
    Spi(spi::ActionConfig),
    /// To a USB device.
    Usb(usb::ActionConfig),
    /// To a GPIO line.
    Gpio(gpio::ActionConfig),
}
