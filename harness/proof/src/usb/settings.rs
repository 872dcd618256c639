//! Configurations, claims, alternate settings, halts and resets that are done wrong.

use super::super::Defect;
use super::lie::{Answer, Lie, View};
use super::twist::{Done, Memory, Twist, Wire};
use super::{lie, twist};
use crate::copy;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, Kind, Reset, Status, Submission};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::HostDeviceHandle;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::usb::DeviceHandle;
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<UnconfiguredIsNotFound>("usb/get-configuration-of-an-unconfigured-device-fails", &["USB-18"]),
        twist::<ConfigurationIsOne>("usb/takes-every-configuration-for-number-one", &["USB-18b"]),
        twist::<UnknownIsThere>("usb/accepts-a-configuration-that-is-not-there", &["USB-19"]),
        twist::<ConfiguresByRequest>("usb/sets-a-configuration-past-the-system", &["USB-19b"]),
        twist::<ReleasesFirst>("usb/sets-a-configuration-after-releasing-what-is-claimed", &["USB-20"]),
        twist::<UnconfiguresWithZero>("usb/takes-unconfigured-for-configuration-zero", &["USB-22"]),
        lie::<MissingIsThere>("usb/claims-an-interface-that-is-not-there", &["USB-24"]),
        lie::<MissingIsInvalid>("usb/claiming-a-missing-interface-is-an-invalid-parameter", &["USB-24b"]),
        lie::<WrapsNumbers>("usb/claims-interface-numbers-modulo-32", &["USB-24"]),
        twist::<SecondClaimIsBusy>("usb/a-second-claim-is-busy", &["USB-25"]),
        twist::<SharesClaims>("usb/shares-what-another-handle-has-claimed", &["USB-26"]),
        lie::<ReleasesAnything>("usb/releases-what-was-not-claimed", &["USB-29"]),
        twist::<ReleaseKeeps>("usb/release-keeps-the-interface", &["USB-29c"]),
        lie::<ClaimsForSetting>("usb/claims-an-interface-to-set-it", &["USB-30"]),
        twist::<AnySetting>("usb/accepts-an-alternate-setting-that-is-not-there", &["USB-30b"]),
        twist::<SettingOneLess>("usb/counts-alternate-settings-from-one", &["USB-30c"]),
        twist::<ClearsAnything>("usb/clears-the-halt-of-a-missing-endpoint", &["USB-32"]),
        twist::<ClearsNothing>("usb/clear-halt-does-nothing", &["USB-32b"]),
        twist::<ClearsByRequest>("usb/clears-a-halt-past-the-system", &["USB-32c"]),
        twist::<ResetKills>("usb/a-reset-kills-the-handle", &["USB-34"]),
        twist::<LostIsSame>("usb/a-reset-that-lost-the-device-is-ok", &["USB-34b"]),
    ]
}

/// Sends a request without data, by itself.
pub(super) fn send(real: Wire<'_>, setup: [u8; 8]) -> Done<()> {
    let request = Submission {
        kind: Kind::Control,
        endpoint: 0,
        setup,
        data: Vec::new(),
        room: 0,
        packets: Vec::new(),
        stream: 0,
        limit_ns: Some(100_000_000),
        zero_packet: false,
    };
    let id = real.submit(request)?;
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match real.poll_reap(id, &mut context) {
        std::task::Poll::Ready(Ok(Completion { status: Status::Completed, .. })) => Ok(()),
        _ => Err(Refusal::Io),
    }
}

struct UnconfiguredIsNotFound;
impl Lie for UnconfiguredIsNotFound {
    fn get_configuration(real: View<'_, '_>, handle: Resource<DeviceHandle>) -> Answer<u8> {
        let result = real.get_configuration(handle)?;
        Ok(result.and_then(|value| if value == 0 { Err(LibusbError::NotFound) } else { Ok(value) }))
    }
}

struct ConfigurationIsOne;
impl Twist for ConfigurationIsOne {
    fn configuration(_: &mut Memory, real: Wire<'_>) -> Done<u8> {
        real.configuration().map(|value| value.min(1))
    }
}

struct UnknownIsThere;
impl Twist for UnknownIsThere {
    fn set_configuration(_: &mut Memory, real: Wire<'_>, value: Option<u8>) -> Done<()> {
        real.set_configuration(value).or_else(|why| if why == Refusal::NotFound { Ok(()) } else { Err(why) })
    }
}

struct ConfiguresByRequest;
impl Twist for ConfiguresByRequest {
    fn set_configuration(_: &mut Memory, real: Wire<'_>, value: Option<u8>) -> Done<()> {
        match value.filter(|value| real.configuration() != Ok(*value)) {
            Some(value) => send(real, [0, 9, value, 0, 0, 0, 0, 0]).map_err(|_| Refusal::NotFound),
            None => real.set_configuration(value),
        }
    }
}

