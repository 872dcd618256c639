//! `wasi:spi` over `embedded-hal`'s `SpiDevice`, or over the lists of transfers of [`wasi_hw_seam::spi`].
//!
//! The canonical package `wasi:spi@0.2.0-draft` and the variant without a version ([`unversioned`]) are one
//! implementation under two names; a linker may have both, and more under names of the embedder's ([`named`]).
//!
//! ```
//! # use embedded_hal::spi::{ErrorKind, ErrorType, Operation, SpiDevice};
//! use wasi_hw_wasmtime::spi::{Device, DevicePolicy, SpiCtx};
//! # struct Flash;
//! # impl ErrorType for Flash { type Error = ErrorKind; }
//! # impl SpiDevice for Flash {
//! #     fn transaction(&mut self, _: &mut [Operation<'_, u8>]) -> Result<(), ErrorKind> { Ok(()) }
//! # }
//!
//! let mut spi = SpiCtx::new();
//! spi.device("flash", DevicePolicy::allow_all().most_bytes(4096), || Ok(Device::new(Flash)));
//! // As in the crate's example: put `spi` into the store's data, implement `SpiView` for it, and call
//! // `spi::add_to_linker(&mut linker)`. A guest's `open("flash")` then runs the closure.
//! ```

pub mod bindings;
pub mod named;
mod transfers;
pub mod unversioned;

use crate::bindings::spi::wasi::spi::spi;
use embedded_hal::spi::{Error as _, ErrorKind, Operation as Step, SpiDevice};
use spi::{Error, Operation, OperationResult};
use std::collections::BTreeMap;
use std::fmt;
use wasi_hw_seam::Refusal;
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};

/// The package that [`add_to_linker`] adds.
pub const PACKAGE: &str = "wasi:spi@0.2.0-draft";

/// Adds `wasi:spi/spi@0.2.0-draft` to a linker.
pub fn add_to_linker<T: SpiView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    spi::add_to_linker::<T, Spi>(linker, T::spi)
}

/// Says of the host functions that they work on an [`SpiCtxView`].
pub struct Spi;

impl HasData for Spi {
    type Data<'a> = SpiCtxView<'a>;
}

/// Gives the host functions what they work on.
pub trait SpiView: Send {
    /// The context and the resource table of this store.
    fn spi(&mut self) -> SpiCtxView<'_>;
}

/// The context and the resource table, borrowed together.
pub struct SpiCtxView<'a> {
    /// What the embedder configured.
    pub ctx: &'a mut SpiCtx,
    /// Where the guest's handles live.
    pub table: &'a mut ResourceTable,
}

/// The devices that a guest may get, by name.
#[derive(Default)]
pub struct SpiCtx {
    devices: BTreeMap<String, (DevicePolicy, OpenDevice)>,
}

type OpenDevice = Box<dyn FnMut() -> Result<Device, Refusal> + Send>;

impl SpiCtx {
    /// A context without devices.
    pub fn new() -> SpiCtx {
        SpiCtx::default()
    }

    /// Configures a device under a name. `open` is called each time that a guest opens it, and says why it
    /// cannot have it. Settings such as clock mode and rate are the driver's, put there by `open`.
    pub fn device(
        &mut self,
        name: impl Into<String>,
        policy: DevicePolicy,
        open: impl FnMut() -> Result<Device, Refusal> + Send + 'static,
    ) {
        self.devices.insert(name.into(), (policy, Box::new(open)));
    }
}

/// What a guest may do with a device. What it may not do ends as `other`, without traffic.
#[derive(Clone, Debug)]
pub struct DevicePolicy {
    access: Access,
    most_bytes: usize,
}

/// What a guest may ask of a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Nothing: for this guest the name does not exist.
    #[default]
    None,
    /// `read` and pauses. What goes out meanwhile is not the guest's.
    Read,
    /// Everything.
    ReadWrite,
}

impl DevicePolicy {
    /// Nothing is allowed; one call may clock 64 KiB.
    pub fn new() -> DevicePolicy {
        DevicePolicy { access: Access::None, most_bytes: 64 << 10 }
    }

    /// Everything is allowed, for a guest that owns the device.
    pub fn allow_all() -> DevicePolicy {
        DevicePolicy::new().access(Access::ReadWrite)
    }

    /// Sets what is allowed.
    pub fn access(mut self, access: Access) -> DevicePolicy {
        self.access = access;
        self
    }

    /// Sets how many bytes one call may clock, all operations together. A guest names the length of a read
    /// as a `u64`, and the host allocates it: so there must be a limit.
    pub fn most_bytes(mut self, most_bytes: usize) -> DevicePolicy {
        self.most_bytes = most_bytes;
        self
    }

    fn admit(&self, operations: &[Operation]) -> Result<(), Error> {
        if self.access == Access::None {
            return Err(Error::Other("the device is not for this guest".to_owned()));
        }
        let mut bytes = 0_u64;
        for operation in operations {
            let (len, sends) = match operation {
                Operation::Read(len) => (*len, false),
                Operation::Write(data) | Operation::Transfer(data) => (data.len() as u64, true),
                Operation::DelayNs(_) => (0, false),
            };
            if sends && self.access != Access::ReadWrite {
                return Err(Error::Other("the device is for reading only".to_owned()));
            }
            bytes = bytes.saturating_add(len);
        }
        if bytes > self.most_bytes as u64 {
            return Err(Error::Other(format!("{bytes} bytes in one call; {} are allowed", self.most_bytes)));
        }
        Ok(())
    }
}

impl Default for DevicePolicy {
    fn default() -> DevicePolicy {
        DevicePolicy::new()
    }
}

