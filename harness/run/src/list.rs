//! What this machine has, as a board file that grants the first of each kind.

use wasi_hw_harness::text::{MOST_LINE, line};
use wasi_hw_seam::usb::{Device, Usb};
use wasi_hw_usb::Libusb;

/// The file, ready to be edited.
pub(crate) fn text() -> String {
    let mut lines = vec![
        "# What this machine has, and a grant of the first of each kind. What is not granted is refused."
            .to_owned(),
        "version = 1".to_owned(),
    ];
    let mut grants = Vec::new();
    buses_and_pins(&mut lines, &mut grants);
    usb(&mut lines, &mut grants);
    lines.append(&mut grants);
    lines.join("\n") + "\n"
}

fn usb(lines: &mut Vec<String>, grants: &mut Vec<String>) {
    let found = match Libusb::new().map_err(|why| why.to_string()) {
        Ok(mut usb) => usb.devices().map_err(|why| why.to_string()),
        Err(why) => Err(why),
    };
    let found = match found {
        Ok(found) => found,
        Err(why) => return lines.push(format!("# {}", line(&why, MOST_LINE))),
    };
    if found.is_empty() {
        lines.push("# no device of USB".to_owned());
    }
    for device in &found {
        let Device { bus, address, port, speed, .. } = device;
        let (vendor, product) = ids(device);
        lines.push(format!(
            "# USB   bus {bus}, device {address}, port {port}: {vendor:04x}:{product:04x}, {speed:?} speed"
        ));
    }
    // A hub is nothing that a driver is for.
    if let Some(device) = found.iter().find(|device| device.descriptor.get(4) != Some(&HUB)) {
        let (vendor, product) = ids(device);
        grants.push(format!("\n[usb]\nallow = [{{ vendor = {vendor:#06x}, product = {product:#06x} }}]"));
    }
}

/// bDeviceClass of hubs.
const HUB: u8 = 9;

fn ids(device: &Device) -> (u16, u16) {
    let id = |at: usize| device.descriptor.get(at..at + 2).map_or(0, |id| u16::from_le_bytes([id[0], id[1]]));
    (id(8), id(10))
}

#[cfg(target_os = "linux")]
fn buses_and_pins(lines: &mut Vec<String>, grants: &mut Vec<String>) {
    let found = wasi_hw_linux::Inventory::of_this_machine();
    let mut say = |words: String| lines.push(words);
    for adapter in &found.i2c {
        say(format!("# I2C   {}  {}", adapter.node.display(), line(&adapter.name, MOST_LINE)));
    }
    for device in &found.spi {
        say(format!("# SPI   {}", device.display()));
    }
    for chip in &found.gpio {
        let label = line(&chip.label, MOST_LINE);
        match &chip.lines {
            Ok(lines) => say(format!("# GPIO  {}  {label}, {} lines", chip.node.display(), lines.len())),
            Err(why) => say(format!("# GPIO  {}  {}", chip.node.display(), line(why, MOST_LINE))),
        }
        for (offset, name) in chip.lines.iter().flatten().enumerate().filter(|(_, name)| !name.is_empty()) {
            say(format!("#         {offset}: {}", line(name, MOST_LINE)));
        }
    }
    if found.i2c.is_empty() && found.spi.is_empty() && found.gpio.is_empty() {
        say("# nothing of I2C, SPI or GPIO".to_owned());
    }
    if let Some(adapter) = found.i2c.first() {
        let allow = "allow = [{ address = 0x48, access = \"read-write\" }]";
        grants.push(format!("\n[i2c.bus]\ndevice = {}\n{allow}", quoted(&adapter.node)));
    }
    if let Some(device) = found.spi.first() {
        grants.push(format!("\n[spi.device]\ndevice = {}\naccess = \"read-write\"", quoted(device)));
    }
    if let Some(chip) = found.gpio.first() {
        let chip = quoted(&chip.node);
        grants.push(format!("\n[gpio.pin]\nchip = {chip}\noffset = 0\nallow = [\"digital-in\"]"));
    }
}

/// A path as a string of TOML.
#[cfg(target_os = "linux")]
fn quoted(path: &std::path::Path) -> String {
    toml::Value::String(path.display().to_string()).to_string()
}

/// They are reached on Linux only.
#[cfg(not(target_os = "linux"))]
fn buses_and_pins(_: &mut Vec<String>, _: &mut Vec<String>) {}
