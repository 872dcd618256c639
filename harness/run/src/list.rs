//! What this machine has, as a board file that grants the first of each kind.

/// The file, ready to be edited.
#[cfg(target_os = "linux")]
pub(crate) fn text() -> String {
    use std::fmt::Write;
    use wasi_hw_harness::text::{MOST_LINE, line};
    use wasi_hw_linux::Inventory;

    let found = Inventory::of_this_machine();
    let mut text = "# What this machine has, and a grant of the first of each kind. What is not granted is refused.\nversion = 1\n".to_owned();
    // A `String` takes everything.
    let mut say = |words: String| {
        let _ = writeln!(text, "{words}");
    };
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
        say(format!("\n[i2c.bus]\ndevice = {}", quoted(&adapter.node)));
        say("allow = [{ address = 0x48, access = \"read-write\" }]".to_owned());
    }
    if let Some(device) = found.spi.first() {
        say(format!("\n[spi.device]\ndevice = {}\naccess = \"read-write\"", quoted(device)));
    }
    if let Some(chip) = found.gpio.first() {
        say(format!("\n[gpio.pin]\nchip = {}\noffset = 0\nallow = [\"digital-in\"]", quoted(&chip.node)));
    }
    text
}

/// A path as a string of TOML.
#[cfg(target_os = "linux")]
fn quoted(path: &std::path::Path) -> String {
    toml::Value::String(path.display().to_string()).to_string()
}

/// Nothing that could be granted.
#[cfg(not(target_os = "linux"))]
pub(crate) fn text() -> String {
    "# Devices are reached on Linux only; --fixture works everywhere.\nversion = 1\n".to_owned()
}
