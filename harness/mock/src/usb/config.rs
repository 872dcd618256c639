//! USB devices as data.

use super::bytes::Bytes;
use crate::keys::by_number;
use serde::Deserialize;
use std::collections::BTreeMap;
use wasi_hw_seam::usb::Speed;

/// A device. Its descriptors are raw bytes and may be wrong in every way.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct DeviceConfig {
    /// Number of the bus; 1 unless told.
    pub bus: Option<u8>,
    /// Address on the bus; 1 unless told. Two devices that are present at the start have different ones.
    pub address: Option<u8>,
    /// Number of the port of the parent hub; 1 unless told, 0 if the system does not know.
    pub port: Option<u8>,
    /// The speed at which it runs; full speed unless told.
    pub speed: Option<Speed>,
    /// The device descriptor.
    pub device: DeviceDescriptor,
    /// The configurations, each with all descriptors in it. The word `total` stands for the two bytes of
    /// wTotalLength.
    pub configuration: Vec<Bytes>,
    /// The configuration in force at the start, by bConfigurationValue; 0 is unconfigured. Absent: the
    /// first one, as systems choose.
    pub active: Option<u8>,
    /// String descriptors by index, as text, in US English; index 0 is made up from that.
    #[serde(deserialize_with = "by_number")]
    pub string: BTreeMap<u32, String>,
    /// Whether it is not plugged in at the start.
    pub absent: bool,
    /// Whether the process lacks the permission to open it.
    pub no_access: bool,
    /// The interfaces that a kernel driver holds at the start.
    pub kernel_driver: Vec<u8>,
    /// How many streams are granted at most, on a device of SuperSpeed; 0: none.
    pub streams: u32,
    /// What a reset of the port does.
    pub reset: ResetKind,
    /// What endpoints do. One that is not named takes everything (OUT), is never ready (IN), or gives
    /// empty packets (isochronous IN).
    pub endpoint: Vec<EndpointConfig>,
    /// What control requests do; of several that fit the first counts.
    pub control: Vec<ControlConfig>,
    /// A request that keeps its data, by how its SETUP packet begins, such as `40 01`: the same with bit 7 of the first
    /// byte gives it back. The same as two entries of `control` behind the others, with `store` and `recall`.
    pub stores: Option<Pattern>,
    /// What `recall` gives before anything was stored, by name.
    pub memory: BTreeMap<String, Bytes>,
}

impl DeviceConfig {
    pub(super) fn speed(&self) -> Speed {
        self.speed.unwrap_or(Speed::Full)
    }
}

/// A device descriptor: bytes, or the ids of a plain device, `1209:0001`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceDescriptor {
    /// As they are.
    Bytes(Bytes),
    /// Those of a device of a class of its vendor's own, of USB 2.0, with packets of 64 bytes on endpoint 0, release
    /// 1.0, the strings 1, 2 and 3, and as many configurations as it has.
    Plain {
        /// idVendor.
        vendor: u16,
        /// idProduct.
        product: u16,
    },
}

impl Default for DeviceDescriptor {
    fn default() -> DeviceDescriptor {
        DeviceDescriptor::Bytes(Bytes::default())
    }
}

/// What a reset of the port does to a device.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum ResetKind {
    /// It comes back as it was.
    #[default]
    Same,
    /// It comes back as another device: `RESET`, `GONE`, `ARRIVED`, with the next address. The handle
    /// is dead, and the call that reset it gets "not found".
    ReEnumerates,
    /// It does not come back: `RESET`, `GONE`; the call that reset it gets "not found".
    Gone,
}

/// What an endpoint does: `{ address = 0x81, reply = [{ data = "0f d3" }, "stall"] }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EndpointConfig {
    /// The address, with the direction in bit 7.
    pub address: u8,
    /// IN: what it has to say, in order; when nothing is left it is not ready (NAK), or, if isochronous,
    /// gives empty packets. OUT: what becomes of the packets, one entry each (`ack`, `stall`, `error`,
    /// `gone`, and the two that wait); when nothing is left it takes everything.
    #[serde(default)]
    pub reply: Vec<Reply>,
    /// IN: gives back, packet by packet, what this OUT endpoint took, after what `reply` says.
    pub loopback: Option<u8>,
}

/// One thing that a device has to say.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// Bytes. Bulk and interrupt: in packets of the endpoint's size, the last of which may be short; one
    /// that would have to be empty is not sent (write `zlp`). A transfer takes as many packets as it has
    /// room for, the next one the others. Control: as much as the request asks for.
    Data(Bytes),
    /// One packet, of any length.
    Packet(Bytes),
    /// One empty packet.
    Zlp,
    /// OUT and control: it is taken.
    Ack,
    /// It is not ready, for so long since it was first asked.
    NakNs(u64),
    /// It is not ready, for ever, whatever follows.
    Nak,
    /// Bulk and interrupt: the endpoint halts, until CLEAR_FEATURE. Control: the request is refused.
    Stall,
    /// A packet of bytes `ba` that is one byte longer than fits: than the room that is left, or, if that
    /// is more, than the packets of the endpoint.
    Babble,
    /// The transaction fails.
    Error,
    /// The device is unplugged at this point.
    Gone,
    /// Control OUT: the data is kept under this name.
    Store(String),
    /// Control IN: the bytes that were kept under this name.
    Recall(String),
}

/// What a control request does: `{ setup = "21 20", reply = [{ store = "line" }] }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ControlConfig {
    /// How the SETUP packet begins, as bytes on the wire; `..` is any byte.
    pub setup: Pattern,
    /// What the device does: the first such request gets the first entry and so on, the last one stays.
    /// `data` for IN, `ack` for OUT and for a request without data; both are cut or taken by wLength.
    /// Empty: it takes the request, with no data.
    #[serde(default)]
    pub reply: Vec<Reply>,
    /// How long it is not ready first; absent: it is at once.
    #[serde(default)]
    pub after_ns: u64,
}

/// The beginning of a SETUP packet; `None` is any byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub(super) Vec<Option<u8>>);

/// What the operating system around the devices cannot do: `[device.usb-system]`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SystemConfig {
    /// It cannot tell when devices come and go.
    pub no_hotplug: bool,
    /// It does not let programs choose a configuration.
    pub no_set_configuration: bool,
    /// It does not let programs reset a port.
    pub no_port_reset: bool,
    /// It has no isochronous transfers.
    pub no_isochronous: bool,
    /// A device that is open is busy for whoever wants to open it once more.
    pub one_opener: bool,
    /// It has no kernel drivers that could be taken away, and says "unsupported" to all three calls.
    pub no_kernel_drivers: bool,
}

/// Something that happens to a device: `{ usb = "echo", event = "gone" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ActionConfig {
    /// The device.
    pub usb: String,
    /// What happens to it.
    pub event: Event,
}

/// What can happen to a device.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It is plugged in, as at the start: same place, configured as the fixture says, scripts where they
    /// were. Nothing if it is present.
    Arrived,
    /// It is unplugged. Nothing if it is absent.
    Gone,
    /// It has more to say: `{ reply = { endpoint = 0x81, reply = [{ data = "01" }] } }`.
    Reply(MoreReplies),
    /// An endpoint halts, by itself: `{ halt = 0x81 }`.
    Halt(u8),
    /// Nothing; the trace notes the name.
    Note(String),
}

/// What a device has to say from now on, behind what it had.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MoreReplies {
    /// The endpoint.
    pub endpoint: u8,
    /// Its replies.
    pub reply: Vec<Reply>,
}
