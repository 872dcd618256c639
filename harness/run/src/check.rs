//! What a component imports, what of it is there, and what is granted behind it.

use crate::host::link;
use crate::usb::Grant;
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;
use wasi_hw_harness::suite::fixture::{
    GpioActive, GpioMode, GpioPinHost, GpioPull, HostConfig, I2cAccess, I2cAllow, I2cBusHost, SpiAccess,
    SpiDeviceHost, UsbHost,
};
use wasi_hw_harness::text::{MOST_LINE, block, line};
use wasmtime::Engine;
use wasmtime::component::Component;

/// What a call may move unless something else is said, as `wasi-hw-wasmtime` has it.
const MOST_BYTES: u32 = 64 << 10;

/// Says it, one line an import, and what does not fit. Success if the component would be linked.
pub(crate) fn report(
    engine: &Engine,
    component: &Component,
    bytes: &[u8],
    config: &HostConfig,
    usb: &[Grant],
) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for (name, _) in component.component_type().imports(engine) {
        writeln!(out, "imports {}", line(name, MOST_LINE))?;
        for grant in granted(name, config, usb) {
            writeln!(out, "  grants {}", line(&grant, MOST_LINE))?;
        }
    }
    let linked = link(engine, component, bytes);
    match &linked {
        Ok(_) => writeln!(out, "all of it is there")?,
        Err(why) => writeln!(out, "cannot be linked: {}", block(&format!("{why:#}"), usize::MAX))?,
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(linked.is_err())))
}

/// What is granted behind an interface, if it is one that grants are about.
fn granted(name: &str, config: &HostConfig, usb: &[Grant]) -> Vec<String> {
    let (lines, none): (Vec<_>, _) = match name.split('@').next().unwrap_or(name) {
        "wasi-hw:conformance/board-i2c" => (config.i2c.iter().map(i2c).collect(), "every bus is refused"),
        "wasi:spi/spi" => (config.spi.iter().map(spi).collect(), "every device is refused"),
        "wasi-hw:conformance/board-gpio" => (config.gpio.iter().map(gpio).collect(), "every pin is refused"),
        "wasi:usb/device" | "component:usb/device" => (devices(&config.usb, usb), "there is no device"),
        _ => return Vec::new(),
    };
    if lines.is_empty() { vec![format!("nothing: {none}")] } else { lines }
}

fn i2c((label, bus): (&String, &I2cBusHost)) -> String {
    let allowed = match &bus.allow {
        None => "all addresses read-write".to_owned(),
        Some(allow) if allow.is_empty() => "no address".to_owned(),
        Some(allow) => ranges(allow),
    };
    format!("{label}: {allowed}, {} bytes a call", bus.most_bytes.unwrap_or(MOST_BYTES))
}

/// Addresses that follow each other, and have the same access, are one range.
fn ranges(allow: &[I2cAllow]) -> String {
    let access = |access| match access {
        I2cAccess::Read => "read",
        I2cAccess::Write => "write",
        I2cAccess::ReadWrite => "read-write",
    };
    let mut ranges: Vec<(u16, u16, &str)> = Vec::new();
    for I2cAllow { address, access: allowed } in allow {
        let allowed = access(*allowed);
        match ranges.last_mut() {
            Some((_, last, same)) if last.checked_add(1) == Some(*address) && *same == allowed => {
                *last = *address
            }
            _ => ranges.push((*address, *address, allowed)),
        }
    }
    let words = ranges.iter().map(|(first, last, access)| match first == last {
        true => format!("{first:#04x} {access}"),
        false => format!("{first:#04x} to {last:#04x} {access}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn spi((name, device): (&String, &SpiDeviceHost)) -> String {
    let access = match device.access {
        SpiAccess::None => "nothing",
        SpiAccess::Read => "read",
        SpiAccess::ReadWrite => "read-write",
    };
    let (mode, hz) = (device.mode.unwrap_or(0), device.hz.unwrap_or(1_000_000));
    format!(
        "{name}: {access}, mode {mode}, {hz} Hz, {} bytes a call",
        device.most_bytes.unwrap_or(MOST_BYTES)
    )
}

fn gpio((label, pin): (&String, &GpioPinHost)) -> String {
    let modes = match &pin.allow {
        None => "all modes".to_owned(),
        Some(allow) if allow.is_empty() => "no mode".to_owned(),
        Some(allow) => {
            let modes = allow.iter().map(|mode| match mode {
                GpioMode::DigitalIn => "digital-in",
                GpioMode::DigitalOut => "digital-out",
                GpioMode::DigitalInOut => "digital-in-out",
                GpioMode::AnalogIn => "analog-in",
                GpioMode::AnalogOut => "analog-out",
                GpioMode::AnalogInOut => "analog-in-out",
            });
            modes.collect::<Vec<_>>().join(", ")
        }
    };
    let active = if pin.active == GpioActive::Low { "low" } else { "high" };
    let pull = match pin.pull {
        Some(GpioPull::Up) => ", pulled up",
        Some(GpioPull::Down) => ", pulled down",
        None => "",
    };
    let drain = if pin.open_drain { ", open drain" } else { "" };
    format!("{label}: {modes}, active {active}{pull}{drain}")
}

/// A board file's grants, or the rules of a fixture's embedder.
fn devices(host: &UsbHost, grants: &[Grant]) -> Vec<String> {
    let drivers = if host.keep_kernel_drivers { ", but not from their kernel drivers" } else { "" };
    let word = |who: &dyn Display| format!("devices of {who}{drivers}");
    match &host.allow {
        Some(allow) => {
            let ids = |id: Option<u16>| id.map_or("any".to_owned(), |id| format!("{id:04x}"));
            let rules = allow.iter().map(|rule| {
                word(&format_args!("vendor {}, product {}", ids(rule.vendor), ids(rule.product)))
            });
            rules.collect()
        }
        None if grants.is_empty() => vec![format!("all devices{drivers}")],
        None => grants.iter().map(|grant| word(grant)).collect(),
    }
}
