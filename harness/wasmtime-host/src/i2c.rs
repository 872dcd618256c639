//! `wasi:i2c@0.2.0-draft` over `embedded-hal`'s `I2c` and `DelayNs`, or over the message lists of [`wasi_hw_seam::i2c`].

pub mod bindings;
mod messages;

use crate::bindings::i2c::wasi::i2c::{delay, i2c};
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::{
    Error, ErrorKind, I2c, NoAcknowledgeSource, Operation, SevenBitAddress, TenBitAddress,
};
use i2c::{ErrorCode, NoAcknowledgeSource as Source};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::Flags;
use wasmtime::component::{HasData, Linker, Resource, ResourceTable, ResourceTableError};

/// The package that [`add_to_linker`] adds.
pub const PACKAGE: &str = "wasi:i2c@0.2.0-draft";

/// Adds `wasi:i2c/i2c` and `wasi:i2c/delay` to a linker.
pub fn add_to_linker<T: I2cView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    i2c::add_to_linker::<T, I2c_>(linker, T::i2c)?;
    delay::add_to_linker::<T, I2c_>(linker, T::i2c)
}

struct I2c_;

impl HasData for I2c_ {
    type Data<'a> = I2cCtxView<'a>;
}

/// Gives the host functions what they work on.
pub trait I2cView: Send {
    /// The context and the resource table of this store.
    fn i2c(&mut self) -> I2cCtxView<'_>;
}

/// The context and the resource table, borrowed together.
pub struct I2cCtxView<'a> {
    /// What the embedder configured.
    pub ctx: &'a mut I2cCtx,
    /// Where the guest's handles live.
    pub table: &'a mut ResourceTable,
}

/// The buses that a guest may get, and its delay.
pub struct I2cCtx {
    buses: BTreeMap<String, (BusPolicy, OpenBus)>,
    delay: Box<dyn Fn() -> Box<dyn DelayNs + Send> + Send>,
}

type OpenBus = Box<dyn FnMut() -> Result<Bus, Refusal> + Send>;

impl I2cCtx {
    /// A context without buses. `delay` makes what stands behind a guest's `delay`.
    pub fn new(delay: impl Fn() -> Box<dyn DelayNs + Send> + Send + 'static) -> I2cCtx {
        I2cCtx { buses: BTreeMap::new(), delay: Box::new(delay) }
    }

    /// Configures a bus under a label. `open` is called each time that a guest gets the bus, and
    /// says why it cannot have it.
    pub fn bus(
        &mut self,
        label: impl Into<String>,
        policy: BusPolicy,
        open: impl FnMut() -> Result<Bus, Refusal> + Send + 'static,
    ) {
        self.buses.insert(label.into(), (policy, Box::new(open)));
    }
}

impl I2cCtxView<'_> {
    /// Opens a bus for the guest. The error says that no bus has this label, or what its driver says.
    pub fn open(&mut self, label: &str) -> Result<Resource<Bus>, String> {
        let (policy, open) = self.ctx.buses.get_mut(label).ok_or_else(|| format!("no bus `{label}`"))?;
        let bus = open().map_err(|why| format!("the bus `{label}`: {why}"))?;
        let bus = Bus { policy: policy.clone(), ..bus };
        self.table.push(bus).map_err(|full| full.to_string())
    }

    /// Makes a delay for the guest.
    pub fn open_delay(&mut self) -> Result<Resource<Delay>, ResourceTableError> {
        self.table.push(Delay((self.ctx.delay)()))
    }
}

/// What a guest may do on a bus. What it may not do ends as `other`, without traffic.
#[derive(Clone, Debug)]
pub struct BusPolicy {
    rules: Vec<(RangeInclusive<u16>, Access)>,
    most_bytes: usize,
}

/// A direction of traffic that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reads only.
    Read,
    /// Writes only.
    Write,
    /// Both.
    ReadWrite,
}

impl BusPolicy {
    /// Nothing is allowed; one call may move 64 KiB.
    pub fn new() -> BusPolicy {
        BusPolicy { rules: Vec::new(), most_bytes: 64 << 10 }
    }

    /// Everything is allowed, for a guest that owns the bus.
    pub fn allow_all() -> BusPolicy {
        BusPolicy::new().allow_range(0..=u16::MAX, Access::ReadWrite)
    }

