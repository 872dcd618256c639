//! Wrong hosts of `wasi:i2c`.

mod driver;
mod liars;
mod lie;

pub(super) use liars::liars;

use super::drivers::Drivers;
use super::{Defect, config, copy, over};
use driver::{Buses, Done, State, Twist};
use lie::{Answer, Lie, View, instead, link};
use std::marker::PhantomData;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_seam::i2c::{Bus as Wire, Data, Flags, Message};
use wasi_hw_seam::{self as seam, Board, Refusal};
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::delay::HostDelay;
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::i2c::{ErrorCode, HostI2c, Operation as WitOperation};
use wasi_hw_wasmtime::i2c::{Bus, Delay};
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<KeepsTheBus>("i2c/keeps-the-bus-after-drop", &["I2C-02"]),
        twist::<ShiftsLowAddresses>("i2c/shifts-an-address-below-0x40", &["I2C-03"]),
        twist::<AliasesTenBit>("i2c/aliases-ten-bits-to-seven", &["I2C-04", "I2C-04b"]),
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
        twist::<NackIsOther>("i2c/an-absent-address-is-other", &["I2C-21"]),
        twist::<NackIsOk>("i2c/an-absent-address-is-ok", &["I2C-21"]),
        twist::<DataNackIsAddress>("i2c/a-refused-byte-is-a-refused-address", &["I2C-22"]),
        twist::<GoesOnAfterNack>("i2c/goes-on-after-a-refused-byte", &["I2C-22b"]),
        twist::<DeadAfterNack>("i2c/fails-for-ever-after-a-refused-byte", &["I2C-28"]),
        twist::<PostsWrites>("i2c/returns-before-a-write-is-done", &["I2C-31"]),
        twist::<ProbesOnDrop>("i2c/probes-on-drop", &["I2C-33"]),
        lie::<DropsTheOthers>("i2c/a-drop-closes-the-next-handle", &["I2C-33b"]),
        delay::<DelaysInMicroseconds>("i2c/delays-whole-microseconds-rounded-down", &["I2C-36"]),
        delay::<DelaysSixteenBits>("i2c/delays-at-most-65535-microseconds", &["I2C-37"]),
        delay::<SleepsOnZero>("i2c/sleeps-on-a-delay-of-zero", &["I2C-37b"]),
        lie::<DelayTouchesTheBus>("i2c/a-delay-reads-the-bus", &["I2C-38"]),
        twist::<PanicsWhenGone>("i2c/panics-when-the-bus-is-gone", &["I2C-39"]),
        lie::<TrapsOnOther>("i2c/traps-when-the-bus-is-gone", &["I2C-39"]),
        lie::<TextMode>("i2c/translates-line-ends", &["I2C-40"]),
        config("i2c/allows-everything", &["I2C-35", "I2C-35b"], |host| {
            for bus in host.i2c.values_mut() {
                bus.allow = None;
            }
        }),
        twist::<RetriesOnNack>("i2c/retries-when-nobody-answers", &["I2C-32"]),
    ]
}

fn lie<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference {
        link_i2c: link,
        instead: instead::<L>(),
        ..Reference::default()
    })
}

fn twist<T: Twist>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    over::<Buses<T>>(id, violates)
}

struct KeepsTheBus;
impl Lie for KeepsTheBus {
    fn drop_bus(_: View<'_, '_>, _: Resource<Bus>) -> wasmtime::Result<()> {
        Ok(())
    }
}

struct ShiftsLowAddresses;
impl Twist for ShiftsLowAddresses {
    fn transfer(_: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        for message in &mut *messages {
            message.address = if message.address < 0x40 { message.address << 1 } else { message.address };
        }
        bus.transfer(messages)
    }
}

struct AliasesTenBit;
impl Twist for AliasesTenBit {
    fn transfer(_: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        for message in &mut *messages {
            message.address &= 0x7f;
            message.flags = Flags(message.flags.0 & !Flags::TEN.0);
        }
        bus.transfer(messages)
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
        list: Vec<WitOperation>,
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
        list: Vec<WitOperation>,
    ) -> Answer<Vec<Vec<u8>>> {
        let mut list = list;
        list.sort_by_key(|operation| matches!(operation, WitOperation::Write(_)));
        real.transaction(bus, a, list)
    }
}

