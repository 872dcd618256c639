//! Wrong functions.

use super::lie;
use super::lie::{Answer, Lie, View};
use crate::{Defect, copy};
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::delay::HostDelay;
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::i2c::{ErrorCode, HostI2c, Operation};
use wasi_hw_wasmtime::i2c::{Bus, Delay};
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<KeepsTheBus>("i2c/keeps-the-bus-after-drop", &["I2C-02"]),
        lie::<ReadsByteByByte>("i2c/reads-byte-by-byte", &["I2C-07"]),
        lie::<WritesByteByByte>("i2c/writes-byte-by-byte", &["I2C-08"]),
        lie::<WriteThenRead>("i2c/write-read-with-a-stop-between", &["I2C-09"]),
        lie::<SplitsTransactions>("i2c/splits-a-transaction", &["I2C-10", "I2C-12", "I2C-30"]),
        lie::<ReadsBeforeWrites>("i2c/reads-before-it-writes", &["I2C-12"]),
        lie::<OneListForAll>("i2c/one-list-for-all-reads", &["I2C-13"]),
        lie::<LastReadOnly>("i2c/returns-the-last-read-only", &["I2C-13"]),
        lie::<TrapsOnEmptyRead>("i2c/traps-on-an-empty-read", &["I2C-14"]),
        lie::<PanicsOnEmptyRead>("i2c/panics-on-an-empty-read", &["I2C-14"]),
        lie::<ReadsEightBitLengths>("i2c/reads-an-eight-bit-length", &["I2C-18", "I2C-40"]),
        lie::<ShortReads>("i2c/returns-a-byte-less-than-it-read", &["I2C-18"]),
        lie::<TruncatesLengths>("i2c/truncates-a-length-to-sixteen-bits", &["I2C-19"]),
        lie::<SplitsLongReads>("i2c/splits-what-is-over-the-limit", &["I2C-19"]),
        lie::<AllocatesFirst>("i2c/allocates-what-the-guest-asks-for", &["I2C-20"]),
        lie::<DropsTheOthers>("i2c/a-drop-closes-the-next-handle", &["I2C-33b"]),
        lie::<DelayTouchesTheBus>("i2c/a-delay-reads-the-bus", &["I2C-38"]),
        lie::<TrapsOnOther>("i2c/traps-when-the-bus-is-gone", &["I2C-39"]),
        lie::<TextMode>("i2c/translates-line-ends", &["I2C-40"]),
    ]
}

struct KeepsTheBus;
impl Lie for KeepsTheBus {
    fn drop_bus(_: View<'_, '_>, _: Resource<Bus>) -> wasmtime::Result<()> {
        Ok(())
    }
}

