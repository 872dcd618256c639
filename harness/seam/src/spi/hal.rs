//! `embedded-hal`'s trait on a device: each transaction is one frame.

use super::Device;
use crate::Refusal;
use embedded_hal::spi::{Error, ErrorKind, ErrorType, Operation, SpiDevice};

impl Error for Refusal {
    fn kind(&self) -> ErrorKind {
        match self {
            Refusal::Overrun => ErrorKind::Overrun,
            Refusal::ModeFault => ErrorKind::ModeFault,
            Refusal::FrameFormat => ErrorKind::FrameFormat,
            Refusal::ChipSelect => ErrorKind::ChipSelectFault,
            _ => ErrorKind::Other,
        }
    }
}

impl ErrorType for Box<dyn Device> {
    type Error = Refusal;
}

impl SpiDevice for Box<dyn Device> {
    fn transaction(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), Refusal> {
        (**self).frame(operations)
    }
}
