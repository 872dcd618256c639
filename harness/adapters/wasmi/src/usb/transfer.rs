//! Transfers: made, submitted and awaited, each once.

use super::handle::DeviceHandle;
use super::open::{Flight, Open};
use super::{Error, small_answer, small_ret, write_error};
use crate::abi::{Call, Ran};
use crate::config;
use crate::handles::{self, resource_drop};
use crate::imports::Imports;
use crate::state::ended;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasi_hw_seam::usb::{Completion, Kind, Status, Submission};

const DEVICE: &str = "wasi:usb/device@0.2.1";
const TRANSFERS: &str = "wasi:usb/transfers@0.2.1";

/// The functions.
pub fn imports(all: &mut Imports) {
    all.add(DEVICE, "[method]device-handle.new-transfer", "(iiiiiiiiiiii)", new_transfer);
    all.add(TRANSFERS, "[method]transfer.submit-transfer", "(iiii)", submit);
    all.add(TRANSFERS, "[method]transfer.cancel-transfer", "(ii)", cancel);
    all.add(TRANSFERS, "[resource-drop]transfer", "(i)", resource_drop::<Transfer>);
    all.add(TRANSFERS, "await-transfer", "(ii)", await_transfer);
}

/// The most bytes and packets of a transfer where the embedder says nothing, and bytes of all in flight.
const MOST_BYTES: u32 = 1 << 20;
const MOST_PACKETS: u32 = 1 << 10;
const MOST_IN_FLIGHT: u64 = 16 << 20;

/// What a transfer in flight counts besides its bytes: a guest must not have any number of empty ones either.
const COST: u64 = 1 << 10;

/// A guest's `transfer`.
pub struct Transfer {
    open: Rc<RefCell<Open>>,
    request: Request,
    /// Since it was submitted.
    flight: Option<Rc<Flight>>,
    /// The bytes that all transfers have in flight, and how many of them are this one's.
    in_flight: Rc<Cell<u64>>,
    share: u64,
}

impl handles::Kind for Transfer {
    const NAME: &'static str = "transfer";
}

/// One that is in flight is cancelled.
impl Drop for Transfer {
    fn drop(&mut self) {
        if let Some(flight) = &self.flight {
            self.open.borrow_mut().forget(flight);
        }
        self.in_flight.update(|bytes| bytes - self.share);
    }
}

/// What a guest asks for.
struct Request {
    kind: Kind,
    /// The SETUP packet, of which wLength is the size.
    setup: [u8; 8],
    size: u32,
    endpoint: u8,
    timeout_ms: u32,
    stream: u32,
    packets: u32,
}

impl Request {
    /// Whether data comes from the device.
    fn is_in(&self) -> bool {
        let direction = if self.kind == Kind::Control { self.setup[0] } else { self.endpoint };
        direction & 0x80 != 0
    }

    /// Finds what no transfer can be, before anything is allocated for it.
    fn check(&self, limits: &config::Usb) -> Result<(), Error> {
        let isochronous = self.kind == Kind::Isochronous;
        if self.kind == Kind::Control && self.size > u16::MAX.into() || isochronous && self.packets == 0 {
            return Err(Error::InvalidParam);
        }
        let (bytes, packets) =
            (limits.most_bytes.unwrap_or(MOST_BYTES), limits.most_packets.unwrap_or(MOST_PACKETS));
        if self.size > bytes || isochronous && self.packets > packets {
            return Err(Error::NoMem);
        }
        Ok(())
    }

    /// What the driver gets. The sizes were checked.
    fn submission(&self, data: Vec<u8>) -> Submission {
        let (is_in, control) = (self.is_in(), self.kind == Kind::Control);
        let mut packets = Vec::new();
        if self.kind == Kind::Isochronous {
            // The size is shared evenly; the remainder is the last packet's.
            packets = vec![self.size / self.packets; self.packets as usize];
            packets[self.packets as usize - 1] += self.size % self.packets;
        }
        Submission {
            kind: self.kind,
            // A control transfer goes to endpoint 0 and has no stream, whatever the options say.
            endpoint: if control { 0 } else { self.endpoint },
            setup: if control { self.setup } else { [0; 8] },
            data: if is_in { Vec::new() } else { data },
            room: if is_in { self.size } else { 0 },
            packets,
            stream: if control { 0 } else { self.stream },
            limit_ns: (self.timeout_ms > 0).then(|| u64::from(self.timeout_ms) * 1_000_000),
            zero_packet: false,
        }
    }
}

