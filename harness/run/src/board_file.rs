//! Board files: what of this machine a component gets. What is not in one is refused.
//!
//! ```toml
//! version = 1
//!
//! [i2c.sensors]                    # the label that the component asks for
//! device = "/dev/i2c-1"
//! allow = [{ address = 0x48, access = "read-write" }]
//!
//! [spi.display]
//! device = "/dev/spidev0.0"
//! access = "read-write"
//! mode = 0
//! hz = 1_000_000
//!
//! [gpio.lamp]
//! line = "GPIO17"                  # as the machine calls it; or chip = "/dev/gpiochip0" and offset = 17
//! allow = ["digital-out"]
//! active = "low"
//! ```

use anyhow::anyhow;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wasi_hw_harness::suite::fixture::{
    GpioActive, GpioMode, GpioPinHost, GpioPull, HostConfig, I2cAllow, I2cBusHost, SpiAccess, SpiDeviceHost,
    UsbHost,
};
use wasi_hw_harness::suite::problem::{Source, Versioned};
use wasi_hw_seam::Board;

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct BoardFile {
    version: u32,
    #[serde(default)]
    i2c: BTreeMap<String, I2c>,
    #[serde(default)]
    spi: BTreeMap<String, Spi>,
    #[serde(default)]
    gpio: BTreeMap<String, toml::Spanned<Gpio>>,
}

impl Versioned for BoardFile {
    fn version(&self) -> u32 {
        self.version
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct I2c {
    device: PathBuf,
    /// Without it nothing would be allowed, so it is asked for.
    allow: Vec<I2cAllow>,
    most_bytes: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Spi {
    device: PathBuf,
    access: SpiAccess,
    most_bytes: Option<u32>,
    mode: Option<u8>,
    hz: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Gpio {
    line: Option<String>,
    chip: Option<PathBuf>,
    offset: Option<u32>,
    allow: Vec<GpioMode>,
    #[serde(default)]
    active: GpioActive,
    pull: Option<GpioPull>,
    #[serde(default)]
    open_drain: bool,
}

/// The devices that a file grants, and the policy over them.
pub(crate) fn read(file: &Path) -> anyhow::Result<(Arc<dyn Board>, HostConfig)> {
    let source = Source::read(Path::new(""), file).map_err(|problem| anyhow!("{problem}"))?;
    let board: BoardFile = source.parse_versioned().map_err(|problem| anyhow!("{problem}"))?;
    let config = board.config();
    Ok((machine(board, &source)?, config))
}

impl BoardFile {
    fn config(&self) -> HostConfig {
        let i2c = self.i2c.iter().map(|(label, bus)| {
            let host = I2cBusHost { allow: Some(bus.allow.clone()), most_bytes: bus.most_bytes };
            (label.clone(), host)
        });
        let spi = self.spi.iter().map(|(label, device)| {
            let Spi { access, most_bytes, mode, hz, .. } = *device;
            (label.clone(), SpiDeviceHost { access, most_bytes, mode, hz, ..SpiDeviceHost::default() })
        });
        let gpio = self.gpio.iter().map(|(label, pin)| {
            let Gpio { allow, active, pull, open_drain, .. } = pin.get_ref();
            let (active, pull, open_drain) = (*active, *pull, *open_drain);
            (label.clone(), GpioPinHost { line: None, active, pull, open_drain, allow: Some(allow.clone()) })
        });
        let (i2c, spi, gpio) = (i2c.collect(), spi.collect(), gpio.collect());
        // There is no USB here to allow.
        let usb = UsbHost { allow: Some(Vec::new()), ..UsbHost::default() };
        HostConfig { i2c, spi, gpio, usb }
    }
}

#[cfg(target_os = "linux")]
fn machine(board: BoardFile, source: &Source) -> anyhow::Result<Arc<dyn Board>> {
    use wasi_hw_linux::Machine;

    let mut machine = Machine::new().on_failure(|failure| wasi_hw_harness::say::note(failure));
    for (label, bus) in board.i2c {
        machine = machine.i2c(label, bus.device);
    }
    for (label, device) in board.spi {
        machine = machine.spi(label, device.device);
    }
    for (label, pin) in board.gpio {
        let wrong = |why: String| anyhow!("{}", source.problem(Some(pin.span().start), why));
        let (chip, offset) = match pin.get_ref() {
            Gpio { line: Some(name), chip: None, offset: None, .. } => {
                let found = Machine::find_gpio(name);
                found.ok_or_else(|| {
                    wrong(format!("no chip that this user may open has a line `{name}`; --list shows those that there are"))
                })?
            }
            Gpio { line: None, chip: Some(chip), offset: Some(offset), .. } => (chip.clone(), *offset),
            _ => return Err(wrong(format!("gpio.{label} has either `line`, or `chip` and `offset`"))),
        };
        machine = machine.gpio(label, chip, offset);
    }
    Ok(Arc::new(machine))
}

#[cfg(not(target_os = "linux"))]
fn machine(_: BoardFile, source: &Source) -> anyhow::Result<Arc<dyn Board>> {
    Err(anyhow!("{}", source.problem(None, "devices are reached on Linux only; --fixture works everywhere")))
}
