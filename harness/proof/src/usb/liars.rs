//! Hosts that answer every call alike. What a guest needs to go on they do hand out: devices, handles and
//! transfers, so `open` opens. Nothing else reaches a device.

use super::super::Defect;
use super::lie;
use super::lie::{Answer, Happened, Lie, Listed, View};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::ready;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::configuration::ConfigValue;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::descriptors::{ConfigurationDescriptor, DeviceDescriptor};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::{DeviceLocation, Host, HostDeviceHandle};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::transfers::{TransferOptions, TransferSetup, TransferType};
use wasi_hw_wasmtime::usb::{DeviceHandle, Transfer, UsbDevice};
use wasmtime::component::Resource;

pub(in super::super) fn liars() -> Vec<Defect> {
    vec![
        lie::<Accepts<0x00>>("usb/accepts-everything-with-zeros", &[]),
        lie::<Accepts<0xff>>("usb/accepts-everything-with-ones", &[]),
        lie::<Rejects<0>>("usb/rejects-everything-with-io", &[]),
        lie::<Rejects<1>>("usb/rejects-everything-with-invalid-param", &[]),
        lie::<Rejects<2>>("usb/rejects-everything-with-access", &[]),
        lie::<Rejects<3>>("usb/rejects-everything-with-no-device", &[]),
        lie::<Rejects<4>>("usb/rejects-everything-with-not-found", &[]),
        lie::<Rejects<5>>("usb/rejects-everything-with-busy", &[]),
        lie::<Rejects<6>>("usb/rejects-everything-with-timeout", &[]),
        lie::<Rejects<7>>("usb/rejects-everything-with-overflow", &[]),
        lie::<Rejects<8>>("usb/rejects-everything-with-pipe", &[]),
        lie::<Rejects<9>>("usb/rejects-everything-with-interrupted", &[]),
        lie::<Rejects<10>>("usb/rejects-everything-with-no-mem", &[]),
        lie::<Rejects<11>>("usb/rejects-everything-with-not-supported", &[]),
        lie::<Rejects<12>>("usb/rejects-everything-with-other", &[]),
    ]
}

thread_local! {
    /// How much each transfer of this thread's guest may receive. A guest runs on one thread.
    static ROOM: RefCell<BTreeMap<u32, u32>> = const { RefCell::new(BTreeMap::new()) };
}

/// The devices, which a guest tells apart by their ids; of all else the bytes are the same.
fn list(real: View<'_, '_>, byte: u8) -> Answer<Vec<Listed>> {
    let word = u16::from_le_bytes([byte; 2]);
    let lie = |(device, described, place): Listed| {
        let described = DeviceDescriptor {
            length: byte,
            descriptor_type: byte,
            usb_version_bcd: word,
            device_class: byte,
            device_subclass: byte,
            device_protocol: byte,
            max_packet_size0: byte,
            device_version_bcd: word,
            manufacturer_index: byte,
            product_index: byte,
            serial_number_index: byte,
            num_configurations: byte,
            ..described
        };
        let place = DeviceLocation { bus_number: byte, device_address: byte, port_number: byte, ..place };
        (device, described, place)
    };
    Ok(real.list_devices()?.map(|list| list.into_iter().map(lie).collect()))
}

/// A configuration of one byte.
fn descriptor(byte: u8) -> ConfigurationDescriptor {
    ConfigurationDescriptor {
        length: byte,
        descriptor_type: byte,
        total_length: u16::from_le_bytes([byte; 2]),
        interfaces: Vec::new(),
        configuration_value: byte,
        configuration_index: byte,
        attributes: byte,
        max_power: byte,
    }
}

/// Answers ok. What is received is as long as there is room for, within reason.
struct Accepts<const BYTE: u8>;

/// Answers the same error, whatever is asked.
struct Rejects<const ERROR: u8>;

fn error<T>(error: u8) -> Answer<T> {
    Ok(Err(match error {
        0 => LibusbError::Io,
        1 => LibusbError::InvalidParam,
        2 => LibusbError::Access,
        3 => LibusbError::NoDevice,
        4 => LibusbError::NotFound,
        5 => LibusbError::Busy,
        6 => LibusbError::Timeout,
        7 => LibusbError::Overflow,
        8 => LibusbError::Pipe,
        9 => LibusbError::Interrupted,
        10 => LibusbError::NoMem,
        11 => LibusbError::NotSupported,
        _ => LibusbError::Other,
    }))
}

