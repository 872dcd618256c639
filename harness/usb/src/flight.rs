//! A transfer of libusb, from its making until it is over.

use crate::code;
use crate::context::Events;
use libusb1_sys as ffi;
use libusb1_sys::constants::*;
use std::ffi::{c_int, c_uint, c_void};
use std::sync::Arc;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, Kind, Packet, Submission, TransferId};

/// Bytes of a SETUP packet, with which the buffer of a control transfer begins.
const SETUP: usize = LIBUSB_CONTROL_SETUP_SIZE;

/// A transfer, with the memory that the system reads and writes. Not dropped while it is in flight.
pub(crate) struct Flight {
    raw: *mut ffi::libusb_transfer,
    /// Where `raw` points to; never grown.
    _buffer: Vec<u8>,
}

// SAFETY: libusb's functions may be called from any thread, and nobody else has it.
unsafe impl Send for Flight {}

/// What the callback knows.
struct Landing {
    events: Arc<Events>,
    id: TransferId,
    kind: Kind,
    is_in: bool,
}

/// How long and how many, as libusb counts them.
fn number(number: usize) -> Result<c_int, Refusal> {
    c_int::try_from(number).map_err(|_| Refusal::TooMuch)
}

/// Starts a transfer; the code of libusb if it refuses.
pub(crate) fn submit(
    events: &Arc<Events>,
    handle: u64,
    device: *mut ffi::libusb_device_handle,
    submission: Submission,
) -> Result<TransferId, Refused> {
    let is_in = submission.is_in();
    let Submission { kind, endpoint, setup, data, room, packets, stream, limit_ns, zero_packet } = submission;
    let control = kind == Kind::Control;
    let mut buffer = if control { setup.to_vec() } else { Vec::new() };
    let size = if is_in { room as usize } else { data.len() };
    buffer.try_reserve_exact(size).map_err(|_| Refusal::TooMuch)?;
    buffer.extend(data);
    if is_in {
        buffer.resize(buffer.len() + size, 0);
    }
    if control && usize::from(u16::from_le_bytes([setup[6], setup[7]])) != size {
        return Err(Refusal::Invalid.into());
    }
    let isochronous = kind == Kind::Isochronous;
    let packets = if isochronous { &packets[..] } else { &[] };
    if isochronous && packets.iter().map(|length| u64::from(*length)).sum::<u64>() != size as u64 {
        return Err(Refusal::Invalid.into());
    }
    let (length, count) = (number(buffer.len())?, number(packets.len())?);
    // SAFETY: any number is good.
    let raw = unsafe { ffi::libusb_alloc_transfer(count) };
    if raw.is_null() {
        return Err(Refusal::TooMuch.into());
    }
    let begin = |id| {
        let landing = Box::new(Landing { events: Arc::clone(events), id, kind, is_in });
        // SAFETY: it was made with room for so many packets; the buffer is as long as it says, and stays where it is.
        unsafe {
            (*raw).dev_handle = device;
            (*raw).endpoint = if control { 0 } else { endpoint };
            (*raw).transfer_type = match kind {
                Kind::Control => LIBUSB_TRANSFER_TYPE_CONTROL,
                Kind::Bulk => LIBUSB_TRANSFER_TYPE_BULK,
                Kind::Interrupt => LIBUSB_TRANSFER_TYPE_INTERRUPT,
                Kind::Isochronous => LIBUSB_TRANSFER_TYPE_ISOCHRONOUS,
            };
            (*raw).timeout = limit_ns.map_or(0, milliseconds);
            (*raw).flags = if zero_packet { LIBUSB_TRANSFER_ADD_ZERO_PACKET } else { 0 };
            (*raw).buffer = buffer.as_mut_ptr();
            (*raw).length = length;
            (*raw).callback = over;
            (*raw).user_data = Box::into_raw(landing).cast::<c_void>();
            (*raw).num_iso_packets = count;
            let first = (&raw mut (*raw).iso_packet_desc).cast::<ffi::libusb_iso_packet_descriptor>();
            for (n, length) in packets.iter().enumerate() {
                (*first.add(n)).length = *length;
            }
            if stream != 0 && kind == Kind::Bulk {
                (*raw).transfer_type = LIBUSB_TRANSFER_TYPE_BULK_STREAM;
                ffi::libusb_transfer_set_stream_id(raw, stream);
            }
        }
        Flight { raw, _buffer: buffer }
    };
    let id = events.begin(handle, begin);
    // SAFETY: it is whole, and the slot keeps it until its callback was called.
    match unsafe { ffi::libusb_submit_transfer(raw) } {
        0 => Ok(id),
        code => {
            // SAFETY: libusb has refused it, so nobody else has what was made for the callback.
            drop(unsafe { Box::from_raw((*raw).user_data.cast::<Landing>()) });
            events.abort(id);
            Err(Refused::Libusb(code))
        }
    }
}

