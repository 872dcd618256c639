//! Wrong functions.

use super::super::Defect;
use super::lie;
use super::lie::{Answer, Lie, View, copy};
use wasi_hw_wasmtime::bindings::spi::wasi::spi::spi::{
    Error, Host, HostSpiDevice, Operation, OperationResult,
};
use wasi_hw_wasmtime::spi::Device;
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<WritesAlwaysSucceed>("spi/a-write-succeeds-whatever-happens", &["SPI-01"]),
        lie::<OneDeviceForAll>("spi/opens-the-flash-for-the-sensor", &["SPI-04"]),
        lie::<TrapsOnUnknown>("spi/traps-on-an-unknown-name", &["SPI-05"]),
        lie::<DefaultDevice>("spi/opens-some-device-for-an-unknown-name", &["SPI-05"]),
        lie::<SaysDenied>("spi/says-that-a-name-is-denied", &["SPI-06"]),
        lie::<FoldsNames>("spi/trims-and-folds-names", &["SPI-08"]),
        lie::<KeepsDevices>("spi/keeps-a-device-after-drop", &["SPI-07", "SPI-09b"]),
        lie::<WakesOnOpen>("spi/sends-a-frame-on-open", &["SPI-10"]),
        lie::<ShortReads>("spi/returns-a-byte-less-than-it-read", &["SPI-11b"]),
        lie::<ReadsEightBitLengths>("spi/reads-an-eight-bit-length", &["SPI-11", "SPI-11b"]),
        lie::<ReadsByteByByte>("spi/reads-byte-by-byte", &["SPI-11"]),
        lie::<ShortTransfers>("spi/returns-a-byte-less-than-it-transferred", &["SPI-14b"]),
        lie::<PadsTransfers>("spi/pads-a-transfer-to-whole-words", &["SPI-14"]),
        lie::<HalfDuplex>("spi/transfers-by-a-write-and-a-read", &["SPI-14", "SPI-39"]),
        lie::<Misaligned>("spi/returns-the-byte-of-the-clock-before", &["SPI-39"]),
        lie::<SplitsNeighbours>("spi/splits-between-neighbours-of-a-kind", &["SPI-15"]),
        lie::<WritesInTwoFrames>("spi/writes-two-bytes-in-two-frames", &["SPI-16"]),
        lie::<OmitsDelays>("spi/has-no-result-for-a-pause", &["SPI-17"]),
        lie::<TransfersAreReads>("spi/returns-read-for-a-transfer", &["SPI-17"]),
        lie::<RefusesNothing>("spi/refuses-an-empty-list", &["SPI-18"]),
        lie::<OmitsEmpty>("spi/has-no-result-for-an-empty-operation", &["SPI-20"]),
        lie::<OmitsZeroDelays>("spi/has-no-result-for-a-pause-of-zero", &["SPI-22"]),
        lie::<SplitsAtDelays>("spi/deasserts-during-a-pause", &["SPI-21b"]),
        lie::<ResultsOfFailure>("spi/returns-results-with-a-failure", &["SPI-25c"]),
        lie::<OtherError>("spi/returns-an-error-of-its-own", &["SPI-25c"]),
        lie::<CutsLongCalls>("spi/cuts-what-is-over-the-limit", &["SPI-32"]),
        lie::<ShortensLongCalls>("spi/shortens-what-is-over-the-limit", &["SPI-32"]),
        lie::<TruncatesLengths>("spi/truncates-a-length-to-sixteen-bits", &["SPI-11b", "SPI-33"]),
        lie::<AllocatesFirst>("spi/allocates-what-the-guest-asks-for", &["SPI-33"]),
        lie::<WritesFirst>("spi/gathers-the-writes-of-a-long-list", &["SPI-38"]),
        lie::<JoinsReads>("spi/gives-the-bytes-of-two-reads-to-the-first", &["SPI-38", "SPI-17"]),
    ]
}

