//! The wires of a case as a VCD, which PulseView and GTKWave open with their decoders on.
//!
//! A tick is 100 ns: with a finer one a second of silence would be a thousand million samples for whoever reads it. A trace
//! says when an event was, and clocking takes no board time in it: bits are drawn one after another at a rate of our own,
//! and what stands between two events on the board stands between them here. A comment at the head says at which tick each line
//! of the trace begins, with the board's time; between values sigrok takes comments for values.

mod draw;
mod tape;

use crate::wire::gpio::{Level, level};
use crate::wire::{Bus, spi};
use crate::{Run, safe};
use anyhow::bail;
use draw::{I2c, Spi};
use std::collections::BTreeSet;
use tape::Tape;
use vcd::{IdCode, TimescaleUnit, VarType};
use wasi_hw_harness::report::{Channel, Record};

/// Nanoseconds of a tick.
const TICK: u64 = 100;

/// The most bytes that are drawn bit by bit.
const MOST_BYTES: usize = 1 << 16;

/// The most lines that the comment at the head has.
const MOST_LINES: usize = 1_000;

/// The wires of a channel.
enum Wires {
    I2c(I2c),
    Spi(Spi),
    Digital(IdCode),
    Analog(IdCode),
}

/// The wires of a record as they were seen.
pub fn vcd(run: &Run, record: &Record) -> anyhow::Result<Vec<u8>> {
    let case = safe::name(&record.case);
    let bus = match Bus::of(&record.proposal) {
        Some(bus @ (Bus::I2c | Bus::Spi | Bus::Gpio)) => bus,
        Some(Bus::Usb) => bail!("{case} has USB devices and no wires; its traffic is exported with --pcapng"),
        None => bail!("{case} has no wires"),
    };
    let mut writer = vcd::Writer::new(Vec::new());
    writer.timescale(TICK as u32, TimescaleUnit::NS)?;
    let mut taken = BTreeSet::new();
    let mut channels = Vec::new();
    if bus == Bus::Gpio {
        writer.add_module("gpio")?;
    }
    // Decoders are told wires by their names, so a bus that is not alone has its own before them. A silent one is left out.
    let seen = |(_, channel): &(&String, &Channel)| !channel.seen.is_empty();
    let alone = record.trace.iter().filter(seen).count() == 1;
    for (name, channel) in record.trace.iter().filter(seen) {
        let symbol = symbol(name, &mut taken);
        if bus != Bus::Gpio {
            writer.add_module(&symbol)?;
        }
        let mut wire = |wire: &str| match alone {
            true => writer.add_wire(1, wire),
            false => writer.add_wire(1, &format!("{symbol}_{wire}")),
        };
        let wires = match bus {
            Bus::I2c => Wires::I2c(I2c { scl: wire("scl")?, sda: wire("sda")? }),
            Bus::Gpio if analog(channel) => {
                Wires::Analog(writer.add_var(VarType::Real, 64, &symbol, None)?)
            }
            Bus::Gpio => Wires::Digital(writer.add_wire(1, &symbol)?),
            _ => {
                let [clk, mosi, miso] = ["clk", "mosi", "miso"].map(&mut wire);
                let devices = selects(channel);
                let mut selects = Vec::new();
                let mut taken = BTreeSet::new();
                for device in &devices {
                    let name = match devices.len() {
                        1 => "cs".to_owned(),
                        _ => format!("cs_{}", self::symbol(device, &mut taken)),
                    };
                    selects.push((device.clone(), wire(&name)?));
                }
                Wires::Spi(Spi::new(clk?, mosi?, miso?, selects))
            }
        };
        if bus != Bus::Gpio {
            writer.upscope()?;
        }
        channels.push((name, channel, wires));
    }
    if bus == Bus::Gpio {
        writer.upscope()?;
    }
    writer.enddefinitions()?;
    let mut lines = Vec::new();
    for (place, (_, channel, _)) in channels.iter().enumerate() {
        lines.extend(channel.seen.iter().map(|line| (line.at, place, &*line.text)));
    }
    lines.sort_by_key(|(at, place, _)| (*at, *place));
    let mut tape = Tape::default();
    tape.stamp()?;
    channels.iter().try_for_each(|(_, _, wires)| match wires {
        Wires::I2c(i2c) => i2c.idle(&mut tape),
        Wires::Spi(spi) => spi.idle(&mut tape),
        Wires::Digital(wire) => tape.set(*wire, vcd::Value::Z),
        Wires::Analog(wire) => tape.real(*wire, 0.0),
    })?;
    // So much of what is drawn is not on the board.
    let (mut drawn, mut bytes) = (0, MOST_BYTES);
    let mut said = vec![
        format!("{case} on {}, suite {}, {}", run.host(), run.suite(), run.day()),
        "The bits of a byte and the edges of START and STOP are drawn at a rate of our own, as the board's time does not \
         go on meanwhile; pauses are the board's."
            .to_owned(),
    ];
    let all = lines.len();
    for (number, (at, place, text)) in lines.into_iter().enumerate() {
        let (name, _, wires) = &mut channels[place];
        tape.go_to((at / TICK).saturating_add(drawn).saturating_add(1));
        let (name, before) = (safe::name(name), tape.now());
        if number < MOST_LINES {
            said.push(format!("#{before} {} {name}: {}", safe::time(at), safe::name(text)));
        }
        match wires {
            Wires::I2c(i2c) => i2c.event(&mut tape, text, &mut bytes)?,
            Wires::Spi(spi) => spi.event(&mut tape, text, &mut bytes)?,
            Wires::Digital(wire) => match level(text) {
                Some(Level::Low) => tape.set(*wire, vcd::Value::V0)?,
                Some(Level::High) => tape.set(*wire, vcd::Value::V1)?,
                Some(Level::Float) => tape.set(*wire, vcd::Value::Z)?,
                _ => {}
            },
            Wires::Analog(wire) => match level(text) {
                Some(Level::Share(share)) => tape.real(*wire, share)?,
                Some(Level::High) => tape.real(*wire, 1.0)?,
                Some(Level::Low) => tape.real(*wire, 0.0)?,
                _ => {}
            },
        }
        drawn += tape.now() - before;
    }
    if all > MOST_LINES {
        said.push(format!("and {} more lines", all - MOST_LINES));
    }
    if bytes == 0 {
        said.push(format!("Of the bytes {MOST_BYTES} are drawn, and no more."));
    }
    // A last moment, so that the last edge is seen.
    tape.go_to(tape.now().saturating_add(20));
    tape.stamp()?;
    let mut out = vcd::Writer::new(Vec::new());
    out.comment(&plain(&said.join("\n    ")))?;
    let mut out = std::mem::take(out.writer());
    out.append(writer.writer());
    out.append(tape.bytes());
    Ok(out)
}

fn selects(channel: &Channel) -> Vec<String> {
    let mut found = Vec::new();
    for line in &channel.seen {
        if let spi::Event::Select { device, .. } = spi::Event::parse(&line.text)
            && found.len() < 64
            && !found.contains(&device)
        {
            found.push(device);
        }
    }
    found
}

fn analog(channel: &Channel) -> bool {
    let is = |text: &str| {
        text.starts_with("VALUE ")
            || text.starts_with("DUTY ")
            || text.starts_with("REQUEST analog")
            || text.starts_with("CONFIGURE analog")
    };
    channel.seen.iter().any(|line| is(&line.text))
}

/// What a scope or a wire may be called: letters, digits and `_`, and no two alike.
fn symbol(name: &str, taken: &mut BTreeSet<String>) -> String {
    let symbol: String =
        name.chars().take(40).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let symbol = if symbol.is_empty() { "_".to_owned() } else { symbol };
    let mut unique = symbol.clone();
    let mut n = 2;
    while !taken.insert(unique.clone()) {
        unique = format!("{symbol}_{n}");
        n += 1;
    }
    unique
}

/// A text that ends no comment: `$` begins every keyword.
fn plain(text: &str) -> String {
    text.replace('$', "(dollar)")
}
