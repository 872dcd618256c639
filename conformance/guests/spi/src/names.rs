//! Which names open.

use crate::log::{open, open_as};

/// Two devices, opened in the order against their names', and each asked for what only it says.
pub fn open_each() {
    let Some(sensor) = open_as("sensor", "sensor") else { return };
    sensor.read(2);
    let Some(flash) = open_as("flash", "flash") else { return };
    flash.read(2);
    sensor.read(1);
}

/// A name that is not configured, between two that are.
pub fn open_unknown() {
    let Some(device) = open() else { return };
    device.read(1);
    let unknown = open_as("unknown", "nothing");
    device.read(1);
    if let Some(unknown) = unknown {
        unknown.read(1);
    }
}

/// A name that this guest is not given, and one that nobody has.
pub fn open_denied() {
    let Some(device) = open() else { return };
    device.read(1);
    let opened = [open_as("denied", "secret"), open_as("missing", "nothing")];
    for device in opened.into_iter().flatten() {
        device.read(1);
    }
    device.read(1);
}

/// Names that are like a configured one: of other case, with blanks, cut short, longer, decomposed.
pub fn open_other_names() {
    let Some(device) = open() else { return };
    device.read(1);
    for name in ["Flash", "FLASH", "flash ", " flash", "flas", "flash0", "flash\0", "\u{fb02}ash"] {
        if let Some(other) = open_as("other", name) {
            other.read(1);
        }
    }
    device.read(1);
}

/// The empty name, where none is configured.
pub fn open_empty_name() {
    let Some(device) = open() else { return };
    device.read(1);
    if let Some(nameless) = open_as("nameless", "") {
        nameless.read(1);
    }
    device.read(1);
}

/// Names outside ASCII: of two, three and four bytes a character.
pub fn open_non_ascii() {
    for name in ["h\u{f6}henmesser", "\u{6e29}\u{5ea6}", "\u{1f321}"] {
        let Some(device) = open_as("device", name) else { continue };
        device.read(1);
    }
}

/// Names that differ from one another, or from one that is configured, in the last byte only.
pub fn open_long_names() {
    if let Some(flash) = open() {
        flash.read(1);
    }
    let first = open_as("first", "temperature-sensor-below-the-third-shelf-of-the-second-cabinet-1");
    let second = open_as("second", "temperature-sensor-below-the-third-shelf-of-the-second-cabinet-2");
    let (Some(first), Some(second)) = (first, second) else { return };
    second.read(1);
    first.read(1);
    for name in [
        "temperature-sensor-below-the-third-shelf-of-the-second-cabinet-3",
        "temperature-sensor-below-the-third-shelf-of-the-second-cabinet-",
    ] {
        if let Some(other) = open_as("other", name) {
            other.read(1);
        }
    }
    second.read(1);
}
