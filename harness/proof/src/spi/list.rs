//! Wrong hosts over lists of transfers, which has means that `embedded-hal` lacks: settings, a clock rate for each
//! transfer, and a chip select that stays asserted after a message.

use super::super::Defect;
use super::driver::{Done, Twist};
use super::over_transfers;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::{Device, Settings, Transfer};

pub(super) fn defects() -> Vec<Defect> {
    vec![
        over_transfers::<MessageEach>("spi/sends-a-message-for-each-operation", &["SPI-25b", "SPI-34"]),
        over_transfers::<KeepsAsserted>("spi/keeps-chip-select-after-a-long-list", &["SPI-37", "SPI-34"]),
        over_transfers::<PulsesAfterPause>("spi/pulses-chip-select-after-a-long-pause", &["SPI-21b"]),
        over_transfers::<ForgetsSettings>("spi/forgets-the-settings", &["SPI-35"]),
        over_transfers::<ForgetsMode>("spi/forgets-the-mode", &["SPI-35"]),
        over_transfers::<HigherRate>("spi/raises-the-clock-rate-for-a-transfer", &["SPI-35"]),
        over_transfers::<ClocksWhatFits>("spi/clocks-what-fits-and-fails", &["SPI-32b"]),
        over_transfers::<ResetsOnFailure>("spi/forgets-the-settings-after-a-failure", &["SPI-35"]),
    ]
}

struct MessageEach;
impl Twist for MessageEach {
    fn message(list: &mut [Transfer<'_>], real: &mut dyn Device) -> Done {
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
    fn message(list: &mut [Transfer<'_>], real: &mut dyn Device) -> Done {
        if let [_, _, _, last] = list {
            last.cs_change = true;
        }
        real.message(list)
    }
}

struct PulsesAfterPause;
impl Twist for PulsesAfterPause {
    fn message(list: &mut [Transfer<'_>], real: &mut dyn Device) -> Done {
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

struct HigherRate;
impl Twist for HigherRate {
    fn message(list: &mut [Transfer<'_>], real: &mut dyn Device) -> Done {
        if let [_, second, _, _, _, _] = list {
            second.speed_hz = 16_000_000;
        }
        real.message(list)
    }
}

struct ClocksWhatFits;
impl Twist for ClocksWhatFits {
    fn message(list: &mut [Transfer<'_>], real: &mut dyn Device) -> Done {
        let result = real.message(list);
        if let (Err(Refusal::TooLong), [Transfer { output, .. }, ..]) = (result, list) {
            let fits = &output[..output.len().min(32)];
            let _ = real.message(&mut [Transfer { output: fits, ..Transfer::default() }]);
        }
        result
    }
}

struct ResetsOnFailure;
impl Twist for ResetsOnFailure {
    fn message(list: &mut [Transfer<'_>], real: &mut dyn Device) -> Done {
        let result = real.message(list);
        if result.is_err() {
            real.configure(Settings::default())?;
        }
        result
    }
}