struct ReadsByteByByte;
impl Lie for ReadsByteByByte {
    fn read(real: View<'_, '_>, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        // Longer reads stay whole: one frame of them is enough to be wrong.
        if !(2..=3).contains(&len) {
            return real.read(bus, address, len);
        }
        let mut all = Vec::new();
        for _ in 0..len {
            match real.read(copy(&bus), address, 1)? {
                Ok(mut byte) => all.append(&mut byte),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(all))
    }
}

struct WritesByteByByte;
impl Lie for WritesByteByByte {
    fn write(real: View<'_, '_>, bus: Resource<Bus>, address: u16, data: Vec<u8>) -> Answer<()> {
        if data.len() != 3 {
            return real.write(bus, address, data);
        }
        for byte in data {
            if let Err(error) = real.write(copy(&bus), address, vec![byte])? {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }
}

struct WriteThenRead;
impl Lie for WriteThenRead {
    fn write_read(
        real: View<'_, '_>,
        bus: Resource<Bus>,
        a: u16,
        write: Vec<u8>,
        len: u64,
    ) -> Answer<Vec<u8>> {
        match real.write(copy(&bus), a, write)? {
            Ok(()) => real.read(bus, a, len),
            Err(error) => Ok(Err(error)),
        }
    }
}

struct SplitsTransactions;
impl Lie for SplitsTransactions {
    fn transaction(
        real: View<'_, '_>,
        bus: Resource<Bus>,
        a: u16,
        list: Vec<Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        let mut all = Vec::new();
        for operation in list {
            match real.transaction(copy(&bus), a, vec![operation])? {
                Ok(mut reads) => all.append(&mut reads),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(all))
    }
}

struct ReadsBeforeWrites;
impl Lie for ReadsBeforeWrites {
    fn transaction(
        real: View<'_, '_>,
        bus: Resource<Bus>,
        a: u16,
        list: Vec<Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        let mut list = list;
        list.sort_by_key(|operation| matches!(operation, Operation::Write(_)));
        real.transaction(bus, a, list)
    }
}

struct OneListForAll;
impl Lie for OneListForAll {
    fn transaction(
        real: View<'_, '_>,
        bus: Resource<Bus>,
        a: u16,
        list: Vec<Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        Ok(real.transaction(bus, a, list)?.map(|reads| vec![reads.concat()]))
    }
}

struct LastReadOnly;
impl Lie for LastReadOnly {
    fn transaction(
        real: View<'_, '_>,
        bus: Resource<Bus>,
        a: u16,
        list: Vec<Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        Ok(real.transaction(bus, a, list)?.map(|mut reads| reads.pop().into_iter().collect()))
    }
}

struct TrapsOnEmptyRead;
impl Lie for TrapsOnEmptyRead {
    fn read(real: View<'_, '_>, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        if len == 0 { Err(wasmtime::format_err!("a read of no bytes")) } else { real.read(bus, address, len) }
    }
}

struct PanicsOnEmptyRead;
impl Lie for PanicsOnEmptyRead {
    fn read(real: View<'_, '_>, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        assert_ne!(len, 0, "a read of no bytes");
        real.read(bus, address, len)
    }
}

struct ReadsEightBitLengths;
impl Lie for ReadsEightBitLengths {
    fn read(real: View<'_, '_>, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        real.read(bus, address, if len > 0xffff { len } else { u64::from(len as u8) })
    }
}

struct ShortReads;
impl Lie for ShortReads {
    fn write_read(
        real: View<'_, '_>,
        bus: Resource<Bus>,
        a: u16,
        write: Vec<u8>,
        len: u64,
    ) -> Answer<Vec<u8>> {
        let result = real.write_read(bus, a, write, len)?;
        Ok(result.map(|mut bytes| {
            // Only where it shows: a register is read with one byte all over the suite.
            bytes.truncate(if len > 2 { bytes.len() - 1 } else { bytes.len() });
            bytes
        }))
    }
}

struct TruncatesLengths;
impl Lie for TruncatesLengths {
    fn read(real: View<'_, '_>, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        real.read(bus, address, u64::from(len as u16))
    }
}

struct SplitsLongReads;
impl Lie for SplitsLongReads {
    fn read(real: View<'_, '_>, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        match real.read(copy(&bus), address, len)? {
            Err(ErrorCode::Other) if (2..1 << 10).contains(&len) => {
                let first = real.read(copy(&bus), address, len / 2)?;
                let second = real.read(bus, address, len - len / 2)?;
                Ok(first.and_then(|first| Ok([first, second?].concat())))
            }
            result => Ok(result),
        }
    }
}

struct AllocatesFirst;
impl Lie for AllocatesFirst {
    fn read(real: View<'_, '_>, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        if len > 1 << 32 {
            // What `vec![0; len]` comes to, short of taking the machine down with it.
            panic!("memory allocation of {len} bytes failed");
        }
        real.read(bus, address, len)
    }
}

struct DropsTheOthers;
impl Lie for DropsTheOthers {
    fn drop_bus(real: View<'_, '_>, bus: Resource<Bus>) -> wasmtime::Result<()> {
        // Handles are given out in order: the next one is likely a bus, too.
        let next = Resource::<Bus>::new_own(bus.rep() + 1);
        let _ = real.table.delete(next);
        HostI2c::drop(real, bus)
    }
}

struct DelayTouchesTheBus;
impl Lie for DelayTouchesTheBus {
    fn delay_ns(real: View<'_, '_>, delay: Resource<Delay>, ns: u32) -> wasmtime::Result<()> {
        // The table holds few things; whichever of them is a bus is read.
        for rep in 0..4 {
            let bus = Resource::<Bus>::new_borrow(rep);
            if real.table.get(&bus).is_ok() {
                let _ = real.read(bus, 0x48, 1)?;
            }
        }
        HostDelay::delay_ns(real, delay, ns)
    }
}

struct TrapsOnOther;
impl Lie for TrapsOnOther {
    fn write(real: View<'_, '_>, bus: Resource<Bus>, address: u16, data: Vec<u8>) -> Answer<()> {
        match real.write(bus, address, data)? {
            Err(ErrorCode::Other) => Err(wasmtime::format_err!("the bus is gone")),
            result => Ok(result),
        }
    }
}

struct TextMode;
impl Lie for TextMode {
    fn write_read(
        real: View<'_, '_>,
        bus: Resource<Bus>,
        a: u16,
        write: Vec<u8>,
        len: u64,
    ) -> Answer<Vec<u8>> {
        let write = write.into_iter().map(|byte| if byte == b'\r' { b'\n' } else { byte }).collect();
        real.write_read(bus, a, write, len)
    }
}
