//! Open devices: claims, settings, and what else is asked of a device that is open.

use crate::abi::{MAX_INTERFACES, libusb_context, libusb_device, libusb_device_handle};
use crate::device::devices;
use crate::error::{Error, INVALID_PARAM, NOT_FOUND, code};
use crate::harness::ask;
use crate::registry::{Handle, changed, pointer, registry};
use serde::de::DeserializeOwned;
use std::ffi::{c_int, c_uchar};
use wasi_hw_protocol as protocol;
use wasi_hw_protocol::{Bytes, Empty, Op, usb};

/// Opens a device. Nothing is sent to it.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_open(
    device: *mut libusb_device,
    handle: *mut *mut libusb_device_handle,
) -> c_int {
    code(open("libusb_open", device.addr()).map(|number| {
        // SAFETY: the caller gives a place for a pointer.
        unsafe { handle.write(pointer(number)) };
    }))
}

fn open(function: &str, device: usize) -> Result<usize, Error> {
    let number = registry().device(function, pointer(device)).about.device;
    let opened: protocol::Handle = ask(Op::UsbOpen(usb::Open { device: number }))?;
    let mut registry = registry();
    let entry = registry.device(function, pointer(device));
    entry.references += 1;
    let context = entry.context;
    let handle = Handle { device, context, number: opened.handle, claimed: 0, auto_detach: false };
    let number = registry.number();
    registry.handles.insert(number, handle);
    Ok(number)
}

/// Opens the first device with these ids; NULL if there is none that can be opened.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_open_device_with_vid_pid(
    context: *mut libusb_context,
    vendor: u16,
    product: u16,
) -> *mut libusb_device_handle {
    let function = "libusb_open_device_with_vid_pid";
    let ids = [vendor.to_le_bytes(), product.to_le_bytes()].concat();
    let found = devices()
        .ok()
        .and_then(|devices| devices.into_iter().find(|device| device.descriptor.0.get(8..12) == Some(&ids)));
    let Some(about) = found else { return std::ptr::null_mut() };
    let device = {
        let mut registry = registry();
        let context = registry.context(function, context);
        registry.known(context, about)
    };
    let opened = open(function, device);
    registry().unreference(device);
    opened.map_or(std::ptr::null_mut(), pointer)
}

/// Closes a device. A transfer that is in flight on it is never heard of again, as with libusb, whose
/// documentation forbids this.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_close(handle: *mut libusb_device_handle) {
    if handle.is_null() {
        return;
    }
    let mut registry = registry();
    let entry = *registry.handle("libusb_close", handle);
    registry.handles.remove(&handle.addr());
    for transfer in registry.transfers.values_mut() {
        transfer.flight.take_if(|flight| flight.handle == handle.addr());
    }
    registry.unreference(entry.device);
    drop(registry);
    changed();
    // A device that is gone is closed all the same.
    let _ = ask::<Empty>(Op::UsbClose(protocol::Handle { handle: entry.number }));
}

/// The device that is open.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_device(handle: *mut libusb_device_handle) -> *mut libusb_device {
    pointer(registry().handle("libusb_get_device", handle).device)
}

fn number(function: &str, handle: *mut libusb_device_handle) -> u32 {
    registry().handle(function, handle).number
}

fn done(op: Op) -> Result<(), Error> {
    let Empty {} = ask(op)?;
    Ok(())
}

fn value(op: Op) -> Result<c_int, Error> {
    let usb::Value { value } = ask(op)?;
    Ok(c_int::try_from(value).unwrap_or(c_int::MAX))
}

/// The bConfigurationValue in force; 0 for none. libusb knows it without asking the device.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_configuration(
    handle: *mut libusb_device_handle,
    config: *mut c_int,
) -> c_int {
    let handle = number("libusb_get_configuration", handle);
    code(value(Op::UsbConfiguration(protocol::Handle { handle })).map(|value| {
        // SAFETY: the caller gives a place for a number.
        unsafe { config.write(value) };
    }))
}

/// Chooses a configuration, -1 for none. 0 means none, too, unless the device has a configuration of that number,
/// which is how the kernel takes it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_set_configuration(handle: *mut libusb_device_handle, config: c_int) -> c_int {
    let function = "libusb_set_configuration";
    let (handle, has_0) = {
        let mut registry = registry();
        let entry = *registry.handle(function, handle);
        let about = &registry.device(function, pointer(entry.device)).about;
        (entry.number, about.configurations.iter().any(|raw| raw.0.get(5) == Some(&0)))
    };
    let value = match u8::try_from(config) {
        Ok(0) if !has_0 => None,
        Ok(value) => Some(value),
        Err(_) if config == -1 => None,
        Err(_) => return INVALID_PARAM.0,
    };
    code(done(Op::UsbSetConfiguration(usb::SetConfiguration { handle, value })))
}

/// An interface number, as far as libusb takes one.
fn interface_number(number: c_int) -> Result<u8, Error> {
    u8::try_from(number).ok().filter(|_| number < MAX_INTERFACES).ok_or(INVALID_PARAM)
}

/// Claims an interface; again is no harm.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_claim_interface(
    handle: *mut libusb_device_handle,
    interface: c_int,
) -> c_int {
    code(interface_number(interface).and_then(|interface| {
        let entry = *registry().handle("libusb_claim_interface", handle);
        let which = usb::Interface { handle: entry.number, interface };
        let detaches = entry.auto_detach && entry.claimed & 1 << interface == 0;
        if detaches && value(Op::UsbKernelDriver(which))? == 1 {
            done(Op::UsbDetachKernelDriver(which))?;
        }
        done(Op::UsbClaim(which))?;
        registry().handle("libusb_claim_interface", handle).claimed |= 1 << interface;
        Ok(())
    }))
}

