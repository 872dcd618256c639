//! A frame as a list of transfers, the way Linux's spidev takes it.

use super::{Driver, Error, Operation, OperationResult};
use std::io;

/// One device behind a driver that takes lists of transfers, such as `/dev/spidev0.0` with
/// `SPI_IOC_MESSAGE`. Whoever makes one has given it the device's settings.
pub trait Transfers: Send {
    /// Does the transfers in one frame: asserts chip select, clocks them, deasserts it. A list that cannot be
    /// done in one frame is an error before anything is clocked. Blocks until the frame is over.
    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> io::Result<()>;
}

/// A part of a frame: bytes, then a pause. Without bytes it is a pause alone.
#[derive(Debug, Default)]
pub struct Transfer<'a> {
    /// What goes out; empty where it is the driver's choice.
    pub output: &'a [u8],
    /// Where to put what comes in; empty where it is discarded. If neither is empty, both have the same
    /// length.
    pub input: &'a mut [u8],
    /// Microseconds to wait after the last bit.
    pub delay_us: u16,
}

pub(super) struct List<D>(pub(super) D);

impl<D: Transfers> Driver for List<D> {
    fn frame(&mut self, operations: &[Operation], results: &mut [OperationResult]) -> Result<(), Error> {
        let mut list = Vec::with_capacity(operations.len());
        for pair in operations.iter().zip(results) {
            match pair {
                (Operation::Read(_), OperationResult::Read(input)) => {
                    list.push(Transfer { input, ..Transfer::default() });
                }
                (Operation::Write(output), _) => list.push(Transfer { output, ..Transfer::default() }),
                (Operation::Transfer(output), OperationResult::Transfer(input)) => {
                    list.push(Transfer { output, input, delay_us: 0 });
                }
                (Operation::DelayNs(ns), _) => pause(&mut list, *ns),
                // Not among the pairs that `empty_result` makes.
                (Operation::Read(_) | Operation::Transfer(_), _) => {}
            }
        }
        self.0.message(&mut list).map_err(|error| Error::Other(error.to_string()))
    }
}

/// Appends a pause of at least so many nanoseconds: whole microseconds, rounded up, of which one transfer
/// holds 65,535 at most.
fn pause(list: &mut Vec<Transfer<'_>>, ns: u32) {
    let mut left = ns.div_ceil(1_000);
    loop {
        let delay_us = u16::try_from(left).unwrap_or(u16::MAX);
        list.push(Transfer { delay_us, ..Transfer::default() });
        left -= u32::from(delay_us);
        if left == 0 {
            return;
        }
    }
}
