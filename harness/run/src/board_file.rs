//! Board files: what of this machine a component gets. What is not in one is refused.
//!
//! ```toml
//! version = 1
//!
//! [i2c.sensors]                    # the label that the component asks for
//! device = "/dev/i2c-1"
//! allow = [
//!   { address = 0x48, access = "read-write" },
//!   { first = 0x08, last = 0x77, access = "read" },
//! ]
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
//!
//! [gpio.fan]                       # an analog output
//! pwm = { chip = "/sys/class/pwm/pwmchip0", channel = 0, period-ns = 1_000_000 }
//! allow = ["analog-out"]
//!
//! [gpio.dial]                      # an analog input, fully active at 3.3 V; or greatest = 4095, a reading
//! adc = { device = "/sys/bus/iio/devices/iio:device0", channel = 0, millivolts = 3300 }
//! allow = ["analog-in"]
//!
//! [usb]
//! allow = [{ vendor = 0x045e, product = 0x028e }]   # or by class, or by bus and port
//! ```
//!
//! Beside these each bus, device and `[usb]` may say `most-bytes`, how much one call may move, which is 64 KiB unless it does, and
//! 1 MiB on USB.

use crate::usb::{self, Grant};
use anyhow::anyhow;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;
use wasi_hw_harness::suite::fixture::{
    GpioActive, GpioMode, GpioPinHost, GpioPull, HostConfig, I2cAccess, I2cAllow, I2cBusHost, SpiAccess,
    SpiDeviceHost, UsbHost,
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
    gpio: BTreeMap<String, Spanned<Gpio>>,
    usb: Option<Usb>,
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
    allow: Vec<Spanned<Addresses>>,
    most_bytes: Option<u32>,
}

/// One address, or those from the first to the last.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Addresses {
    address: Option<u16>,
    first: Option<u16>,
    last: Option<u16>,
    access: I2cAccess,
}

/// The last address of ten bits.
const MOST_ADDRESS: u16 = 0x3ff;

impl Addresses {
    fn each(&self) -> Result<impl Iterator<Item = I2cAllow>, &'static str> {
        let access = self.access;
        let range = match (self.address, self.first, self.last) {
            (Some(address), None, None) => address..=address,
            (None, Some(first), Some(last)) if first <= last => first..=last,
            _ => {
                return Err(
                    "what is allowed has either `address`, or `first` and `last`, which is not below it",
                );
            }
        };
        if *range.end() > MOST_ADDRESS {
            return Err("an address is at most 0x3ff");
        }
        Ok(range.map(move |address| I2cAllow { address, access }))
    }
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
    pwm: Option<Pwm>,
    adc: Option<Adc>,
    allow: Vec<GpioMode>,
    #[serde(default)]
    active: GpioActive,
    pull: Option<GpioPull>,
    #[serde(default)]
    open_drain: bool,
}

/// An analog output.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Pwm {
    chip: PathBuf,
    channel: u32,
    /// A kilohertz unless it is said.
    #[serde(default = "a_millisecond")]
    period_ns: NonZeroU32,
}

fn a_millisecond() -> NonZeroU32 {
    const { NonZeroU32::new(1_000_000).unwrap() }
}

/// An analog input, with one of the two scales.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Adc {
    device: PathBuf,
    channel: u32,
    millivolts: Option<NonZeroU32>,
    greatest: Option<NonZeroU32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Usb {
    allow: Vec<Spanned<Grant>>,
    #[serde(default)]
    keep_kernel_drivers: bool,
    most_bytes: Option<u32>,
    most_packets: Option<u32>,
}

/// The devices that a file grants, and the policy over them.
pub(crate) fn read(file: &Path) -> anyhow::Result<(Arc<dyn Board>, HostConfig, Vec<Grant>)> {
    let source = Source::read(Path::new(""), file).map_err(|problem| anyhow!("{problem}"))?;
    let board: BoardFile = source.parse_versioned().map_err(|problem| anyhow!("{problem}"))?;
    let config = board.config(&source)?;
    let mut grants = Vec::new();
    for grant in board.usb.iter().flat_map(|usb| &usb.allow) {
        grant
            .get_ref()
            .check()
            .map_err(|why| anyhow!("{}", source.problem(Some(grant.span().start), why)))?;
        grants.push(grant.get_ref().clone());
    }
    let has_usb = board.usb.is_some();
    let mut devices = machine(board, &source)?;
    if has_usb {
        devices = usb::of_this_machine(devices);
    }
    Ok((usb::granted(devices, grants.clone()), config, grants))
}

