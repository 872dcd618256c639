//! SPI devices.

use super::{Opened, fill};
use crate::{Count, Op, i2c, spi};
use wasi_hw_seam::Refusal;
#[cfg(feature = "embedded-hal")]
use wasi_hw_seam::embedded_hal::spi::Operation;
use wasi_hw_seam::spi::{Device, Settings, Transfer};

/// A driver of a device.
pub(super) struct Driver(pub(super) Opened);

impl Device for Driver {
    fn configure(&mut self, settings: Settings) -> Result<(), Refusal> {
        self.0.client.done(Op::SpiConfigure(spi::Configure::new(self.0.handle, settings)))
    }

    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Result<(), Refusal> {
        let list =
            transfers.iter().map(|Transfer { output, input, delay_us, speed_hz, cs_change }| spi::Transfer {
                write: (!output.is_empty()).then(|| output.to_vec().into()),
                read: (!input.is_empty()).then_some(Count(input.len() as u64)),
                delay_us: (*delay_us > 0).then(|| Count(u64::from(*delay_us))),
                hz: (*speed_hz > 0).then_some(*speed_hz),
                cs_change: *cs_change,
            });
        let message = spi::Message { handle: self.0.handle, transfers: list.collect() };
        let i2c::Reads { reads } = self.0.client.drive(Op::SpiMessage(message))?;
        let inputs = transfers.iter_mut().map(|transfer| &mut *transfer.input);
        fill(inputs.filter(|input| !input.is_empty()), &reads)
    }

    #[cfg(feature = "embedded-hal")]
    fn frame(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), Refusal> {
        // What comes in beyond what goes out is clocked with zeros, as the trait has it.
        let out = |write: &[u8], read: usize| {
            let mut out = write.to_vec();
            out.resize(write.len().max(read), 0);
            out.into()
        };
        let list = operations.iter().map(|operation| match operation {
            Operation::Read(input) => spi::Operation::Read(Count(input.len() as u64)),
            Operation::Write(output) => spi::Operation::Write(output.to_vec().into()),
            Operation::Transfer(input, output) => spi::Operation::Transfer(out(output, input.len())),
            Operation::TransferInPlace(both) => spi::Operation::Transfer(both.to_vec().into()),
            Operation::DelayNs(ns) => spi::Operation::DelayNs(Count(u64::from(*ns))),
        });
        let frame = spi::Frame { handle: self.0.handle, operations: list.collect() };
        let i2c::Reads { reads } = self.0.client.drive(Op::SpiFrame(frame))?;
        let mut reads = reads.iter();
        for operation in operations {
            let input = match operation {
                Operation::Read(input) | Operation::Transfer(input, _) => &mut **input,
                Operation::TransferInPlace(both) => &mut **both,
                Operation::Write(_) | Operation::DelayNs(_) => continue,
            };
            // An answer that does not fit is nothing that a driver says.
            let read = reads.next().and_then(|bytes| bytes.0.get(..input.len())).ok_or(Refusal::Other)?;
            input.copy_from_slice(read);
        }
        Ok(())
    }
}
