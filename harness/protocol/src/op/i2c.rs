//! I²C: message lists with flags, like the `I2C_RDWR` call of Linux.

use crate::{Bytes, Count};
use serde::{Deserialize, Serialize};
use wasi_hw_seam::i2c::Flags;

/// A bus to attach to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "I2cOpen"))]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The bus; an embedder configured it under the label of the same name. Refusals: `missing`, `busy`, `gone`.
    pub bus: String,
}

/// One transfer: START, the messages, STOP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "I2cTransfer"))]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// The bus.
    pub handle: u32,
    /// The messages. Refusals before the wire moves: `invalid` (no message, too many, one that is too long, an
    /// address out of range), `unsupported`, `gone`; after it: `bus-error`, `arbitration-lost`,
    /// `address-nack`, `data-nack`, `overrun`, `timeout`, `gone`.
    pub messages: Vec<Message>,
}

/// One message of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "I2cMessage"))]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// From the controller to the target.
    Write(Write),
    /// From the target to the controller.
    Read(Read),
}

/// A message that writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "I2cWrite"))]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// The address, not shifted: seven bits, or ten with the flag for it.
    pub address: u32,
    /// How the message is framed.
    #[serde(default)]
    pub flags: Flags,
    /// The bytes.
    pub bytes: Bytes,
}

/// A message that reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "I2cRead"))]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// As in [`Write`].
    pub address: u32,
    /// As in [`Write`].
    #[serde(default)]
    pub flags: Flags,
    /// How many bytes.
    pub len: Count,
}

/// What a transfer read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "I2cReads"))]
pub struct Reads {
    /// One entry for each message that reads, in their order.
    pub reads: Vec<Bytes>,
}
