//! The two packages on top of one implementation: they differ in their names alone.

use super::device::{Answer, DeviceHandle, Found, UsbDevice};
use super::transfer::{Request, Transfer};
use super::{UsbCtxView, UsbView};
use crate::bindings::{usb, usb_component};
use wasi_hw_seam::usb::{Device, Kind, Speed};
use wasmtime::Result;
use wasmtime::component::{HasData, Linker, Resource};

use usb::wasi::usb::configuration::ConfigValue;
pub(super) use usb::wasi::usb::descriptors::EndpointDescriptor as Endpoint;
use usb::wasi::usb::descriptors::{ConfigurationDescriptor, DeviceDescriptor};

struct Usb_;

impl HasData for Usb_ {
    type Data<'a> = UsbCtxView<'a>;
}

/// The package that [`add_to_linker`] adds.
pub const PACKAGE: &str = "wasi:usb@0.2.1";

/// The package that [`add_component_to_linker`] adds.
pub const COMPONENT_PACKAGE: &str = "component:usb@0.2.1";

/// Adds `wasi:usb@0.2.1` to a linker.
pub fn add_to_linker<T: UsbView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    use usb::wasi::usb::{configuration, descriptors, device, errors, hotplug, transfers};
    errors::add_to_linker::<T, Usb_>(linker, T::usb)?;
    configuration::add_to_linker::<T, Usb_>(linker, T::usb)?;
    descriptors::add_to_linker::<T, Usb_>(linker, T::usb)?;
    transfers::add_to_linker::<T, Usb_>(linker, T::usb)?;
    device::add_to_linker::<T, Usb_>(linker, T::usb)?;
    hotplug::add_to_linker::<T, Usb_>(linker, T::usb)
}

/// Adds `component:usb@0.2.1` to a linker, which is upstream's id for the same interfaces. The two can
/// stand in one linker.
pub fn add_component_to_linker<T: UsbView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    use usb_component::component::usb::{device, transfers, usb_hotplug};
    transfers::add_to_linker::<T, Usb_>(linker, T::usb)?;
    device::add_to_linker::<T, Usb_>(linker, T::usb)?;
    usb_hotplug::add_to_linker::<T, Usb_>(linker, T::usb)
}

impl usb::wasi::usb::errors::Host for UsbCtxView<'_> {}
impl usb::wasi::usb::configuration::Host for UsbCtxView<'_> {}
impl usb::wasi::usb::descriptors::Host for UsbCtxView<'_> {}

