//! The traffic of a case's USB devices as a capture that Wireshark opens: pcapng, link type USB_LINUX_MMAPPED (220), the
//! format in which Linux's usbmon hands out what passes by.
//!
//! A transfer is a submission and a completion with one number, at the board's times. Each of the two carries the lines of
//! the trace that it comes from as a comment, and so do the lines that are on no bus (`OPEN`, `CLAIM 0`), with the
//! packet after them. What a trace does not say is not invented: a transfer for which nothing was answered is submitted
//! with the length of what came, and where one that waits got data piece by piece, each piece is a transfer.

mod blocks;

use crate::wire::usb::{End, Event};
use crate::{Run, safe};
use anyhow::ensure;
use blocks::{File, Packet, Type};
use std::collections::{BTreeMap, VecDeque};
use wasi_hw_harness::report::Record;

/// The most bytes of data of a capture; of more, the packets say how many there were.
const MOST_DATA: usize = 32 << 20;

/// The most bytes of the data stage of a control transfer, whose length has sixteen bits.
const MOST_CONTROL: usize = 1 << 17;

/// The status of a packet, by Linux's numbers.
const SUBMITTED: i32 = -115;
const CANCELLED: i32 = -2;
const STALLED: i32 = -32;
const BABBLED: i32 = -75;
const FAILED: i32 = -71;
const GONE: i32 = -108;

/// The capture of a record.
pub fn pcapng(run: &Run, record: &Record) -> anyhow::Result<Vec<u8>> {
    let case = safe::name(&record.case);
    ensure!(record.proposal == "usb", "{case} has no USB device; its wires are exported with --vcd");
    let mut lines = Vec::new();
    for (device, (name, channel)) in record.trace.iter().enumerate() {
        lines.extend(channel.seen.iter().map(|line| (line.at, device, name, &*line.text)));
    }
    // Of one time, device by device; of one device, in the order of its trace.
    lines.sort_by_key(|(at, device, ..)| (*at, *device));
    let mut bus = Bus { types: types(record), ..Bus::default() };
    for (at, device, name, text) in lines {
        let name = if record.trace.len() > 1 { format!("{}: ", safe::name(name)) } else { String::new() };
        // Device numbers begin at 1, and are those of seven bits.
        bus.line((device % 127 + 1) as u8, at, text, &safe::line(&format!("{name}{text}")));
    }
    let (packets, left) = bus.finish();
    let devices: Vec<_> = record.trace.keys().take(8).map(|name| safe::name(name)).collect();
    let mut file = File::new(&[
        format!("{case} on {}, suite {}, {}", run.host(), run.suite(), run.day()),
        format!("devices, in the order of their numbers: {}", devices.join(", ")),
        left,
    ]);
    packets.iter().for_each(|packet| file.packet(packet));
    Ok(file.bytes)
}

/// What a guest calls the transfers of its endpoints; the trace has bytes, and no descriptor.
fn types(record: &Record) -> BTreeMap<u8, Type> {
    let mut types = BTreeMap::new();
    for line in record.guests.iter().flat_map(|guest| &guest.transcript) {
        let words: Vec<_> = line.text.split(' ').take(8).collect();
        for pair in words.windows(2) {
            let kind = match pair[0] {
                "bulk" => Type::Bulk,
                "interrupt" => Type::Interrupt,
                "isochronous" => Type::Isochronous,
                _ => continue,
            };
            if let Some(endpoint) = crate::wire::hex(pair[1], 2) {
                types.entry(endpoint as u8).or_insert(kind);
            }
        }
    }
    types
}

/// A control transfer under way.
struct Control {
    at: u64,
    device: u8,
    setup: [u8; 8],
    data: Vec<u8>,
    lines: Vec<String>,
}

/// What passes by.
#[derive(Default)]
struct Bus {
    packets: Vec<Packet>,
    data: usize,
    types: BTreeMap<u8, Type>,
    /// Those that wait, by device and endpoint.
    waiting: BTreeMap<(u8, u8), VecDeque<u64>>,
    control: BTreeMap<u8, Control>,
    last: u64,
    /// Lines that are on no bus, for the next packet.
    notes: Vec<String>,
}