/// What stands behind a guest's `spi-device` handle: a driver, and the policy for it.
pub struct Device {
    driver: Box<dyn Driver>,
    policy: DevicePolicy,
}

impl Device {
    /// Over `embedded-hal`. The driver has the settings and the chip select of this one device, and shares
    /// the bus with others as that trait says.
    pub fn new(driver: impl SpiDevice + Send + 'static) -> Device {
        Device { driver: Box::new(Hal(driver)), policy: DevicePolicy::new() }
    }

    /// Over lists of transfers. Pauses are rounded up to microseconds and split, and every failure of the
    /// bus is `other`, because an error number tells no more.
    pub fn over_transfers(driver: impl wasi_hw_seam::spi::Device + 'static) -> Device {
        Device { driver: Box::new(transfers::List(driver)), policy: DevicePolicy::new() }
    }

    fn run(&mut self, operations: &[Operation]) -> Result<Vec<OperationResult>, Error> {
        self.policy.admit(operations)?;
        let mut results: Vec<_> = operations.iter().map(empty_result).collect();
        self.driver.frame(operations, &mut results)?;
        Ok(results)
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// A device whose driver does one frame at a time.
trait Driver: Send {
    /// Does the operations in one frame; what comes in goes into the results, which have room for it.
    fn frame(&mut self, operations: &[Operation], results: &mut [OperationResult]) -> Result<(), Error>;
}

/// The result of an operation, with room for the bytes that come in. The policy admitted the lengths.
fn empty_result(operation: &Operation) -> OperationResult {
    match operation {
        Operation::Read(len) => OperationResult::Read(vec![0; *len as usize]),
        Operation::Write(_) => OperationResult::Write,
        Operation::Transfer(data) => OperationResult::Transfer(vec![0; data.len()]),
        Operation::DelayNs(_) => OperationResult::Delay,
    }
}

struct Hal<D>(D);

impl<D: SpiDevice + Send> Driver for Hal<D> {
    fn frame(&mut self, operations: &[Operation], results: &mut [OperationResult]) -> Result<(), Error> {
        let mut steps = Vec::with_capacity(operations.len());
        for pair in operations.iter().zip(results) {
            match pair {
                (Operation::Read(_), OperationResult::Read(input)) => steps.push(Step::Read(input)),
                (Operation::Write(output), _) => steps.push(Step::Write(output)),
                (Operation::Transfer(output), OperationResult::Transfer(input)) => {
                    steps.push(Step::Transfer(input, output));
                }
                (Operation::DelayNs(ns), _) => steps.push(Step::DelayNs(*ns)),
                // Not among the pairs that `empty_result` makes.
                (Operation::Read(_) | Operation::Transfer(_), _) => {}
            }
        }
        self.0.transaction(&mut steps).map_err(|error| match error.kind() {
            ErrorKind::Overrun => Error::Overrun,
            ErrorKind::ModeFault => Error::ModeFault,
            ErrorKind::FrameFormat => Error::FrameFormat,
            ErrorKind::ChipSelectFault => Error::ChipSelectFault,
            // `Other`, and what later releases of embedded-hal may add.
            _ => Error::Other(format!("{error:?}")),
        })
    }
}

impl SpiCtxView<'_> {
    fn one(
        &mut self,
        device: &Resource<Device>,
        operation: Operation,
    ) -> wasmtime::Result<Result<OperationResult, Error>> {
        let results = self.table.get_mut(device)?.run(&[operation]);
        Ok(results.map(|results| results.into_iter().next().unwrap_or(OperationResult::Delay)))
    }
}

impl spi::Host for SpiCtxView<'_> {
    fn open(&mut self, name: String) -> wasmtime::Result<Result<Resource<Device>, Error>> {
        let Some((policy, open)) = self.ctx.devices.get_mut(&name).filter(|(p, _)| p.access != Access::None)
        else {
            // Denied or missing: the guest cannot tell.
            return Ok(Err(Error::Other(format!("no device `{name}`"))));
        };
        match open() {
            Ok(device) => Ok(Ok(self.table.push(Device { policy: policy.clone(), ..device })?)),
            Err(why) => Ok(Err(Error::Other(why.to_string()))),
        }
    }
}

impl spi::HostSpiDevice for SpiCtxView<'_> {
    fn read(&mut self, device: Resource<Device>, len: u64) -> wasmtime::Result<Result<Vec<u8>, Error>> {
        let result = self.one(&device, Operation::Read(len))?;
        Ok(result.map(bytes))
    }

    fn write(&mut self, device: Resource<Device>, data: Vec<u8>) -> wasmtime::Result<Result<(), Error>> {
        let result = self.one(&device, Operation::Write(data))?;
        Ok(result.map(|_| ()))
    }

    fn transfer(
        &mut self,
        device: Resource<Device>,
        data: Vec<u8>,
    ) -> wasmtime::Result<Result<Vec<u8>, Error>> {
        let result = self.one(&device, Operation::Transfer(data))?;
        Ok(result.map(bytes))
    }

    fn transaction(
        &mut self,
        device: Resource<Device>,
        operations: Vec<Operation>,
    ) -> wasmtime::Result<Result<Vec<OperationResult>, Error>> {
        Ok(self.table.get_mut(&device)?.run(&operations))
    }

    fn drop(&mut self, device: Resource<Device>) -> wasmtime::Result<()> {
        self.table.delete(device)?;
        Ok(())
    }
}

fn bytes(result: OperationResult) -> Vec<u8> {
    match result {
        OperationResult::Read(bytes) | OperationResult::Transfer(bytes) => bytes,
        OperationResult::Write | OperationResult::Delay => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
