//! A host for `wasi:i2c` as somebody else might write it: small, with bindings and resources of its
//! own, over whatever does a transfer. It shares no line with the reference host.
//!
//! How it is tested stands in `tests/conformance/`.

use wasmtime::component::{HasData, Linker, Resource, ResourceTable};

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit/i2c/0.2.0-draft",
        world: "wasi:i2c/imports",
        imports: { default: trappable },
        with: { "wasi:i2c/i2c.i2c": crate::Bus, "wasi:i2c/delay.delay": crate::Delay },
    });
}

pub use bindings::wasi::i2c::i2c::{ErrorCode, NoAcknowledgeSource};

use bindings::wasi::i2c::{delay, i2c};

/// A guest's bus: what does its transfers, and what the guest may do.
pub struct Bus {
    /// Does one transfer, START to STOP.
    pub transfer: Transfer,
    /// Whether an address may be read (`true`) or written (`false`).
    pub allows: Box<dyn Fn(u16, bool) -> bool + Send>,
    /// How many bytes one call may move.
    pub most_bytes: u64,
}

/// What does a transfer to an address.
pub type Transfer = Box<dyn FnMut(u16, &mut [Part]) -> Result<(), ErrorCode> + Send>;

/// A part of a transfer.
pub enum Part {
    /// Bytes to write.
    Write(Vec<u8>),
    /// A buffer to fill.
    Read(Vec<u8>),
}

/// A guest's delay: what waits for so many nanoseconds.
pub struct Delay(pub Box<dyn FnMut(u32) + Send>);

/// What an embedder's state has for this host. It is implemented for the type that a store holds.
pub trait I2cView {
    /// The table with the guest's resources.
    fn table(&mut self) -> &mut ResourceTable;
}

/// Adds the package to a linker.
pub fn add_to_linker<T: I2cView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    i2c::add_to_linker::<T, Host>(linker, T::table)?;
    delay::add_to_linker::<T, Host>(linker, T::table)
}

struct Host;

impl HasData for Host {
    type Data<'a> = &'a mut ResourceTable;
}

type Answer<T> = wasmtime::Result<Result<T, ErrorCode>>;

fn run(
    table: &mut ResourceTable,
    bus: &Resource<Bus>,
    address: u16,
    operations: Vec<i2c::Operation>,
) -> Answer<Vec<Vec<u8>>> {
    let bus = table.get_mut(bus)?;
    let mut bytes = 0_u64;
    for operation in &operations {
        let (len, reads) = match operation {
            i2c::Operation::Read(len) => (*len, true),
            i2c::Operation::Write(data) => (data.len() as u64, false),
        };
        bytes = bytes.saturating_add(len);
        if bytes > bus.most_bytes || address > 0x3ff || !(bus.allows)(address, reads) {
            return Ok(Err(ErrorCode::Other));
        }
    }
    let part = |operation| match operation {
        i2c::Operation::Read(len) => Part::Read(vec![0; len as usize]),
        i2c::Operation::Write(data) => Part::Write(data),
    };
    let mut parts: Vec<_> = operations.into_iter().map(part).collect();
    if !parts.is_empty()
        && let Err(error) = (bus.transfer)(address, &mut parts)
    {
        return Ok(Err(error));
    }
    let read = |part| match part {
        Part::Read(bytes) => Some(bytes),
        Part::Write(_) => None,
    };
    Ok(Ok(parts.into_iter().filter_map(read).collect()))
}

impl i2c::Host for ResourceTable {}

impl i2c::HostI2c for ResourceTable {
    fn transaction(
        &mut self,
        bus: Resource<Bus>,
        address: u16,
        list: Vec<i2c::Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        run(self, &bus, address, list)
    }

    fn read(&mut self, bus: Resource<Bus>, address: u16, len: u64) -> Answer<Vec<u8>> {
        Ok(run(self, &bus, address, vec![i2c::Operation::Read(len)])?.map(|reads| reads.concat()))
    }

    fn write(&mut self, bus: Resource<Bus>, address: u16, data: Vec<u8>) -> Answer<()> {
        Ok(run(self, &bus, address, vec![i2c::Operation::Write(data)])?.map(|_| ()))
    }

    fn write_read(&mut self, bus: Resource<Bus>, address: u16, write: Vec<u8>, len: u64) -> Answer<Vec<u8>> {
        let list = vec![i2c::Operation::Write(write), i2c::Operation::Read(len)];
        Ok(run(self, &bus, address, list)?.map(|reads| reads.concat()))
    }

    fn drop(&mut self, bus: Resource<Bus>) -> wasmtime::Result<()> {
        self.delete(bus)?;
        Ok(())
    }
}

impl delay::Host for ResourceTable {}

impl delay::HostDelay for ResourceTable {
    fn delay_ns(&mut self, delay: Resource<Delay>, ns: u32) -> wasmtime::Result<()> {
        (self.get_mut(&delay)?.0)(ns);
        Ok(())
    }

    fn drop(&mut self, delay: Resource<Delay>) -> wasmtime::Result<()> {
        self.delete(delay)?;
        Ok(())
    }
}
