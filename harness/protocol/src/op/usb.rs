//! USB: devices with their raw descriptors, claims and settings, and transfers that are submitted and
//! reaped, like usbfs and libusb offer them.

use crate::{Bytes, Count, Refused};
use serde::{Deserialize, Serialize};
use wasi_hw_seam::{Refusal, usb as seam};

pub use seam::{Kind, Speed, Status};

/// The devices that are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbDevices"))]
#[serde(deny_unknown_fields)]
pub struct Devices {
    /// One entry each.
    pub devices: Vec<Device>,
}

/// A device, as the system knows it without asking it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbDevice"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Device {
    /// Its number in this run. A device that was unplugged and comes back has another one.
    pub device: u32,
    /// Number of the bus.
    pub bus: u8,
    /// Address on the bus.
    pub address: u8,
    /// Number of the port of the parent hub; 0 if unknown.
    pub port: u8,
    /// The speed at which it runs.
    pub speed: Speed,
    /// The device descriptor, raw.
    pub descriptor: Bytes,
    /// The configurations, raw, each with all descriptors in it; they may be wrong in every way.
    pub configurations: Vec<Bytes>,
    /// bConfigurationValue of the configuration in force; 0 if there is none.
    pub active: u8,
}

/// A device to open. Refusals: `missing`, `gone`, `denied`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbOpen"))]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The device's number.
    pub device: u32,
}

/// A configuration to choose. Refusals: `not-found`, `busy`, `gone`, `unsupported`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetConfiguration {
    /// The open device.
    pub handle: u32,
    /// bConfigurationValue; null: unconfigured.
    pub value: Option<u8>,
}

/// An interface. Refusals: `not-found`, `busy`, `gone`, `unsupported`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbInterface"))]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// The open device.
    pub handle: u32,
    /// bInterfaceNumber.
    pub interface: u8,
}

/// An alternate setting to choose. Refusals: `not-found`, `gone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetInterface {
    /// The open device.
    pub handle: u32,
    /// bInterfaceNumber.
    pub interface: u8,
    /// bAlternateSetting.
    pub alternate: u8,
}

/// An endpoint. Refusals: `not-found`, `gone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbEndpoint"))]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The open device.
    pub handle: u32,
    /// bEndpointAddress.
    pub endpoint: u8,
}

/// Streams to ask for. Refusals: `not-found`, `unsupported`, `invalid`, `gone`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AllocStreams {
    /// The open device.
    pub handle: u32,
    /// How many.
    pub count: u32,
    /// The endpoints' addresses.
    pub endpoints: Bytes,
}

/// Streams to give back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FreeStreams {
    /// The open device.
    pub handle: u32,
    /// The endpoints' addresses.
    pub endpoints: Bytes,
}

/// A transfer to start. Refusals: `not-found`, `invalid`, `busy`, `gone`, `too-much`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbSubmit"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Submit {
    /// The open device.
    pub handle: u32,
    /// The endpoint's address; 0 for control.
    pub endpoint: u8,
    /// What kind of transfer.
    pub kind: Kind,
    /// Of a control transfer: the eight bytes of its SETUP packet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup: Option<Bytes>,
    /// To the device: the bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<Bytes>,
    /// From the device: the room for what comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Count>,
    /// Of an isochronous transfer: the length of each packet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packets: Vec<u32>,
    /// The stream; absent or 0: none.
    #[serde(default)]
    pub stream: u32,
    /// For a host whose time limits are below its driver's seam, as with libusb: after so many nanoseconds of
    /// board time the transfer is taken back, and ends as `timed-out`. Absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_ns: Option<Count>,
    /// Bulk and interrupt, to the device: data that end with a full packet are followed by an empty one, as
    /// `USBDEVFS_URB_ZERO_PACKET` of usbfs does it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub zero_packet: bool,
}

/// What came of a transfer, or that it is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbReaped"))]
#[serde(deny_unknown_fields)]
pub struct Reaped {
    /// What came of it; null while it is in flight.
    pub completion: Option<Completion>,
}

/// What came of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbCompletion"))]
#[serde(deny_unknown_fields)]
pub struct Completion {
    /// How it ended.
    pub status: Status,
    /// How many bytes moved.
    pub moved: u32,
    /// From the device: what came. Of an isochronous transfer the packets' bytes, one packet after the other.
    #[serde(default)]
    pub bytes: Bytes,
    /// Of an isochronous transfer: its packets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packets: Vec<Packet>,
}

/// One packet of an isochronous transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbPacket"))]
#[serde(deny_unknown_fields)]
pub struct Packet {
    /// How it ended.
    pub status: Status,
    /// How many bytes moved.
    pub moved: u32,
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbValue"))]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The number.
    pub value: u32,
}