/// Gives an interface back.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_release_interface(
    handle: *mut libusb_device_handle,
    interface: c_int,
) -> c_int {
    code(interface_number(interface).and_then(|interface| {
        let entry = *registry().handle("libusb_release_interface", handle);
        if entry.claimed & 1 << interface == 0 {
            return Err(NOT_FOUND);
        }
        let which = usb::Interface { handle: entry.number, interface };
        done(Op::UsbRelease(which))?;
        registry().handle("libusb_release_interface", handle).claimed &= !(1 << interface);
        if entry.auto_detach {
            // One that never had a driver gets none.
            let _ = done(Op::UsbAttachKernelDriver(which));
        }
        Ok(())
    }))
}

/// Chooses an alternate setting of an interface that this handle has claimed.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_set_interface_alt_setting(
    handle: *mut libusb_device_handle,
    interface: c_int,
    alternate: c_int,
) -> c_int {
    code(interface_number(interface).and_then(|interface| {
        let alternate = u8::try_from(alternate).map_err(|_| INVALID_PARAM)?;
        let handle = number("libusb_set_interface_alt_setting", handle);
        done(Op::UsbSetInterface(usb::SetInterface { handle, interface, alternate }))
    }))
}

/// Ends the halt of an endpoint.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_clear_halt(handle: *mut libusb_device_handle, endpoint: c_uchar) -> c_int {
    let handle = number("libusb_clear_halt", handle);
    code(done(Op::UsbClearHalt(usb::Endpoint { handle, endpoint })))
}

/// Resets the device's port. `NOT_FOUND` says that the handle is dead, because the device came back as another one.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_reset_device(handle: *mut libusb_device_handle) -> c_int {
    let handle = number("libusb_reset_device", handle);
    code(done(Op::UsbReset(protocol::Handle { handle })))
}

/// # Safety
///
/// `endpoints` leads to as many bytes as `count` says, or is NULL.
unsafe fn endpoints(endpoints: *const c_uchar, count: c_int) -> Result<Bytes, Error> {
    let count = usize::try_from(count).ok().filter(|count| *count > 0 && !endpoints.is_null());
    // SAFETY: as above; it is not NULL.
    let bytes = count.map(|count| unsafe { std::slice::from_raw_parts(endpoints, count) });
    bytes.map(|bytes| Bytes(bytes.to_vec())).ok_or(INVALID_PARAM)
}

/// Asks for streams. Returns how many there are.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_alloc_streams(
    handle: *mut libusb_device_handle,
    streams: u32,
    list: *mut c_uchar,
    count: c_int,
) -> c_int {
    // SAFETY: the caller's list is as long as it says.
    let endpoints = unsafe { endpoints(list, count) };
    let handle = number("libusb_alloc_streams", handle);
    let asked = endpoints.and_then(|endpoints| match streams {
        0 => Err(INVALID_PARAM),
        count => value(Op::UsbAllocStreams(usb::AllocStreams { handle, count, endpoints })),
    });
    asked.unwrap_or_else(|Error(code)| code)
}

/// Gives streams back.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_free_streams(
    handle: *mut libusb_device_handle,
    list: *mut c_uchar,
    count: c_int,
) -> c_int {
    // SAFETY: the caller's list is as long as it says.
    let endpoints = unsafe { endpoints(list, count) };
    let handle = number("libusb_free_streams", handle);
    code(endpoints.and_then(|endpoints| done(Op::UsbFreeStreams(usb::FreeStreams { handle, endpoints }))))
}

/// Whether a claim takes an interface from its kernel driver, and a release gives it back. Off at first.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_set_auto_detach_kernel_driver(
    handle: *mut libusb_device_handle,
    enable: c_int,
) -> c_int {
    registry().handle("libusb_set_auto_detach_kernel_driver", handle).auto_detach = enable != 0;
    0
}

fn driver<T: DeserializeOwned>(
    function: &str,
    handle: *mut libusb_device_handle,
    interface: c_int,
    op: fn(usb::Interface) -> Op,
) -> Result<T, Error> {
    let interface = interface_number(interface)?;
    Ok(ask(op(usb::Interface { handle: number(function, handle), interface }))?)
}

/// Whether a kernel driver has an interface: 1 or 0.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_kernel_driver_active(
    handle: *mut libusb_device_handle,
    interface: c_int,
) -> c_int {
    let asked = driver::<usb::Value>("libusb_kernel_driver_active", handle, interface, Op::UsbKernelDriver);
    asked.map_or_else(|Error(code)| code, |usb::Value { value }| c_int::from(value != 0))
}

/// Takes an interface from its kernel driver.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_detach_kernel_driver(
    handle: *mut libusb_device_handle,
    interface: c_int,
) -> c_int {
    let function = "libusb_detach_kernel_driver";
    code(driver::<Empty>(function, handle, interface, Op::UsbDetachKernelDriver).map(|_| ()))
}

/// Gives an interface back to its kernel driver.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_attach_kernel_driver(
    handle: *mut libusb_device_handle,
    interface: c_int,
) -> c_int {
    let function = "libusb_attach_kernel_driver";
    code(driver::<Empty>(function, handle, interface, Op::UsbAttachKernelDriver).map(|_| ()))
}
