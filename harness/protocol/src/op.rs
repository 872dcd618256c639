//! What can be asked of the board, and how it answers.

pub mod gpio;
pub mod i2c;
pub mod spi;
pub mod usb;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use wasi_hw_seam::Refusal;

/// An operation: the guest's own imports, then what a driver offers on each kind of bus. Each says what it is
/// answered with; every one may be refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// The guest's import `board.saw`: a line of its transcript. Answered with nothing.
    Saw(Saw),
    /// The guest's import `board.cue`. Answered with nothing; `no-cue` is the import's error, with `why` as its text.
    Cue(Cue),
    /// Blocks until one of these things is so; the only operation that does. Answered with `Woken`, or
    /// with `dead` if none of them can ever be so.
    Wait(Wait),

    /// Attaches a driver to an I²C bus. Answered with a handle.
    I2cOpen(i2c::Open),
    /// Does one transfer on an I²C bus. Answered with what was read.
    I2cTransfer(i2c::Transfer),
    /// Detaches the driver. Answered with nothing.
    I2cClose(Handle),

    /// Attaches a driver to an SPI device. Answered with a handle.
    SpiOpen(spi::Open),
    /// Sets how the controller clocks for this driver. Answered with nothing.
    SpiConfigure(spi::Configure),
    /// Does one message with an SPI device. Answered with what was read.
    SpiMessage(spi::Message),
    /// Does one message as `embedded-hal` asks for it. Answered with what was read.
    SpiFrame(spi::Frame),
    /// Detaches the driver. Answered with nothing.
    SpiClose(Handle),

    /// Requests a GPIO line. Answered with a handle and the greatest raw value.
    GpioRequest(gpio::Open),
    /// Asks for something else on a requested line. Answered with nothing.
    GpioConfigure(gpio::Configure),
    /// The level or the raw value of a line now. Answered with a sample.
    GpioGet(Handle),
    /// Drives a level or a raw value. Answered with nothing.
    GpioSet(gpio::Set),
    /// The next event of a line, if there is one. Answered with it, or with nothing.
    GpioEvent(Handle),
    /// Gives a line back. Answered with nothing.
    GpioRelease(Handle),

    /// The USB devices that are there. Answered with the list.
    UsbDevices(Empty),
    /// Opens a device. Answered with a handle.
    UsbOpen(usb::Open),
    /// Closes a handle. Answered with nothing.
    UsbClose(Handle),
    /// The configuration in force. Answered with its value, 0 if there is none.
    UsbConfiguration(Handle),
    /// Chooses a configuration. Answered with nothing.
    UsbSetConfiguration(usb::SetConfiguration),
    /// Claims an interface. Answered with nothing.
    UsbClaim(usb::Interface),
    /// Releases an interface. Answered with nothing.
    UsbRelease(usb::Interface),
    /// Chooses an alternate setting. Answered with nothing.
    UsbSetInterface(usb::SetInterface),
    /// Clears the halt of an endpoint. Answered with nothing.
    UsbClearHalt(usb::Endpoint),
    /// Resets the device's port. Answered with nothing.
    UsbReset(Handle),
    /// Asks for streams on endpoints. Answered with how many were granted.
    UsbAllocStreams(usb::AllocStreams),
    /// Gives streams back. Answered with nothing.
    UsbFreeStreams(usb::FreeStreams),
    /// Whether a kernel driver has an interface. Answered with a value, 1 or 0.
    UsbKernelDriver(usb::Interface),
    /// Takes an interface from its kernel driver. Answered with nothing.
    UsbDetachKernelDriver(usb::Interface),
    /// Gives an interface back to its kernel driver. Answered with nothing.
    UsbAttachKernelDriver(usb::Interface),
    /// Starts a transfer. Answered with its number, as a handle.
    UsbSubmit(usb::Submit),
    /// Takes a transfer in flight back; it is then reaped as cancelled. Answered with nothing.
    UsbCancel(Handle),
    /// What came of a transfer, if it is over; its number is then used up. Answered with it, or with nothing.
    UsbReap(Handle),
    /// Begins to keep what comes and goes, for this guest. Answered with nothing.
    UsbWatch(Empty),
    /// What came and went since the last time that this guest asked. Answered with the list.
    UsbEvents(Empty),
}

