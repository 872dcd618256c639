//! What a call costs: guest, engine and host, beside the same calls of the driver without them.

use crate::board::{Latch, Loopback, OneDevice, QuietBus};
use crate::guest::{Guest, Guests};
use crate::measure::{Compared, Effort, compare};
use anyhow::Context as _;
use serde::Serialize;
use std::hint::black_box;
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::gpio::{Level, Line, Sample};
use wasi_hw_seam::i2c::{Bus, Flags, Message};
use wasi_hw_seam::spi::{Device, Transfer};
use wasi_hw_seam::usb::{DeviceId, Handle, Kind, Submission, Usb};

/// A call, and what it cost.
#[derive(Debug, Serialize)]
pub struct Call {
    /// Of which proposal.
    pub proposal: &'static str,
    /// What was called, with how many bytes.
    pub what: String,
    /// By a guest, and without one; nanoseconds.
    pub cost: Compared,
    /// How many functions of the host that are: a USB transfer is made, submitted and awaited.
    pub host_calls: u32,
    /// What each of these may cost at most, nanoseconds.
    pub goal_ns: f64,
}

/// What is compared: a function of a guest, and the same of a driver.
pub(crate) struct Pair {
    pub(crate) proposal: &'static str,
    pub(crate) function: &'static str,
    pub(crate) bare: Bare,
}

/// Does something of some bytes, some times, without a guest.
pub(crate) type Bare = Box<dyn FnMut(u32, u32)>;

pub(crate) fn pairs() -> anyhow::Result<Vec<Pair>> {
    let pair = |proposal, function, bare| Pair { proposal, function, bare };
    Ok(vec![
        pair("i2c", "write-read", write_read()),
        pair("spi", "transfer", transfer()),
        pair("gpio", "set", set()),
        pair("gpio", "get", get()),
        pair("usb", "control", usb(Kind::Control, 0)?),
        pair("usb", "bulk-in", usb(Kind::Bulk, 0x81)?),
        pair("usb", "bulk-out", usb(Kind::Bulk, 0x02)?),
    ])
}

/// Measures every call.
pub fn measure(effort: Effort) -> anyhow::Result<Vec<Call>> {
    let guests = Guests::new()?;
    let mut calls = Vec::new();
    for mut pair in pairs()? {
        let (size, goal_ns) = match pair.proposal {
            "i2c" => (2, 1_000.0),
            "gpio" => (0, 300.0),
            _ => (64, 1_000.0),
        };
        let mut guest = guests.start(pair.proposal)?;
        let cost = beside(effort, &mut guest, &mut pair, size)?;
        let what =
            if size == 0 { pair.function.to_owned() } else { format!("{} of {size} B", pair.function) };
        let host_calls = if pair.proposal == "usb" { 3 } else { 1 };
        calls.push(Call { proposal: pair.proposal, what, cost, host_calls, goal_ns });
    }
    Ok(calls)
}

/// Compares a guest with a driver.
pub(crate) fn beside(
    effort: Effort,
    guest: &mut Guest,
    pair: &mut Pair,
    size: u32,
) -> anyhow::Result<Compared> {
    guest.calls(pair.function, 1, size).with_context(|| format!("{} does not run", pair.function))?;
    let mut failed = None;
    let cost = compare(
        effort,
        |times| {
            if let Err(error) = guest.calls(pair.function, times, size) {
                failed = Some(error);
            }
        },
        |times| (pair.bare)(times, size),
    );
    failed.map_or(Ok(cost), Err)
}

fn write_read() -> Bare {
    let mut bus: Box<dyn Bus> = Box::new(QuietBus);
    let mut buffer = Vec::new();
    Box::new(move |times, size| {
        buffer.resize(size as usize, 0);
        for _ in 0..times {
            let out = [0x0f];
            let messages =
                &mut [Message::write(0x48, Flags::NONE, &out), Message::read(0x48, Flags::NONE, &mut buffer)];
            let _ = black_box(bus.transfer(black_box(messages)));
        }
    })
}

fn transfer() -> Bare {
    let mut device: Box<dyn Device> = Box::new(Loopback);
    let (mut output, mut input) = (Vec::new(), Vec::new());
    Box::new(move |times, size| {
        output.resize(size as usize, 0x5a);
        input.resize(size as usize, 0);
        for _ in 0..times {
            let transfers = &mut [Transfer { output: &output, input: &mut input, ..Transfer::default() }];
            let _ = black_box(device.message(black_box(transfers)));
        }
    })
}

fn set() -> Bare {
    let mut line: Box<dyn Line> = Box::new(Latch(Level::Low));
    Box::new(move |times, _| {
        for _ in 0..times {
            let _ = black_box(line.set(black_box(Sample::Level(Level::High))));
        }
    })
}

fn get() -> Bare {
    let mut line: Box<dyn Line> = Box::new(Latch(Level::High));
    Box::new(move |times, _| {
        for _ in 0..times {
            let _ = black_box(black_box(&mut line).get());
        }
    })
}

fn usb(kind: Kind, endpoint: u8) -> anyhow::Result<Bare> {
    let mut handle: Box<dyn Handle> = match OneDevice.open(DeviceId(1)) {
        Ok(handle) => handle,
        Err(refusal) => anyhow::bail!("the board that does nothing has no device: {refusal}"),
    };
    let mut output = Vec::new();
    Ok(Box::new(move |times, size| {
        let out = kind == Kind::Bulk && endpoint & 0x80 == 0;
        output.resize(if out { size as usize } else { 0 }, 0x5a);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..times {
            let mut setup = [0; 8];
            if kind == Kind::Control {
                setup = [0xc0, 1, 0, 0, 0, 0, size as u8, (size >> 8) as u8];
            }
            // The driver owns what it sends, as a kernel does.
            let submission = Submission {
                kind,
                endpoint,
                setup,
                data: output.clone(),
                room: if out { 0 } else { size },
                packets: Vec::new(),
                stream: 0,
                limit_ns: None,
                zero_packet: false,
            };
            let reaped = handle.submit(submission).map(|id| handle.poll_reap(id, &mut context));
            if !matches!(black_box(reaped), Ok(Poll::Ready(Ok(_)))) {
                unreachable!("a board that does nothing has nothing to wait for");
            }
        }
    }))
}
