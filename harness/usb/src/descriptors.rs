//! Configurations as the device sent them.

use libusb1_sys as ffi;
use std::ffi::c_int;
use std::slice;

/// `struct usb_device_descriptor`.
pub(crate) const DEVICE: usize = 18;

/// The device descriptor: libusb has its numbers in the order of this machine.
pub(crate) fn device(raw: &ffi::libusb_device_descriptor) -> Vec<u8> {
    let mut bytes = vec![raw.bLength, raw.bDescriptorType];
    bytes.extend(raw.bcdUSB.to_le_bytes());
    bytes.extend([raw.bDeviceClass, raw.bDeviceSubClass, raw.bDeviceProtocol, raw.bMaxPacketSize0]);
    for number in [raw.idVendor, raw.idProduct, raw.bcdDevice] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([raw.iManufacturer, raw.iProduct, raw.iSerialNumber, raw.bNumConfigurations]);
    bytes
}

/// What Linux has read of a device: its descriptor, and the configurations behind it
/// (Documentation/ABI/stable/sysfs-bus-usb, `descriptors`). `None` if there is no such device there, as on other systems, and
/// with a libusb whose devices are not the system's.
pub(crate) fn from_sysfs(bus: u8, address: u8, descriptor: &[u8]) -> Option<Vec<Vec<u8>>> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let number = |folder: &std::path::Path, name: &str| {
        std::fs::read_to_string(folder.join(name)).ok()?.trim().parse::<u8>().ok()
    };
    let devices = std::fs::read_dir("/sys/bus/usb/devices").ok()?;
    let folder = devices
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|folder| number(folder, "busnum") == Some(bus) && number(folder, "devnum") == Some(address))?;
    let all = std::fs::read(folder.join("descriptors")).ok()?;
    let (first, rest) = all.split_at_checked(DEVICE)?;
    (first == descriptor).then(|| split(rest, descriptor[DEVICE - 1]))
}

/// Configurations that lie one behind the other, each as long as it says and there is left. Linux fills up one that the device has
/// sent too short.
fn split(mut rest: &[u8], most: u8) -> Vec<Vec<u8>> {
    let mut configurations = Vec::new();
    while let (true, Some([low, high])) = (configurations.len() < most.into(), rest.get(2..4)) {
        let length = usize::from(u16::from_le_bytes([*low, *high])).max(4).min(rest.len());
        let (one, behind) = rest.split_at(length);
        configurations.push(one.to_vec());
        rest = behind;
    }
    configurations
}

/// A configuration put together of what libusb has understood: descriptors of a class stand where libusb has kept them, behind what
/// they belong to. An interface that a device describes in two places is cut there, by libusb.
///
/// # Safety
///
/// It is what `libusb_get_config_descriptor` gave, and not freed yet.
pub(crate) unsafe fn put_together(raw: *const ffi::libusb_config_descriptor) -> Vec<u8> {
    // SAFETY: as above; each array in it is as long as it says.
    unsafe {
        let raw = &*raw;
        let [low, high] = raw.wTotalLength.to_le_bytes();
        let head = [raw.bDescriptorType, low, high, raw.bNumInterfaces, raw.bConfigurationValue];
        let mut bytes = Vec::new();
        descriptor(&mut bytes, raw.bLength, &head, &[raw.iConfiguration, raw.bmAttributes, raw.bMaxPower]);
        bytes.extend(array(raw.extra, raw.extra_length));
        for interface in array(raw.interface, raw.bNumInterfaces.into()) {
            for setting in array(interface.altsetting, interface.num_altsetting) {
                let number = [setting.bDescriptorType, setting.bInterfaceNumber, setting.bAlternateSetting];
                let class = [setting.bInterfaceClass, setting.bInterfaceSubClass, setting.bInterfaceProtocol];
                let tail = [&[setting.bNumEndpoints], &class[..], &[setting.iInterface]].concat();
                descriptor(&mut bytes, setting.bLength, &number, &tail);
                bytes.extend(array(setting.extra, setting.extra_length));
                for endpoint in array(setting.endpoint, setting.bNumEndpoints.into()) {
                    let head = [endpoint.bDescriptorType, endpoint.bEndpointAddress, endpoint.bmAttributes];
                    let [low, high] = endpoint.wMaxPacketSize.to_le_bytes();
                    let tail = [low, high, endpoint.bInterval, endpoint.bRefresh, endpoint.bSynchAddress];
                    // Those of audio devices alone have the last two.
                    let tail = &tail[..if endpoint.bLength >= 9 { 5 } else { 3 }];
                    descriptor(&mut bytes, endpoint.bLength, &head, tail);
                    bytes.extend(array(endpoint.extra, endpoint.extra_length));
                }
            }
        }
        bytes
    }
}

/// A descriptor as long as it says it is: what libusb has not kept of it is 0.
fn descriptor(bytes: &mut Vec<u8>, length: u8, head: &[u8], tail: &[u8]) {
    let end = bytes.len() + usize::from(length).max(1 + head.len() + tail.len());
    bytes.push(length);
    bytes.extend(head);
    bytes.extend(tail);
    bytes.resize(end, 0);
}

/// # Safety
///
/// At `first` there are so many, or none is asked for.
unsafe fn array<'a, T>(first: *const T, count: c_int) -> &'a [T] {
    match usize::try_from(count) {
        // SAFETY: as above.
        Ok(count) if count > 0 && !first.is_null() => unsafe { slice::from_raw_parts(first, count) },
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn configurations_are_cut_where_they_say_and_no_length_is_believed() {
        let one = [9, 2, 9, 0, 0, 1, 0, 0x80, 50];
        let two = [9, 2, 12, 0, 0, 2, 0, 0x80, 50, 3, 0xff, 0];
        assert_eq!(split(&[&one[..], &two].concat(), 2), [one.to_vec(), two.to_vec()]);
        assert_eq!(split(&[&one[..], &two].concat(), 1), [one.to_vec()]);
        // One that says that it has nothing, or more than there is.
        assert_eq!(split(&[9, 2, 0, 0, 1], 9), [[9, 2, 0, 0].to_vec()]);
        assert_eq!(split(&[9, 2, 0xff, 0xff, 1], 9), [[9, 2, 0xff, 0xff, 1].to_vec()]);
        assert!(split(&[], 9).is_empty());
    }
}
