//! Wrong functions and drivers: calls that are cut, split or refused by their length, and what waits for another handle.

use super::driver::{Done, Memory, Twist};
use super::lie::{Answer, Lie, View};
use super::{lie, twist};
use crate::{Defect, Wrong, config, copy, over};
use std::sync::atomic::{AtomicU32, Ordering};
use wasi_hw_seam::i2c::{Bus, Message};
use wasi_hw_seam::{Board, Over, Refusal};
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::delay::HostDelay;
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::i2c::{ErrorCode, HostI2c, Operation};
use wasi_hw_wasmtime::i2c::{Bus as Handle, Delay};
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<EightOperations>("i2c/leaves-out-what-comes-after-eight-operations", &["I2C-19"]),
        lie::<PiecesOf<32>>("i2c/splits-reads-of-more-than-32-bytes", &["I2C-07"]),
        lie::<PiecesOf<4096>>("i2c/splits-reads-of-more-than-4096-bytes", &["I2C-19"]),
        lie::<SplitsLongWrites>("i2c/splits-writes-of-more-than-32-bytes", &["I2C-08"]),
        twist::<BeginsFirst>("i2c/begins-before-it-finds-a-limit", &["I2C-19c"]),
        config("i2c/refuses-exactly-what-is-allowed", &["I2C-19d"], |host| {
            for bus in host.i2c.values_mut() {
                bus.most_bytes = bus.most_bytes.map(|most| most - 1);
            }
        }),
        config("i2c/keeps-one-policy-for-all-buses", &["I2C-35"], |host| {
            let first = host.i2c.values().next().and_then(|bus| bus.allow.clone());
            host.i2c.values_mut().for_each(|bus| bus.allow.clone_from(&first));
        }),
        lie::<ErrorOfAnother>("i2c/an-error-waits-for-the-next-call-of-another-handle", &["I2C-28"]),
        over::<SixteenHandles>("i2c/gives-out-sixteen-handles-ever", &["I2C-02"]),
        lie::<DropsTheOtherDelay>("i2c/a-drop-closes-the-next-delay", &["I2C-33b"]),
    ]
}

struct EightOperations;
impl Lie for EightOperations {
    fn transaction(
        real: View<'_, '_>,
        bus: Resource<Handle>,
        address: u16,
        mut list: Vec<Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        list.truncate(8);
        real.transaction(bus, address, list)
    }
}

/// Reads so many bytes a frame, up to a length that is beyond any limit.
struct PiecesOf<const MOST: u64>;
impl<const MOST: u64> Lie for PiecesOf<MOST> {
    fn read(real: View<'_, '_>, bus: Resource<Handle>, address: u16, len: u64) -> Answer<Vec<u8>> {
        if len > 1 << 16 {
            return real.read(bus, address, len);
        }
        let (mut all, mut left) = (Vec::new(), len);
        loop {
            match real.read(copy(&bus), address, left.min(MOST))? {
                Ok(mut bytes) => all.append(&mut bytes),
                Err(why) => return Ok(Err(why)),
            }
            left -= left.min(MOST);
            if left == 0 {
                return Ok(Ok(all));
            }
        }
    }
}

struct SplitsLongWrites;
impl Lie for SplitsLongWrites {
    fn write(real: View<'_, '_>, bus: Resource<Handle>, address: u16, data: Vec<u8>) -> Answer<()> {
        if data.len() <= 32 {
            return real.write(bus, address, data);
        }
        for piece in data.chunks(32) {
            if let Err(why) = real.write(copy(&bus), address, piece.to_vec())? {
                return Ok(Err(why));
            }
        }
        Ok(Ok(()))
    }
}

struct BeginsFirst;
impl Twist for BeginsFirst {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        let result = bus.transfer(messages);
        if let (Err(Refusal::Invalid), [first, _, ..]) = (result, messages) {
            let _ = bus.transfer(std::slice::from_mut(first));
        }
        result
    }
}

/// A read of nobody's target fails, and so does the next read, though it is of another handle.
struct ErrorOfAnother;
impl Lie for ErrorOfAnother {
    fn read(real: View<'_, '_>, bus: Resource<Handle>, address: u16, len: u64) -> Answer<Vec<u8>> {
        LAST.with(|last| {
            let before = last.take();
            if let Some((rep, why)) = before
                && rep != bus.rep()
            {
                return Ok(Err(why));
            }
            let rep = bus.rep();
            let result = real.read(bus, address, len)?;
            if let Err(why) = &result {
                last.set(Some((rep, *why)));
            }
            Ok(result)
        })
    }

    fn drop_bus(real: View<'_, '_>, bus: Resource<Handle>) -> wasmtime::Result<()> {
        LAST.with(|last| last.set(None));
        HostI2c::drop(real, bus)
    }
}

thread_local! {
    /// The handle whose last read failed, and how. A guest runs on one thread, and drops its handles in the end.
    static LAST: std::cell::Cell<Option<(u32, ErrorCode)>> = const { std::cell::Cell::new(None) };
}

/// A table of sixteen handles, whose places are not given out again.
type SixteenHandles = Wrong<Sixteen, AtomicU32>;

struct Sixteen;

impl Over for SixteenHandles {
    fn below(&self) -> &dyn Board {
        &*self.real
    }

    fn i2c(&self, bus: &str) -> Result<Box<dyn Bus>, Refusal> {
        let free = self.memory.fetch_add(1, Ordering::Relaxed) < 16;
        if free { self.real.i2c(bus) } else { Err(Refusal::Busy) }
    }
}

struct DropsTheOtherDelay;
impl Lie for DropsTheOtherDelay {
    fn delay_ns(real: View<'_, '_>, delay: Resource<Delay>, ns: u32) -> wasmtime::Result<()> {
        // A delay that another took with it returns at once.
        if real.table.get(&delay).is_err() { Ok(()) } else { HostDelay::delay_ns(real, delay, ns) }
    }

    fn drop_delay(real: View<'_, '_>, delay: Resource<Delay>) -> wasmtime::Result<()> {
        let _ = real.table.delete(Resource::<Delay>::new_own(delay.rep() + 1));
        let _ = real.table.delete(delay);
        Ok(())
    }
}
