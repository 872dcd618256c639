//! Errors that are the wrong one, and answers where there is none to give.

use super::super::Defect;
use super::lie::{Answer, Lie, View};
use super::twist::{Done, Memory, Twist, Wire};
use super::{lie, twist};
use std::cell::Cell;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, Reset, Status, Submission};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::descriptors::ConfigurationDescriptor;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::{Host, HostDeviceHandle, HostUsbDevice};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::usb::{DeviceHandle, UsbDevice};
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<IndexIsInvalid>("usb/an-index-beyond-the-last-is-an-invalid-parameter", &["USB-10c"]),
        lie::<NoneIsInvalid>("usb/an-active-descriptor-of-none-is-an-invalid-parameter", &["USB-12c"]),
        twist::<ConfigurationIsStall>("usb/an-unknown-configuration-is-a-stall", &["USB-19c"]),
        twist::<SettingIsStall>("usb/a-missing-alternate-setting-is-a-stall", &["USB-30e"]),
        lie::<EndpointIsStall>("usb/clear-halt-of-a-missing-endpoint-is-a-stall", &["USB-32d"]),
        twist::<BusIsTimeout>("usb/a-failure-of-the-bus-is-a-timeout", &["USB-33e"]),
        lie::<LostIsGone>("usb/a-reset-that-lost-the-device-is-no-device", &["USB-34e"]),
        twist::<ResetIsNothing>("usb/a-reset-that-cannot-be-is-ok", &["USB-34f"]),
        twist::<StreamsOfNobody>("usb/grants-streams-that-the-system-does-not-have", &["USB-35d"]),
        twist::<PacketsOfNobody>("usb/completes-isochronous-transfers-that-cannot-be", &["USB-74c"]),
        lie::<GoneIsNotFound>("usb/methods-after-unplugging-find-nothing", &["USB-65g"]),
        lie::<ErrorOfAnother>("usb/an-error-waits-for-the-next-call-of-any-handle", &["USB-17"]),
    ]
}

/// The error in the place of another.
fn swap<T>(result: Result<T, LibusbError>, from: LibusbError, to: LibusbError) -> Result<T, LibusbError> {
    result.map_err(|why| if why == from { to } else { why })
}

struct IndexIsInvalid;
impl Lie for IndexIsInvalid {
    fn descriptor_at(
        real: View<'_, '_>,
        device: Resource<UsbDevice>,
        at: u8,
    ) -> Answer<ConfigurationDescriptor> {
        let result = real.get_configuration_descriptor(device, at)?;
        Ok(swap(result, LibusbError::NotFound, LibusbError::InvalidParam))
    }
}

struct NoneIsInvalid;
impl Lie for NoneIsInvalid {
    fn active_descriptor(real: View<'_, '_>, device: Resource<UsbDevice>) -> Answer<ConfigurationDescriptor> {
        let result = real.get_active_configuration_descriptor(device)?;
        Ok(swap(result, LibusbError::NotFound, LibusbError::InvalidParam))
    }
}

struct ConfigurationIsStall;
impl Twist for ConfigurationIsStall {
    fn set_configuration(_: &mut Memory, real: Wire<'_>, value: Option<u8>) -> Done<()> {
        real.set_configuration(value).map_err(|why| if why == Refusal::NotFound { Refusal::Io } else { why })
    }
}

struct SettingIsStall;
impl Twist for SettingIsStall {
    fn set_alternate(_: &mut Memory, real: Wire<'_>, interface: u8, alternate: u8) -> Done<()> {
        let result = real.set_alternate(interface, alternate);
        result.map_err(|why| if why == Refusal::NotFound { Refusal::Io } else { why })
    }
}

struct EndpointIsStall;
impl Lie for EndpointIsStall {
    fn clear_halt(real: View<'_, '_>, handle: Resource<DeviceHandle>, endpoint: u8) -> Answer<()> {
        let result = HostDeviceHandle::clear_halt(real, handle, endpoint)?;
        Ok(swap(result, LibusbError::NotFound, LibusbError::Pipe))
    }
}

struct BusIsTimeout;
impl Twist for BusIsTimeout {
    fn completed(_: &mut Memory, _: Wire<'_>, _: &Submission, completion: Completion) -> Completion {
        match completion.status {
            Status::Error => Completion { status: Status::TimedOut, ..completion },
            _ => completion,
        }
    }
}

struct LostIsGone;
impl Lie for LostIsGone {
    fn reset(real: View<'_, '_>, handle: Resource<DeviceHandle>) -> Answer<()> {
        let result = real.reset_device(handle)?;
        Ok(swap(result, LibusbError::NotFound, LibusbError::NoDevice))
    }
}

struct ResetIsNothing;
impl Twist for ResetIsNothing {
    fn reset(_: &mut Memory, real: Wire<'_>) -> Done<Reset> {
        real.reset().or_else(|why| if why == Refusal::Unsupported { Ok(Reset::Same) } else { Err(why) })
    }
}

struct StreamsOfNobody;
impl Twist for StreamsOfNobody {
    fn alloc_streams(_: &mut Memory, real: Wire<'_>, streams: u32, endpoints: &[u8]) -> Done<u32> {
        let granted = real.alloc_streams(streams, endpoints);
        granted.or_else(|why| if why == Refusal::Unsupported { Ok(streams) } else { Err(why) })
    }
}

/// As a host that makes one bulk transfer of what cannot be.
struct PacketsOfNobody;
impl Twist for PacketsOfNobody {
    fn start(_: &mut Memory, real: Wire<'_>, transfer: Submission) -> Done<wasi_hw_seam::usb::TransferId> {
        let mut request = transfer.clone();
        real.submit(transfer).or_else(|why| match why {
            Refusal::Unsupported => {
                request.kind = wasi_hw_seam::usb::Kind::Control;
                request.endpoint = 0;
                request.setup = [0x80, 0, 0, 0, 0, 0, 2, 0];
                request.packets.clear();
                real.submit(request)
            }
            why => Err(why),
        })
    }
}

struct GoneIsNotFound;
impl Lie for GoneIsNotFound {
    fn get_configuration(real: View<'_, '_>, handle: Resource<DeviceHandle>) -> Answer<u8> {
        let result = real.get_configuration(handle)?;
        Ok(swap(result, LibusbError::NoDevice, LibusbError::NotFound))
    }
}

thread_local! {
    /// The handle whose call has failed last.
    static FAILED: Cell<Option<u32>> = const { Cell::new(None) };
}

struct ErrorOfAnother;
impl Lie for ErrorOfAnother {
    fn init(real: View<'_, '_>) -> Answer<()> {
        FAILED.set(None);
        Host::init(real)
    }

    fn claim(real: View<'_, '_>, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
        let this = handle.rep();
        if FAILED.take().is_some_and(|failed| failed != this) {
            return Ok(Err(LibusbError::Other));
        }
        let result = real.claim_interface(handle, interface)?;
        FAILED.set(result.is_err().then_some(this));
        Ok(result)
    }
}
