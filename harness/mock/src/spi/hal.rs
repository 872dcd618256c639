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
        run(&self.board, &self.place, self.settings(), &mut steps, false, None)
    }
}
