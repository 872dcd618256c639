//! Devices that are there, that come and that go. What the policy does not allow does not exist for the guest.

use super::descriptors::{self, Configuration};
use super::handle::DeviceHandle;
use super::{Error, small_answer, small_ret, write_error};
use crate::abi::{Call, Ran, laid_out, list, trap};
use crate::handles::{Kind, TOO_MANY, resource_drop};
use crate::imports::Imports;
use crate::state::State;
use std::rc::Rc;
use wasi_hw_seam::Board;
use wasi_hw_seam::usb::{Change, Device, Speed};

const DEVICE: &str = "wasi:usb/device@0.2.1";
const HOTPLUG: &str = "wasi:usb/hotplug@0.2.1";

/// The functions of devices.
pub fn imports(all: &mut Imports) {
    all.add(DEVICE, "init", "(i)", init);
    all.add(DEVICE, "list-devices", "(i)", list_devices);
    all.add(DEVICE, "[method]usb-device.open", "(ii)", open);
    all.add(DEVICE, "[method]usb-device.get-configuration-descriptor", "(iii)", configuration_at);
    all.add(DEVICE, "[method]usb-device.get-configuration-descriptor-by-value", "(iii)", configuration_of);
    all.add(DEVICE, "[method]usb-device.get-active-configuration-descriptor", "(ii)", active_configuration);
    all.add(DEVICE, "[resource-drop]usb-device", "(i)", resource_drop::<UsbDevice>);
    all.add(HOTPLUG, "enable-hotplug", "(i)", enable_hotplug);
    all.add(HOTPLUG, "poll-events", "(i)", poll_events);
}

/// A guest's `usb-device`.
pub struct UsbDevice(Rc<Device>);

impl Kind for UsbDevice {
    const NAME: &'static str = "usb-device";
}

/// There is nothing to prepare that the embedder has not prepared.
fn init(call: &mut Call<'_>) -> Ran {
    let ret = small_ret(call)?;
    small_answer(call, ret, Ok(0))
}

/// A device with a handle for the guest.
struct Found {
    handle: u32,
    descriptor: [u8; 18],
    device: Rc<Device>,
}

/// Makes a handle for a device, if the guest may see it. One without a descriptor cannot be seen: nobody could say whether
/// it is allowed. The error: there are too many handles.
fn found(state: &mut State, device: Device) -> Result<Option<Found>, &'static str> {
    let admitted = descriptors::device(&device.descriptor).filter(|bytes| {
        let [vendor, product] = [[bytes[8], bytes[9]], [bytes[10], bytes[11]]].map(u16::from_le_bytes);
        state.config.usb.admits(vendor, product)
    });
    let Some(&descriptor) = admitted else { return Ok(None) };
    let device = Rc::new(device);
    let handle = state.handles.insert(UsbDevice(Rc::clone(&device))).ok_or(TOO_MANY)?;
    Ok(Some(Found { handle, descriptor, device }))
}

fn list_devices(call: &mut Call<'_>) -> Ran {
    let ret = call.ret(12, 4)?;
    let devices = match call.state().board.usb().devices() {
        Ok(devices) => devices,
        Err(why) => return write_error(call, ret, why.into()),
    };
    let mut all = Vec::new();
    for device in devices {
        match found(call.state(), device) {
            Ok(found) => all.extend(found),
            Err(_) => {
                // All of them or none.
                for Found { handle, .. } in all {
                    call.state().handles.take::<UsbDevice>(handle)?;
                }
                return write_error(call, ret, Error::NoMem);
            }
        }
    }
    // tuple<usb-device, device-descriptor, device-location>
    let entry = |Found { handle, descriptor, device }: &Found| {
        let place = [device.bus, device.address, device.port, speed(device.speed)];
        laid_out(28, &[(0, &handle.to_le_bytes()), (4, descriptor), (22, &place)])
    };
    let bytes: Vec<u8> = all.iter().flat_map(entry).collect();
    let devices = call.give(&bytes, all.len(), 4)?;
    call.write(ret, &laid_out(12, &[(4, &list(devices))]))
}