impl BoardFile {
    fn config(&self, source: &Source) -> anyhow::Result<HostConfig> {
        let mut i2c = BTreeMap::new();
        for (label, bus) in &self.i2c {
            let mut allow = Vec::new();
            for addresses in &bus.allow {
                let wrong = |why| anyhow!("{}", source.problem(Some(addresses.span().start), why));
                allow.extend(addresses.get_ref().each().map_err(wrong)?);
            }
            i2c.insert(label.clone(), I2cBusHost { allow: Some(allow), most_bytes: bus.most_bytes });
        }
        let spi = self.spi.iter().map(|(label, device)| {
            let Spi { access, most_bytes, mode, hz, .. } = *device;
            (label.clone(), SpiDeviceHost { access, most_bytes, mode, hz, ..SpiDeviceHost::default() })
        });
        let gpio = self.gpio.iter().map(|(label, pin)| {
            let Gpio { allow, active, pull, open_drain, .. } = pin.get_ref();
            let (active, pull, open_drain) = (*active, *pull, *open_drain);
            (label.clone(), GpioPinHost { line: None, active, pull, open_drain, allow: Some(allow.clone()) })
        });
        let (spi, gpio) = (spi.collect(), gpio.collect());
        let usb = match &self.usb {
            None => UsbHost { allow: Some(Vec::new()), ..UsbHost::default() },
            Some(usb) if usb.allow.is_empty() => UsbHost { allow: Some(Vec::new()), ..UsbHost::default() },
            // Which devices there are for the guest the grants say, who see more of them than ids.
            Some(usb) => UsbHost {
                allow: None,
                keep_kernel_drivers: usb.keep_kernel_drivers,
                most_bytes: usb.most_bytes,
                most_packets: usb.most_packets,
            },
        };
        Ok(HostConfig { i2c, spi, gpio, usb })
    }
}

#[cfg(target_os = "linux")]
fn machine(board: BoardFile, source: &Source) -> anyhow::Result<Arc<dyn Board>> {
    use wasi_hw_linux::{IioChannel, IioScale, Machine, PwmChannel};

    let mut machine = Machine::new().on_failure(|failure| wasi_hw_harness::say::note(failure));
    for (label, bus) in board.i2c {
        machine = machine.i2c(label, bus.device);
    }
    for (label, device) in board.spi {
        machine = machine.spi(label, device.device);
    }
    for (label, pin) in board.gpio {
        let wrong = |why: String| anyhow!("{}", source.problem(Some(pin.span().start), why));
        machine = match pin.get_ref() {
            Gpio { line: Some(name), chip: None, offset: None, pwm: None, adc: None, .. } => {
                let (chip, offset) = Machine::find_gpio(name).ok_or_else(|| {
                    wrong(format!("no chip that this user may open has a line `{name}`; --list shows those that there are"))
                })?;
                machine.gpio(label, chip, offset)
            }
            Gpio { line: None, chip: Some(chip), offset: Some(offset), pwm: None, adc: None, .. } => {
                machine.gpio(label, chip, *offset)
            }
            Gpio { line: None, chip: None, offset: None, pwm: Some(pwm), adc: None, .. } => {
                let (chip, period_ns) = (pwm.chip.clone(), pwm.period_ns.get());
                machine.pwm(label, PwmChannel { chip, channel: pwm.channel, period_ns })
            }
            Gpio { line: None, chip: None, offset: None, pwm: None, adc: Some(adc), .. } => {
                let scale = match (adc.millivolts, adc.greatest) {
                    (Some(millivolts), None) => IioScale::Millivolts(millivolts.get()),
                    (None, Some(greatest)) => IioScale::Greatest(greatest.get()),
                    _ => {
                        let why = "has either `millivolts`, the voltage of its greatest value, or `greatest`, the reading";
                        return Err(wrong(format!("the adc of gpio.{label} {why}")));
                    }
                };
                let (device, channel) = (adc.device.clone(), adc.channel);
                machine.iio(label, IioChannel { device, channel, scale })
            }
            _ => {
                let why =
                    format!("gpio.{label} has either `line`, or `chip` and `offset`, or `pwm`, or `adc`");
                return Err(wrong(why));
            }
        };
    }
    Ok(Arc::new(machine))
}

#[cfg(not(target_os = "linux"))]
fn machine(board: BoardFile, source: &Source) -> anyhow::Result<Arc<dyn Board>> {
    if board.i2c.is_empty() && board.spi.is_empty() && board.gpio.is_empty() {
        return Ok(crate::host::nothing());
    }
    let why = "buses and pins are reached on Linux only; USB, and --fixture, work everywhere";
    Err(anyhow!("{}", source.problem(None, why)))
}