    /// Allows one address.
    pub fn allow(self, address: u16, access: Access) -> BusPolicy {
        self.allow_range(address..=address, access)
    }

    /// Allows a range of addresses.
    pub fn allow_range(mut self, addresses: RangeInclusive<u16>, access: Access) -> BusPolicy {
        self.rules.push((addresses, access));
        self
    }

    /// Sets how many bytes one call may move, reads and writes together. A guest names the length
    /// of a read as a `u64`, and the host allocates it: so there must be a limit.
    pub fn most_bytes(mut self, most_bytes: usize) -> BusPolicy {
        self.most_bytes = most_bytes;
        self
    }

    fn admits(&self, address: u16, operations: &[i2c::Operation]) -> bool {
        let allowed = |wanted| {
            let fits = |(addresses, access): &(RangeInclusive<u16>, Access)| {
                addresses.contains(&address) && (*access == wanted || *access == Access::ReadWrite)
            };
            self.rules.iter().any(fits)
        };
        let mut bytes = 0_u64;
        operations.iter().all(|operation| {
            let (len, wanted) = match operation {
                i2c::Operation::Read(len) => (*len, Access::Read),
                i2c::Operation::Write(data) => (data.len() as u64, Access::Write),
            };
            bytes = bytes.saturating_add(len);
            allowed(wanted)
        }) && bytes <= self.most_bytes as u64
    }
}

impl Default for BusPolicy {
    fn default() -> BusPolicy {
        BusPolicy::new()
    }
}

/// What stands behind a guest's `i2c` handle: any `embedded-hal` bus, and the policy for it.
pub struct Bus {
    driver: Box<dyn Driver>,
    policy: BusPolicy,
}

impl Bus {
    /// A bus whose driver knows 7-bit addresses only; others end as `other`.
    pub fn seven_bit(driver: impl I2c<SevenBitAddress> + Send + 'static) -> Bus {
        Bus { driver: Box::new(SevenBit(driver)), policy: BusPolicy::new() }
    }

    /// A bus whose driver knows 7-bit and 10-bit addresses.
    pub fn new(driver: impl I2c<SevenBitAddress> + I2c<TenBitAddress> + Send + 'static) -> Bus {
        Bus { driver: Box::new(Both(driver)), policy: BusPolicy::new() }
    }

