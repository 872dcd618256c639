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
    #[cfg(target_os = "linux")]
    buses_and_pins(&wasi_hw_linux::Inventory::of_this_machine(), &mut lines, &mut grants);
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
fn buses_and_pins(found: &wasi_hw_linux::Inventory, lines: &mut Vec<String>, grants: &mut Vec<String>) {
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
    for chip in &found.pwm {
        say(format!("# PWM   {}  {} channels", chip.path.display(), chip.channels));
    }
    for converter in &found.iio {
        say(format!("# IIO   {}  {}", converter.path.display(), line(&converter.name, MOST_LINE)));
        for (channel, label) in &converter.channels {
            say(format!("#         {channel}: {}", line(label, MOST_LINE)));
        }
    }
    let buses = found.i2c.len() + found.spi.len();
    if buses + found.gpio.len() + found.pwm.len() + found.iio.len() == 0 {
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
    if let Some(chip) = found.pwm.first() {
        let chip = quoted(&chip.path);
        grants.push(format!(
            "\n[gpio.output]\npwm = {{ chip = {chip}, channel = 0, period-ns = 1_000_000 }}\nallow = [\"analog-out\"]"
        ));
    }
    if let Some((converter, (channel, _))) =
        found.iio.iter().find_map(|one| Some((one, one.channels.first()?)))
    {
        let device = quoted(&converter.path);
        grants.push(format!(
            "\n[gpio.input]\nadc = {{ device = {device}, channel = {channel}, millivolts = 3300 }}\nallow = [\"analog-in\"]"
        ));
    }
}

/// A path as a string of TOML.
#[cfg(target_os = "linux")]
fn quoted(path: &std::path::Path) -> String {
    toml::Value::String(path.display().to_string()).to_string()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::buses_and_pins;
    use std::fs;
    use std::path::Path;
    use wasi_hw_linux::Inventory;

    #[test]
    fn analog_channels_are_listed_and_the_first_of_each_is_granted() {
        let root = std::env::temp_dir().join(format!("wasi-hw-run-list-{}", std::process::id()));
        let write = |path: &str, text: &str| {
            let path = root.join(Path::new(path));
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
            fs::write(path, text).expect("a file can be written");
        };
        write("sys/class/pwm/pwmchip0/npwm", "2\n");
        for (file, text) in
            [("name", "ads1015\n"), ("in_voltage2_raw", "1\n"), ("in_voltage2_label", "a\u{7}\n")]
        {
            write(&format!("sys/bus/iio/devices/iio:device0/{file}"), text);
        }
        let (mut lines, mut grants) = (Vec::new(), Vec::new());
        buses_and_pins(&Inventory::below(&root), &mut lines, &mut grants);
        fs::remove_dir_all(&root).expect("the tree goes");
        let root = root.display();
        assert_eq!(
            lines,
            [
                format!("# PWM   {root}/sys/class/pwm/pwmchip0  2 channels"),
                format!("# IIO   {root}/sys/bus/iio/devices/iio:device0  ads1015"),
                "#         2: a\\u{7}".to_owned(),
            ]
        );
        let [output, input] = &grants[..] else { panic!("{grants:?}") };
        assert!(output.contains("pwmchip0\", channel = 0, period-ns = 1_000_000 }"), "{output}");
        assert!(input.contains("iio:device0\", channel = 2, millivolts = 3300 }"), "{input}");
    }
}
