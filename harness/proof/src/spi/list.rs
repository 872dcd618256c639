//! Wrong hosts over lists of transfers, which has means that `embedded-hal` lacks: settings, a clock rate for each
//! transfer, and a chip select that stays asserted after a message.

use super::super::Defect;
use super::over_transfers;
use std::io;
use std::marker::PhantomData;
use wasi_hw_mock::spi::{Device as Mock, Refusal, Settings, Transfer as MockTransfer};
use wasi_hw_wasmtime::spi::{Device, Transfer, Transfers};

pub(super) fn defects() -> Vec<Defect> {
    vec![
        over_transfers(
            "spi/sends-a-message-for-each-operation",
            &["SPI-25b", "SPI-34"],
            under::<MessageEach>,
        ),
        over_transfers(
            "spi/keeps-chip-select-after-a-long-list",
            &["SPI-37", "SPI-34"],
            under::<KeepsAsserted>,
        ),
        over_transfers("spi/pulses-chip-select-after-a-long-pause", &["SPI-21b"], under::<PulsesAfterPause>),
        over_transfers("spi/forgets-the-settings", &["SPI-35"], under::<ForgetsSettings>),
        over_transfers("spi/forgets-the-mode", &["SPI-35"], under::<ForgetsMode>),
        over_transfers("spi/sends-at-a-clock-rate-of-its-own", &["SPI-35"], under::<OwnClockRate>),
        over_transfers("spi/clocks-what-fits-and-fails", &["SPI-32b"], under::<ClocksWhatFits>),
    ]
}

/// What a wrong host does with a list.
trait Twist: Send + 'static {
    /// The settings that it sets for a device.
    fn settings(right: Settings) -> Settings {
        right
    }

    /// Does the list.
    fn message(list: &mut [MockTransfer<'_>], real: &Mock) -> Result<(), Refusal> {
        real.message(list)
    }
}

struct Twisted<T>(Mock, PhantomData<T>);

/// Puts a twisted driver under the reference host.
fn under<T: Twist>(device: Mock, settings: Settings) -> Result<Device, String> {
    device.configure(T::settings(settings)).map_err(|why| why.to_string())?;
    Ok(Device::over_transfers(Twisted::<T>(device, PhantomData)))
}

impl<T: Twist> Transfers for Twisted<T> {
    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> io::Result<()> {
        let mut list = Vec::with_capacity(transfers.len());
        for Transfer { output, input, delay_us } in transfers {
            list.push(MockTransfer { output, input, delay_us: *delay_us, ..MockTransfer::default() });
        }
        T::message(&mut list, &self.0).map_err(io::Error::other)
    }
}

struct MessageEach;
impl Twist for MessageEach {
    fn message(list: &mut [MockTransfer<'_>], real: &Mock) -> Result<(), Refusal> {
        // Lists of four, and long ones: they are enough to be wrong.
        let bytes: usize = list.iter().map(|t| t.output.len().max(t.input.len())).sum();
        if list.len() != 4 && bytes <= 32 {
            return real.message(list);
        }
        let last = list.len().saturating_sub(1);
        for (n, transfer) in list.iter_mut().enumerate() {
            transfer.cs_change = n < last;
            real.message(std::slice::from_mut(transfer))?;
        }
        Ok(())
    }
}

struct KeepsAsserted;
impl Twist for KeepsAsserted {
    fn message(list: &mut [MockTransfer<'_>], real: &Mock) -> Result<(), Refusal> {
        if let [_, _, _, last] = list {
            last.cs_change = true;
        }
        real.message(list)
    }
}

struct PulsesAfterPause;
impl Twist for PulsesAfterPause {
    fn message(list: &mut [MockTransfer<'_>], real: &Mock) -> Result<(), Refusal> {
        // Misreads the flag as one that keeps chip select through the pause.
        let last = list.len().saturating_sub(1);
        for transfer in &mut list[..last] {
            transfer.cs_change = transfer.delay_us > 1;
        }
        real.message(list)
    }
}

struct ForgetsSettings;
impl Twist for ForgetsSettings {
    fn settings(_: Settings) -> Settings {
        Settings::default()
    }
}

struct ForgetsMode;
impl Twist for ForgetsMode {
    fn settings(right: Settings) -> Settings {
        Settings { mode: 0, ..right }
    }
}

struct OwnClockRate;
impl Twist for OwnClockRate {
    fn message(list: &mut [MockTransfer<'_>], real: &Mock) -> Result<(), Refusal> {
        if let [_, second, _, _, _, _] = list {
            second.speed_hz = 500_000;
        }
        real.message(list)
    }
}

struct ClocksWhatFits;
impl Twist for ClocksWhatFits {
    fn message(list: &mut [MockTransfer<'_>], real: &Mock) -> Result<(), Refusal> {
        let result = real.message(list);
        if let (Err(Refusal::TooLong), [MockTransfer { output, .. }, ..]) = (result, list) {
            let fits = &output[..output.len().min(32)];
            let _ = real.message(&mut [MockTransfer { output: fits, ..MockTransfer::default() }]);
        }
        result
    }
}
