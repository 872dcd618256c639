//! Configurations: parsed from what the device sent, which may be wrong in every way, and given out as C structures.

use crate::abi::{
    DT_CONFIG, DT_CONFIG_SIZE, DT_DEVICE, DT_ENDPOINT, DT_ENDPOINT_AUDIO_SIZE, DT_ENDPOINT_SIZE,
    DT_INTERFACE, DT_INTERFACE_SIZE, MAX_ENDPOINTS, MAX_INTERFACES, libusb_config_descriptor, libusb_device,
    libusb_endpoint_descriptor, libusb_interface, libusb_interface_descriptor,
};
use crate::device::devices;
use crate::error::{Error, IO, NO_DEVICE, NOT_FOUND, code, misuse};
use crate::registry::{Config, registry};
use std::ffi::{c_int, c_uchar};
use std::ptr::null;

/// The configuration with this place among those of the device.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_config_descriptor(
    device: *mut libusb_device,
    index: u8,
    config: *mut *mut libusb_config_descriptor,
) -> c_int {
    let raw = by_index("libusb_get_config_descriptor", device, index);
    // SAFETY: the caller gives a place for a pointer.
    unsafe { give(raw, config) }
}

/// The configuration with this bConfigurationValue.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_config_descriptor_by_value(
    device: *mut libusb_device,
    value: u8,
    config: *mut *mut libusb_config_descriptor,
) -> c_int {
    let raw = by_value("libusb_get_config_descriptor_by_value", device, value);
    // SAFETY: the caller gives a place for a pointer.
    unsafe { give(raw, config) }
}

/// The configuration in force.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_get_active_config_descriptor(
    device: *mut libusb_device,
    config: *mut *mut libusb_config_descriptor,
) -> c_int {
    let raw = active("libusb_get_active_config_descriptor", device);
    // SAFETY: the caller gives a place for a pointer.
    unsafe { give(raw, config) }
}

/// Frees a configuration that was given out.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_config_descriptor(config: *mut libusb_config_descriptor) {
    if !config.is_null() && registry().configs.remove(&config.addr()).is_none() {
        misuse("libusb_free_config_descriptor", "the descriptor is freed already");
    }
}

pub(crate) fn by_index(function: &str, device: *mut libusb_device, index: u8) -> Result<Vec<u8>, Error> {
    let mut registry = registry();
    let about = &registry.device(function, device).about;
    let raw = about.configurations.get(usize::from(index)).ok_or(NOT_FOUND)?;
    Ok(raw.0.clone())
}

fn by_value(function: &str, device: *mut libusb_device, value: u8) -> Result<Vec<u8>, Error> {
    let mut registry = registry();
    let about = &registry.device(function, device).about;
    let raw = about.configurations.iter().find(|raw| raw.0.get(5) == Some(&value)).ok_or(NOT_FOUND)?;
    Ok(raw.0.clone())
}

pub(crate) fn active(function: &str, device: *mut libusb_device) -> Result<Vec<u8>, Error> {
    let number = registry().device(function, device).about.device;
    let now = devices()?.into_iter().find(|other| other.device == number).ok_or(NO_DEVICE)?;
    match now.active {
        0 => Err(NOT_FOUND),
        value => by_value(function, device, value),
    }
}

/// The configuration in force, taken apart.
pub(crate) fn in_force(function: &str, device: *mut libusb_device) -> Result<Config, Error> {
    active(function, device).and_then(|raw| parse(&raw))
}

/// # Safety
///
/// `config` is a place for a pointer.
unsafe fn give(raw: Result<Vec<u8>, Error>, config: *mut *mut libusb_config_descriptor) -> c_int {
    code(raw.and_then(|raw| parse(&raw)).map(|mut parsed| {
        let given = parsed.config.as_mut_ptr();
        registry().configs.insert(given.addr(), parsed);
        // SAFETY: as above.
        unsafe { config.write(given) };
    }))
}

/// What is left of the descriptors.
struct Rest<'a>(&'a [u8]);

/// How the reading of one thing ended, where it did not end well.
enum Stop {
    /// What there is does not belong here, or is cut off: what was read until then counts.
    Here,
    /// What there is makes no sense.
    Broken,
}

impl<'a> Rest<'a> {
    /// The next descriptor, which has to be of this type and length at least.
    fn take(&mut self, kind: u8, least: usize) -> Result<&'a [u8], Stop> {
        let [length, found, ..] = *self.0 else { return Err(Stop::Here) };
        match usize::from(length) {
            _ if found != kind => Err(Stop::Here),
            length if length < least => Err(Stop::Broken),
            length if length > self.0.len() => Err(Stop::Here),
            length => Ok(self.0.split_off(..length).unwrap_or_default()),
        }
    }

    /// What stands before the next descriptor of a type that everybody knows.
    fn take_extra(&mut self) -> Result<(Vec<u8>, bool), Stop> {
        let mut extra = Vec::new();
        while let [length, kind, ..] = *self.0 {
            if matches!(kind, DT_DEVICE | DT_CONFIG | DT_INTERFACE | DT_ENDPOINT) {
                break;
            }
            if length < 2 {
                return Err(Stop::Broken);
            }
            match self.0.split_off(..usize::from(length)) {
                Some(one) => extra.extend_from_slice(one),
                None => return Ok((extra, false)),
            }
        }
        Ok((extra, true))
    }
}

