//! A frame as a list of transfers, the way Linux's spidev takes it.

use super::{Driver, Error, Operation, OperationResult};
use wasi_hw_seam::spi::{Device, Transfer};

pub(super) struct List<D>(pub(super) D);

impl<D: Device> Driver for List<D> {
    fn frame(&mut self, operations: &[Operation], results: &mut [OperationResult]) -> Result<(), Error> {
        let mut list = Vec::with_capacity(operations.len());
        for pair in operations.iter().zip(results) {
            match pair {
                (Operation::Read(_), OperationResult::Read(input)) => {
                    list.push(Transfer { input, ..Transfer::default() });
                }
                (Operation::Write(output), _) => list.push(Transfer { output, ..Transfer::default() }),
                (Operation::Transfer(output), OperationResult::Transfer(input)) => {
                    list.push(Transfer { output, input, ..Transfer::default() });
                }
                (Operation::DelayNs(ns), _) => pause(&mut list, *ns),
                // Not among the pairs that `empty_result` makes.
                (Operation::Read(_) | Operation::Transfer(_), _) => {}
            }
        }
        self.0.message(&mut list).map_err(|why| Error::Other(why.to_string()))
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