impl Bus {
    fn line(&mut self, device: u8, at: u64, text: &str, shown: &str) {
        let event = Event::parse(text);
        let of_control = match &event {
            Event::Status => true,
            Event::Data { endpoint, .. } | Event::Nak(endpoint) | Event::End { endpoint, .. } => {
                endpoint & 0x7f == 0
            }
            _ => false,
        };
        if of_control && let Some(control) = self.control.get_mut(&device) {
            control.lines.push(shown.to_owned());
            let status = match event {
                Event::Status => 0,
                Event::Data { bytes, .. } => {
                    let room = MOST_CONTROL.saturating_sub(control.data.len());
                    control.data.extend(bytes.into_iter().take(room));
                    return;
                }
                Event::End { end, .. } => status(end),
                _ => return,
            };
            return self.end_control(device, at, status);
        }
        match event {
            Event::Setup(setup) => {
                self.end_control(device, at, FAILED);
                let lines = vec![shown.to_owned()];
                self.control.insert(device, Control { at, device, setup, data: Vec::new(), lines });
            }
            Event::Request(setup) => {
                self.control.insert(
                    device,
                    Control { at, device, setup, data: Vec::new(), lines: vec![shown.to_owned()] },
                );
                self.end_control(device, at, 0);
            }
            Event::Nak(endpoint) => {
                let id = self.submit(device, at, endpoint, &[], shown);
                self.waiting.entry((device, endpoint)).or_default().push_back(id);
            }
            Event::Data { endpoint, bytes } => self.complete(device, at, endpoint, 0, bytes, shown),
            Event::End { endpoint, end, bytes } => {
                self.complete(device, at, endpoint, status(end), bytes, shown);
            }
            Event::Isochronous { endpoint, packets } => {
                self.types.insert(endpoint, Type::Isochronous);
                let id = self.next();
                let lengths = packets.iter().map(|packet| packet.as_ref().map_or(0, Vec::len));
                let submitted: Vec<_> = lengths.map(|length| (0, length)).collect();
                let done = packets.iter().map(|packet| match packet {
                    Some(bytes) => (0, bytes.len()),
                    None => (FAILED, 0),
                });
                let (done, data): (Vec<_>, Vec<u8>) =
                    (done.collect(), packets.iter().flatten().flatten().copied().collect());
                let (out, into) = if endpoint & 0x80 == 0 { (data, Vec::new()) } else { (Vec::new(), data) };
                let packet =
                    Packet { endpoint, device, at, id, kind: Type::Isochronous, ..Packet::default() };
                let comment = self.comment(shown);
                let length = out.len().max(into.len());
                self.push(Packet {
                    submits: true,
                    status: SUBMITTED,
                    length,
                    data: out,
                    packets: submitted,
                    comment,
                    ..packet.clone()
                });
                self.push(Packet { length, data: into, packets: done, ..packet });
            }
            Event::Gone => {
                self.notes.push(shown.to_owned());
                self.end_control(device, at, GONE);
                let gone: Vec<_> = self.waiting.keys().filter(|(of, _)| *of == device).copied().collect();
                for (of, endpoint) in gone {
                    for id in self.waiting.remove(&(of, endpoint)).unwrap_or_default() {
                        self.completion(device, at, endpoint, id, GONE, Vec::new(), "GONE");
                    }
                }
            }
            Event::Status | Event::Other => self.notes.push(shown.to_owned()),
        }
    }

    /// Keeps a packet, with as much of its data as a capture bears.
    fn push(&mut self, mut packet: Packet) {
        packet.whole = packet.data.len();
        packet.data.truncate(MOST_DATA - self.data);
        packet.data.shrink_to_fit();
        self.data += packet.data.len();
        self.packets.push(packet);
    }

    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn comment(&mut self, shown: &str) -> String {
        let mut lines = std::mem::take(&mut self.notes);
        lines.push(shown.to_owned());
        lines.join("\n")
    }

