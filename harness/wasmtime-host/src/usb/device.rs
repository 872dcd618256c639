//! Devices and handles, as the guest's resources: what each call does.

use super::open::Shared;
use super::transfer::{Request, Transfer};
use super::{UsbCtxView, descriptors, error};
use crate::bindings::usb::wasi::usb::descriptors::{ConfigurationDescriptor, DeviceDescriptor};
use crate::bindings::usb::wasi::usb::errors::LibusbError;
use std::sync::Arc;
use wasi_hw_seam::usb::{Change, Device};
use wasmtime::Result;
use wasmtime::component::Resource;

/// What stands behind a guest's `usb-device`.
pub struct UsbDevice(Arc<Device>);

/// What stands behind a guest's `device-handle`. Dropping it closes it.
pub struct DeviceHandle(pub(super) Shared);

impl Drop for DeviceHandle {
    fn drop(&mut self) {
        self.0.lock().close();
    }
}

/// What a call of the interface gives: the inner result is the guest's, the outer one a trap.
pub(super) type Answer<T> = Result<std::result::Result<T, LibusbError>>;

/// A device that the guest may see, with a resource for it.
pub(super) struct Found {
    pub(super) resource: Resource<UsbDevice>,
    pub(super) described: DeviceDescriptor,
    pub(super) device: Arc<Device>,
}

impl UsbCtxView<'_> {
    /// The attached devices that the guest may see.
    pub(super) fn devices(&mut self) -> Answer<Vec<Found>> {
        let devices = match self.ctx.driver.devices() {
            Ok(devices) => devices,
            Err(why) => return Ok(Err(error(why))),
        };
        let mut list = Vec::new();
        for device in devices {
            list.extend(self.found(device)?);
        }
        Ok(Ok(list))
    }

    /// Makes a resource for a device, if the guest may see it. One without a device descriptor cannot be
    /// seen: nobody could say whether it is allowed.
    fn found(&mut self, device: Device) -> Result<Option<Found>> {
        let described = descriptors::device(&device.descriptor);
        let admits = |d: &DeviceDescriptor| self.ctx.policy.admits(d.vendor_id, d.product_id);
        let Some(described) = described.filter(admits) else { return Ok(None) };
        let device = Arc::new(device);
        let resource = self.table.push(UsbDevice(Arc::clone(&device)))?;
        Ok(Some(Found { resource, described, device }))
    }

    pub(super) fn open(&mut self, device: &Resource<UsbDevice>) -> Answer<Resource<DeviceHandle>> {
        let device = Arc::clone(&self.table.get(device)?.0);
        let handle = match self.ctx.driver.open(device.id) {
            Ok(handle) => handle,
            Err(why) => return Ok(Err(error(why))),
        };
        let shared = Shared::new(handle, &device, self.ctx.policy.keep_kernel_drivers);
        Ok(Ok(self.table.push(DeviceHandle(shared))?))
    }

    pub(super) fn configuration_at(
        &mut self,
        device: &Resource<UsbDevice>,
        at: u8,
    ) -> Answer<ConfigurationDescriptor> {
        let device = &self.table.get(device)?.0;
        let bytes = device.configurations.get(usize::from(at)).ok_or(LibusbError::NotFound);
        Ok(bytes.and_then(|bytes| descriptors::configuration(bytes).ok_or(LibusbError::Io)))
    }

    pub(super) fn configuration_of(
        &mut self,
        device: &Resource<UsbDevice>,
        value: u8,
    ) -> Answer<ConfigurationDescriptor> {
        let device = &self.table.get(device)?.0;
        let mut configurations =
            device.configurations.iter().filter_map(|bytes| descriptors::configuration(bytes));
        Ok(configurations.find(|c| c.configuration_value == value).ok_or(LibusbError::NotFound))
    }

    pub(super) fn active_configuration(
        &mut self,
        device: &Resource<UsbDevice>,
    ) -> Answer<ConfigurationDescriptor> {
        let id = self.table.get(device)?.0.id;
        match self.ctx.driver.configuration(id) {
            Ok(0) => Ok(Err(LibusbError::NotFound)),
            Ok(value) => self.configuration_of(device, value),
            Err(why) => Ok(Err(error(why))),
        }
    }

    pub(super) fn shared(&mut self, handle: &Resource<DeviceHandle>) -> Result<Shared> {
        Ok(self.table.get(handle)?.0.clone())
    }

    pub(super) fn transfer(
        &mut self,
        handle: &Resource<DeviceHandle>,
        request: Request,
    ) -> Answer<Resource<Transfer>> {
        let shared = self.shared(handle)?;
        if shared.lock().closed() {
            return Ok(Err(LibusbError::NoDevice));
        }
        match Transfer::new(shared, request, &self.ctx.policy, self.ctx.in_flight.clone()) {
            Ok(transfer) => Ok(Ok(self.table.push(transfer)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    pub(super) fn watch(&mut self) -> std::result::Result<(), LibusbError> {
        if self.ctx.watch.is_none() {
            self.ctx.watch = Some(self.ctx.driver.watch().map_err(error)?);
        }
        Ok(())
    }

    /// What has happened since the last call to devices that the guest may see, and whether it arrived.
    pub(super) fn changes(&mut self) -> Result<Vec<(bool, Found)>> {
        let mut list = Vec::new();
        while let Some(change) = self.ctx.watch.as_mut().and_then(|watch| watch.next()) {
            let (arrived, device) = match change {
                Change::Arrived(device) => (true, device),
                Change::Left(device) => (false, device),
            };
            list.extend(self.found(device)?.map(|found| (arrived, found)));
        }
        Ok(list)
    }
}