impl Transfer {
    fn submit(&mut self, data: Vec<u8>) -> Result<(), Error> {
        let mut open = self.open.borrow_mut();
        if open.is_closed() {
            return Err(Error::NoDevice);
        }
        // One that is in flight runs on, and one that is over runs no second time.
        if self.flight.is_some() {
            return Err(Error::Busy);
        }
        if !self.request.is_in() && data.len() != self.request.size as usize {
            return Err(Error::InvalidParam);
        }
        let share = u64::from(self.request.size) + COST;
        if self.in_flight.get() + share > MOST_IN_FLIGHT {
            return Err(Error::NoMem);
        }
        self.flight = Some(open.submit(self.request.submission(data))?);
        self.share = share;
        self.in_flight.update(|bytes| bytes + share);
        Ok(())
    }

    fn cancel(&mut self) -> Result<(), Error> {
        let flight = self.flight.as_ref().ok_or(Error::NotFound)?;
        self.open.borrow_mut().cancel(flight)
    }
}

/// The record `transfer-setup` is `request-type` to `index`, `transfer-options` is `endpoint` to `iso-packets`.
fn new_transfer(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    let kind = match call.case(4, "transfer-type")? {
        0 => Kind::Control,
        1 => Kind::Bulk,
        2 => Kind::Interrupt,
        _ => Kind::Isochronous,
    };
    let (request_type, request) = (call.u8()?, call.u8()?);
    let [value, index] = [call.u16()?, call.u16()?].map(u16::to_le_bytes);
    let size = call.u32()?;
    let length = size.to_le_bytes();
    let request = Request {
        kind,
        setup: [request_type, request, value[0], value[1], index[0], index[1], length[0], length[1]],
        size,
        endpoint: call.u8()?,
        timeout_ms: call.u32()?,
        stream: call.u32()?,
        packets: call.u32()?,
    };
    let ret = call.ret(8, 4)?;
    let open = Rc::clone(&call.borrow::<DeviceHandle>(this)?.0);
    let state = call.state();
    let checked =
        if open.borrow().is_closed() { Err(Error::NoDevice) } else { request.check(&state.config.usb) };
    let in_flight = Rc::clone(&state.usb.in_flight);
    let transfer = Transfer { open, request, flight: None, in_flight, share: 0 };
    match checked.and_then(|()| state.handles.insert(transfer).ok_or(Error::NoMem)) {
        Ok(handle) => call.write_number(ret, handle),
        Err(error) => write_error(call, ret, error),
    }
}

fn submit(call: &mut Call<'_>) -> Ran {
    let (this, data, ret) = (call.u32()?, call.bytes()?, small_ret(call)?);
    let done = call.borrow::<Transfer>(this)?.submit(data);
    small_answer(call, ret, done.map(|()| 0))
}

fn cancel(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, small_ret(call)?);
    let done = call.borrow::<Transfer>(this)?.cancel();
    small_answer(call, ret, done.map(|()| 0))
}

/// The guest gives the transfer away, whatever comes of it.
fn await_transfer(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, call.ret(12, 4)?);
    let transfer = call.state().handles.take::<Transfer>(this)?;
    let Some(flight) = &transfer.flight else { return write_error(call, ret, Error::NotFound) };
    let completion = loop {
        let over = transfer.open.borrow_mut().reap(flight);
        match over {
            Some(completion) => break completion,
            None => ended(call.state().board.idle())?,
        }
    };
    match told(completion) {
        Ok(bytes) => call.write_bytes(ret, &bytes),
        Err(error) => write_error(call, ret, error),
    }
}

/// What a guest is told. The bytes of isochronous packets are joined up: a guest that gets no lengths could not find gaps,
/// and a packet that failed has none.
fn told(completion: Completion) -> Result<Vec<u8>, Error> {
    match completion.status {
        Status::Completed if completion.packets.is_empty() => Ok(completion.data),
        Status::Completed => {
            let whole = completion.packets.into_iter().filter(|packet| packet.status == Status::Completed);
            Ok(whole.flat_map(|packet| packet.data).collect())
        }
        Status::Stall => Err(Error::Pipe),
        Status::Overflow => Err(Error::Overflow),
        Status::Error => Err(Error::Io),
        // There is no error for cancellation.
        Status::Cancelled => Err(Error::Interrupted),
        Status::TimedOut => Err(Error::Timeout),
        Status::Gone => Err(Error::NoDevice),
    }
}
