//! The blocks of a pcapng file (draft-ietf-opsawg-pcapng), and the header of 64 bytes before each packet of usbmon
//! (Documentation/usb/usbmon.rst of Linux), little-endian.

/// The most bytes of a comment.
const MOST_COMMENT: usize = 8_000;

/// The kind of a transfer, by usbmon's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Type {
    Isochronous = 0,
    Interrupt = 1,
    Control = 2,
    #[default]
    Bulk = 3,
}

/// A packet: a transfer is submitted, or is complete.
#[derive(Clone, Debug, Default)]
pub(super) struct Packet {
    pub(super) id: u64,
    pub(super) submits: bool,
    pub(super) kind: Type,
    pub(super) endpoint: u8,
    pub(super) device: u8,
    /// Board time in nanoseconds.
    pub(super) at: u64,
    pub(super) status: i32,
    /// How many bytes it is about, whether they pass by here or not.
    pub(super) length: usize,
    pub(super) data: Vec<u8>,
    /// So many bytes of data there were.
    pub(super) whole: usize,
    pub(super) setup: Option<[u8; 8]>,
    /// Of an isochronous transfer: the status and the length of each packet.
    pub(super) packets: Vec<(i32, usize)>,
    pub(super) comment: String,
}

/// A file on its way.
pub(super) struct File {
    pub(super) bytes: Vec<u8>,
}

impl File {
    /// A file with these comments, and one interface.
    pub(super) fn new(comments: &[String]) -> File {
        let mut file = File { bytes: Vec::new() };
        let mut section = Vec::new();
        section.extend(0x1a2b_3c4d_u32.to_le_bytes());
        section.extend(1u16.to_le_bytes());
        section.extend(0u16.to_le_bytes());
        section.extend((-1i64).to_le_bytes());
        for text in comments.iter().filter(|text| !text.is_empty()) {
            comment(&mut section, text);
        }
        option(&mut section, 4, b"wasi-hw");
        end(&mut section);
        file.block(0x0a0d_0d0a, &section);
        let mut interface = Vec::new();
        interface.extend(220u16.to_le_bytes());
        interface.extend([0; 6]);
        option(&mut interface, 2, b"board");
        // Times are in nanoseconds.
        option(&mut interface, 9, &[9]);
        end(&mut interface);
        file.block(1, &interface);
        file
    }

    fn block(&mut self, kind: u32, body: &[u8]) {
        let length = body.len() as u32 + 12;
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(body);
        self.bytes.extend(length.to_le_bytes());
    }

    /// Writes a packet.
    pub(super) fn packet(&mut self, packet: &Packet) {
        let header = header(packet);
        let whole = header.len() + packet.whole;
        let mut body = Vec::new();
        body.extend(0u32.to_le_bytes());
        body.extend(((packet.at >> 32) as u32).to_le_bytes());
        body.extend((packet.at as u32).to_le_bytes());
        body.extend(((header.len() + packet.data.len()) as u32).to_le_bytes());
        body.extend((whole as u32).to_le_bytes());
        body.extend(header);
        body.extend(&packet.data);
        pad(&mut body);
        if !packet.comment.is_empty() {
            comment(&mut body, &packet.comment);
            end(&mut body);
        }
        self.block(6, &body);
    }
}

fn header(packet: &Packet) -> Vec<u8> {
    let Packet { id, at, status, setup, packets, .. } = packet;
    let into = packet.endpoint & 0x80 != 0;
    let kept = packet.data.len();
    let mut out = Vec::new();
    out.extend(id.to_le_bytes());
    out.push(if packet.submits { b'S' } else { b'C' });
    out.extend([packet.kind as u8, packet.endpoint, packet.device]);
    out.extend(1u16.to_le_bytes());
    out.push(if setup.is_some() { 0 } else { b'-' });
    out.push(if kept > 0 {
        0
    } else if into {
        b'<'
    } else {
        b'>'
    });
    out.extend(((at / 1_000_000_000) as i64).to_le_bytes());
    out.extend(((at % 1_000_000_000 / 1_000) as i32).to_le_bytes());
    out.extend(status.to_le_bytes());
    out.extend((packet.length as u32).to_le_bytes());
    out.extend(((kept + 16 * packets.len()) as u32).to_le_bytes());
    match setup {
        Some(setup) => out.extend(setup),
        None => {
            let failed = packets.iter().filter(|(status, _)| *status != 0).count();
            out.extend((failed as u32).to_le_bytes());
            out.extend((packets.len() as u32).to_le_bytes());
        }
    }
    // Interval and first frame, which a trace does not have; flags.
    out.extend([0; 12]);
    out.extend((packets.len() as u32).to_le_bytes());
    let mut offset = 0;
    for (status, length) in packets {
        out.extend(status.to_le_bytes());
        out.extend((offset as u32).to_le_bytes());
        out.extend((*length as u32).to_le_bytes());
        out.extend([0; 4]);
        offset += length;
    }
    out
}

fn comment(to: &mut Vec<u8>, text: &str) {
    let mut most = text.len().min(MOST_COMMENT);
    while !text.is_char_boundary(most) {
        most -= 1;
    }
    option(to, 1, &text.as_bytes()[..most]);
}

fn option(to: &mut Vec<u8>, code: u16, value: &[u8]) {
    to.extend(code.to_le_bytes());
    to.extend((value.len() as u16).to_le_bytes());
    to.extend(value);
    pad(to);
}

fn end(to: &mut Vec<u8>) {
    to.extend([0; 4]);
}

fn pad(to: &mut Vec<u8>) {
    to.resize(to.len().next_multiple_of(4), 0);
}