/// What is not the same in both: `new-transfer` makes transfers, for there is nothing to call without one.
macro_rules! lies {
    ($liar:ident<$of:ident>, $byte:expr, $done:expr, $number:expr, $flag:expr, $descriptor:expr, $data:expr) => {
        impl<const $of: u8> Lie for $liar<$of> {
            fn list_devices(real: View<'_, '_>) -> Answer<Vec<Listed>> {
                list(real, $byte)
            }

            fn descriptor_at(
                _: View<'_, '_>,
                _: Resource<UsbDevice>,
                _: u8,
            ) -> Answer<ConfigurationDescriptor> {
                $descriptor
            }

            fn descriptor_of(
                _: View<'_, '_>,
                _: Resource<UsbDevice>,
                _: u8,
            ) -> Answer<ConfigurationDescriptor> {
                $descriptor
            }

            fn active_descriptor(_: View<'_, '_>, _: Resource<UsbDevice>) -> Answer<ConfigurationDescriptor> {
                $descriptor
            }

            fn get_configuration(_: View<'_, '_>, _: Resource<DeviceHandle>) -> Answer<u8> {
                $number
            }

            fn set_configuration(_: View<'_, '_>, _: Resource<DeviceHandle>, _: ConfigValue) -> Answer<()> {
                $done
            }

            fn claim(_: View<'_, '_>, _: Resource<DeviceHandle>, _: u8) -> Answer<()> {
                $done
            }

            fn release(_: View<'_, '_>, _: Resource<DeviceHandle>, _: u8) -> Answer<()> {
                $done
            }

            fn set_alternate(_: View<'_, '_>, _: Resource<DeviceHandle>, _: u8, _: u8) -> Answer<()> {
                $done
            }

            fn clear_halt(_: View<'_, '_>, _: Resource<DeviceHandle>, _: u8) -> Answer<()> {
                $done
            }

            fn reset(_: View<'_, '_>, _: Resource<DeviceHandle>) -> Answer<()> {
                $done
            }

            fn alloc_streams(_: View<'_, '_>, _: Resource<DeviceHandle>, _: u32, _: Vec<u8>) -> Answer<()> {
                $done
            }

            fn free_streams(_: View<'_, '_>, _: Resource<DeviceHandle>, _: Vec<u8>) -> Answer<()> {
                $done
            }

            fn kernel_driver(_: View<'_, '_>, _: Resource<DeviceHandle>, _: u8) -> Answer<bool> {
                $flag
            }

            fn detach(_: View<'_, '_>, _: Resource<DeviceHandle>, _: u8) -> Answer<()> {
                $done
            }

            fn attach(_: View<'_, '_>, _: Resource<DeviceHandle>, _: u8) -> Answer<()> {
                $done
            }

            fn new_transfer(
                real: View<'_, '_>,
                handle: Resource<DeviceHandle>,
                kind: TransferType,
                setup: TransferSetup,
                size: u32,
                options: TransferOptions,
            ) -> Answer<Resource<Transfer>> {
                let control = kind == TransferType::Control;
                let direction = if control { setup.bm_request_type } else { options.endpoint };
                let made = real.new_transfer(handle, kind, setup, size, options)?;
                if let Ok(transfer) = &made {
                    let room = if direction & 0x80 == 0 { 0 } else { size };
                    ROOM.with_borrow_mut(|rooms| rooms.insert(transfer.rep(), room));
                }
                Ok(made)
            }

            fn close(_: View<'_, '_>, _: Resource<DeviceHandle>) -> wasmtime::Result<()> {
                Ok(())
            }

            fn submit(_: View<'_, '_>, _: Resource<Transfer>, _: Vec<u8>) -> Answer<()> {
                $done
            }

            fn cancel(_: View<'_, '_>, _: Resource<Transfer>) -> Answer<()> {
                $done
            }

            fn await_transfer(
                real: View<'_, '_>,
                transfer: Resource<Transfer>,
            ) -> impl Future<Output = Answer<Vec<u8>>> + Send {
                let room = ROOM.with_borrow(|rooms| rooms.get(&transfer.rep()).copied()).unwrap_or(0);
                let data: fn(u32) -> Answer<Vec<u8>> = $data;
                ready(real.table.delete(transfer).map_err(Into::into).and_then(|_| data(room)))
            }

            fn enable_hotplug(_: View<'_, '_>) -> Answer<()> {
                $done
            }

            fn poll_events(_: View<'_, '_>) -> wasmtime::Result<Vec<Happened>> {
                Ok(Vec::new())
            }
        }
    };
}

lies!(Accepts<BYTE>, BYTE, Ok(Ok(())), Ok(Ok(BYTE)), Ok(Ok(BYTE != 0)), Ok(Ok(descriptor(BYTE))), |room| {
    Ok(Ok(vec![BYTE; room.min(1 << 20) as usize]))
});
lies!(Rejects<ERROR>, 0, error(ERROR), error(ERROR), error(ERROR), error(ERROR), |_| error(ERROR));
