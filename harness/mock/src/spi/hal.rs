//! `embedded-hal` 1.0 on a device: each transaction becomes one frame.

use super::Device;
use super::transfers::Refusal;
use super::wire::{Step, run};
use embedded_hal::spi::{Error, ErrorKind, ErrorType, Operation, SpiDevice};
use std::borrow::Cow;

impl Error for Refusal {
    fn kind(&self) -> ErrorKind {
        match self {
            Refusal::Overrun => ErrorKind::Overrun,
            Refusal::ModeFault => ErrorKind::ModeFault,
            Refusal::FrameFormat => ErrorKind::FrameFormat,
            Refusal::ChipSelect => ErrorKind::ChipSelectFault,
            Refusal::Failure | Refusal::TooLong | Refusal::Invalid => ErrorKind::Other,
        }
    }
}

impl ErrorType for Device {
    type Error = Refusal;
}

impl SpiDevice for Device {
    fn transaction(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), Refusal> {
        let step = |operation| match operation {
            &mut Operation::Read(ref mut input) => Step::Clock { output: Cow::Borrowed(&[][..]), input },
            &mut Operation::Write(output) => Step::Clock { output: Cow::Borrowed(output), input: &mut [] },
            &mut Operation::Transfer(ref mut input, output) => {
                Step::Clock { output: Cow::Borrowed(output), input }
            }
            &mut Operation::TransferInPlace(ref mut both) => {
                Step::Clock { output: Cow::Owned(both.to_vec()), input: both }
            }
            &mut Operation::DelayNs(ns) => Step::Pause(u64::from(ns)),
        };
        let mut steps: Vec<_> = operations.iter_mut().map(step).collect();
        run(&self.board, &self.place, self.settings, &mut steps, false, None)
    }
}
