//! What the host needs of a USB stack: devices, claims and settings, and transfers that are submitted
//! and reaped. An operating system, libusb or any other library can stand behind it.
//!
//! A backend keeps devices and transfers; what a guest may do, what its handles and transfers are, and
//! what it is told is the host's work. The functions return when the work is done; the one that
//! waits, [`Handle::poll_reap`], does so as a future would.

use std::task::{Context, Poll};

/// The devices of a machine.
pub trait Backend: Send {
    /// The devices that are attached, in any order.
    fn devices(&mut self) -> Result<Vec<Device>, Failure>;

    /// The bConfigurationValue in force, as the platform knows it; 0 for none.
    fn configuration(&mut self, device: DeviceId) -> Result<u8, Failure>;

    /// Opens a device. Nothing is sent to it.
    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Failure>;

    /// Tells of devices that come and go from now on; [`Failure::Unsupported`] where nobody can.
    fn watch(&mut self) -> Result<Box<dyn Watch>, Failure>;
}

impl<B: Backend + ?Sized> Backend for Box<B> {
    fn devices(&mut self) -> Result<Vec<Device>, Failure> {
        (**self).devices()
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Failure> {
        (**self).configuration(device)
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Failure> {
        (**self).open(device)
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Failure> {
        (**self).watch()
    }
}

/// One stay of a device: plugged in again, the same device has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeviceId(pub u64);

/// An attached device, with what the platform has read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// Number of the bus.
    pub bus: u8,
    /// Address on the bus.
    pub address: u8,
    /// Number of the port; 0 if not known.
    pub port: u8,
    /// The speed at which it runs.
    pub speed: Speed,
    /// The device descriptor, as the device sent it; not to be trusted.
    pub descriptor: Vec<u8>,
    /// The configurations with all descriptors in them, as the device sent them, in its order.
    pub configurations: Vec<Vec<u8>>,
}

/// The speed at which a device runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speed {
    /// Not known.
    Unknown,
    /// 1.5 Mbit/s.
    Low,
    /// 12 Mbit/s.
    Full,
    /// 480 Mbit/s.
    High,
    /// 5 Gbit/s.
    Super,
    /// 10 Gbit/s.
    SuperPlus,
    /// 20 Gbit/s, over two lanes.
    SuperPlusX2,
}

/// Somebody who is told of devices that come and go.
pub trait Watch: Send {
    /// The next change, in order; `None` at once if there was none since.
    fn next(&mut self) -> Option<Change>;
}

/// A device came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was plugged in.
    Arrived(Device),
    /// It went away; as it was.
    Left(Device),
}

/// An open device. Dropping it closes it: what it has claimed is free, what it has in flight ends.
pub trait Handle: Send {
    /// The bConfigurationValue in force; 0 for none.
    fn configuration(&mut self) -> Result<u8, Failure>;

    /// Puts a configuration in force, `None` for the unconfigured state. [`Failure::Busy`] while an
    /// interface is claimed, [`Failure::NotFound`] if there is no such configuration.
    fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Failure>;

    /// Claims an interface. [`Failure::Busy`] if another handle or a kernel driver has it.
    fn claim(&mut self, interface: u8) -> Result<(), Failure>;

    /// Gives an interface back.
    fn release(&mut self, interface: u8) -> Result<(), Failure>;

    /// Selects an alternate setting of an interface that this handle has claimed.
    fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Failure>;

    /// Ends the halt of an endpoint and resets its data toggle, on both sides.
    fn clear_halt(&mut self, endpoint: u8) -> Result<(), Failure>;

    /// Resets the port, and restores configuration and alternate settings if the device is the same.
    fn reset(&mut self) -> Result<Reset, Failure>;

    /// Allocates streams 1 to n on bulk endpoints and says how many there are, which may be fewer than
    /// asked for.
    fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<u32, Failure>;

    /// Frees the streams of these endpoints.
    fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Failure>;

    /// Whether a kernel driver has the interface.
    fn kernel_driver(&mut self, interface: u8) -> Result<bool, Failure>;

    /// Takes the interface from its kernel driver.
    fn detach(&mut self, interface: u8) -> Result<(), Failure>;

    /// Gives the interface back to its kernel driver.
    fn attach(&mut self, interface: u8) -> Result<(), Failure>;

    /// Starts a transfer and returns. Transfers on one endpoint run in the order of submission.
    fn submit(&mut self, transfer: Submission) -> Result<TransferId, Failure>;

    /// Asks for the end of a transfer that may be in flight. It is still to be reaped.
    fn cancel(&mut self, transfer: TransferId) -> Result<(), Failure>;

    /// Waits for the end of a transfer and takes its result, once. It ends also if the device goes.
    /// When it is pending, the waker of `context` is called as soon as asking again makes sense.
    fn poll_reap(&mut self, transfer: TransferId, context: &mut Context<'_>) -> Poll<Completion>;

    /// Nobody will reap this transfer: it is cancelled if it is in flight, and its result forgotten. The
    /// platform may go on using the memory of it for a while, which is the backend's affair.
    fn discard(&mut self, transfer: TransferId);
}

/// Which transfer of a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TransferId(pub u64);

/// The four kinds of transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To endpoint 0.
    Control,
    /// Bulk.
    Bulk,
    /// Interrupt.
    Interrupt,
    /// Isochronous.
    Isochronous,
}

/// A transfer to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Its kind.
    pub kind: Kind,
    /// The endpoint, with the direction in bit 7; 0 for a control transfer.
    pub endpoint: u8,
    /// The SETUP packet of a control transfer, as on the wire.
    pub setup: [u8; 8],
    /// OUT: the bytes to send.
    pub data: Vec<u8>,
    /// IN: how many bytes there is room for.
    pub room: u32,
    /// Isochronous: the length of each packet; together `data` or `room`.
    pub packets: Vec<u32>,
    /// The stream of a SuperSpeed bulk endpoint; 0 for none.
    pub stream: u32,
    /// A time limit in milliseconds, from now on; `None`: no limit.
    pub limit_ms: Option<u32>,
}

/// How a transfer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// How.
    pub status: Status,
    /// IN: what came; nothing if isochronous.
    pub data: Vec<u8>,
    /// Isochronous: each packet.
    pub packets: Vec<Packet>,
}

/// A packet of an isochronous transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// How it went.
    pub status: Status,
    /// IN: what came.
    pub data: Vec<u8>,
}

/// How a transfer, or a packet, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Well; an IN transfer may be shorter than its room.
    Complete,
    /// STALL.
    Stall,
    /// A packet was longer than the room left.
    Overflow,
    /// It failed otherwise.
    Error,
    /// It was cancelled.
    Cancelled,
    /// Its time limit was over.
    TimedOut,
    /// The device is gone.
    Gone,
}

/// What a reset of the port did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// The device is as it was.
    Same,
    /// It came back as another device, or not at all; the handle is dead.
    Lost,
}

/// Why a backend did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The exchange with the device failed.
    Io,
    /// An argument that cannot be.
    Invalid,
    /// No permission.
    Access,
    /// The device is gone.
    Gone,
    /// No such configuration, interface, setting, endpoint, claim or driver.
    NotFound,
    /// Somebody has it.
    Busy,
    /// No memory.
    NoMemory,
    /// The platform cannot do this.
    Unsupported,
    /// Anything else.
    Other,
}
