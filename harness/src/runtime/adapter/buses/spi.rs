//! SPI: lists of transfers.

use super::{MOST_BYTES, Open, refused};
use crate::runtime::adapter::serve::{Served, Server, no_handle, nothing};
use wasi_hw_mock::spi::{AttachError, Refusal, Settings, Transfer};
use wasi_hw_protocol::spi as wire;
use wasi_hw_protocol::{Bytes, Code, Refused, Reply, i2c};

impl Server {
    pub(super) fn spi_open(&self, open: &wire::Open) -> Served {
        match self.board.spi(&open.device) {
            Ok(device) => self.handle(Open::Spi(device)),
            Err(why) => Err(refused(
                match why {
                    AttachError::Missing => Code::Missing,
                    AttachError::Busy => Code::Busy,
                },
                why.to_string(),
            )),
        }
    }

    pub(super) fn spi_configure(&self, to: &wire::Configure) -> Served {
        let open = self.get(to.handle)?;
        let Open::Spi(device) = &*open else { return Err(no_handle(to.handle)) };
        // A number that the mock's type cannot hold is as little a mode, or a length of words, as this one.
        let small = |number| u8::try_from(number).unwrap_or(u8::MAX);
        let settings =
            Settings { mode: small(to.mode), hz: to.hz, bits: small(to.bits), lsb_first: to.lsb_first };
        device.configure(settings).map_err(refusal)?;
        Ok(nothing())
    }

    pub(super) fn spi_message(&self, message: &wire::Message) -> Served {
        let open = self.get(message.handle)?;
        let Open::Spi(device) = &*open else { return Err(no_handle(message.handle)) };
        let mut buffers = buffers(&message.transfers)?;
        let mut list = Vec::with_capacity(message.transfers.len());
        for (transfer, input) in message.transfers.iter().zip(&mut buffers) {
            let wire::Transfer { write, delay_us, hz, cs_change, .. } = transfer;
            let delay_us = delay_us.map_or(0, |delay| delay.0);
            list.push(Transfer {
                output: write.as_ref().map_or(&[], |bytes| &bytes.0),
                input: input.as_mut().map_or(&mut [], |bytes| &mut bytes.0),
                delay_us: u16::try_from(delay_us).map_err(|_| {
                    refused(Code::Invalid, format!("a pause of {delay_us} µs; a transfer has 65535 at most"))
                })?,
                speed_hz: hz.unwrap_or(0),
                cs_change: *cs_change,
            });
        }
        device.message(&mut list).map_err(refusal)?;
        Ok(Reply::Reads(i2c::Reads { reads: buffers.into_iter().flatten().collect() }))
    }
}

/// A buffer for each transfer that says how much it reads.
fn buffers(transfers: &[wire::Transfer]) -> Result<Vec<Option<Bytes>>, Refused> {
    let lengths = transfers.iter().flat_map(|transfer| {
        [
            transfer.write.as_ref().map_or(0, |bytes| bytes.0.len() as u64),
            transfer.read.map_or(0, |len| len.0),
        ]
    });
    if lengths.fold(0, u64::saturating_add) > MOST_BYTES {
        return Err(refused(Code::TooMuch, format!("more than {MOST_BYTES} bytes in one message")));
    }
    let buffer = |transfer: &wire::Transfer| transfer.read.map(|len| Bytes(vec![0; len.0 as usize]));
    Ok(transfers.iter().map(buffer).collect())
}

fn refusal(why: Refusal) -> Refused {
    let code = match why {
        Refusal::Overrun => Code::Overrun,
        Refusal::ModeFault => Code::ModeFault,
        Refusal::FrameFormat => Code::FrameFormat,
        Refusal::ChipSelect => Code::ChipSelect,
        Refusal::Failure => Code::Io,
        Refusal::TooLong => Code::TooLong,
        Refusal::Invalid => Code::Invalid,
    };
    refused(code, why.to_string())
}
