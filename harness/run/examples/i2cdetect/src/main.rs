//! Which targets answer on an I²C bus.
//!
//! ```text
//! i2cdetect BUS [FIRST LAST]
//! ```
//!
//! Each address, 0x08 to 0x77 unless others are named, is asked for one byte. `--` stands where nobody acknowledged, `..` where
//! the machine's owner does not allow it, `!!` where the bus failed.

use std::process::ExitCode;
use wasi::i2c::i2c::{ErrorCode, NoAcknowledgeSource};
use wasi_hw::conformance::board_i2c::open_bus;

wit_bindgen::generate!({
    path: [
        "../../../../wit/i2c/0.2.0-draft",
        "../../../../wit/gpio/0.2.0",
        "../../../../wit/spi/0.2.0-draft",
        "../../../../wit/spi/unversioned",
        "../../../../wit/usb/0.2.1",
        "../../../../wit/usb/component-0.2.1",
        "../../../../wit/conformance/0.1.0",
    ],
    inline: "
        package wasi-hw:i2cdetect;
        world i2cdetect {
            import wasi:i2c/i2c@0.2.0-draft;
            import wasi-hw:conformance/board-i2c@0.1.0;
        }
    ",
    generate_all,
});

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (label, range) = match &arguments[..] {
        [label] => (label, Some((0x08, 0x77))),
        [label, first, last] => (label, address(first).zip(address(last))),
        _ => (&String::new(), None),
    };
    let Some((first, last)) = range.filter(|(first, last)| first <= last) else {
        eprintln!("usage: i2cdetect BUS [FIRST LAST], with addresses from 0x00 to 0x7f");
        return ExitCode::from(2);
    };
    let bus = match open_bus(label) {
        Ok(bus) => bus,
        Err(why) => {
            eprintln!("{label}: {why}");
            return ExitCode::FAILURE;
        }
    };
    println!("     0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f");
    for row in (0x00..0x80_u16).step_by(16) {
        let cells = (row..row + 16).map(|address| match (first..=last).contains(&address) {
            false => "  ".to_owned(),
            true => match bus.read(address, 1) {
                Ok(_) => format!("{address:02x}"),
                Err(ErrorCode::NoAcknowledge(
                    NoAcknowledgeSource::Address | NoAcknowledgeSource::Unknown,
                )) => "--".to_owned(),
                Err(ErrorCode::Other) => "..".to_owned(),
                Err(_) => "!!".to_owned(),
            },
        });
        println!("{row:02x}: {}", cells.collect::<Vec<_>>().join(" "));
    }
    ExitCode::SUCCESS
}

fn address(text: &str) -> Option<u16> {
    let address = match text.strip_prefix("0x") {
        Some(digits) => u16::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    (address < 0x80).then_some(address)
}
