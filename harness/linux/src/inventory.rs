//! What this machine has.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Devices of this machine that a [`Machine`](crate::Machine) could have, in the order of their numbers. Nothing is opened but GPIO
/// chips, to ask for the names of their lines.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Inventory {
    /// Adapters of i2c-dev.
    pub i2c: Vec<Adapter>,
    /// Devices of spidev.
    pub spi: Vec<PathBuf>,
    /// GPIO chips.
    pub gpio: Vec<Chip>,
    /// PWM chips.
    pub pwm: Vec<PwmChip>,
    /// IIO devices that measure voltages.
    pub iio: Vec<Converter>,
}

/// An I²C adapter.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Adapter {
    /// Such as `/dev/i2c-1`.
    pub node: PathBuf,
    /// What its driver calls it; empty if that cannot be read.
    pub name: String,
}

/// A GPIO chip.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Chip {
    /// Such as `/dev/gpiochip0`.
    pub node: PathBuf,
    /// Its label; empty if the chip cannot be opened.
    pub label: String,
    /// The names of its lines, by offset, empty where one has none; or why they cannot be had.
    pub lines: Result<Vec<String>, String>,
}

/// A PWM chip.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PwmChip {
    /// Such as `/sys/class/pwm/pwmchip0`.
    pub path: PathBuf,
    /// How many channels it has; 0 if that cannot be read.
    pub channels: u32,
}

/// An IIO device that measures voltages.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Converter {
    /// Such as `/sys/bus/iio/devices/iio:device0`.
    pub path: PathBuf,
    /// What its driver calls it; empty if that cannot be read.
    pub name: String,
    /// The channels that can be had, and the label of each; empty where it has none.
    pub channels: Vec<(u32, String)>,
}

impl Inventory {
    /// Looks. What cannot be read is left out, or says so.
    pub fn of_this_machine() -> Inventory {
        Inventory::below(Path::new("/"))
    }

    /// The same of a machine whose root is this folder: `dev`, and `sys`.
    pub fn below(root: &Path) -> Inventory {
        let (dev, sys) = (root.join("dev"), root.join("sys"));
        let i2c = numbered(&dev, "i2c-").into_iter().map(|node| {
            let number = node.file_name().unwrap_or_default();
            let name = text(&sys.join("class/i2c-dev").join(number).join("name"));
            Adapter { node, name }
        });
        let pwm = numbered(&sys.join("class/pwm"), "pwmchip").into_iter();
        let iio = numbered(&sys.join("bus/iio/devices"), "iio:device").into_iter();
        Inventory {
            i2c: i2c.collect(),
            spi: numbered(&dev, "spidev"),
            gpio: numbered(&dev, "gpiochip").into_iter().map(chip).collect(),
            pwm: pwm
                .map(|path| PwmChip { channels: text(&path.join("npwm")).parse().unwrap_or(0), path })
                .collect(),
            iio: iio.map(converter).filter(|converter| !converter.channels.is_empty()).collect(),
        }
    }
}

fn converter(path: PathBuf) -> Converter {
    let mut channels: Vec<_> = names(&path)
        .filter_map(|name| {
            let number = name.strip_prefix("in_voltage")?.strip_suffix("_raw")?.parse().ok()?;
            Some((number, text(&path.join(format!("in_voltage{number}_label")))))
        })
        .collect();
    channels.sort();
    Converter { name: text(&path.join("name")), path, channels }
}

/// The first line of an attribute, as much of it as a page holds; empty if it cannot be read.
fn text(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_string(&mut text));
    read.map_or(String::new(), |_| text.lines().next().unwrap_or_default().trim_end().to_owned())
}

fn chip(node: PathBuf) -> Chip {
    let found = gpiocdev::Chip::from_path(&node).and_then(|chip| {
        let info = chip.info()?;
        let lines = (0..info.num_lines).map(|offset| chip.line_info(offset).map(|line| line.name));
        Ok((info.label, lines.collect::<Result<Vec<_>, _>>()?))
    });
    match found {
        Ok((label, lines)) => Chip { node, label, lines: Ok(lines) },
        Err(why) => Chip { node, label: String::new(), lines: Err(why.to_string()) },
    }
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}

/// What is in a folder by a name that is this and a number, or a number, a point and a number.
fn numbered(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<_> = names(folder)
        .filter_map(|name| Some((numbers(name.strip_prefix(prefix)?)?, folder.join(&name))))
        .collect();
    found.sort();
    found.into_iter().map(|(_, path)| path).collect()
}

fn numbers(text: &str) -> Option<(u32, u32)> {
    let (first, second) = text.split_once('.').unwrap_or((text, "0"));
    Some((first.parse().ok()?, second.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Inventory, numbers};
    use crate::analog::tests::Tree;

    #[test]
    fn nodes_are_known_by_their_numbers() {
        assert_eq!(numbers("10"), Some((10, 0)));
        assert_eq!(numbers("0.1"), Some((0, 1)));
        assert_eq!(numbers("dev"), None);
        assert_eq!(numbers(""), None);
    }

    #[test]
    fn analog_channels_are_found_with_their_labels() {
        let tree = Tree::new("inventory");
        for (file, text) in [
            ("dev/i2c-11", ""),
            ("dev/i2c-2", ""),
            ("sys/class/i2c-dev/i2c-2/name", "bcm2835 (i2c@7e205000)\n"),
            ("sys/class/pwm/pwmchip2/npwm", "nonsense\n"),
            ("sys/class/pwm/pwmchip0/npwm", "4\n"),
            ("sys/class/pwm/pwmchip/npwm", "4\n"),
            ("sys/bus/iio/devices/iio:device1/name", "ads1015\n"),
            ("sys/bus/iio/devices/iio:device1/in_voltage10_raw", "7\n"),
            ("sys/bus/iio/devices/iio:device1/in_voltage2_raw", "7\n"),
            ("sys/bus/iio/devices/iio:device1/in_voltage2_label", "knob\n"),
            ("sys/bus/iio/devices/iio:device1/in_voltage0-voltage1_raw", "7\n"),
            ("sys/bus/iio/devices/iio:device0/in_temp_raw", "7\n"),
            ("sys/bus/iio/devices/trigger0/name", "x\n"),
        ] {
            tree.write(file, text);
        }
        let Inventory { i2c, spi, gpio, pwm, iio } = Inventory::below(&tree.root);
        let i2c: Vec<_> = i2c.iter().map(|adapter| (adapter.node.clone(), &*adapter.name)).collect();
        assert_eq!(
            i2c,
            [(tree.root.join("dev/i2c-2"), "bcm2835 (i2c@7e205000)"), (tree.root.join("dev/i2c-11"), "")]
        );
        assert!(spi.is_empty() && gpio.is_empty());
        let pwm: Vec<_> = pwm.into_iter().map(|chip| (chip.path, chip.channels)).collect();
        let chips = tree.root.join("sys/class/pwm");
        assert_eq!(pwm, [(chips.join("pwmchip0"), 4), (chips.join("pwmchip2"), 0)]);
        let [converter] = &iio[..] else { panic!("{iio:?}") };
        assert_eq!(converter.name, "ads1015");
        assert_eq!(converter.channels, [(2, "knob".to_owned()), (10, String::new())]);
    }
}
