//! What the system and the device themselves read in the descriptors: which endpoints there are.

use wasi_hw_seam::usb::{Kind, Speed};

/// A configuration.
pub(super) struct Layout {
    pub(super) value: u8,
    pub(super) attributes: u8,
    /// The alternate settings of all interfaces.
    pub(super) settings: Vec<Setting>,
}

/// One alternate setting of one interface.
pub(super) struct Setting {
    pub(super) interface: u8,
    pub(super) alternate: u8,
    pub(super) endpoints: Vec<Endpoint>,
}

#[derive(Clone, Copy)]
pub(super) struct Endpoint {
    pub(super) address: u8,
    pub(super) kind: Kind,
    /// The largest packet, at least 1.
    pub(super) packet: usize,
}

/// Reads as far as the bytes make sense, and no further than wTotalLength: a system asks the device for so many bytes,
/// and for the nine of the configuration descriptor at least. What comes after that belongs to nobody.
pub(super) fn read(bytes: &[u8], speed: Speed) -> Layout {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut layout = Layout { value: byte(5), attributes: byte(7), settings: Vec::new() };
    let total = usize::from(u16::from_le_bytes([byte(2), byte(3)])).max(9);
    let mut rest = &bytes[..bytes.len().min(total)];
    while let [length, kind, ..] = *rest {
        let length = usize::from(length);
        if length < 2 || length > rest.len() {
            break;
        }
        let (descriptor, after) = rest.split_at(length);
        match (kind, descriptor) {
            (4, &[_, _, interface, alternate, ..]) => {
                layout.settings.push(Setting { interface, alternate, endpoints: Vec::new() });
            }
            (5, &[_, _, address, attributes, low, high, ..]) => {
                let endpoint = endpoint(address, attributes, u16::from_le_bytes([low, high]), speed);
                layout.settings.last_mut().into_iter().for_each(|setting| setting.endpoints.push(endpoint));
            }
            _ => {}
        }
        rest = after;
    }
    layout
}

fn endpoint(address: u8, attributes: u8, size: u16, speed: Speed) -> Endpoint {
    let kind = match attributes & 3 {
        0 => Kind::Control,
        1 => Kind::Isochronous,
        2 => Kind::Bulk,
        _ => Kind::Interrupt,
    };
    // USB 2.0 §9.6.6: bits 11 and 12 say how many more transactions a microframe has.
    let periodic = matches!(kind, Kind::Isochronous | Kind::Interrupt) && speed == Speed::High;
    let more = if periodic { usize::from(size >> 11 & 3) } else { 0 };
    Endpoint { address, kind, packet: (usize::from(size & 0x7ff) * (1 + more)).max(1) }
}

impl Layout {
    /// Whether the configuration has this interface.
    pub(super) fn has(&self, interface: u8) -> bool {
        self.settings.iter().any(|setting| setting.interface == interface)
    }

    /// The alternate setting of an interface.
    pub(super) fn setting(&self, interface: u8, alternate: u8) -> Option<&Setting> {
        self.settings.iter().find(|s| s.interface == interface && s.alternate == alternate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_total_length_is_no_part_of_the_configuration() {
        let interface = |number| [9, 4, number, 0, 0, 0xff, 0, 0, 0];
        let configuration = |total| {
            let header = [9, 2, total, 0, 2, 1, 0, 0x80, 50];
            [header, interface(0), interface(1)].concat()
        };
        let found = |total| {
            let settings = read(&configuration(total), Speed::Full).settings;
            settings.iter().map(|setting| setting.interface).collect::<Vec<_>>()
        };
        assert_eq!(found(27), [0, 1]);
        assert_eq!(found(255), [0, 1]);
        assert_eq!(found(26), [0]);
        assert_eq!(found(18), [0]);
        assert!(found(0).is_empty());
    }
}