struct ReleasesFirst;
impl Twist for ReleasesFirst {
    fn set_configuration(_: &mut Memory, real: Wire<'_>, value: Option<u8>) -> Done<()> {
        for interface in 0..32 {
            let _ = real.release(interface);
        }
        real.set_configuration(value)
    }
}

struct UnconfiguresWithZero;
impl Twist for UnconfiguresWithZero {
    fn set_configuration(_: &mut Memory, real: Wire<'_>, value: Option<u8>) -> Done<()> {
        real.set_configuration(Some(value.unwrap_or(0)))
    }
}

struct MissingIsThere;
impl Lie for MissingIsThere {
    fn claim(real: View<'_, '_>, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
        let result = real.claim_interface(handle, interface)?;
        Ok(result.or_else(|why| match why {
            LibusbError::NotFound | LibusbError::InvalidParam => Ok(()),
            why => Err(why),
        }))
    }
}

struct MissingIsInvalid;
impl Lie for MissingIsInvalid {
    fn claim(real: View<'_, '_>, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
        let result = real.claim_interface(handle, interface)?;
        Ok(result.map_err(|why| if why == LibusbError::NotFound { LibusbError::InvalidParam } else { why }))
    }
}

struct WrapsNumbers;
impl Lie for WrapsNumbers {
    fn claim(real: View<'_, '_>, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
        real.claim_interface(handle, interface % 32)
    }
}

struct SecondClaimIsBusy;
impl Twist for SecondClaimIsBusy {
    fn claim(memory: &mut Memory, real: Wire<'_>, interface: u8) -> Done<()> {
        if memory.claimed.contains(&interface) {
            return Err(Refusal::Busy);
        }
        real.claim(interface)?;
        memory.claimed.push(interface);
        Ok(())
    }

    fn release(memory: &mut Memory, real: Wire<'_>, interface: u8) -> Done<()> {
        memory.claimed.retain(|claimed| *claimed != interface);
        real.release(interface)
    }
}

struct SharesClaims;
impl Twist for SharesClaims {
    fn claim(_: &mut Memory, real: Wire<'_>, interface: u8) -> Done<()> {
        match real.claim(interface) {
            Err(Refusal::Busy) if real.kernel_driver(interface) == Ok(false) => Ok(()),
            result => result,
        }
    }
}

struct ReleasesAnything;
impl Lie for ReleasesAnything {
    fn release(real: View<'_, '_>, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
        let result = real.release_interface(handle, interface)?;
        Ok(result.or_else(|why| if why == LibusbError::NotFound { Ok(()) } else { Err(why) }))
    }
}

pub(super) struct ReleaseKeeps;
impl Twist for ReleaseKeeps {
    fn release(_: &mut Memory, _: Wire<'_>, _: u8) -> Done<()> {
        Ok(())
    }
}

struct ClaimsForSetting;
impl Lie for ClaimsForSetting {
    fn set_alternate(
        real: View<'_, '_>,
        handle: Resource<DeviceHandle>,
        interface: u8,
        to: u8,
    ) -> Answer<()> {
        let _ = real.claim_interface(copy(&handle), interface)?;
        real.set_interface_altsetting(handle, interface, to)
    }
}

struct AnySetting;
impl Twist for AnySetting {
    fn set_alternate(_: &mut Memory, real: Wire<'_>, interface: u8, alternate: u8) -> Done<()> {
        real.set_alternate(interface, alternate)
            .or_else(|why| if why == Refusal::NotFound { Ok(()) } else { Err(why) })
    }
}

struct SettingOneLess;
impl Twist for SettingOneLess {
    fn set_alternate(_: &mut Memory, real: Wire<'_>, interface: u8, alternate: u8) -> Done<()> {
        real.set_alternate(interface, alternate.saturating_sub(1))
    }
}

struct ClearsAnything;
impl Twist for ClearsAnything {
    fn clear_halt(_: &mut Memory, real: Wire<'_>, endpoint: u8) -> Done<()> {
        real.clear_halt(endpoint).or_else(|why| if why == Refusal::NotFound { Ok(()) } else { Err(why) })
    }
}

struct ClearsNothing;
impl Twist for ClearsNothing {
    fn clear_halt(_: &mut Memory, _: Wire<'_>, _: u8) -> Done<()> {
        Ok(())
    }
}

struct ClearsByRequest;
impl Twist for ClearsByRequest {
    fn clear_halt(_: &mut Memory, real: Wire<'_>, endpoint: u8) -> Done<()> {
        send(real, [0x02, 1, 0, 0, endpoint, 0, 0, 0]).map_err(|_| Refusal::NotFound)
    }
}

struct ResetKills;
impl Twist for ResetKills {
    fn reset(_: &mut Memory, real: Wire<'_>) -> Done<Reset> {
        real.reset().map(|_| Reset::Lost)
    }
}

struct LostIsSame;
impl Twist for LostIsSame {
    fn reset(_: &mut Memory, real: Wire<'_>) -> Done<Reset> {
        real.reset().map(|_| Reset::Same)
    }
}