pub(crate) fn parse(raw: &[u8]) -> Result<Config, Error> {
    let total = raw.get(2..4).map_or(0, |total| usize::from(u16::from_le_bytes([total[0], total[1]])));
    // The device was asked for so many.
    let mut rest = Rest(&raw[..raw.len().min(total.max(DT_CONFIG_SIZE))]);
    // Of a configuration that is cut off there is nothing that counts.
    let head = rest.take(DT_CONFIG, DT_CONFIG_SIZE).map_err(|_| IO)?;
    if c_int::from(head[4]) > MAX_INTERFACES {
        return Err(IO);
    }
    let mut config = Config::default();
    let mut all_extra = Vec::new();
    for _ in 0..head[4] {
        let (extra, whole) = rest.take_extra().map_err(|_| IO)?;
        if !whole {
            break;
        }
        all_extra.extend(extra);
        match interface(&mut rest, &mut config) {
            Ok(()) => {}
            Err(Stop::Here) => break,
            Err(Stop::Broken) => return Err(IO),
        }
    }
    let (extra, extra_length) = keep(&mut config, all_extra);
    let interfaces = config.settings.iter().map(|settings| libusb_interface {
        altsetting: settings.as_ptr(),
        num_altsetting: settings.len() as c_int,
    });
    config.interfaces = interfaces.collect();
    config.config = vec![libusb_config_descriptor {
        bLength: head[0],
        bDescriptorType: head[1],
        wTotalLength: u16::from_le_bytes([head[2], head[3]]),
        bNumInterfaces: config.interfaces.len() as u8,
        bConfigurationValue: head[5],
        iConfiguration: head[6],
        bmAttributes: head[7],
        MaxPower: head[8],
        interface: config.interfaces.as_ptr(),
        extra,
        extra_length,
    }];
    Ok(config)
}

/// The alternate settings of one interface, which follow one another.
fn interface(rest: &mut Rest<'_>, config: &mut Config) -> Result<(), Stop> {
    let mut settings: Vec<libusb_interface_descriptor> = Vec::new();
    loop {
        let head = match rest.take(DT_INTERFACE, DT_INTERFACE_SIZE) {
            Ok(head) => head,
            Err(Stop::Here) => break,
            Err(Stop::Broken) => return Err(Stop::Broken),
        };
        if head[4] > MAX_ENDPOINTS {
            return Err(Stop::Broken);
        }
        let (extra, whole) = rest.take_extra()?;
        let mut endpoints = Vec::new();
        while whole && endpoints.len() < usize::from(head[4]) {
            match endpoint(rest, config) {
                Ok(endpoint) => endpoints.push(endpoint),
                Err(Stop::Here) => break,
                Err(Stop::Broken) => return Err(Stop::Broken),
            }
        }
        let (extra, extra_length) = keep(config, extra);
        settings.push(libusb_interface_descriptor {
            bLength: head[0],
            bDescriptorType: head[1],
            bInterfaceNumber: head[2],
            bAlternateSetting: head[3],
            bNumEndpoints: endpoints.len() as u8,
            bInterfaceClass: head[5],
            bInterfaceSubClass: head[6],
            bInterfaceProtocol: head[7],
            iInterface: head[8],
            endpoint: if endpoints.is_empty() { null() } else { endpoints.as_ptr() },
            extra,
            extra_length,
        });
        config.endpoints.push(endpoints);
        let next_is_another = rest.0.get(2) != Some(&head[2]);
        if !whole || next_is_another {
            break;
        }
    }
    if settings.is_empty() {
        return Err(Stop::Here);
    }
    config.settings.push(settings);
    Ok(())
}

fn endpoint(rest: &mut Rest<'_>, config: &mut Config) -> Result<libusb_endpoint_descriptor, Stop> {
    let head = rest.take(DT_ENDPOINT, DT_ENDPOINT_SIZE)?;
    let audio = head.len() >= DT_ENDPOINT_AUDIO_SIZE;
    let (extra, _) = rest.take_extra()?;
    let (extra, extra_length) = keep(config, extra);
    Ok(libusb_endpoint_descriptor {
        bLength: head[0],
        bDescriptorType: head[1],
        bEndpointAddress: head[2],
        bmAttributes: head[3],
        wMaxPacketSize: u16::from_le_bytes([head[4], head[5]]),
        bInterval: head[6],
        bRefresh: if audio { head[7] } else { 0 },
        bSynchAddress: if audio { head[8] } else { 0 },
        extra,
        extra_length,
    })
}

/// Keeps bytes with the configuration that points to them.
fn keep(config: &mut Config, bytes: Vec<u8>) -> (*const c_uchar, c_int) {
    if bytes.is_empty() {
        return (null(), 0);
    }
    // No longer than a configuration, whose length has 16 bits.
    let place = (bytes.as_ptr(), bytes.len() as c_int);
    config.extra.push(bytes);
    place
}
