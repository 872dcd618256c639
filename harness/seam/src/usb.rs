//! USB: devices with their raw descriptors, claims and settings, and transfers that are submitted and reaped.
//!
//! A driver keeps devices and transfers; what a guest may do, what its handles and transfers are, and what it is told
//! is the host's work. The functions return when the work is done; the one that waits, [`Handle::poll_reap`], does
//! so as a future would.

use crate::Refusal;
use std::task::{Context, Poll};

/// The USB devices of a machine.
pub trait Usb: Send {
    /// The devices that are attached, in any order.
    fn devices(&mut self) -> Result<Vec<Device>, Refusal>;

    /// The bConfigurationValue in force, as the system knows it without a request to the device; 0 for none.
    fn configuration(&mut self, device: DeviceId) -> Result<u8, Refusal>;

    /// Opens a device. Nothing is sent to it.
    ///
    /// Refusals: [`Gone`](Refusal::Gone), [`Denied`](Refusal::Denied), [`Busy`](Refusal::Busy) where a device takes no
    /// second opener.
    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Refusal>;

    /// Tells of devices that come and go from now on; [`Unsupported`](Refusal::Unsupported) where nobody can.
    fn watch(&mut self) -> Result<Box<dyn Watch>, Refusal>;
}

impl<U: Usb + ?Sized> Usb for Box<U> {
    fn devices(&mut self) -> Result<Vec<Device>, Refusal> {
        (**self).devices()
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Refusal> {
        (**self).configuration(device)
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Refusal> {
        (**self).open(device)
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Refusal> {
        (**self).watch()
    }
}

/// One stay of a device: plugged in again, the same device has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeviceId(pub u64);

/// An attached device, with what the system has read of it.
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
    /// bConfigurationValue of the configuration in force when this was told; 0 if there is none.
    pub active: u8,
}

/// The speed at which a device runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbSpeed"))]
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

    /// Whether there is one. Takes nothing, and no time.
    fn has_change(&mut self) -> bool;
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
    fn configuration(&mut self) -> Result<u8, Refusal>;

    /// Puts a configuration in force, `None` for the unconfigured state. [`Refusal::Busy`] while an
    /// interface is claimed, [`Refusal::NotFound`] if there is no such configuration.
    fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Refusal>;

    /// Claims an interface. [`Refusal::Busy`] if another handle or a kernel driver has it.
    fn claim(&mut self, interface: u8) -> Result<(), Refusal>;

    /// Gives an interface back.
    fn release(&mut self, interface: u8) -> Result<(), Refusal>;

    /// Selects an alternate setting of an interface that this handle has claimed.
    fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Refusal>;

    /// Ends the halt of an endpoint and resets its data toggle, on both sides.
    fn clear_halt(&mut self, endpoint: u8) -> Result<(), Refusal>;

    /// Resets the port, and restores configuration and alternate settings if the device is the same.
    fn reset(&mut self) -> Result<Reset, Refusal>;

    /// Allocates streams 1 to n on bulk endpoints and says how many there are, which may be fewer than
    /// asked for.
    fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<u32, Refusal>;

    /// Frees the streams of these endpoints.
    fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Refusal>;

    /// Whether a kernel driver has the interface.
    fn kernel_driver(&mut self, interface: u8) -> Result<bool, Refusal>;

    /// Takes the interface from its kernel driver.
    fn detach(&mut self, interface: u8) -> Result<(), Refusal>;

    /// Gives the interface back to its kernel driver.
    fn attach(&mut self, interface: u8) -> Result<(), Refusal>;

    /// Starts a transfer and returns. Transfers on one endpoint run in the order of submission.
    fn submit(&mut self, transfer: Submission) -> Result<TransferId, Refusal>;

    /// Asks for the end of a transfer that may be in flight. It is still to be reaped.
    fn cancel(&mut self, transfer: TransferId) -> Result<(), Refusal>;

    /// Waits for the end of a transfer and takes its result, once. It ends also if the device goes. A refusal says
    /// that there is no such transfer ([`Refusal::NotFound`]), or that nobody will tell its end. When it is pending,
    /// the waker of `context` is called as soon as asking again makes sense, or whoever polls goes on after each step
    /// of the board's clock.
    fn poll_reap(
        &mut self,
        transfer: TransferId,
        context: &mut Context<'_>,
    ) -> Poll<Result<Completion, Refusal>>;

    /// Whether a transfer is over, or unknown. Takes nothing, and no time.
    fn is_over(&mut self, transfer: TransferId) -> bool;

    /// Nobody will reap this transfer: it is cancelled if it is in flight, and its result forgotten. The
    /// system may go on using the memory of it for a while, which is the driver's affair.
    fn discard(&mut self, transfer: TransferId);
}

/// Which transfer of a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TransferId(pub u64);

/// The four kinds of transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbKind"))]
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
    /// A time limit in nanoseconds, from now on; `None`: no limit.
    pub limit_ns: Option<u64>,
    /// OUT, bulk and interrupt: data that end with a full packet are followed by an empty one, as
    /// `USBDEVFS_URB_ZERO_PACKET` of usbfs asks for it. Without effect on other transfers, and on one without data, which
    /// is an empty packet already.
    pub zero_packet: bool,
}

impl Submission {
    /// Whether data comes from the device.
    pub fn is_in(&self) -> bool {
        let direction = if self.kind == Kind::Control { self.setup[0] } else { self.endpoint };
        direction & 0x80 != 0
    }
}

/// How a transfer ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// How.
    pub status: Status,
    /// IN: what came, also if it failed later; nothing if isochronous.
    pub data: Vec<u8>,
    /// OUT: how many bytes went, also if it failed later.
    pub sent: usize,
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
    /// OUT: how many bytes went.
    pub sent: usize,
}

/// How a transfer, or a packet, ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbStatus"))]
pub enum Status {
    /// Well; an IN transfer may be shorter than its room.
    #[default]
    Completed,
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
