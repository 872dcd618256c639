//! USB/IP on the wire, of which `vhci_hcd` speaks the part behind the import of a device: Documentation/usb/usbip_protocol.rst.

use std::io;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, Status};

const HEADER: usize = 48;
const PACKET: usize = 16;

/// The most bytes of a transfer, and packets of an isochronous one: more than usbfs has room for.
const MOST_BYTES: usize = 64 << 20;
const MOST_PACKETS: usize = 4096;

/// Transfer flags, as Linux has them (include/linux/usb.h).
pub(super) const SHORT_NOT_OK: u32 = 0x01;
pub(super) const ZERO_PACKET: u32 = 0x40;

/// Error numbers of a URB that ended otherwise (Documentation/driver-api/usb/error-codes.rst).
pub(super) const EPIPE: i32 = -32;
const EREMOTEIO: i32 = -121;

/// What the kernel asks.
pub(super) enum Command {
    Submit(Urb),
    /// Take back what was submitted under another number.
    Unlink {
        seq: u32,
        of: u32,
    },
}

/// A transfer.
pub(super) struct Urb {
    pub(super) seq: u32,
    /// With the direction in bit 7.
    pub(super) endpoint: u8,
    pub(super) flags: u32,
    pub(super) length: usize,
    /// The length of each packet of an isochronous one.
    pub(super) packets: Vec<u32>,
    pub(super) setup: [u8; 8],
    /// What goes to the device.
    pub(super) data: Vec<u8>,
}

/// What came by now, of which the last command may not be whole.
#[derive(Default)]
pub(super) struct Incoming(Vec<u8>);

impl Incoming {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    /// The next command, if it is whole.
    pub(super) fn next(&mut self) -> io::Result<Option<Command>> {
        let Some((length, command)) = parse(&self.0)? else { return Ok(None) };
        self.0.drain(..length);
        Ok(Some(command))
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_be_bytes)
}

fn parse(bytes: &[u8]) -> io::Result<Option<(usize, Command)>> {
    let wrong = |what: &str| Err(io::Error::new(io::ErrorKind::InvalidData, format!("vhci_hcd: {what}")));
    if bytes.len() < HEADER {
        return Ok(None);
    }
    let seq = word(bytes, 4);
    match word(bytes, 0) {
        1 => {}
        2 => return Ok(Some((HEADER, Command::Unlink { seq, of: word(bytes, 20) }))),
        _ => return wrong("neither a submission nor an unlinking"),
    }
    let inward = word(bytes, 12) == 1;
    let length = word(bytes, 24) as usize;
    // -1 is what other versions say of a transfer without packets.
    let count = Some(word(bytes, 32)).filter(|count| *count != u32::MAX).unwrap_or(0) as usize;
    if length > MOST_BYTES || count > MOST_PACKETS {
        return wrong("more than there is room for");
    }
    let data = if inward { 0 } else { length };
    let whole = HEADER + data + count * PACKET;
    if bytes.len() < whole {
        return Ok(None);
    }
    let packet = |n: usize| word(bytes, HEADER + data + n * PACKET + 4);
    let mut setup = [0; 8];
    setup.copy_from_slice(&bytes[40..48]);
    let urb = Urb {
        seq,
        endpoint: (word(bytes, 16) & 0x0f) as u8 | if inward { 0x80 } else { 0 },
        flags: word(bytes, 20),
        length,
        packets: (0..count).map(packet).collect(),
        setup,
        data: bytes[HEADER..HEADER + data].to_vec(),
    };
    Ok(Some((whole, Command::Submit(urb))))
}

fn header(command: u32, seq: u32, words: [u32; 5]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER);
    for word in [command, seq, 0, 0, 0].into_iter().chain(words) {
        bytes.extend(word.to_be_bytes());
    }
    bytes.resize(HEADER, 0);
    bytes
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn errno(status: Status) -> i32 {
    match status {
        Status::Completed => 0,
        Status::Stall => EPIPE,
        Status::Overflow => -75,
        Status::Error => -71,
        Status::Cancelled | Status::TimedOut => -104,
        Status::Gone => -108,
    }
}

impl Urb {
    pub(super) fn is_in(&self) -> bool {
        self.endpoint & 0x80 != 0
    }

    /// It ended without isochronous packets.
    pub(super) fn plain(&self, status: i32, data: &[u8], sent: usize) -> Vec<u8> {
        let data = &data[..data.len().min(self.length)];
        let moved = if self.is_in() { data.len() } else { sent.min(self.length) };
        let mut bytes = header(3, self.seq, [status.cast_unsigned(), number(moved), 0, 0, 0]);
        if self.is_in() {
            bytes.extend(data);
        }
        bytes
    }