    fn kind(&self, endpoint: u8) -> Type {
        self.types.get(&endpoint).copied().unwrap_or_default()
    }

    fn submit(&mut self, device: u8, at: u64, endpoint: u8, data: &[u8], shown: &str) -> u64 {
        let (id, comment, kind) = (self.next(), self.comment(shown), self.kind(endpoint));
        let out = if endpoint & 0x80 == 0 { data.to_vec() } else { Vec::new() };
        let packet = Packet { endpoint, device, at, id, kind, comment, ..Packet::default() };
        self.push(Packet { submits: true, status: SUBMITTED, length: data.len(), data: out, ..packet });
        id
    }

    /// A transfer is over: the one that has waited longest, or one that had not to.
    fn complete(&mut self, device: u8, at: u64, endpoint: u8, status: i32, data: Vec<u8>, shown: &str) {
        let waiting = self.waiting.get_mut(&(device, endpoint)).and_then(VecDeque::pop_front);
        let id = match waiting {
            Some(id) => id,
            None => self.submit(device, at, endpoint, &data, shown),
        };
        self.completion(device, at, endpoint, id, status, data, shown);
    }

    #[allow(clippy::too_many_arguments)]
    fn completion(
        &mut self,
        device: u8,
        at: u64,
        endpoint: u8,
        id: u64,
        status: i32,
        data: Vec<u8>,
        shown: &str,
    ) {
        let (comment, kind) = (self.comment(shown), self.kind(endpoint));
        let length = data.len();
        let data = if endpoint & 0x80 == 0 { Vec::new() } else { data };
        let packet = Packet { endpoint, device, at, id, kind, comment, ..Packet::default() };
        self.push(Packet { status, length, data, ..packet });
    }

    fn end_control(&mut self, device: u8, at: u64, status: i32) {
        let Some(control) = self.control.remove(&device) else { return };
        let (id, comment) = (self.next(), self.comment(&control.lines.join("\n")));
        let into = control.setup[0] & 0x80 != 0;
        let endpoint = control.setup[0] & 0x80;
        let wanted = usize::from(u16::from_le_bytes([control.setup[6], control.setup[7]]));
        let length = control.data.len();
        let (out, data) = if into { (Vec::new(), control.data) } else { (control.data, Vec::new()) };
        let packet =
            Packet { endpoint, device: control.device, id, kind: Type::Control, ..Packet::default() };
        self.push(Packet {
            submits: true,
            at: control.at,
            status: SUBMITTED,
            length: wanted,
            data: out,
            setup: Some(control.setup),
            comment,
            ..packet.clone()
        });
        self.push(Packet { at, status, length, data, ..packet });
    }

    /// All packets, and the lines after the last of them. A transfer that never ended has no completion.
    fn finish(mut self) -> (Vec<Packet>, String) {
        for control in std::mem::take(&mut self.control).into_values() {
            let (id, comment) = (self.next(), self.comment(&control.lines.join("\n")));
            self.push(Packet {
                submits: true,
                at: control.at,
                endpoint: control.setup[0] & 0x80,
                device: control.device,
                id,
                kind: Type::Control,
                status: SUBMITTED,
                data: if control.setup[0] & 0x80 == 0 { control.data } else { Vec::new() },
                setup: Some(control.setup),
                comment,
                ..Packet::default()
            });
        }
        // A control transfer is known to be one when it is over: others may have passed by meanwhile.
        self.packets.sort_by_key(|packet| packet.at);
        let left = if self.notes.is_empty() {
            String::new()
        } else {
            format!("at the end: {}", self.notes.join(", "))
        };
        (self.packets, left)
    }
}

fn status(end: End) -> i32 {
    match end {
        End::Stall => STALLED,
        End::Babble => BABBLED,
        End::Error => FAILED,
        End::Cancel => CANCELLED,
    }
}