/// Why a transfer was not started.
pub(crate) enum Refused {
    /// It cannot be.
    Here(Refusal),
    /// libusb says so.
    Libusb(c_int),
}

impl From<Refusal> for Refused {
    fn from(why: Refusal) -> Refused {
        Refused::Here(why)
    }
}

/// A limit as libusb counts it: never shorter, and never none.
fn milliseconds(ns: u64) -> c_uint {
    c_uint::try_from(ns.div_ceil(1_000_000).max(1)).unwrap_or(c_uint::MAX)
}

impl Flight {
    /// Asks for its end. One that is over has none any more, which is no error.
    pub(crate) fn cancel(&self) {
        // SAFETY: it was submitted, and is freed by dropping this alone.
        unsafe { ffi::libusb_cancel_transfer(self.raw) };
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        // SAFETY: it is not in flight, and nobody else has it.
        unsafe { ffi::libusb_free_transfer(self.raw) };
    }
}

/// libusb says that a transfer is over.
extern "system" fn over(raw: *mut ffi::libusb_transfer) {
    // SAFETY: libusb calls this once for each transfer that it has accepted, and gives back what it was given.
    let (landing, how) = unsafe {
        let landing = Box::from_raw((*raw).user_data.cast::<Landing>());
        let how = completion(&*raw, &landing);
        (landing, how)
    };
    landing.events.ended(landing.id, how);
}

/// # Safety
///
/// Its buffer and its packets are as long as it says.
unsafe fn completion(raw: &ffi::libusb_transfer, landing: &Landing) -> Completion {
    let size = |number: c_int| usize::try_from(number).unwrap_or(0);
    let buffer: &[u8] = match raw.buffer.is_null() {
        true => &[],
        // SAFETY: as above.
        false => unsafe { std::slice::from_raw_parts(raw.buffer, size(raw.length)) },
    };
    let buffer = if landing.kind == Kind::Control { &buffer[SETUP.min(buffer.len())..] } else { buffer };
    let part = |from: usize, length: usize, most: usize| -> Vec<u8> {
        let part = buffer.get(from..).unwrap_or_default();
        part[..length.min(most).min(part.len())].to_vec()
    };
    let status = code::status(raw.status);
    if landing.kind != Kind::Isochronous {
        let moved = size(raw.actual_length);
        let (data, sent) =
            if landing.is_in { (part(0, moved, buffer.len()), 0) } else { (Vec::new(), moved) };
        return Completion { status, data, sent, packets: Vec::new() };
    }
    // SAFETY: as above.
    let packets = unsafe {
        let first = (&raw const raw.iso_packet_desc).cast::<ffi::libusb_iso_packet_descriptor>();
        std::slice::from_raw_parts(first, size(raw.num_iso_packets))
    };
    let mut at = 0;
    let packets = packets.iter().map(|packet| {
        let (length, moved) = (packet.length as usize, packet.actual_length as usize);
        let data = if landing.is_in { part(at, moved, length) } else { Vec::new() };
        at += length;
        Packet { status: code::status(packet.status), data, sent: if landing.is_in { 0 } else { moved } }
    });
    Completion { status, data: Vec::new(), sent: 0, packets: packets.collect() }
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn a_limit_is_never_shorter_and_never_none() {
        assert_eq!([0, 1, 1_000_000, 1_000_001].map(milliseconds), [1, 1, 1, 2]);
        assert_eq!(milliseconds(u64::MAX), u32::MAX);
    }
}