/// The case of `usb-speed`.
fn speed(speed: Speed) -> u8 {
    match speed {
        Speed::Unknown => 0,
        Speed::Low => 1,
        Speed::Full => 2,
        Speed::High => 3,
        Speed::Super => 4,
        Speed::SuperPlus => 5,
        Speed::SuperPlusX2 => 6,
    }
}

/// A second call neither doubles nor loses anything.
fn enable_hotplug(call: &mut Call<'_>) -> Ran {
    let ret = small_ret(call)?;
    let state = call.state();
    let mut outcome = Ok(0);
    if state.usb.watch.is_none() {
        match state.board.usb().watch() {
            Ok(watch) => state.usb.watch = Some(watch),
            Err(why) => outcome = Err(why.into()),
        }
    }
    small_answer(call, ret, outcome)
}

fn poll_events(call: &mut Call<'_>) -> Ran {
    let ret = call.ret(8, 4)?;
    let mut bytes = Vec::new();
    let state = call.state();
    while let Some(change) = state.usb.watch.as_mut().and_then(|watch| watch.next()) {
        let (event, device) = match change {
            Change::Arrived(device) => (1, device),
            Change::Left(device) => (2, device),
        };
        // There is no error to tell of too many.
        if let Some(Found { handle, descriptor, device }) = found(state, device).or_else(trap)? {
            // tuple<event, info, usb-device>
            let info =
                [device.bus, device.address, descriptor[8], descriptor[9], descriptor[10], descriptor[11]];
            bytes.extend(laid_out(12, &[(0, &[event]), (2, &info), (8, &handle.to_le_bytes())]));
        }
    }
    let events = call.give(&bytes, bytes.len() / 12, 4)?;
    call.write(ret, &list(events))
}

fn open(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, call.ret(8, 4)?);
    let device = Rc::clone(&call.borrow::<UsbDevice>(this)?.0);
    let state = call.state();
    let opened = state.board.usb().open(device.id).map_err(Error::from);
    let handle = opened.and_then(|driver| {
        let handle = DeviceHandle::new(driver, &device, state.config.usb.keep_kernel_drivers);
        state.handles.insert(handle).ok_or(Error::NoMem)
    });
    match handle {
        Ok(handle) => call.write_number(ret, handle),
        Err(error) => write_error(call, ret, error),
    }
}

fn configuration_at(call: &mut Call<'_>) -> Ran {
    let (this, index, ret) = (call.u32()?, call.u8()?, configuration_ret(call)?);
    let device = &call.borrow::<UsbDevice>(this)?.0;
    let bytes = device.configurations.get(usize::from(index)).ok_or(Error::NotFound);
    let read = bytes.and_then(|bytes| Configuration::read(bytes).ok_or(Error::Io));
    write_configuration(call, ret, read)
}

fn configuration_of(call: &mut Call<'_>) -> Ran {
    let (this, value, ret) = (call.u32()?, call.u8()?, configuration_ret(call)?);
    let read = with_value(&call.borrow::<UsbDevice>(this)?.0, value);
    write_configuration(call, ret, read)
}

fn active_configuration(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, configuration_ret(call)?);
    let device = Rc::clone(&call.borrow::<UsbDevice>(this)?.0);
    let active = call.state().board.usb().configuration(device.id);
    let read = match active {
        Ok(0) => Err(Error::NotFound),
        Ok(value) => with_value(&device, value),
        Err(why) => Err(why.into()),
    };
    write_configuration(call, ret, read)
}

fn with_value(device: &Device, value: u8) -> Result<Configuration, Error> {
    let mut all = device.configurations.iter().filter_map(|bytes| Configuration::read(bytes));
    all.find(|configuration| configuration.value() == value).ok_or(Error::NotFound)
}

/// `result<configuration-descriptor, libusb-error>`.
fn configuration_ret(call: &mut Call<'_>) -> Ran<u32> {
    call.ret(20, 4)
}

fn write_configuration(call: &mut Call<'_>, ret: u32, read: Result<Configuration, Error>) -> Ran {
    match read {
        Ok(configuration) => {
            configuration.write(call, ret + 4)?;
            call.write(ret, &[0])
        }
        Err(error) => write_error(call, ret, error),
    }
}
