//! What this machine has.

use std::fs;
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

impl Inventory {
    /// Looks. What cannot be read is left out, or says so.
    pub fn of_this_machine() -> Inventory {
        let i2c = nodes("i2c-").into_iter().map(|node| {
            let number = node.file_name().unwrap_or_default();
            let name = fs::read_to_string(Path::new("/sys/class/i2c-dev").join(number).join("name"));
            Adapter { node, name: name.unwrap_or_default().trim_end().to_owned() }
        });
        Inventory {
            i2c: i2c.collect(),
            spi: nodes("spidev"),
            gpio: nodes("gpiochip").into_iter().map(chip).collect(),
        }
    }
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

/// The nodes of `/dev` whose names are this and a number, or a number, a point and a number.
fn nodes(prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir("/dev")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((numbers(entry.file_name().to_str()?.strip_prefix(prefix)?)?, entry.path())))
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
    use super::numbers;

    #[test]
    fn nodes_are_known_by_their_numbers() {
        assert_eq!(numbers("10"), Some((10, 0)));
        assert_eq!(numbers("0.1"), Some((0, 1)));
        assert_eq!(numbers("dev"), None);
        assert_eq!(numbers(""), None);
    }
}