/// What came and went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbEvents"))]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// In the order in which it happened.
    pub events: Vec<Event>,
}

/// A device came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbEvent"))]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It came.
    Arrived(Device),
    /// It went.
    Left(Device),
}

impl From<seam::Device> for Device {
    fn from(about: seam::Device) -> Device {
        Device {
            // Counted from 1, once for each stay and each transfer of a board.
            device: u32::try_from(about.id.0).unwrap_or(u32::MAX),
            bus: about.bus,
            address: about.address,
            port: about.port,
            speed: about.speed,
            descriptor: Bytes(about.descriptor),
            configurations: about.configurations.into_iter().map(Bytes).collect(),
            active: about.active,
        }
    }
}

impl From<Device> for seam::Device {
    fn from(about: Device) -> seam::Device {
        seam::Device {
            id: seam::DeviceId(about.device.into()),
            bus: about.bus,
            address: about.address,
            port: about.port,
            speed: about.speed,
            descriptor: about.descriptor.0,
            configurations: about.configurations.into_iter().map(|bytes| bytes.0).collect(),
            active: about.active,
        }
    }
}

impl From<seam::Change> for Event {
    fn from(change: seam::Change) -> Event {
        match change {
            seam::Change::Arrived(about) => Event::Arrived(about.into()),
            seam::Change::Left(about) => Event::Left(about.into()),
        }
    }
}

impl From<Event> for seam::Change {
    fn from(event: Event) -> seam::Change {
        match event {
            Event::Arrived(about) => seam::Change::Arrived(about.into()),
            Event::Left(about) => seam::Change::Left(about.into()),
        }
    }
}

impl Submit {
    /// Starts a transfer on an open device.
    pub fn new(handle: u32, transfer: seam::Submission) -> Submit {
        let inward = transfer.is_in();
        let seam::Submission { kind, endpoint, setup, data, room, packets, stream, limit_ns, zero_packet } =
            transfer;
        Submit {
            handle,
            endpoint,
            kind,
            setup: (kind == Kind::Control).then(|| Bytes(setup.to_vec())),
            write: (!inward).then_some(Bytes(data)),
            read: inward.then_some(Count(room.into())),
            packets,
            stream,
            limit_ns: limit_ns.map(Count),
            zero_packet,
        }
    }
}

impl TryFrom<Submit> for seam::Submission {
    type Error = Refused;

    fn try_from(submit: Submit) -> Result<seam::Submission, Refused> {
        let refused = |refusal: Refusal, why: &str| Refused { code: refusal.into(), why: why.to_owned() };
        let setup = submit.setup.map_or(Ok([0; 8]), |setup| setup.0.try_into());
        let room = u32::try_from(submit.read.unwrap_or_default().0);
        Ok(seam::Submission {
            kind: submit.kind,
            endpoint: submit.endpoint,
            setup: setup.map_err(|_| refused(Refusal::Invalid, "`setup` has 8 bytes"))?,
            data: submit.write.unwrap_or_default().0,
            room: room.map_err(|_| refused(Refusal::TooMuch, "`read` has 32 bits"))?,
            packets: submit.packets,
            stream: submit.stream,
            limit_ns: submit.limit_ns.map(|limit| limit.0),
            zero_packet: submit.zero_packet,
        })
    }
}

impl From<seam::Completion> for Completion {
    fn from(seam::Completion { status, mut data, sent, packets }: seam::Completion) -> Completion {
        let told = |packet: &seam::Packet| Packet {
            status: packet.status,
            moved: packet.data.len().max(packet.sent) as u32,
        };
        let told = packets.iter().map(told).collect();
        packets.iter().for_each(|packet| data.extend(&packet.data));
        Completion { status, moved: data.len().max(sent) as u32, bytes: Bytes(data), packets: told }
    }
}

impl From<Completion> for seam::Completion {
    /// Where nothing came, what moved went.
    fn from(told: Completion) -> seam::Completion {
        let Completion { status, moved, bytes: Bytes(mut data), packets } = told;
        let sent = if data.is_empty() { moved as usize } else { 0 };
        let mut rest = data.split_off(if packets.is_empty() { data.len() } else { 0 });
        let packets = packets.into_iter().map(|Packet { status, moved }| {
            let behind = rest.split_off((moved as usize).min(rest.len()));
            let data = std::mem::replace(&mut rest, behind);
            seam::Packet { status, sent: if data.is_empty() { moved as usize } else { 0 }, data }
        });
        let packets = packets.collect();
        seam::Completion { status, data, sent, packets }
    }
}
