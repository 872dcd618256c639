//! Why a driver did not do what it was asked.

use std::fmt;

/// Why a driver did not do what it was asked: one vocabulary for all buses, in the words of the kernel or of the bus's
/// standard. Which of them an operation gives stands with the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Refusal {
    /// There is no bus, device or line of this name (`ENOENT`).
    Missing,
    /// Another driver has it (`EBUSY`).
    Busy,
    /// No permission (`EACCES`).
    Denied,
    /// The adapter, chip or device was taken away (`ENODEV`).
    Gone,
    /// A device has no such configuration, interface, alternate setting, endpoint, claim, driver or transfer
    /// (`ENOENT`).
    NotFound,
    /// An argument that cannot be, whatever the hardware (`EINVAL`).
    Invalid,
    /// The hardware or the system cannot do this (`EOPNOTSUPP`).
    Unsupported,
    /// More bytes than the driver takes in one call (`EMSGSIZE`).
    TooLong,
    /// More than there is memory, or room in a table, for (`ENOMEM`).
    TooMuch,
    /// It was requested and is not usable yet (`EAGAIN`).
    NotReady,
    /// It failed, and the driver does not say how (`EIO`).
    Io,
    /// It took longer than the driver waits (`ETIMEDOUT`).
    Timeout,
    /// I²C: no target acknowledged the address (`ENXIO`).
    AddressNack,
    /// I²C: a byte was not acknowledged (`EREMOTEIO`).
    DataNack,
    /// I²C: another controller won the bus (`EAGAIN`).
    ArbitrationLost,
    /// I²C: a START or STOP where none belongs (`EIO`).
    BusError,
    /// I²C, SPI: the controller lost a byte (`EIO`).
    Overrun,
    /// SPI: another controller drives chip select (`EIO`).
    ModeFault,
    /// SPI: what came in has another frame format (`EIO`).
    FrameFormat,
    /// SPI: chip select could not be driven (`EIO`).
    ChipSelect,
    /// Anything else.
    Other,
}

impl Refusal {
    /// The name of the error number that Linux gives for it.
    pub fn errno(self) -> &'static str {
        match self {
            Refusal::Missing | Refusal::NotFound => "ENOENT",
            Refusal::Busy => "EBUSY",
            Refusal::Denied => "EACCES",
            Refusal::Gone => "ENODEV",
            Refusal::Invalid => "EINVAL",
            Refusal::Unsupported => "EOPNOTSUPP",
            Refusal::TooLong => "EMSGSIZE",
            Refusal::TooMuch => "ENOMEM",
            Refusal::NotReady | Refusal::ArbitrationLost => "EAGAIN",
            Refusal::Timeout => "ETIMEDOUT",
            Refusal::AddressNack => "ENXIO",
            Refusal::DataNack => "EREMOTEIO",
            Refusal::Io
            | Refusal::BusError
            | Refusal::Overrun
            | Refusal::ModeFault
            | Refusal::FrameFormat
            | Refusal::ChipSelect
            | Refusal::Other => "EIO",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Refusal::Missing => "there is nothing of this name",
            Refusal::Busy => "another driver has it",
            Refusal::Denied => "no permission",
            Refusal::Gone => "it was taken away",
            Refusal::NotFound => "the device has no such part",
            Refusal::Invalid => "an argument that cannot be",
            Refusal::Unsupported => "not supported",
            Refusal::TooLong => "more bytes than the driver takes",
            Refusal::TooMuch => "more than there is room for",
            Refusal::NotReady => "not ready yet",
            Refusal::Io => "input or output failed",
            Refusal::Timeout => "timed out",
            Refusal::AddressNack => "the address was not acknowledged",
            Refusal::DataNack => "a byte was not acknowledged",
            Refusal::ArbitrationLost => "arbitration was lost",
            Refusal::BusError => "a bus error",
            Refusal::Overrun => "an overrun",
            Refusal::ModeFault => "a mode fault",
            Refusal::FrameFormat => "another frame format",
            Refusal::ChipSelect => "chip select could not be driven",
            Refusal::Other => "it failed",
        };
        write!(f, "{what} ({})", self.errno())
    }
}

impl std::error::Error for Refusal {}
