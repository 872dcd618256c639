//! SPI devices behind the protocol.

use super::super::spi::{policy, settings};
use super::Remote;
use crate::suite::fixture::SpiDeviceHost;
use std::collections::BTreeMap;
use std::io;
use wasi_hw_mock::spi::Settings;
use wasi_hw_protocol::{Count, Empty, Handle, Op, i2c, spi as wire};
use wasi_hw_wasmtime::spi::{Device, SpiCtx, Transfer, Transfers};

impl Remote {
    pub(super) fn spi(&self, host: &BTreeMap<String, SpiDeviceHost>) -> SpiCtx {
        let mut spi = SpiCtx::new();
        for (name, device) in host {
            let (place, remote, settings) = (name.clone(), self.clone(), settings(device));
            spi.device(name, policy(device), move || remote.spi_device(&place, settings));
        }
        spi
    }

    fn spi_device(&self, device: &str, settings: Settings) -> Result<Device, String> {
        let opened = self.ask::<Handle>(Op::SpiOpen(wire::Open { device: device.to_owned() }));
        let Handle { handle } = opened.map_err(|why| why.to_string())?;
        // From here on it is closed again, whatever comes of the settings.
        let device = RemoteSpi { remote: self.clone(), handle };
        let Settings { mode, hz, bits, lsb_first } = settings;
        let to = wire::Configure { handle, mode: mode.into(), hz, bits: bits.into(), lsb_first };
        self.ask::<Empty>(Op::SpiConfigure(to)).map_err(|why| why.to_string())?;
        Ok(Device::over_transfers(device))
    }
}

/// A device behind the protocol.
struct RemoteSpi {
    remote: Remote,
    handle: u32,
}

impl Drop for RemoteSpi {
    fn drop(&mut self) {
        self.remote.forget(Op::SpiClose(Handle { handle: self.handle }));
    }
}

impl Transfers for RemoteSpi {
    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> io::Result<()> {
        let list = transfers.iter().map(|Transfer { output, input, delay_us }| wire::Transfer {
            write: (!output.is_empty()).then(|| output.to_vec().into()),
            read: (!input.is_empty()).then_some(Count(input.len() as u64)),
            delay_us: (*delay_us > 0).then(|| Count(u64::from(*delay_us))),
            ..wire::Transfer::default()
        });
        let message = wire::Message { handle: self.handle, transfers: list.collect() };
        let reads = self.remote.ask::<i2c::Reads>(Op::SpiMessage(message)).map_err(io::Error::other)?;
        let inputs =
            transfers.iter_mut().map(|transfer| &mut transfer.input).filter(|input| !input.is_empty());
        for (input, bytes) in inputs.zip(reads.reads) {
            if input.len() != bytes.0.len() {
                return Err(io::ErrorKind::InvalidData.into());
            }
            input.copy_from_slice(&bytes.0);
        }
        Ok(())
    }
}
