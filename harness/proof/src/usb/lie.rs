//! Wrong functions of the interface: the reference host's, with one of them exchanged.

use crate::{copy, functions::functions};
use std::pin::Pin;
use wasi_hw_harness::runtime::reference::State;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::configuration::{self, ConfigValue};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::descriptors::{
    self, ConfigurationDescriptor, DeviceDescriptor,
};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::{self, DeviceLocation, HostDeviceHandle};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::{self, LibusbError};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::hotplug::{self, Event, Info};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::transfers::{
    self, TransferOptions, TransferSetup, TransferType,
};
use wasi_hw_wasmtime::usb::{DeviceHandle, Transfer, UsbCtxView, UsbDevice, UsbView};
use wasmtime::component::{Linker, Resource};

pub(super) type Answer<T> = wasmtime::Result<Result<T, LibusbError>>;
type Awaited<'a> = Pin<Box<dyn Future<Output = Answer<Vec<u8>>> + Send + 'a>>;
pub(super) type Listed = (Resource<UsbDevice>, DeviceDescriptor, DeviceLocation);
pub(super) type Happened = (Event, Info, Resource<UsbDevice>);

/// The handles of a kind that the guest holds.
pub(super) fn all<T: Send + 'static>(real: View<'_, '_>) -> Vec<Resource<T>> {
    // A table numbers what it holds from 0, and a guest holds little.
    let handles = (0..64).map(Resource::new_borrow);
    handles.filter(|handle| real.table.get(handle).is_ok()).collect()
}

/// Whether a handle is closed: a closed one makes no transfers, one whose device is gone does.
pub(super) fn closed(real: View<'_, '_>, handle: &Resource<DeviceHandle>) -> wasmtime::Result<bool> {
    let setup = TransferSetup { bm_request_type: 0, b_request: 0, w_value: 0, w_index: 0 };
    let options = TransferOptions { endpoint: 0, timeout_ms: 0, stream_id: 0, iso_packets: 0 };
    match real.new_transfer(copy(handle), TransferType::Control, setup, 0, options)? {
        Ok(transfer) => {
            real.table.delete(transfer)?;
            Ok(false)
        }
        Err(error) => Ok(error == LibusbError::NoDevice),
    }
}

functions! {
    UsbCtxView by usb, besides {
        fn await_transfer(
            real: View<'_, '_>,
            transfer: Resource<Transfer>,
        ) -> impl Future<Output = Answer<Vec<u8>>> + Send {
            transfers::Host::await_transfer(real, transfer)
        }
    } as {
        await_transfer: for<'a> fn(View<'a, '_>, Resource<Transfer>) -> Awaited<'a> =
            |real, transfer| Box::pin(L::await_transfer(real, transfer));
    };
    device::Host {
        init as init() -> Answer<()>;
        list_devices as list_devices() -> Answer<Vec<Listed>>;
    }
    device::HostUsbDevice {
        open as open(device: Resource<UsbDevice>) -> Answer<Resource<DeviceHandle>>;
        get_configuration_descriptor as descriptor_at(device: Resource<UsbDevice>, at: u8) -> Answer<ConfigurationDescriptor>;
        get_configuration_descriptor_by_value as descriptor_of(device: Resource<UsbDevice>, value: u8) -> Answer<ConfigurationDescriptor>;
        get_active_configuration_descriptor as active_descriptor(device: Resource<UsbDevice>) -> Answer<ConfigurationDescriptor>;
        drop as drop_device(device: Resource<UsbDevice>) -> wasmtime::Result<()>;
    }
    device::HostDeviceHandle {
        get_configuration as get_configuration(handle: Resource<DeviceHandle>) -> Answer<u8>;
        set_configuration as set_configuration(handle: Resource<DeviceHandle>, value: ConfigValue) -> Answer<()>;
        claim_interface as claim(handle: Resource<DeviceHandle>, interface: u8) -> Answer<()>;
        release_interface as release(handle: Resource<DeviceHandle>, interface: u8) -> Answer<()>;
        set_interface_altsetting as set_alternate(handle: Resource<DeviceHandle>, interface: u8, alternate: u8) -> Answer<()>;
        clear_halt as clear_halt(handle: Resource<DeviceHandle>, endpoint: u8) -> Answer<()>;
        reset_device as reset(handle: Resource<DeviceHandle>) -> Answer<()>;
        alloc_streams as alloc_streams(handle: Resource<DeviceHandle>, streams: u32, endpoints: Vec<u8>) -> Answer<()>;
        free_streams as free_streams(handle: Resource<DeviceHandle>, endpoints: Vec<u8>) -> Answer<()>;
        kernel_driver_active as kernel_driver(handle: Resource<DeviceHandle>, interface: u8) -> Answer<bool>;
        detach_kernel_driver as detach(handle: Resource<DeviceHandle>, interface: u8) -> Answer<()>;
        attach_kernel_driver as attach(handle: Resource<DeviceHandle>, interface: u8) -> Answer<()>;
        new_transfer as new_transfer(handle: Resource<DeviceHandle>, kind: TransferType, setup: TransferSetup, size: u32, options: TransferOptions) -> Answer<Resource<Transfer>>;
        close as close(handle: Resource<DeviceHandle>) -> wasmtime::Result<()>;
        drop as drop_handle(handle: Resource<DeviceHandle>) -> wasmtime::Result<()>;
    }
    transfers::HostTransfer {
        submit_transfer as submit(transfer: Resource<Transfer>, data: Vec<u8>) -> Answer<()>;
        cancel_transfer as cancel(transfer: Resource<Transfer>) -> Answer<()>;
        drop as drop_transfer(transfer: Resource<Transfer>) -> wasmtime::Result<()>;
    }
    hotplug::Host {
        enable_hotplug as enable_hotplug() -> Answer<()>;
        poll_events as poll_events() -> wasmtime::Result<Vec<Happened>>;
    }
}

/// Links a wrong host.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    errors::add_to_linker::<_, Lies>(linker, lying)?;
    configuration::add_to_linker::<_, Lies>(linker, lying)?;
    descriptors::add_to_linker::<_, Lies>(linker, lying)?;
    transfers::add_to_linker::<_, Lies>(linker, lying)?;
    device::add_to_linker::<_, Lies>(linker, lying)?;
    hotplug::add_to_linker::<_, Lies>(linker, lying)
}

impl errors::Host for Lying<'_> {}
impl configuration::Host for Lying<'_> {}
impl descriptors::Host for Lying<'_> {}

impl transfers::Host for Lying<'_> {
    async fn await_transfer(&mut self, transfer: Resource<Transfer>) -> Answer<Vec<u8>> {
        (self.1.await_transfer)(&mut self.0, transfer).await
    }
}
