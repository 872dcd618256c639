//! The messages of `/dev/wasi-hw-board`: what the kernel asks, and what it is told.

use rustix::io::Errno;
use wasi_hw_seam::Refusal;

/// `WHB_MAX_SIZE`.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// `enum whb_type`.
pub(crate) mod kind {
    pub(crate) const I2C_TRANSFER: u16 = 1;
    pub(crate) const SPI_MESSAGE: u16 = 2;
    pub(crate) const GPIO_REQUEST: u16 = 3;
    pub(crate) const GPIO_FREE: u16 = 4;
    pub(crate) const GPIO_INPUT: u16 = 5;
    pub(crate) const GPIO_OUTPUT: u16 = 6;
    pub(crate) const GPIO_GET: u16 = 7;
    pub(crate) const GPIO_SET: u16 = 8;
    pub(crate) const GPIO_CONFIG: u16 = 9;
    pub(crate) const GPIO_WATCH: u16 = 10;
    pub(crate) const REPLY: u16 = 32;
    pub(crate) const GPIO_EDGE: u16 = 33;
}

const HEADER: usize = 32;
const SEGMENT: usize = 28;

/// What the kernel asks.
pub(crate) struct Request {
    pub(crate) kind: u16,
    pub(crate) object: usize,
    pub(crate) id: u64,
    pub(crate) line: u32,
    pub(crate) value: u32,
    pub(crate) segments: Vec<Segment>,
    /// Of all segments that write, in their order.
    pub(crate) bytes: Vec<u8>,
}

/// `struct whb_segment`, as far as a seam knows of it.
#[derive(Clone, Copy)]
pub(crate) struct Segment {
    pub(crate) len: usize,
    pub(crate) address: u16,
    pub(crate) flags: u16,
    pub(crate) speed_hz: u32,
    pub(crate) delay_ns: u32,
    pub(crate) bits_per_word: u8,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    number(bytes, at).map(u32::from_ne_bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    number(bytes, at).map(u16::from_ne_bytes)
}

impl Request {
    /// `None` if the sizes in it do not fit.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Request> {
        let count = u32_at(bytes, 28)? as usize;
        let payload = HEADER.checked_add(count.checked_mul(SEGMENT)?)?;
        let segment = |n: usize| {
            let at = HEADER + n * SEGMENT;
            Some(Segment {
                len: u32_at(bytes, at)? as usize,
                address: u16_at(bytes, at + 4)?,
                flags: u16_at(bytes, at + 6)?,
                speed_hz: u32_at(bytes, at + 8)?,
                delay_ns: u32_at(bytes, at + 12)?,
                bits_per_word: *bytes.get(at + 24)?,
            })
        };
        if u32_at(bytes, 0)? as usize != bytes.len() || payload > bytes.len() {
            return None;
        }
        Some(Request {
            kind: u16_at(bytes, 4)?,
            object: u16_at(bytes, 6)?.into(),
            id: number(bytes, 8).map(u64::from_ne_bytes)?,
            line: u32_at(bytes, 20)?,
            value: u32_at(bytes, 24)?,
            segments: (0..count).map(segment).collect::<Option<_>>()?,
            bytes: bytes[payload..].to_vec(),
        })
    }
}

/// An answer: a value and the bytes of all segments that read, or what the kernel is to fail with.
pub(crate) fn reply(id: u64, answer: Result<(u32, Vec<u8>), Errno>) -> Vec<u8> {
    match answer {
        Ok((value, bytes)) => message(kind::REPLY, 0, id, 0, [0, value], &bytes),
        Err(errno) => message(kind::REPLY, 0, id, errno.raw_os_error().unsigned_abs(), [0, 0], &[]),
    }
}

/// A level that has changed.
pub(crate) fn edge(object: u16, line: u32, level: u32) -> Vec<u8> {
    message(kind::GPIO_EDGE, object, 0, 0, [line, level], &[])
}

fn message(kind: u16, object: u16, id: u64, error: u32, [line, value]: [u32; 2], bytes: &[u8]) -> Vec<u8> {
    let size = HEADER + bytes.len();
    let mut message = Vec::with_capacity(size);
    message.extend_from_slice(&u32::try_from(size).unwrap_or(u32::MAX).to_ne_bytes());
    message.extend_from_slice(&kind.to_ne_bytes());
    message.extend_from_slice(&object.to_ne_bytes());
    message.extend_from_slice(&id.to_ne_bytes());
    for number in [error, line, value, 0] {
        message.extend_from_slice(&number.to_ne_bytes());
    }
    message.extend_from_slice(bytes);
    message
}

/// The error number that a driver in the kernel gives for a refusal.
pub(crate) fn errno(refusal: Refusal) -> Errno {
    match refusal.errno() {
        "ENOENT" => Errno::NOENT,
        "EBUSY" => Errno::BUSY,
        "EACCES" => Errno::ACCESS,
        "ENODEV" => Errno::NODEV,
        "EINVAL" => Errno::INVAL,
        "EOPNOTSUPP" => Errno::OPNOTSUPP,
        "EMSGSIZE" => Errno::MSGSIZE,
        "ENOMEM" => Errno::NOMEM,
        "EAGAIN" => Errno::AGAIN,
        "ETIMEDOUT" => Errno::TIMEDOUT,
        "ENXIO" => Errno::NXIO,
        "EREMOTEIO" => Errno::REMOTEIO,
        _ => Errno::IO,
    }
}

#[cfg(test)]
mod tests {
    use super::{Request, kind, message, reply};
    use rustix::io::Errno;

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let request = Request::parse(&message(kind::GPIO_OUTPUT, 3, 7, 0, [5, 1], b"xy")).unwrap();
        assert_eq!((request.kind, request.object, request.id), (kind::GPIO_OUTPUT, 3, 7));
        assert_eq!((request.line, request.value, &request.bytes[..]), (5, 1, &b"xy"[..]));
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        let good = message(kind::I2C_TRANSFER, 0, 1, 0, [0, 0], &[]);
        assert!(Request::parse(&good).is_some());
        assert!(Request::parse(&good[..31]).is_none());
        assert!(Request::parse(&[&good[..], b"more"].concat()).is_none());
        let mut segments = good.clone();
        segments[28] = 1;
        assert!(Request::parse(&segments).is_none());
        segments[28..32].copy_from_slice(&u32::MAX.to_ne_bytes());
        assert!(Request::parse(&segments).is_none());
    }

    #[test]
    fn an_error_has_no_bytes() {
        let reply = reply(1, Err(Errno::NXIO));
        assert_eq!((reply.len(), reply[16]), (32, 6));
    }
}
