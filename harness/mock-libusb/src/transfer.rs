//! Transfers: made, filled by the host, submitted, and over.

use crate::abi::{
    CONTROL_SETUP_SIZE, ENDPOINT_IN, FLAG_ADD_ZERO_PACKET, FLAG_FREE_BUFFER, FLAG_FREE_TRANSFER,
    FLAG_SHORT_NOT_OK, TRANSFER_CANCELLED, TRANSFER_COMPLETED, TRANSFER_ERROR, TRANSFER_NO_DEVICE,
    TRANSFER_OVERFLOW, TRANSFER_STALL, TRANSFER_TIMED_OUT, TRANSFER_TYPE_BULK, TRANSFER_TYPE_BULK_STREAM,
    TRANSFER_TYPE_CONTROL, TRANSFER_TYPE_INTERRUPT, TRANSFER_TYPE_ISOCHRONOUS, libusb_iso_packet_descriptor,
    libusb_transfer,
};
use crate::error::{BUSY, Error, INVALID_PARAM, NOT_FOUND, code, misuse};
use crate::harness::ask;
use crate::registry::{Flight, Transfer, changed, registry};
use std::ffi::{c_int, c_void};
use std::ptr::null_mut;
use wasi_hw_protocol as protocol;
use wasi_hw_protocol::{Bytes, Count, Empty, Op, usb};

/// The most packets of a transfer. More is what a machine has no memory for.
const MOST_PACKETS: usize = 1 << 20;

unsafe extern "C" {
    /// The C library's, for a host that leaves it to libusb to free a buffer.
    fn free(memory: *mut c_void);
}

/// Makes a transfer with room for so many isochronous packets; NULL if there is no memory for it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_alloc_transfer(packets: c_int) -> *mut libusb_transfer {
    let Some(most_packets) = usize::try_from(packets).ok().filter(|packets| *packets <= MOST_PACKETS) else {
        return null_mut();
    };
    let bytes = size_of::<libusb_transfer>() + most_packets * size_of::<libusb_iso_packet_descriptor>();
    let mut memory = vec![0_u64; bytes.div_ceil(size_of::<u64>())];
    let transfer: *mut libusb_transfer = memory.as_mut_ptr().cast();
    let entry = Transfer { memory, most_packets, stream: 0, flight: None };
    registry().transfers.insert(transfer.addr(), entry);
    transfer
}

/// Frees a transfer, which must not be in flight.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_free_transfer(transfer: *mut libusb_transfer) {
    if transfer.is_null() {
        return;
    }
    let mut registry = registry();
    if registry.transfer("libusb_free_transfer", transfer).flight.is_some() {
        misuse("libusb_free_transfer", "the transfer is in flight");
    }
    // SAFETY: the registry has it, and so it is whole.
    let (flags, buffer) = unsafe { ((*transfer).flags, (*transfer).buffer) };
    let entry = registry.transfers.remove(&transfer.addr());
    drop(registry);
    if flags & FLAG_FREE_BUFFER != 0 {
        // SAFETY: with this flag the host says that its buffer came from the C library and is ours to free.
        unsafe { free(buffer.cast()) };
    }
    drop(entry.map(|entry| entry.memory));
}

/// Sets the stream of a transfer.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_transfer_set_stream_id(transfer: *mut libusb_transfer, stream: u32) {
    registry().transfer("libusb_transfer_set_stream_id", transfer).stream = stream;
}

/// The stream of a transfer.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_transfer_get_stream_id(transfer: *mut libusb_transfer) -> u32 {
    registry().transfer("libusb_transfer_get_stream_id", transfer).stream
}

/// Starts a transfer.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_submit_transfer(transfer: *mut libusb_transfer) -> c_int {
    let function = "libusb_submit_transfer";
    let (stream, most_packets) = {
        let mut registry = registry();
        let entry = registry.transfer(function, transfer);
        if entry.flight.is_some() {
            return BUSY.0;
        }
        (entry.stream, entry.most_packets)
    };
    // SAFETY: the registry has it, and so it is whole; what the host filled in is as libusb's documentation says.
    let (submit, handle) = unsafe {
        let handle = (*transfer).dev_handle;
        let number = registry().handle(function, handle).number;
        (submission(transfer, number, stream, most_packets), handle.addr())
    };
    code(submit.and_then(|submit| {
        let submitted: protocol::Handle = ask(Op::UsbSubmit(submit))?;
        let mut registry = registry();
        let context = registry.handle(function, crate::registry::pointer(handle)).context;
        let flight = Flight { context, handle, number: submitted.handle, cancelled: false };
        registry.transfer(function, transfer).flight = Some(flight);
        changed();
        Ok(())
    }))
}