    /// A bus of a kernel, which takes whole message lists.
    pub fn over_messages(driver: impl wasi_hw_seam::i2c::Bus + 'static) -> Bus {
        Bus { driver: Box::new(Kernel(driver)), policy: BusPolicy::new() }
    }
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// An `embedded-hal` bus with its error type forgotten.
trait Driver: Send {
    fn transaction(&mut self, address: u16, operations: &mut [Operation<'_>]) -> Result<(), ErrorKind>;
}

struct SevenBit<D>(D);

impl<D: I2c<SevenBitAddress> + Send> Driver for SevenBit<D> {
    fn transaction(&mut self, address: u16, operations: &mut [Operation<'_>]) -> Result<(), ErrorKind> {
        let address = seven_bits(address).ok_or(ErrorKind::Other)?;
        self.0.transaction(address, operations).map_err(|error| error.kind())
    }
}

struct Both<D>(D);

impl<D: I2c<SevenBitAddress> + I2c<TenBitAddress> + Send> Driver for Both<D> {
    fn transaction(&mut self, address: u16, operations: &mut [Operation<'_>]) -> Result<(), ErrorKind> {
        // The interface has no flag for the width: what fits into seven bits has seven.
        match seven_bits(address) {
            Some(address) => self.0.transaction(address, operations).map_err(|error| error.kind()),
            None => self.0.transaction(address, operations).map_err(|error| error.kind()),
        }
    }
}

struct Kernel<D>(D);

impl<D: wasi_hw_seam::i2c::Bus> Driver for Kernel<D> {
    fn transaction(&mut self, address: u16, operations: &mut [Operation<'_>]) -> Result<(), ErrorKind> {
        let width = if seven_bits(address).is_some() { Flags::NONE } else { Flags::TEN };
        messages::transaction(&mut self.0, address, width, operations)
    }
}

fn seven_bits(address: u16) -> Option<SevenBitAddress> {
    u8::try_from(address).ok().filter(|address| *address <= 0x7f)
}

/// The highest address that ten bits hold.
const LAST_TEN_BIT: u16 = 0x3ff;

impl I2cCtxView<'_> {
    /// Does one transaction; the result has one list for each read, in their order.
    fn run(
        &mut self,
        bus: &Resource<Bus>,
        address: u16,
        operations: &[i2c::Operation],
    ) -> wasmtime::Result<Result<Vec<Vec<u8>>, ErrorCode>> {
        let bus = self.table.get_mut(bus)?;
        if operations.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        if address > LAST_TEN_BIT || !bus.policy.admits(address, operations) {
            return Ok(Err(ErrorCode::Other));
        }
        let mut buffers: Vec<Vec<u8>> = Vec::new();
        for operation in operations {
            if let i2c::Operation::Read(len) = operation {
                // The policy admitted the length, so it fits.
                buffers.push(vec![0; *len as usize]);
            }
        }
        let mut reads = buffers.iter_mut();
        let mut drive: Vec<Operation<'_>> = Vec::with_capacity(operations.len());
        for operation in operations {
            match operation {
                i2c::Operation::Read(_) => drive.extend(reads.next().map(|buffer| Operation::Read(buffer))),
                i2c::Operation::Write(data) => drive.push(Operation::Write(data)),
            }
        }
        let result = bus.driver.transaction(address, &mut drive);
        Ok(result.map(|()| buffers).map_err(error_code))
    }
}

/// The list of a call that has one read; the bytes are not copied.
fn only(mut reads: Vec<Vec<u8>>) -> Vec<u8> {
    reads.pop().unwrap_or_default()
}

fn error_code(kind: ErrorKind) -> ErrorCode {
    match kind {
        ErrorKind::Bus => ErrorCode::Bus,
        ErrorKind::ArbitrationLoss => ErrorCode::ArbitrationLoss,
        ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address) => ErrorCode::NoAcknowledge(Source::Address),
        ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data) => ErrorCode::NoAcknowledge(Source::Data),
        ErrorKind::NoAcknowledge(_) => ErrorCode::NoAcknowledge(Source::Unknown),
        ErrorKind::Overrun => ErrorCode::Overrun,
        // `Other`, and what later releases of embedded-hal may add.
        _ => ErrorCode::Other,
    }
}

impl i2c::Host for I2cCtxView<'_> {}

impl i2c::HostI2c for I2cCtxView<'_> {
    fn transaction(
        &mut self,
        bus: Resource<Bus>,
        address: u16,
        operations: Vec<i2c::Operation>,
    ) -> wasmtime::Result<Result<Vec<Vec<u8>>, ErrorCode>> {
        self.run(&bus, address, &operations)
    }

    fn read(
        &mut self,
        bus: Resource<Bus>,
        address: u16,
        len: u64,
    ) -> wasmtime::Result<Result<Vec<u8>, ErrorCode>> {
        let result = self.run(&bus, address, &[i2c::Operation::Read(len)])?;
        Ok(result.map(only))
    }

    fn write(
        &mut self,
        bus: Resource<Bus>,
        address: u16,
        data: Vec<u8>,
    ) -> wasmtime::Result<Result<(), ErrorCode>> {
        let result = self.run(&bus, address, &[i2c::Operation::Write(data)])?;
        Ok(result.map(|_| ()))
    }

    fn write_read(
        &mut self,
        bus: Resource<Bus>,
        address: u16,
        write: Vec<u8>,
        read_len: u64,
    ) -> wasmtime::Result<Result<Vec<u8>, ErrorCode>> {
        let operations = [i2c::Operation::Write(write), i2c::Operation::Read(read_len)];
        let result = self.run(&bus, address, &operations)?;
        Ok(result.map(only))
    }

    fn drop(&mut self, bus: Resource<Bus>) -> wasmtime::Result<()> {
        self.table.delete(bus)?;
        Ok(())
    }
}

/// What stands behind a guest's `delay` handle.
pub struct Delay(Box<dyn DelayNs + Send>);

impl delay::Host for I2cCtxView<'_> {}

impl delay::HostDelay for I2cCtxView<'_> {
    fn delay_ns(&mut self, delay: Resource<Delay>, ns: u32) -> wasmtime::Result<()> {
        self.table.get_mut(&delay)?.0.delay_ns(ns);
        Ok(())
    }

    fn drop(&mut self, delay: Resource<Delay>) -> wasmtime::Result<()> {
        self.table.delete(delay)?;
        Ok(())
    }
}
