//! SPI devices.

use super::{Client, fill};
use crate::{Count, Empty, Handle, Op, i2c, spi};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::{Device, Settings, Transfer};

/// A driver of a device.
pub(super) struct Driver {
    client: Client,
    handle: u32,
}

impl Driver {
    /// Attaches a driver to a device.
    pub(super) fn open(client: &Client, device: &str) -> Result<Driver, Refusal> {
        let Handle { handle } = client.drive(Op::SpiOpen(spi::Open { device: device.to_owned() }))?;
        Ok(Driver { client: client.clone(), handle })
    }
}

impl Device for Driver {
    fn configure(&mut self, settings: Settings) -> Result<(), Refusal> {
        let to = spi::Configure::new(self.handle, settings);
        self.client.drive(Op::SpiConfigure(to)).map(|Empty {}| ())
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
        let message = spi::Message { handle: self.handle, transfers: list.collect() };
        let i2c::Reads { reads } = self.client.drive(Op::SpiMessage(message))?;
        let inputs = transfers.iter_mut().map(|transfer| &mut *transfer.input);
        fill(inputs.filter(|input| !input.is_empty()), &reads)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.client.close(Op::SpiClose, self.handle);
    }
}