/// # Safety
///
/// The transfer is whole, with room for `most_packets` packets, and its buffer is as long as it says.
unsafe fn submission(
    transfer: *mut libusb_transfer,
    handle: u32,
    stream: u32,
    most_packets: usize,
) -> Result<usb::Submit, Error> {
    // SAFETY: it is whole, and nobody else uses it while it is being submitted.
    let transfer = unsafe { &*transfer };
    let length = usize::try_from(transfer.length).map_err(|_| INVALID_PARAM)?;
    let buffer = match transfer.buffer.is_null() {
        true if length > 0 => return Err(INVALID_PARAM),
        true => &[][..],
        // SAFETY: it is as long as the transfer says.
        false => unsafe { std::slice::from_raw_parts(transfer.buffer, length) },
    };
    let kind = match transfer.r#type {
        TRANSFER_TYPE_CONTROL => usb::Kind::Control,
        TRANSFER_TYPE_ISOCHRONOUS => usb::Kind::Isochronous,
        TRANSFER_TYPE_BULK | TRANSFER_TYPE_BULK_STREAM => usb::Kind::Bulk,
        TRANSFER_TYPE_INTERRUPT => usb::Kind::Interrupt,
        _ => return Err(INVALID_PARAM),
    };
    let mut submit = usb::Submit {
        handle,
        endpoint: transfer.endpoint,
        kind,
        setup: None,
        write: None,
        read: None,
        packets: Vec::new(),
        stream,
        limit_ns: (transfer.timeout > 0).then_some(Count(u64::from(transfer.timeout) * 1_000_000)),
        // On Linux it asks usbfs for it, which refuses it for what comes in; libusb passes it on only for what goes out.
        zero_packet: transfer.flags & FLAG_ADD_ZERO_PACKET != 0
            && matches!(kind, usb::Kind::Bulk | usb::Kind::Interrupt)
            && transfer.endpoint & ENDPOINT_IN == 0,
    };
    let (data, inward) = match kind {
        usb::Kind::Control => {
            let (setup, data) = buffer.split_at_checked(CONTROL_SETUP_SIZE).ok_or(INVALID_PARAM)?;
            submit.setup = Some(Bytes(setup.to_vec()));
            // The kernel goes by wLength, and wants the buffer to have room for it.
            let length = usize::from(u16::from_le_bytes([setup[6], setup[7]]));
            let data = data.get(..length).ok_or(INVALID_PARAM)?;
            submit.endpoint = setup[0] & ENDPOINT_IN;
            (data, setup[0] & ENDPOINT_IN != 0)
        }
        _ => (buffer, transfer.endpoint & ENDPOINT_IN != 0),
    };
    let mut data = data;
    if kind == usb::Kind::Isochronous {
        let count = usize::try_from(transfer.num_iso_packets).map_err(|_| INVALID_PARAM)?;
        if count > most_packets {
            misuse("libusb_submit_transfer", "num_iso_packets is more than was allocated");
        }
        // SAFETY: there is room for so many packets behind it.
        let packets = unsafe { std::slice::from_raw_parts(transfer.iso_packet_desc.as_ptr(), count) };
        submit.packets = packets.iter().map(|packet| packet.length).collect();
        let sum: usize = submit.packets.iter().map(|length| *length as usize).sum();
        data = data.get(..sum).ok_or(INVALID_PARAM)?;
    }
    match inward {
        true => submit.read = Some(Count(data.len() as u64)),
        false => submit.write = Some(Bytes(data.to_vec())),
    }
    Ok(submit)
}

/// Asks for the end of a transfer, of which the callback then tells.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_cancel_transfer(transfer: *mut libusb_transfer) -> c_int {
    let number = {
        let mut registry = registry();
        let entry = registry.transfer("libusb_cancel_transfer", transfer);
        match &mut entry.flight {
            Some(flight) if !flight.cancelled => {
                flight.cancelled = true;
                flight.number
            }
            _ => return NOT_FOUND.0,
        }
    };
    code(ask::<Empty>(Op::UsbCancel(protocol::Handle { handle: number })).map(|_| ()).map_err(Error::from))
}

