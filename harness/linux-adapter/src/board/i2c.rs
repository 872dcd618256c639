//! I²C: messages of the kernel, as messages of the seam.

use super::device::{Adapter, name};
use super::forward::Answer;
use super::message::Request;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{Bus, Flags, Message};

/// `I2C_FUNC_I2C`, `_10BIT_ADDR`, `_PROTOCOL_MANGLING`, `_NOSTART`, `_SMBUS_EMUL`: the board refuses by itself what a fixture's
/// adapter lacks.
const FUNCTIONALITY: u32 = 0x1 | 0x2 | 0x4 | 0x10 | 0x0eff_0008;

/// `I2C_M_RD`.
const READ: u16 = 1;

/// An adapter that can do everything.
pub(super) fn adapter(label: &str) -> Adapter {
    Adapter { name: name(if label.is_empty() { "board" } else { label }), functionality: FUNCTIONALITY }
}

/// Does a transfer.
pub(super) fn transfer(bus: &mut dyn Bus, request: &Request) -> Answer {
    let reads = |flags: u16| flags & READ != 0;
    let total =
        request.segments.iter().filter(|segment| reads(segment.flags)).map(|segment| segment.len).sum();
    let mut read = vec![0; total];
    let (mut to, mut from) = (&mut read[..], &request.bytes[..]);
    let mut messages = Vec::with_capacity(request.segments.len());
    for segment in &request.segments {
        let flags = Flags(segment.flags & !READ);
        messages.push(if reads(segment.flags) {
            let (buffer, rest) = to.split_at_mut(segment.len);
            to = rest;
            Message::read(segment.address, flags, buffer)
        } else {
            let (bytes, rest) = from.split_at_checked(segment.len).ok_or(Refusal::Other)?;
            from = rest;
            Message::write(segment.address, flags, bytes)
        });
    }
    bus.transfer(&mut messages)?;
    Ok((0, read))
}
