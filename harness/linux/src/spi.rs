//! SPI: `/dev/spidevB.C`. Documentation/spi/spidev.rst, include/uapi/linux/spi/spidev.h.

use crate::errno;
use crate::failure::Report;
use spidev::{SpiModeFlags, Spidev, SpidevOptions, SpidevTransfer};
use std::io;
use std::path::{Path, PathBuf};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::{self, Settings, Transfer};

/// The most transfers of one message: the size of the list is a field of 14 bits, and each takes 32 bytes.
const MOST_TRANSFERS: usize = 511;

/// An open device. The clock mode and the order of bits are the kernel's for all that have it open; rate and length of
/// words go with each message.
pub(crate) struct Device {
    spidev: Spidev,
    node: PathBuf,
    settings: Settings,
    /// What the machine's description, or who came before, allows at most; 0: anything.
    most_hz: u32,
    /// Mode bits of which the seam knows nothing, such as an active-high chip select.
    others: SpiModeFlags,
    report: Report,
}

impl Device {
    pub(crate) fn open(node: &Path, report: &Report) -> Result<Device, Refusal> {
        let spidev = Spidev::open(node).map_err(|error| report.refused(node, "open", errno::OPEN, error))?;
        let now = spidev.query_configuration();
        let now = now.map_err(|error| report.refused(node, "SPI_IOC_RD_MODE32", errno::SPI, error))?;
        let ours = SpiModeFlags::SPI_CPHA | SpiModeFlags::SPI_CPOL | SpiModeFlags::SPI_LSB_FIRST;
        Ok(Device {
            spidev,
            node: node.to_owned(),
            settings: Settings::default(),
            most_hz: now.max_speed_hz.unwrap_or(0),
            others: now.spi_mode.unwrap_or(SpiModeFlags::empty()) - ours,
            report: report.clone(),
        })
    }

    fn refused(&self, call: &'static str, error: io::Error) -> Refusal {
        self.report.refused(&self.node, call, errno::SPI, error)
    }

    fn hz(&self, asked: u32) -> u32 {
        let hz = if asked == 0 { self.settings.hz } else { asked };
        if self.most_hz == 0 { hz } else { hz.min(self.most_hz) }
    }
}

impl spi::Device for Device {
    fn configure(&mut self, settings: Settings) -> Result<(), Refusal> {
        if settings.mode > 3 || settings.hz == 0 || !matches!(settings.bits, 8 | 16 | 32) {
            return Err(Refusal::Invalid);
        }
        let mut mode = self.others | SpiModeFlags::from_bits_retain(settings.mode.into());
        mode.set(SpiModeFlags::SPI_LSB_FIRST, settings.lsb_first);
        let options =
            SpidevOptions { bits_per_word: Some(settings.bits), spi_mode: Some(mode), ..Default::default() };
        self.spidev.configure(&options).map_err(|error| match self.refused("SPI_IOC_WR_MODE32", error) {
            // Settings that no controller has were sorted out above.
            Refusal::Invalid => Refusal::Unsupported,
            other => other,
        })?;
        self.settings = settings;
        Ok(())
    }

    /// One `SPI_IOC_MESSAGE`. Of more bytes in one direction than spidev's parameter `bufsiz` (4096 unless it was set)
    /// it is [`Refusal::TooLong`].
    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Result<(), Refusal> {
        if transfers.is_empty() {
            return Ok(());
        }
        if transfers.len() > MOST_TRANSFERS {
            return Err(Refusal::Invalid);
        }
        let mut list = Vec::with_capacity(transfers.len());
        for Transfer { output, input, delay_us, speed_hz, cs_change } in transfers {
            let mut transfer = match (output.is_empty(), input.is_empty()) {
                (true, true) => SpidevTransfer::delay(0),
                (false, true) => SpidevTransfer::write(output),
                (true, false) => SpidevTransfer::read(input),
                (false, false) if output.len() == input.len() => SpidevTransfer::read_write(output, input),
                _ => return Err(Refusal::Invalid),
            };
            transfer.delay_usecs = *delay_us;
            transfer.speed_hz = self.hz(*speed_hz);
            transfer.bits_per_word = self.settings.bits;
            transfer.cs_change = (*cs_change).into();
            list.push(transfer);
        }
        self.spidev.transfer_multiple(&mut list).map_err(|error| self.refused("SPI_IOC_MESSAGE", error))
    }
}