/// Ends the transfer that has this number, if it is over: fills in what came of it, and calls back. False if it is not
/// over, or somebody else was faster.
pub(crate) fn finish(number: u32) -> bool {
    let reaped = ask::<usb::Reaped>(Op::UsbReap(protocol::Handle { handle: number }));
    let Ok(usb::Reaped { completion: Some(completion) }) = reaped else { return false };
    let mut registry = registry();
    let mut entries = registry.transfers.iter_mut();
    let found = entries.find(|(_, entry)| entry.flight.is_some_and(|flight| flight.number == number));
    let Some((_, entry)) = found else { return false };
    entry.flight = None;
    let most_packets = entry.most_packets;
    let transfer: *mut libusb_transfer = entry.memory.as_mut_ptr().cast();
    drop(registry);
    // SAFETY: the registry had it, so it is whole; it is the host's again only when the callback is called.
    let (callback, flags) = unsafe {
        fill(transfer, &completion, most_packets);
        ((*transfer).callback, (*transfer).flags)
    };
    if let Some(callback) = callback {
        callback(transfer);
    }
    if flags & FLAG_FREE_TRANSFER != 0 {
        // SAFETY: with this flag the host does not free it itself.
        unsafe { libusb_free_transfer(transfer) };
    }
    true
}

/// # Safety
///
/// The transfer is whole, with room for `most_packets` packets, and its buffer is as long as it says.
unsafe fn fill(transfer: *mut libusb_transfer, completion: &usb::Completion, most_packets: usize) {
    // SAFETY: it is whole, and the host leaves it alone while it is in flight.
    let transfer = unsafe { &mut *transfer };
    let length = usize::try_from(transfer.length).unwrap_or(0);
    let empty = &mut [][..];
    let buffer = match transfer.buffer.is_null() {
        true => empty,
        // SAFETY: it is as long as the transfer says.
        false => unsafe { std::slice::from_raw_parts_mut(transfer.buffer, length) },
    };
    let bytes = &completion.bytes.0[..];
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(place) = buffer.get_mut(at..).and_then(|rest| rest.get_mut(..bytes.len())) {
            place.copy_from_slice(bytes);
        }
    };
    transfer.status = status(completion.status);
    let mut asked = length;
    match transfer.r#type {
        TRANSFER_TYPE_ISOCHRONOUS => {
            let count = usize::try_from(transfer.num_iso_packets).unwrap_or(0).min(most_packets);
            let place = transfer.iso_packet_desc.as_mut_ptr();
            // SAFETY: there is room for so many packets behind it.
            let packets = unsafe { std::slice::from_raw_parts_mut(place, count) };
            // Each packet has its place in the buffer, as long as it was asked for, however short it is.
            let (mut from, mut to) = (0, 0);
            for (packet, told) in packets.iter_mut().zip(&completion.packets) {
                let moved = told.moved as usize;
                if let Some(bytes) = bytes.get(from..from + moved) {
                    put(to, bytes);
                    from += moved;
                }
                packet.actual_length = told.moved;
                packet.status = status(told.status);
                to += packet.length as usize;
            }
            // libusb leaves it at 0: the packets have the lengths.
            transfer.actual_length = 0;
            return;
        }
        TRANSFER_TYPE_CONTROL => {
            put(CONTROL_SETUP_SIZE, bytes);
            asked = length.saturating_sub(CONTROL_SETUP_SIZE);
        }
        _ => put(0, bytes),
    }
    transfer.actual_length = c_int::try_from(completion.moved).unwrap_or(c_int::MAX);
    let short = transfer.status == TRANSFER_COMPLETED && completion.moved as usize != asked;
    if short && transfer.flags & FLAG_SHORT_NOT_OK != 0 {
        transfer.status = TRANSFER_ERROR;
    }
}

fn status(status: usb::Status) -> c_int {
    match status {
        usb::Status::Completed => TRANSFER_COMPLETED,
        usb::Status::Stall => TRANSFER_STALL,
        usb::Status::Overflow => TRANSFER_OVERFLOW,
        usb::Status::Error => TRANSFER_ERROR,
        usb::Status::Cancelled => TRANSFER_CANCELLED,
        usb::Status::TimedOut => TRANSFER_TIMED_OUT,
        usb::Status::Gone => TRANSFER_NO_DEVICE,
    }
}
