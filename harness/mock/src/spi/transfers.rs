//! Lists of transfers: what Linux's spidev takes, and what it checks before the wires move; and frames as
//! `embedded-hal` asks for them.

use super::Device;
use super::wire::{Step, run};
use embedded_hal::spi::Operation;
use std::borrow::Cow;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::{self, Settings, Transfer};

/// The most transfers of one message: the size of the list is a field of 14 bits, and each takes 32 bytes.
const MOST_TRANSFERS: usize = 511;

/// spidev's `bufsiz`, unless the fixture says otherwise.
const MOST_BYTES: u32 = 4096;

impl spi::Device for Device {
    /// The bus hears of it with the next message.
    fn configure(&mut self, settings: Settings) -> Result<(), Refusal> {
        let known = settings.mode <= 3 && settings.hz > 0 && matches!(settings.bits, 8 | 16 | 32);
        if !known {
            return Err(Refusal::Invalid);
        }
        self.settings = settings;
        Ok(())
    }

    /// What spidev refuses is refused before the wires move; an empty list succeeds and does nothing, as there.
    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Result<(), Refusal> {
        if transfers.is_empty() {
            return Ok(());
        }
        let different =
            |t: &Transfer<'_>| !t.output.is_empty() && !t.input.is_empty() && t.output.len() != t.input.len();
        if transfers.len() > MOST_TRANSFERS || transfers.iter().any(different) {
            return Err(Refusal::Invalid);
        }
        let last = transfers.len() - 1;
        let keep = transfers[last].cs_change;
        let mut steps = Vec::new();
        for (n, transfer) in transfers.iter_mut().enumerate() {
            steps.push(Step::Speed(transfer.speed_hz));
            steps.push(Step::Clock { output: Cow::Borrowed(transfer.output), input: &mut *transfer.input });
            steps.push(Step::Pause(u64::from(transfer.delay_us) * 1_000));
            if transfer.cs_change && n < last {
                steps.push(Step::Pulse);
            }
        }
        run(&self.board, &self.place, self.settings, &mut steps, keep, Some(MOST_BYTES))
    }

    /// One frame. Nothing limits it but the board's own `most-bytes`.
    fn frame(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), Refusal> {
        let mut steps = Vec::with_capacity(operations.len());
        for operation in operations {
            steps.push(match operation {
                Operation::Read(input) => Step::Clock { output: Cow::Borrowed(&[]), input },
                Operation::Write(output) => Step::Clock { output: Cow::Borrowed(output), input: &mut [] },
                Operation::Transfer(input, output) => Step::Clock { output: Cow::Borrowed(output), input },
                Operation::TransferInPlace(both) => {
                    Step::Clock { output: Cow::Owned(both.to_vec()), input: both }
                }
                Operation::DelayNs(ns) => Step::Pause(u64::from(*ns)),
            });
        }
        run(&self.board, &self.place, self.settings, &mut steps, false, None)
    }
}
