//! Reads the descriptors of a device. The bytes come from the device and may be anything.
//!
//! What is whole counts: reading stops where the bytes stop making sense, and what has been read until
//! then is the result. So a device with a broken tail can still be used. Only a descriptor that has no
//! head of its own gives nothing.

use crate::bindings::usb::wasi::usb::descriptors::{
    ConfigurationDescriptor, DeviceDescriptor, EndpointDescriptor, InterfaceDescriptor,
};

const DEVICE: u8 = 1;
const CONFIGURATION: u8 = 2;
const INTERFACE: u8 = 4;
const ENDPOINT: u8 = 5;

/// A device descriptor (USB 2.0 §9.6.1): its 18 bytes, of the right type.
pub fn device(bytes: &[u8]) -> Option<DeviceDescriptor> {
    let b: &[u8; 18] = bytes.first_chunk()?;
    (b[0] == 18 && b[1] == DEVICE).then(|| DeviceDescriptor {
        length: b[0],
        descriptor_type: b[1],
        usb_version_bcd: word(b[2], b[3]),
        device_class: b[4],
        device_subclass: b[5],
        device_protocol: b[6],
        max_packet_size0: b[7],
        vendor_id: word(b[8], b[9]),
        product_id: word(b[10], b[11]),
        device_version_bcd: word(b[12], b[13]),
        manufacturer_index: b[14],
        product_index: b[15],
        serial_number_index: b[16],
        num_configurations: b[17],
    })
}

/// A configuration with everything in it (USB 2.0 §9.6.3): one entry for each alternate setting, those of
/// one interface together. Descriptors of other types are passed over, and so are interfaces and
/// endpoints that are shorter than the standard has them; the endpoints after such an interface belong
/// to nobody.
pub fn configuration(bytes: &[u8]) -> Option<ConfigurationDescriptor> {
    let b: &[u8; 9] = bytes.first_chunk()?;
    if b[0] < 9 || b[1] != CONFIGURATION {
        return None;
    }
    let total_length = word(b[2], b[3]);
    let inside = bytes.get(..usize::from(total_length)).unwrap_or(bytes);
    let mut settings: Vec<InterfaceDescriptor> = Vec::new();
    let mut open = false;
    for descriptor in split(inside.get(usize::from(b[0])..).unwrap_or_default()) {
        match descriptor[1] {
            INTERFACE => {
                let interface = interface(descriptor);
                open = interface.is_some();
                settings.extend(interface);
            }
            ENDPOINT if open => {
                if let Some(setting) = settings.last_mut() {
                    setting.endpoints.extend(endpoint(descriptor));
                }
            }
            _ => {}
        }
    }
    Some(ConfigurationDescriptor {
        length: b[0],
        descriptor_type: b[1],
        total_length,
        interfaces: by_interface(settings),
        configuration_value: b[5],
        configuration_index: b[6],
        attributes: b[7],
        max_power: b[8],
    })
}

/// Puts the alternate settings of one interface together, where its first one stands.
fn by_interface(settings: Vec<InterfaceDescriptor>) -> Vec<InterfaceDescriptor> {
    let mut rank = [None; 256];
    let mut ranks = 0_usize;
    for setting in &settings {
        rank[usize::from(setting.interface_number)].get_or_insert_with(|| {
            ranks += 1;
            ranks
        });
    }
    let mut settings = settings;
    // The sort is stable: within an interface the order stays.
    settings.sort_by_key(|setting| rank[usize::from(setting.interface_number)]);
    settings
}

/// Cuts bytes into descriptors by their lengths, for as long as these make sense. Each has at least the
/// two bytes of length and type.
fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = usize::from(*rest.first()?);
        if length < 2 {
            return None;
        }
        let (descriptor, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(descriptor)
    })
}

fn interface(bytes: &[u8]) -> Option<InterfaceDescriptor> {
    let b: &[u8; 9] = bytes.first_chunk()?;
    Some(InterfaceDescriptor {
        length: b[0],
        descriptor_type: b[1],
        interface_number: b[2],
        alternate_setting: b[3],
        // b[4] is bNumEndpoints; the endpoints that follow are what there is.
        endpoints: Vec::new(),
        interface_class: b[5],
        interface_subclass: b[6],
        interface_protocol: b[7],
        interface_index: b[8],
    })
}

fn endpoint(bytes: &[u8]) -> Option<EndpointDescriptor> {
    let b: &[u8; 7] = bytes.first_chunk()?;
    // Only those of audio class 1 have the last two.
    let more = |at: usize| bytes.get(at).copied().unwrap_or(0);
    Some(EndpointDescriptor {
        length: b[0],
        descriptor_type: b[1],
        endpoint_address: b[2],
        attributes: b[3],
        max_packet_size: word(b[4], b[5]),
        interval: b[6],
        refresh: more(7),
        synch_address: more(8),
    })
}

