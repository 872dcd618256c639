//! USB: devices with their raw descriptors, claims and settings, and transfers that are submitted and
//! reaped, like usbfs and libusb offer them.

use crate::{Bytes, Count};
use serde::{Deserialize, Serialize};

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

/// The speed at which a device runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbSpeed"))]
#[serde(rename_all = "kebab-case")]
pub enum Speed {
    /// The system does not know.
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
}

/// Kinds of transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbKind"))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Control.
    Control,
    /// Bulk.
    Bulk,
    /// Interrupt.
    Interrupt,
    /// Isochronous.
    Isochronous,
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

/// How a transfer, or one packet of an isochronous one, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "UsbStatus"))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Well; an IN transfer may be short.
    Completed,
    /// The endpoint is halted, or the request was refused.
    Stall,
    /// The device sent more than there was room for.
    Overflow,
    /// A transaction failed.
    Error,
    /// It was taken back.
    Cancelled,
    /// Its time limit was over.
    TimedOut,
    /// The device was taken away.
    Gone,
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
