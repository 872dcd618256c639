//! What a driver sees: the system's calls, as an operating system or libusb gives them.

use super::config::Speed;
use super::system::Devices;
use crate::board::{Board, State};
use crate::now::Now;
use std::fmt;
use std::sync::Arc;

/// The USB devices of a board, as a driver sees them.
#[derive(Clone)]
pub struct Usb {
    pub(crate) board: Board,
}

/// A device that is, or was, plugged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// This stay of this device; another one has another number.
    pub id: u64,
    /// Number of the bus.
    pub bus: u8,
    /// Address on the bus.
    pub address: u8,
    /// Number of the port; 0 if the system does not know.
    pub port: u8,
    /// The speed at which it runs.
    pub speed: Speed,
    /// The device descriptor, as read.
    pub device: Arc<[u8]>,
    /// The configurations, as read.
    pub configurations: Arc<[Vec<u8>]>,
}

/// A device came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was plugged in.
    Arrived(Attached),
    /// It was unplugged.
    Gone(Attached),
}

/// Somebody who is told of changes, from its making on.
pub struct Watch {
    board: Board,
    seen: usize,
}

/// Why the system refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The device is gone (`ENODEV`).
    Gone,
    /// No permission (`EACCES`).
    Access,
    /// No such configuration, interface, setting, endpoint, claim, driver or transfer (`ENOENT`).
    NotFound,
    /// It is claimed, or driven by the kernel (`EBUSY`).
    Busy,
    /// An argument that cannot be (`EINVAL`).
    Invalid,
    /// The system cannot do this (`EOPNOTSUPP`).
    Unsupported,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errno = match self {
            Refusal::Gone => "ENODEV",
            Refusal::Access => "EACCES",
            Refusal::NotFound => "ENOENT",
            Refusal::Busy => "EBUSY",
            Refusal::Invalid => "EINVAL",
            Refusal::Unsupported => "EOPNOTSUPP",
        };
        write!(f, "{self:?} ({errno})")
    }
}

impl std::error::Error for Refusal {}

/// The four kinds of transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To endpoint 0.
    Control,
    /// Isochronous.
    Isochronous,
    /// Bulk.
    Bulk,
    /// Interrupt.
    Interrupt,
}

/// A transfer to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Its kind, which has to be the endpoint's.
    pub kind: Kind,
    /// The endpoint, with the direction in bit 7; of a control transfer 0 or 0x80, and of no matter.
    pub endpoint: u8,
    /// The SETUP packet of a control transfer, as on the wire.
    pub setup: [u8; 8],
    /// OUT: the bytes to send.
    pub data: Vec<u8>,
    /// IN: how many bytes there is room for.
    pub room: u32,
    /// Isochronous: the length of each packet, together `data` or `room`.
    pub packets: Vec<u32>,
    /// The stream of a SuperSpeed bulk endpoint; 0 for none.
    pub stream: u32,
    /// After so much time it is taken back; absent: never.
    pub limit_ns: Option<u64>,
}

/// How a transfer ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// How.
    pub status: Status,
    /// IN, but for isochronous transfers: what came, also if it failed later.
    pub data: Vec<u8>,
    /// OUT: how many bytes went, also if it failed later.
    pub sent: usize,
    /// Isochronous: the packets.
    pub packets: Vec<Packet>,
}

/// A packet of an isochronous transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// How it went: complete, overflow or error.
    pub status: Status,
    /// IN: what came.
    pub data: Vec<u8>,
}

/// How a transfer, or a packet, ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Well.
    #[default]
    Complete,
    /// The endpoint is halted, or the request was refused.
    Stall,
    /// A packet was longer than the room left.
    Overflow,
    /// A transaction failed.
    Error,
    /// It was cancelled.
    Cancelled,
    /// Its time was over.
    TimedOut,
    /// The device is gone.
    Gone,
}

/// What a reset of the port did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// The device is as it was.
    Same,
    /// It is another device now, or none; the handle is dead.
    Lost,
}

/// An open device. Dropping it closes it.
pub struct Handle {
    board: Board,
    key: Key,
}

/// Which handle.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) name: String,
    /// The stay of the device for which it was opened.
    pub(super) id: u64,
    /// Its number among the handles of the device.
    pub(super) number: u32,
}

fn call<R>(board: &Board, f: impl FnOnce(&mut Devices, &mut Now) -> R) -> R {
    let mut state = board.lock();
    state.operation();
    let State { now, usb, .. } = &mut *state;
    let result = f(usb, now);
    usb.settle(now);
    state.pass_on();
    result
}

impl Usb {
    /// The devices that are plugged in, by the name of the fixture.
    pub fn devices(&self) -> Vec<Attached> {
        call(&self.board, |usb, _| usb.attached())
    }