/// Two bytes of a descriptor, low byte first.
fn word(low: u8, high: u8) -> u16 {
    u16::from_le_bytes([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE_BYTES: [u8; 18] = [18, 1, 0, 2, 0xef, 2, 1, 64, 9, 0x12, 1, 0xf0, 0x34, 0x12, 1, 2, 3, 2];

    /// Interface 0; interface 2 with settings 0 and 1, the second of them after interface 5; class-specific
    /// descriptors between; an endpoint of nine bytes.
    const CONFIGURATION_BYTES: [u8; 87] = [
        9, 2, 87, 0, 3, 7, 4, 0xa0, 50, //
        8, 11, 0, 2, 2, 2, 1, 0, // interface association
        9, 4, 0, 0, 1, 2, 2, 1, 0, //
        5, 0x24, 0, 0x10, 1, //
        7, 5, 0x82, 3, 8, 0, 10, //
        9, 4, 2, 0, 0, 1, 2, 0, 0, //
        9, 4, 5, 0, 0, 0xff, 0, 0, 0, //
        9, 4, 2, 1, 1, 1, 2, 0, 6, //
        7, 0x24, 1, 0, 0, 0, 0, //
        9, 5, 0x03, 0x0d, 0x20, 0x13, 1, 7, 0x83, //
        4, 0x25, 1, 0, 2, 0xff, //
    ];

    #[test]
    fn a_device_descriptor_has_eighteen_bytes_of_type_one() {
        let read = device(&DEVICE_BYTES).unwrap();
        assert_eq!((read.usb_version_bcd, read.vendor_id, read.product_id), (0x0200, 0x1209, 0xf001));
        assert_eq!((read.device_version_bcd, read.num_configurations), (0x1234, 2));
        assert!(device(&DEVICE_BYTES[..17]).is_none());
        let changed = |at: usize, to: u8| {
            let mut bytes = DEVICE_BYTES;
            bytes[at] = to;
            device(&bytes)
        };
        assert!(changed(0, 17).is_none());
        assert!(changed(1, 2).is_none());
    }

    #[test]
    fn settings_stand_by_interface_and_other_descriptors_are_passed_over() {
        let read = configuration(&CONFIGURATION_BYTES).unwrap();
        assert_eq!((read.total_length, read.configuration_value, read.max_power), (87, 7, 50));
        let settings: Vec<_> =
            read.interfaces.iter().map(|i| (i.interface_number, i.alternate_setting)).collect();
        assert_eq!(settings, [(0, 0), (2, 0), (2, 1), (5, 0)]);
        let endpoint = &read.interfaces[0].endpoints[0];
        assert_eq!((endpoint.endpoint_address, endpoint.refresh, endpoint.synch_address), (0x82, 0, 0));
        let endpoint = &read.interfaces[2].endpoints[0];
        assert_eq!((endpoint.max_packet_size, endpoint.refresh, endpoint.synch_address), (0x1320, 7, 0x83));
    }

    #[test]
    fn what_is_whole_counts() {
        // Cut anywhere, also within a descriptor; a total length beyond the end is no harm.
        for end in 9..CONFIGURATION_BYTES.len() {
            let read = configuration(&CONFIGURATION_BYTES[..end]).unwrap();
            let whole = [26, 47, 56, 65].iter().filter(|at| end >= **at).count();
            assert_eq!(read.interfaces.len(), whole, "cut at {end}");
        }
        assert!(configuration(&CONFIGURATION_BYTES[..8]).is_none());
        // What stands behind the total length is not part of it.
        let mut short = CONFIGURATION_BYTES;
        short[2] = 30;
        assert_eq!(configuration(&short).unwrap().interfaces.len(), 1);
        // A descriptor of length 0 would go on for ever.
        let mut zero = CONFIGURATION_BYTES;
        zero[26] = 0;
        assert_eq!(configuration(&zero).unwrap().interfaces.len(), 1);
        // An interface that is too short takes its endpoints with it.
        let odd = [9, 2, 20, 0, 1, 1, 0, 0, 0, 4, 4, 0, 0, 7, 5, 0x81, 2, 8, 0, 0];
        assert!(configuration(&odd).unwrap().interfaces.is_empty());
    }

    /// Changes a few bytes at a time, by a fixed sequence, and cuts: nothing panics, and what comes out is
    /// never more than went in.
    #[test]
    fn no_bytes_are_too_strange() {
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        for _ in 0..20_000 {
            let mut bytes = CONFIGURATION_BYTES.to_vec();
            for _ in 0..=next() % 6 {
                let at = next() as usize % bytes.len();
                bytes[at] = [0, 1, 2, 4, 5, 9, 0xff, next() as u8][next() as usize % 8];
            }
            bytes.truncate(next() as usize % (bytes.len() + 1));
            let _ = device(&bytes);
            if let Some(read) = configuration(&bytes) {
                let endpoints: usize = read.interfaces.iter().map(|setting| setting.endpoints.len()).sum();
                assert!(read.interfaces.len() * 9 + endpoints * 7 + 9 <= bytes.len());
            }
        }
    }
}