struct WritesAlwaysSucceed;
impl Lie for WritesAlwaysSucceed {
    fn write(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<()> {
        let _ = real.write(device, data)?;
        Ok(Ok(()))
    }
}

struct OneDeviceForAll;
impl Lie for OneDeviceForAll {
    fn open(real: View<'_, '_>, name: String) -> Answer<Resource<Device>> {
        real.open(if name == "sensor" { "flash".to_owned() } else { name })
    }
}

struct TrapsOnUnknown;
impl Lie for TrapsOnUnknown {
    fn open(real: View<'_, '_>, name: String) -> Answer<Resource<Device>> {
        match real.open(name)? {
            Err(Error::Other(text)) if text == "no device `nothing`" => Err(wasmtime::format_err!("{text}")),
            result => Ok(result),
        }
    }
}

struct DefaultDevice;
impl Lie for DefaultDevice {
    fn open(real: View<'_, '_>, name: String) -> Answer<Resource<Device>> {
        real.open(if name == "nothing" { "flash".to_owned() } else { name })
    }
}

struct SaysDenied;
impl Lie for SaysDenied {
    fn open(real: View<'_, '_>, name: String) -> Answer<Resource<Device>> {
        if name == "secret" { Ok(Err(Error::ModeFault)) } else { real.open(name) }
    }
}

struct FoldsNames;
impl Lie for FoldsNames {
    fn open(real: View<'_, '_>, name: String) -> Answer<Resource<Device>> {
        real.open(name.trim().to_lowercase())
    }
}

struct KeepsDevices;
impl Lie for KeepsDevices {
    fn drop_device(_: View<'_, '_>, _: Resource<Device>) -> wasmtime::Result<()> {
        Ok(())
    }
}

struct WakesOnOpen;
impl Lie for WakesOnOpen {
    fn open(real: View<'_, '_>, name: String) -> Answer<Resource<Device>> {
        let wakes = name == "display";
        let opened = real.open(name)?;
        if let (Ok(device), true) = (&opened, wakes) {
            let _ = real.write(copy(device), Vec::new())?;
        }
        Ok(opened)
    }
}

struct ShortReads;
impl Lie for ShortReads {
    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        let result = real.read(device, len)?;
        Ok(result.map(|mut bytes| {
            bytes.truncate(if len == 3 { 2 } else { bytes.len() });
            bytes
        }))
    }
}

struct ReadsEightBitLengths;
impl Lie for ReadsEightBitLengths {
    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        real.read(device, if len > 0xffff { len } else { u64::from(len as u8) })
    }
}

struct ReadsByteByByte;
impl Lie for ReadsByteByByte {
    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        // Others stay whole: one frame of them is enough to be wrong.
        if len != 3 {
            return real.read(device, len);
        }
        let mut all = Vec::new();
        for _ in 0..len {
            match real.read(copy(&device), 1)? {
                Ok(mut byte) => all.append(&mut byte),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(all))
    }
}

struct ShortTransfers;
impl Lie for ShortTransfers {
    fn transfer(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>> {
        let result = real.transfer(device, data)?;
        Ok(result.map(|mut bytes| {
            bytes.truncate(if bytes.len() > 2 { bytes.len() - 1 } else { bytes.len() });
            bytes
        }))
    }
}

struct PadsTransfers;
impl Lie for PadsTransfers {
    fn transfer(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>> {
        let len = data.len();
        let mut padded = data;
        padded.resize(if len > 2 { len.next_multiple_of(4) } else { len }, 0);
        Ok(real.transfer(device, padded)?.map(|mut bytes| {
            bytes.truncate(len);
            bytes
        }))
    }
}

struct HalfDuplex;
impl Lie for HalfDuplex {
    fn transfer(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>> {
        let len = data.len() as u64;
        if len < 3 {
            return real.transfer(device, data);
        }
        let results = real.transaction(device, vec![Operation::Write(data), Operation::Read(len)])?;
        Ok(results.map(|results| match results.into_iter().last() {
            Some(OperationResult::Read(bytes)) => bytes,
            _ => Vec::new(),
        }))
    }
}

struct Misaligned;
impl Lie for Misaligned {
    fn transfer(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<Vec<u8>> {
        Ok(real.transfer(device, data)?.map(|mut bytes| {
            if bytes.len() > 2 {
                bytes.rotate_right(1);
            }
            bytes
        }))
    }
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

struct WritesInTwoFrames;
impl Lie for WritesInTwoFrames {
    fn write(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<()> {
        let [first, second] = data[..] else { return real.write(device, data) };
        match real.write(copy(&device), vec![first])? {
            Ok(()) => real.write(device, vec![second]),
            Err(error) => Ok(Err(error)),
        }
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

struct CutsLongCalls;
impl Lie for CutsLongCalls {
    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        match real.read(copy(&device), len)? {
            Err(Error::Other(_)) if (2..1 << 10).contains(&len) => {
                let first = real.read(copy(&device), len / 2)?;
                let second = real.read(device, len - len / 2)?;
                Ok(first.and_then(|first| Ok([first, second?].concat())))
            }
            result => Ok(result),
        }
    }
}

struct ShortensLongCalls;
impl Lie for ShortensLongCalls {
    fn write(real: View<'_, '_>, device: Resource<Device>, data: Vec<u8>) -> Answer<()> {
        match real.write(copy(&device), data.clone())? {
            Err(Error::Other(_)) if data.len() > 32 => real.write(device, data[..32].to_vec()),
            result => Ok(result),
        }
    }
}

struct TruncatesLengths;
impl Lie for TruncatesLengths {
    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        real.read(device, u64::from(len as u16))
    }
}

struct AllocatesFirst;
impl Lie for AllocatesFirst {
    fn read(real: View<'_, '_>, device: Resource<Device>, len: u64) -> Answer<Vec<u8>> {
        if len > 1 << 33 {
            // What `vec![0; len]` comes to, short of taking the machine down with it.
            panic!("memory allocation of {len} bytes failed");
        }
        real.read(device, len)
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
