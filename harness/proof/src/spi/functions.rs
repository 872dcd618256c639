//! Wrong functions, but for `transaction`.

use super::super::Defect;
use super::lie;
use super::lie::{Answer, Lie, View};
use crate::copy;
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
        lie::<KeepsDevicesInside>("spi/keeps-a-device-for-the-instance-that-had-it", &["SPI-07"]),
        lie::<WakesOnOpen>("spi/sends-a-frame-on-open", &["SPI-10"]),
        lie::<ShortReads>("spi/returns-a-byte-less-than-it-read", &["SPI-11b"]),
        lie::<ReadsEightBitLengths>("spi/reads-an-eight-bit-length", &["SPI-11", "SPI-11b"]),
        lie::<ReadsByteByByte>("spi/reads-byte-by-byte", &["SPI-11"]),
        lie::<ShortTransfers>("spi/returns-a-byte-less-than-it-transferred", &["SPI-14b"]),
        lie::<PadsTransfers>("spi/pads-a-transfer-to-whole-words", &["SPI-14"]),
        lie::<HalfDuplex>("spi/transfers-by-a-write-and-a-read", &["SPI-14", "SPI-39"]),
        lie::<Misaligned>("spi/returns-the-byte-of-the-clock-before", &["SPI-39"]),
        lie::<WritesInTwoFrames>("spi/writes-two-bytes-in-two-frames", &["SPI-16"]),
        lie::<CutsLongCalls>("spi/cuts-what-is-over-the-limit", &["SPI-32"]),
        lie::<ShortensLongCalls>("spi/shortens-what-is-over-the-limit", &["SPI-32"]),
        lie::<TruncatesLengths>("spi/truncates-a-length-to-sixteen-bits", &["SPI-11b", "SPI-33"]),
        lie::<AllocatesFirst>("spi/allocates-what-the-guest-asks-for", &["SPI-33"]),
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

/// The number of a device that the guest has dropped.
struct Kept(u32);

struct KeepsDevicesInside;
impl Lie for KeepsDevicesInside {
    fn open(real: View<'_, '_>, name: String) -> Answer<Resource<Device>> {
        // A table numbers what it holds from 0, and a guest holds little.
        for kept in (0..64).map(Resource::<Kept>::new_own) {
            if let Ok(&Kept(device)) = real.table.get(&kept) {
                real.table.delete(kept)?;
                HostSpiDevice::drop(real, Resource::new_own(device))?;
            }
        }
        real.open(name)
    }

    fn drop_device(real: View<'_, '_>, device: Resource<Device>) -> wasmtime::Result<()> {
        real.table.push(Kept(device.rep()))?;
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