    /// It was not begun.
    pub(super) fn refused(&self, why: Refusal) -> Vec<u8> {
        let status = match why {
            Refusal::Gone => -19,
            Refusal::TooMuch => -12,
            Refusal::Invalid => -22,
            _ => -71,
        };
        self.plain(status, &[], 0)
    }

    /// It ended.
    pub(super) fn ended(&self, how: &Completion) -> Vec<u8> {
        if self.packets.is_empty() {
            let short = self.is_in() && how.data.len() < self.length && self.flags & SHORT_NOT_OK != 0;
            let status = match how.status {
                Status::Completed if short => EREMOTEIO,
                status => errno(status),
            };
            return self.plain(status, &how.data, how.sent);
        }
        let moved = |n: usize| how.packets.get(n).map_or(0, |packet| packet.data.len().max(packet.sent));
        let whole: usize = (0..self.packets.len()).map(moved).sum();
        let wrong = how.packets.iter().filter(|packet| packet.status != Status::Completed).count();
        let words =
            [errno(how.status).cast_unsigned(), number(whole), 0, number(self.packets.len()), number(wrong)];
        let mut bytes = header(3, self.seq, words);
        if self.is_in() {
            how.packets.iter().for_each(|packet| bytes.extend(&packet.data));
        }
        let mut at = 0;
        for (n, length) in self.packets.iter().enumerate() {
            let status = how.packets.get(n).map_or(errno(how.status), |packet| errno(packet.status));
            for word in [at, *length, number(moved(n)), status.cast_unsigned()] {
                bytes.extend(word.to_be_bytes());
            }
            at += length;
        }
        bytes
    }
}

/// The answer to an unlinking: what was to be taken back has been answered before.
pub(super) fn unlinked(seq: u32) -> Vec<u8> {
    header(4, seq, [0; 5])
}

/// The answer to an unlinking of what will not be answered itself.
pub(super) fn taken_back(seq: u32) -> Vec<u8> {
    header(4, seq, [errno(Status::Cancelled).cast_unsigned(), 0, 0, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::{Command, Incoming, header, unlinked};
    use wasi_hw_seam::usb::{Completion, Packet, Status};

    fn submit(inward: bool, length: u32, packets: u32, behind: &[u8]) -> Vec<u8> {
        let mut bytes = header(1, 7, [0, length, 0, packets, 0]);
        bytes[15] = u8::from(inward);
        bytes[19] = 2;
        [&bytes[..], behind].concat()
    }

    #[test]
    fn a_command_is_read_when_it_is_whole() {
        let mut incoming = Incoming::default();
        let bytes = submit(false, 3, 0, b"xyz");
        incoming.push(&bytes[..50]);
        assert!(incoming.next().unwrap().is_none());
        incoming.push(&bytes[50..]);
        let Some(Command::Submit(urb)) = incoming.next().unwrap() else { panic!("a submission") };
        assert_eq!((urb.seq, urb.endpoint, urb.length, &urb.data[..]), (7, 2, 3, &b"xyz"[..]));
        assert!(incoming.next().unwrap().is_none());
        incoming.push(&submit(false, u32::MAX, 0, b""));
        assert!(incoming.next().is_err(), "more than there is memory for");
    }

    #[test]
    fn packets_that_failed_leave_no_gap_in_what_is_sent() {
        let mut incoming = Incoming::default();
        let lengths = [0_u32, 4, 0, 0, 4, 4, 0, 0].map(u32::to_be_bytes).concat();
        incoming.push(&submit(true, 8, 2, &lengths));
        let Some(Command::Submit(urb)) = incoming.next().unwrap() else { panic!("a submission") };
        assert_eq!((urb.endpoint, &urb.packets[..]), (0x82, &[4, 4][..]));
        let packet = |status, data: &[u8]| Packet { status, data: data.to_vec(), sent: 0 };
        let packets = vec![packet(Status::Error, b""), packet(Status::Completed, b"ab")];
        let bytes = urb.ended(&Completion { packets, ..Completion::default() });
        assert_eq!((bytes.len(), &bytes[48..50]), (48 + 2 + 32, &b"ab"[..]));
        assert_eq!(bytes[24..28], [0, 0, 0, 2], "how much came");
        assert_eq!(bytes[bytes.len() - 8..], [0, 0, 0, 2, 0, 0, 0, 0]);
        assert_eq!(unlinked(9)[..8], [0, 0, 0, 4, 0, 0, 0, 9]);
    }
}