macro_rules! package {
    ($device:path, $transfers:path, $hotplug:path) => {
        const _: () = {
            use $device as device;
            use $hotplug as hotplug;
            use $transfers as transfers;
            package!();
        };
    };
    () => {
        impl device::Host for UsbCtxView<'_> {
            fn init(&mut self) -> Answer<()> {
                // There is nothing to prepare that the embedder has not prepared.
                Ok(Ok(()))
            }

            fn list_devices(
                &mut self,
            ) -> Answer<Vec<(Resource<UsbDevice>, DeviceDescriptor, device::DeviceLocation)>> {
                let place = |about: &Device| device::DeviceLocation {
                    bus_number: about.bus,
                    device_address: about.address,
                    port_number: about.port,
                    speed: match about.speed {
                        Speed::Unknown => device::UsbSpeed::Unknown,
                        Speed::Low => device::UsbSpeed::Low,
                        Speed::Full => device::UsbSpeed::Full,
                        Speed::High => device::UsbSpeed::High,
                        Speed::Super => device::UsbSpeed::Super,
                        Speed::SuperPlus => device::UsbSpeed::SuperPlus,
                        Speed::SuperPlusX2 => device::UsbSpeed::SuperPlusX2,
                    },
                };
                let entry = |found: Found| (found.resource, found.described, place(&found.device));
                Ok(self.devices()?.map(|list| list.into_iter().map(entry).collect()))
            }
        }

        impl device::HostUsbDevice for UsbCtxView<'_> {
            fn open(&mut self, device: Resource<UsbDevice>) -> Answer<Resource<DeviceHandle>> {
                UsbCtxView::open(self, &device)
            }

            fn get_configuration_descriptor(
                &mut self,
                device: Resource<UsbDevice>,
                index: u8,
            ) -> Answer<ConfigurationDescriptor> {
                self.configuration_at(&device, index)
            }

            fn get_configuration_descriptor_by_value(
                &mut self,
                device: Resource<UsbDevice>,
                value: u8,
            ) -> Answer<ConfigurationDescriptor> {
                self.configuration_of(&device, value)
            }

            fn get_active_configuration_descriptor(
                &mut self,
                device: Resource<UsbDevice>,
            ) -> Answer<ConfigurationDescriptor> {
                self.active_configuration(&device)
            }

            fn drop(&mut self, device: Resource<UsbDevice>) -> Result<()> {
                self.table.delete(device)?;
                Ok(())
            }
        }

        impl device::HostDeviceHandle for UsbCtxView<'_> {
            fn get_configuration(&mut self, handle: Resource<DeviceHandle>) -> Answer<u8> {
                Ok(self.shared(&handle)?.lock().configuration())
            }

            fn set_configuration(
                &mut self,
                handle: Resource<DeviceHandle>,
                config: ConfigValue,
            ) -> Answer<()> {
                let value = match config {
                    ConfigValue::Unconfigured => None,
                    ConfigValue::Value(value) => Some(value),
                };
                Ok(self.shared(&handle)?.lock().set_configuration(value))
            }

            fn claim_interface(&mut self, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
                Ok(self.shared(&handle)?.lock().claim(interface))
            }

            fn release_interface(&mut self, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
                Ok(self.shared(&handle)?.lock().release(interface))
            }

            fn set_interface_altsetting(
                &mut self,
                handle: Resource<DeviceHandle>,
                interface: u8,
                alternate: u8,
            ) -> Answer<()> {
                Ok(self.shared(&handle)?.lock().set_alternate(interface, alternate))
            }

            fn clear_halt(&mut self, handle: Resource<DeviceHandle>, endpoint: u8) -> Answer<()> {
                Ok(self.shared(&handle)?.lock().clear_halt(endpoint))
            }

            fn reset_device(&mut self, handle: Resource<DeviceHandle>) -> Answer<()> {
                Ok(self.shared(&handle)?.lock().reset())
            }

            fn alloc_streams(
                &mut self,
                handle: Resource<DeviceHandle>,
                streams: u32,
                endpoints: Vec<u8>,
            ) -> Answer<()> {
                Ok(self.shared(&handle)?.lock().alloc_streams(streams, &endpoints))
            }

            fn free_streams(&mut self, handle: Resource<DeviceHandle>, endpoints: Vec<u8>) -> Answer<()> {
                Ok(self.shared(&handle)?.lock().free_streams(&endpoints))
            }

            fn kernel_driver_active(
                &mut self,
                handle: Resource<DeviceHandle>,
                interface: u8,
            ) -> Answer<bool> {
                Ok(self.shared(&handle)?.lock().kernel_driver(interface))
            }

            fn detach_kernel_driver(&mut self, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
                Ok(self.shared(&handle)?.lock().detach(interface))
            }

            fn attach_kernel_driver(&mut self, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
                Ok(self.shared(&handle)?.lock().attach(interface))
            }

            fn new_transfer(
                &mut self,
                handle: Resource<DeviceHandle>,
                kind: transfers::TransferType,
                setup: transfers::TransferSetup,
                size: u32,
                options: transfers::TransferOptions,
            ) -> Answer<Resource<Transfer>> {
                let [value_low, value_high] = setup.w_value.to_le_bytes();
                let [index_low, index_high] = setup.w_index.to_le_bytes();
                let request = Request {
                    kind: match kind {
                        transfers::TransferType::Control => Kind::Control,
                        transfers::TransferType::Bulk => Kind::Bulk,
                        transfers::TransferType::Interrupt => Kind::Interrupt,
                        transfers::TransferType::Isochronous => Kind::Isochronous,
                    },
                    setup: [
                        setup.bm_request_type,
                        setup.b_request,
                        value_low,
                        value_high,
                        index_low,
                        index_high,
                    ],
                    size,
                    endpoint: options.endpoint,
                    timeout_ms: options.timeout_ms,
                    stream: options.stream_id,
                    packets: options.iso_packets,
                };
                self.transfer(&handle, request)
            }

            fn close(&mut self, handle: Resource<DeviceHandle>) -> Result<()> {
                self.shared(&handle)?.lock().close();
                Ok(())
            }

            fn drop(&mut self, handle: Resource<DeviceHandle>) -> Result<()> {
                self.table.delete(handle)?;
                Ok(())
            }
        }

        impl transfers::Host for UsbCtxView<'_> {
            async fn await_transfer(&mut self, transfer: Resource<Transfer>) -> Answer<Vec<u8>> {
                let transfer = self.table.delete(transfer)?;
                Ok(transfer.finish().await)
            }
        }

        impl transfers::HostTransfer for UsbCtxView<'_> {
            fn submit_transfer(&mut self, transfer: Resource<Transfer>, data: Vec<u8>) -> Answer<()> {
                Ok(self.table.get_mut(&transfer)?.submit(data))
            }

            fn cancel_transfer(&mut self, transfer: Resource<Transfer>) -> Answer<()> {
                Ok(self.table.get_mut(&transfer)?.cancel())
            }

            fn drop(&mut self, transfer: Resource<Transfer>) -> Result<()> {
                self.table.delete(transfer)?;
                Ok(())
            }
        }

        impl hotplug::Host for UsbCtxView<'_> {
            fn enable_hotplug(&mut self) -> Answer<()> {
                Ok(self.watch())
            }

            fn poll_events(&mut self) -> Result<Vec<(hotplug::Event, hotplug::Info, Resource<UsbDevice>)>> {
                let event = |(arrived, found): (bool, Found)| {
                    let event = if arrived { hotplug::Event::ARRIVED } else { hotplug::Event::LEFT };
                    let info = hotplug::Info {
                        bus: found.device.bus,
                        address: found.device.address,
                        vendor: found.described.vendor_id,
                        product: found.described.product_id,
                    };
                    (event, info, found.resource)
                };
                Ok(self.changes()?.into_iter().map(event).collect())
            }
        }
    };
}

package!(usb::wasi::usb::device, usb::wasi::usb::transfers, usb::wasi::usb::hotplug);
package!(
    usb_component::component::usb::device,
    usb_component::component::usb::transfers,
    usb_component::component::usb::usb_hotplug
);
