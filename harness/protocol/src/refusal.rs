//! What a driver refuses, as an answer says it, and back.

use crate::{Code, Failure, Refused};
use wasi_hw_seam::Refusal;

impl From<Refusal> for Refused {
    fn from(why: Refusal) -> Refused {
        Refused { code: why.into(), why: why.to_string() }
    }
}

impl From<Refusal> for Code {
    fn from(why: Refusal) -> Code {
        match why {
            Refusal::Missing => Code::Missing,
            Refusal::Busy => Code::Busy,
            Refusal::Denied => Code::Denied,
            Refusal::Gone => Code::Gone,
            Refusal::NotFound => Code::NotFound,
            Refusal::Invalid => Code::Invalid,
            Refusal::Unsupported => Code::Unsupported,
            Refusal::TooLong => Code::TooLong,
            Refusal::TooMuch => Code::TooMuch,
            Refusal::NotReady => Code::NotReady,
            Refusal::Timeout => Code::Timeout,
            Refusal::AddressNack => Code::AddressNack,
            Refusal::DataNack => Code::DataNack,
            Refusal::ArbitrationLost => Code::ArbitrationLost,
            Refusal::BusError => Code::BusError,
            Refusal::Overrun => Code::Overrun,
            Refusal::ModeFault => Code::ModeFault,
            Refusal::FrameFormat => Code::FrameFormat,
            Refusal::ChipSelect => Code::ChipSelect,
            // What has no word of its own is `EIO` on Linux.
            _ => Code::Io,
        }
    }
}

impl From<Code> for Refusal {
    /// [`Refusal::Other`] for what only an adapter that breaks the protocol is told.
    fn from(code: Code) -> Refusal {
        match code {
            Code::Missing => Refusal::Missing,
            Code::Busy => Refusal::Busy,
            Code::Denied => Refusal::Denied,
            Code::Gone => Refusal::Gone,
            Code::NotFound => Refusal::NotFound,
            Code::Invalid => Refusal::Invalid,
            Code::Unsupported => Refusal::Unsupported,
            Code::TooLong => Refusal::TooLong,
            Code::TooMuch => Refusal::TooMuch,
            Code::NotReady => Refusal::NotReady,
            Code::Io => Refusal::Io,
            Code::Timeout => Refusal::Timeout,
            Code::AddressNack => Refusal::AddressNack,
            Code::DataNack => Refusal::DataNack,
            Code::ArbitrationLost => Refusal::ArbitrationLost,
            Code::BusError => Refusal::BusError,
            Code::Overrun => Refusal::Overrun,
            Code::ModeFault => Refusal::ModeFault,
            Code::FrameFormat => Refusal::FrameFormat,
            Code::ChipSelect => Refusal::ChipSelect,
            Code::NoCue | Code::NoHandle => Refusal::Other,
        }
    }
}

impl From<Failure> for Refusal {
    /// [`Refusal::Other`] where the conversation is over.
    fn from(why: Failure) -> Refusal {
        match why {
            Failure::Refused(refused) => refused.code.into(),
            Failure::Dead | Failure::Over(_) => Refusal::Other,
        }
    }
}