    /// The configuration in force, by its value; 0 for none. The system knows; no request is sent.
    pub fn configuration(&self, id: u64) -> Result<u8, Refusal> {
        call(&self.board, |usb, _| usb.configuration(id))
    }

    /// The same, as a part of what `devices` tells; for those who hand the list on. 0 if the device is gone.
    pub fn listed_configuration(&self, id: u64) -> u8 {
        self.board.lock().usb.configuration(id).unwrap_or(0)
    }

    /// Opens a device.
    pub fn open(&self, id: u64) -> Result<Handle, Refusal> {
        let key = call(&self.board, |usb, now| usb.open(id, now))?;
        Ok(Handle { board: self.board.clone(), key })
    }

    /// Tells of devices that come and go from now on.
    pub fn watch(&self) -> Result<Watch, Refusal> {
        let seen =
            call(&self.board, |usb, _| if usb.system.no_hotplug { None } else { Some(usb.changes.len()) });
        seen.map(|seen| Watch { board: self.board.clone(), seen }).ok_or(Refusal::Unsupported)
    }
}

impl Watch {
    /// The next change, if there was one.
    pub fn next_change(&mut self) -> Option<Change> {
        let change = call(&self.board, |usb, _| usb.changes.get(self.seen).cloned());
        self.seen += usize::from(change.is_some());
        change
    }

    /// Whether there was one. Unlike the calls of a driver this takes no time: it is for whoever waits.
    pub fn has_change(&self) -> bool {
        self.board.lock().usb.changes.len() > self.seen
    }
}

impl Handle {
    fn call<R>(&self, f: impl FnOnce(&mut Devices, &Key, &mut Now) -> R) -> R {
        call(&self.board, |usb, now| f(usb, &self.key, now))
    }

    /// The configuration in force, by its value; 0 for none.
    pub fn configuration(&self) -> Result<u8, Refusal> {
        self.call(|usb, key, _| usb.configuration(key.id))
    }

    /// Puts a configuration in force, or none. Refused while an interface is claimed by anybody.
    pub fn set_configuration(&self, value: Option<u8>) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.set_configuration(key, value, now))
    }

    /// Claims an interface for this handle; again is no harm.
    pub fn claim(&self, interface: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.claim(key, interface, now))
    }

    /// Gives an interface back, and first its alternate setting 0.
    pub fn release(&self, interface: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.release(key, interface, now))
    }

    /// Selects an alternate setting of an interface that this handle has claimed.
    pub fn set_alternate(&self, interface: u8, alternate: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.set_alternate(key, interface, alternate, now))
    }

    /// Ends the halt of an endpoint, and resets its data toggles.
    pub fn clear_halt(&self, endpoint: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.clear_halt(key, endpoint, now))
    }

    /// Resets the port.
    pub fn reset(&self) -> Result<Reset, Refusal> {
        self.call(|usb, key, now| usb.reset(key, now))
    }

    /// Allocates streams; says how many there are now, which may be fewer than asked for.
    pub fn alloc_streams(&self, streams: u32, endpoints: &[u8]) -> Result<u32, Refusal> {
        self.call(|usb, key, now| usb.alloc_streams(key, streams, endpoints, now))
    }

    /// Frees streams.
    pub fn free_streams(&self, endpoints: &[u8]) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.free_streams(key, endpoints, now))
    }

    /// Whether a kernel driver holds the interface.
    pub fn kernel_driver(&self, interface: u8) -> Result<bool, Refusal> {
        self.call(|usb, key, _| usb.kernel_driver(key, interface))
    }

    /// Takes the interface from its kernel driver.
    pub fn detach(&self, interface: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.detach(key, interface, now))
    }

    /// Gives the interface back to its kernel driver.
    pub fn attach(&self, interface: u8) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.attach(key, interface, now))
    }

    /// Starts a transfer; its number is its own for as long as the board lives. An interface that
    /// nobody has claimed is claimed by it, as on Linux.
    pub fn submit(&self, submission: Submission) -> Result<u64, Refusal> {
        self.call(|usb, key, now| usb.submit(key, submission, now))
    }

    /// Takes a transfer back, if it is in flight; its completion is still to be had.
    pub fn cancel(&self, transfer: u64) -> Result<(), Refusal> {
        self.call(|usb, key, now| usb.cancel(key, transfer, now))
    }

    /// The completion of a transfer, once; nothing if it is still in flight. It is to be had even if
    /// the device is gone.
    pub fn reap(&self, transfer: u64) -> Result<Option<Completion>, Refusal> {
        self.call(|usb, key, _| usb.reap(key, transfer))
    }

    /// Whether a transfer is over, or unknown. Unlike the calls of a driver this takes no time: it is for
    /// whoever waits.
    pub fn is_over(&self, transfer: u64) -> bool {
        self.board.lock().usb.is_over(&self.key, transfer)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.call(|usb, key, now| usb.close(key, now));
    }
}