/// Nothing more to say: `{}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// Something that was opened, requested or submitted. Numbers are never used twice within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Handle {
    /// Its number.
    pub handle: u32,
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Saw {
    /// The line, as the guest gave it.
    pub line: String,
}

/// Something that the case's fixture has prepared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// The name, as the guest gave it.
    pub name: String,
}

/// What to wait for: any of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Wait {
    /// That so many nanoseconds of board time have passed since now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ns: Option<Count>,
    /// That one of these handles is as it is wanted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Awaited>,
    /// That a USB device came or went which this guest has not been told of.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hotplug: bool,
}

/// What one handle is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Awaited {
    /// The handle.
    pub handle: u32,
    /// What for. What its kind of handle does not have is refused as `no-handle`.
    #[serde(rename = "for")]
    pub until: Until,
}

/// How a handle can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// A GPIO line has an event for its driver, or is gone. The event stays until it is taken.
    Event,
    /// A GPIO line has settled after its request, or is gone.
    Settled,
    /// A USB transfer is over.
    Over,
}

/// Which of the awaited things have happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Woken {
    /// Board time in nanoseconds.
    pub now: u64,
    /// The time is over.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub time: bool,
    /// These handles are as they were wanted, or were closed meanwhile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Awaited>,
    /// A device came or went.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hotplug: bool,
}

/// What came of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome<R = Reply> {
    /// It was done.
    Ok(R),
    /// It was not.
    Refused(Refused),
    /// Nothing that was waited for can happen any more. The case ends as a time-out, whatever the guest
    /// would do; the adapter abandons the guest, by a trap or otherwise, and sends its `done`.
    Dead(Empty),
}

/// What an operation that was done is answered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Reply {
    /// A handle, with what belongs to it.
    Requested(gpio::Requested),
    /// A handle.
    Handle(Handle),
    /// What an I²C transfer or SPI message read.
    Reads(i2c::Reads),
    /// Something that was waited for is so.
    Woken(Woken),
    /// What a line has.
    Sample(gpio::Sampled),
    /// What happened on a line.
    Event(gpio::Happened),
    /// A number.
    Value(usb::Value),
    /// USB devices.
    Devices(usb::Devices),
    /// What came of a USB transfer.
    Reaped(usb::Reaped),
    /// What came and went.
    Events(usb::Events),
    /// Nothing more to say.
    Nothing(Empty),
}

/// Why an operation was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refused {
    /// The kind of reason.
    pub code: Code,
    /// The reason, for people.
    pub why: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Refused {}

impl From<Refusal> for Code {
    fn from(refusal: Refusal) -> Code {
        Code::Driver(refusal)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Refused {
        Refused { code: refusal.into(), why: refusal.to_string() }
    }
}

/// Kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Code {
    /// No cue of this name is left.
    NoCue,
    /// No handle of this number is open in this run, or it is of another kind (`EBADF`).
    NoHandle,
    /// What the driver says. `too-much` also where it is more than the harness serves: handles, or bytes of one
    /// operation.
    #[serde(untagged)]
    Driver(Refusal),
}

/// A whole number that may come from a guest's 64 bits: languages whose numbers are floating-point may send
/// it inexact above 2^53, and what is beyond 2^64 counts as 2^64 - 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Count(pub u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Count, D::Error> {
        struct Whole;
        impl Visitor<'_> for Whole {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Count, E> {
                Ok(Count(number))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Count, E> {
                let whole = number >= 0.0 && number.fract() == 0.0;
                // `as` saturates.
                if whole { Ok(Count(number as u64)) } else { Err(E::custom("a whole number from 0")) }
            }
        }
        from.deserialize_any(Whole)
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn a_count_may_be_inexact_but_is_whole() {
        let count = |text| serde_json::from_str::<Count>(text).ok().map(|count| count.0);
        assert_eq!(count("18446744073709551615"), Some(u64::MAX));
        assert_eq!(count("18446744073709552000"), Some(u64::MAX));
        assert_eq!(count("1e3"), Some(1000));
        for bad in ["-1", "1.5", "-0.5", "\"1\"", "null"] {
            assert_eq!(count(bad), None, "{bad}");
        }
    }
}