struct OneListForAll;
impl Lie for OneListForAll {
    fn transaction(
        real: View<'_, '_>,
        bus: Resource<Bus>,
        a: u16,
        list: Vec<WitOperation>,
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
        list: Vec<WitOperation>,
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

struct NackIsOther;
impl Twist for NackIsOther {
    fn transfer(_: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        bus.transfer(messages).map_err(|why| if why == Refusal::AddressNack { Refusal::Other } else { why })
    }
}

struct NackIsOk;
impl Twist for NackIsOk {
    fn transfer(_: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        bus.transfer(messages).or_else(|why| if why == Refusal::AddressNack { Ok(()) } else { Err(why) })
    }
}

struct DataNackIsAddress;
impl Twist for DataNackIsAddress {
    fn transfer(_: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        bus.transfer(messages)
            .map_err(|why| if why == Refusal::DataNack { Refusal::AddressNack } else { why })
    }
}

struct GoesOnAfterNack;
impl Twist for GoesOnAfterNack {
    fn transfer(_: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        let result = bus.transfer(messages);
        if let (Err(Refusal::DataNack), [_, .., last]) = (result, messages) {
            // It begins a transfer of its own now.
            last.flags = Flags(last.flags.0 & !Flags::NO_START.0);
            let _ = bus.transfer(std::slice::from_mut(last));
        }
        result
    }
}

struct DeadAfterNack;
impl Twist for DeadAfterNack {
    fn transfer(state: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        if state.last == Some(Refusal::DataNack) {
            return Err(Refusal::DataNack);
        }
        bus.transfer(messages)
    }
}

struct PostsWrites;
impl Twist for PostsWrites {
    fn transfer(state: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        for (address, bytes) in std::mem::take(&mut state.owed) {
            bus.transfer(&mut [Message::write(address, Flags::NONE, &bytes)])?;
        }
        // The first call of a handle, so that it is not the last as well.
        if let ([Message { address, data: Data::Write(bytes), .. }], 0) = (&*messages, state.calls)
            && bytes.len() == 2
        {
            state.owed.push((*address, bytes.to_vec()));
            return Ok(());
        }
        bus.transfer(messages)
    }
}

struct ProbesOnDrop;
impl Twist for ProbesOnDrop {
    fn dropped(state: &mut State, bus: &mut dyn Wire) {
        // Only a handle that was never used: every guest drops its handles in the end.
        if state.calls == 0 {
            let _ = bus.transfer(&mut [Message::write(0x48, Flags::NONE, &[])]);
        }
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

/// A wrong delay.
trait Pause: Send + 'static {
    fn pause(real: &mut dyn seam::Delay, ns: u64);
}

/// A board with such a delay.
struct Delays<P>(PhantomData<P>);

impl<P: Pause> Drivers for Delays<P> {
    type Memory = ();

    fn delay(_: &(), real: &dyn Board) -> Box<dyn seam::Delay> {
        Box::new(Paused::<P>(real.delay(), PhantomData))
    }
}

struct Paused<P>(Box<dyn seam::Delay>, PhantomData<P>);

impl<P: Pause> seam::Delay for Paused<P> {
    fn wait_ns(&mut self, ns: u64) {
        P::pause(&mut *self.0, ns);
    }
}

fn delay<P: Pause>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    over::<Delays<P>>(id, violates)
}

struct DelaysInMicroseconds;
impl Pause for DelaysInMicroseconds {
    fn pause(real: &mut dyn seam::Delay, ns: u64) {
        real.wait_ns(ns / 1_000 * 1_000);
    }
}

struct DelaysSixteenBits;
impl Pause for DelaysSixteenBits {
    fn pause(real: &mut dyn seam::Delay, ns: u64) {
        real.wait_ns(ns.min(65_535_000));
    }
}

struct SleepsOnZero;
impl Pause for SleepsOnZero {
    fn pause(real: &mut dyn seam::Delay, ns: u64) {
        real.wait_ns(ns.max(1_000_000));
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

struct PanicsWhenGone;
impl Twist for PanicsWhenGone {
    fn transfer(_: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        let result = bus.transfer(messages);
        assert_ne!(result, Err(Refusal::Gone), "no such device");
        result
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

struct RetriesOnNack;
impl Twist for RetriesOnNack {
    fn transfer(_: &mut State, messages: &mut [Message<'_>], bus: &mut dyn Wire) -> Done {
        match bus.transfer(messages) {
            Err(Refusal::AddressNack) => bus.transfer(messages),
            result => result,
        }
    }
}
