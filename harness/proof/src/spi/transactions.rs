//! Wrong ways to do a transaction.

use super::super::Defect;
use super::lie;
use super::lie::{Answer, Lie, View};
use crate::copy;
use wasi_hw_wasmtime::bindings::spi::wasi::spi::spi::{Error, HostSpiDevice, Operation, OperationResult};
use wasi_hw_wasmtime::spi::Device;
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<SplitsNeighbours>("spi/splits-between-neighbours-of-a-kind", &["SPI-15"]),
        lie::<OmitsDelays>("spi/has-no-result-for-a-pause", &["SPI-17"]),
        lie::<TransfersAreReads>("spi/returns-read-for-a-transfer", &["SPI-17"]),
        lie::<RefusesNothing>("spi/refuses-an-empty-list", &["SPI-18"]),
        lie::<OmitsEmpty>("spi/has-no-result-for-an-empty-operation", &["SPI-20"]),
        lie::<OmitsZeroDelays>("spi/has-no-result-for-a-pause-of-zero", &["SPI-22"]),
        lie::<SplitsAtDelays>("spi/deasserts-during-a-pause", &["SPI-21b"]),
        lie::<ResultsOfFailure>("spi/returns-results-with-a-failure", &["SPI-25c"]),
        lie::<OtherError>("spi/returns-an-error-of-its-own", &["SPI-25c"]),
        lie::<WritesFirst>("spi/gathers-the-writes-of-a-long-list", &["SPI-38"]),
        lie::<JoinsReads>("spi/gives-the-bytes-of-two-reads-to-the-first", &["SPI-38", "SPI-17"]),
    ]
}

/// Does a list in two frames, cut before the operation at `cut`.
fn in_two_frames(
    real: View<'_, '_>,
    device: Resource<Device>,
    mut list: Vec<Operation>,
    cut: Option<usize>,
) -> Answer<Vec<OperationResult>> {
    let Some(cut) = cut else { return real.transaction(device, list) };
    let rest = list.split_off(cut);
    let first = real.transaction(copy(&device), list)?;
    match first {
        Ok(first) => Ok(real.transaction(device, rest)?.map(|rest| first.into_iter().chain(rest).collect())),
        Err(error) => Ok(Err(error)),
    }
}

struct SplitsNeighbours;
impl Lie for SplitsNeighbours {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        let same = |pair: &[Operation]| std::mem::discriminant(&pair[0]) == std::mem::discriminant(&pair[1]);
        let cut = list.windows(2).position(same).map(|at| at + 1);
        in_two_frames(real, device, list, cut)
    }
}

/// Does the list, and leaves some of its results out.
fn results_of(
    real: View<'_, '_>,
    device: Resource<Device>,
    list: Vec<Operation>,
    keep: impl Fn(&Operation) -> bool,
) -> Answer<Vec<OperationResult>> {
    let kept: Vec<_> = list.iter().map(keep).collect();
    let results = real.transaction(device, list)?;
    Ok(results
        .map(|results| results.into_iter().zip(kept).filter(|(_, keep)| *keep).map(|(r, _)| r).collect()))
}

struct OmitsDelays;
impl Lie for OmitsDelays {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        results_of(real, device, list, |operation| !matches!(operation, Operation::DelayNs(_)))
    }
}

struct OmitsZeroDelays;
impl Lie for OmitsZeroDelays {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        results_of(real, device, list, |operation| !matches!(operation, Operation::DelayNs(0)))
    }
}

struct OmitsEmpty;
impl Lie for OmitsEmpty {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        results_of(real, device, list, |operation| match operation {
            Operation::Read(len) => *len > 0,
            Operation::Write(data) | Operation::Transfer(data) => !data.is_empty(),
            Operation::DelayNs(_) => true,
        })
    }
}

struct TransfersAreReads;
impl Lie for TransfersAreReads {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        let read = |result| match result {
            OperationResult::Transfer(bytes) => OperationResult::Read(bytes),
            result => result,
        };
        Ok(real.transaction(device, list)?.map(|results| results.into_iter().map(read).collect()))
    }
}

struct RefusesNothing;
impl Lie for RefusesNothing {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        if list.is_empty() {
            Ok(Err(Error::Other("nothing to do".to_owned())))
        } else {
            real.transaction(device, list)
        }
    }
}

struct SplitsAtDelays;
impl Lie for SplitsAtDelays {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        let cut = list.iter().position(|operation| matches!(operation, Operation::DelayNs(1_000..)));
        in_two_frames(real, device, list, cut.filter(|at| *at > 0))
    }
}

struct ResultsOfFailure;
impl Lie for ResultsOfFailure {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        let first = list.first().cloned();
        Ok(match (real.transaction(device, list)?, first) {
            // The one operation that succeeded before the bus failed.
            (Err(Error::Overrun | Error::FrameFormat), Some(Operation::Write(_))) => {
                Ok(vec![OperationResult::Write])
            }
            (result, _) => result,
        })
    }
}

struct OtherError;
impl Lie for OtherError {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        Ok(real.transaction(device, list)?.map_err(|_| Error::ModeFault))
    }
}

struct WritesFirst;
impl Lie for WritesFirst {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        let mut order: Vec<_> = (0..list.len()).collect();
        if list.len() > 4 {
            order.sort_by_key(|at| !matches!(list[*at], Operation::Write(_)));
        }
        let gathered = order.iter().map(|at| list[*at].clone()).collect();
        Ok(real.transaction(device, gathered)?.map(|results| {
            // The results are put back into the order of the list: only the bus and the bytes tell.
            let mut results: Vec<_> = order.into_iter().zip(results).collect();
            results.sort_by_key(|(at, _)| *at);
            results.into_iter().map(|(_, result)| result).collect()
        }))
    }
}

struct JoinsReads;
impl Lie for JoinsReads {
    fn transaction(
        real: View<'_, '_>,
        device: Resource<Device>,
        list: Vec<Operation>,
    ) -> Answer<Vec<OperationResult>> {
        let results = real.transaction(device, list)?;
        Ok(results.map(|mut results| {
            for at in 1..results.len() {
                if let [OperationResult::Read(first), OperationResult::Read(second)] =
                    &mut results[at - 1..=at]
                {
                    first.append(second);
                }
            }
            results
        }))
    }
}
