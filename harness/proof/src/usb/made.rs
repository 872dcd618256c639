//! A wrong `new-transfer`, which makes another transfer than it is asked for, or none.

use super::lie::{Answer, Lie, View};
use std::marker::PhantomData;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::HostDeviceHandle;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::transfers::{TransferOptions, TransferSetup, TransferType};
use wasi_hw_wasmtime::usb::{DeviceHandle, Transfer};
use wasmtime::component::Resource;

/// What `new-transfer` gets, but for the handle.
pub(super) type New = (TransferType, TransferSetup, u32, TransferOptions);

/// What is to be made in its place.
pub(super) trait Change: Send + 'static {
    fn change(asked: New) -> Result<New, LibusbError>;
}

/// The functions of the interface with such a `new-transfer`.
pub(super) struct Made<C>(PhantomData<C>);

impl<C: Change> Lie for Made<C> {
    fn new_transfer(
        real: View<'_, '_>,
        handle: Resource<DeviceHandle>,
        kind: TransferType,
        setup: TransferSetup,
        size: u32,
        options: TransferOptions,
    ) -> Answer<Resource<Transfer>> {
        match C::change((kind, setup, size, options)) {
            Ok((kind, setup, size, options)) => real.new_transfer(handle, kind, setup, size, options),
            Err(error) => Ok(Err(error)),
        }
    }
}
