//! USB devices of this machine: which of them a board file grants, and who drives them.

use anyhow::anyhow;
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;
use wasi_hw_harness::say;
use wasi_hw_seam::usb::{Change, Device, DeviceId, Handle, Usb, Watch};
use wasi_hw_seam::{Board, Over, Refusal};
use wasi_hw_usb::Libusb;

/// Devices that a component may see: `{ vendor = 0x045e, product = 0x028e }`. What is absent may be any, but one is there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Grant {
    /// idVendor.
    vendor: Option<u16>,
    /// idProduct.
    product: Option<u16>,
    /// bDeviceClass, or bInterfaceClass of any of its interfaces.
    class: Option<u8>,
    /// Number of the bus.
    bus: Option<u8>,
    /// Number of the port of the hub that it is plugged into.
    port: Option<u8>,
}

impl Grant {
    /// Why it cannot be meant.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        match self {
            Grant { vendor: None, product: None, class: None, bus: None, port: None } => Err(
                "a grant of USB names a `vendor`, a `product`, a `class`, a `bus` or a `port`: all devices are granted by nothing",
            ),
            _ => Ok(()),
        }
    }

    fn covers(&self, device: &Device) -> bool {
        let id = |at: usize| Some(u16::from_le_bytes(device.descriptor.get(at..at + 2)?.try_into().ok()?));
        self.vendor.is_none_or(|vendor| id(8) == Some(vendor))
            && self.product.is_none_or(|product| id(10) == Some(product))
            && self.class.is_none_or(|class| has_class(device, class))
            && self.bus.is_none_or(|bus| device.bus == bus)
            && self.port.is_none_or(|port| device.port == port)
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Grant { vendor, product, class, bus, port } = self;
        let words = [
            vendor.map(|vendor| format!("vendor {vendor:04x}")),
            product.map(|product| format!("product {product:04x}")),
            class.map(|class| format!("class {class:#04x}")),
            bus.map(|bus| format!("bus {bus}")),
            port.map(|port| format!("port {port}")),
        ];
        f.write_str(&words.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// As the device sent it: descriptors may have any length, or none.
fn has_class(device: &Device, class: u8) -> bool {
    const INTERFACE: u8 = 4;
    let interfaces = device.configurations.iter().any(|configuration| {
        let mut rest = &configuration[..];
        while let [length, kind, ..] = *rest {
            let Some((descriptor, next)) = rest.split_at_checked(usize::from(length).max(2)) else { break };
            if kind == INTERFACE && descriptor.get(5) == Some(&class) {
                return true;
            }
            rest = next;
        }
        false
    });
    interfaces || device.descriptor.get(4) == Some(&class)
}

/// A board with the USB devices of this machine. The error says why libusb does not start.
pub(crate) fn of_this_machine(under: Arc<dyn Board>) -> anyhow::Result<Arc<dyn Board>> {
    let usb = Libusb::new().map_err(|why| anyhow!("{why}"))?.on_failure(|failure| say::note(failure));
    Ok(Arc::new(WithUsb { under, usb }))
}

struct WithUsb {
    under: Arc<dyn Board>,
    usb: Libusb,
}

impl Over for WithUsb {
    fn below(&self) -> &dyn Board {
        &*self.under
    }

    fn usb(&self) -> Box<dyn Usb> {
        Box::new(self.usb.clone())
    }
}

/// A board of which only such USB devices are seen.
pub(crate) fn granted(under: Arc<dyn Board>, grants: Vec<Grant>) -> Arc<dyn Board> {
    Arc::new(Granted { under, grants: grants.into() })
}

struct Granted {
    under: Arc<dyn Board>,
    grants: Arc<[Grant]>,
}

impl Over for Granted {
    fn below(&self) -> &dyn Board {
        &*self.under
    }

    fn usb(&self) -> Box<dyn Usb> {
        Box::new(Seen { under: self.under.usb(), grants: Arc::clone(&self.grants), seen: Vec::new() })
    }
}

/// A driver of which only granted devices are seen.
struct Seen {
    under: Box<dyn Usb>,
    grants: Arc<[Grant]>,
    seen: Vec<DeviceId>,
}

impl Seen {
    fn covers(&self, device: &Device) -> bool {
        self.grants.iter().any(|grant| grant.covers(device))
    }

    /// A device that was listed, or one that came since and would be.
    fn admit(&mut self, device: DeviceId) -> Result<(), Refusal> {
        if !self.seen.contains(&device) {
            self.devices()?;
        }
        if self.seen.contains(&device) { Ok(()) } else { Err(Refusal::Gone) }
    }
}

impl Usb for Seen {
    fn devices(&mut self) -> Result<Vec<Device>, Refusal> {
        let mut devices = self.under.devices()?;
        devices.retain(|device| self.covers(device));
        self.seen = devices.iter().map(|device| device.id).collect();
        Ok(devices)
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Refusal> {
        self.admit(device)?;
        self.under.configuration(device)
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Refusal> {
        self.admit(device)?;
        self.under.open(device)
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Refusal> {
        Ok(Box::new(Watched { under: self.under.watch()?, grants: Arc::clone(&self.grants), next: None }))
    }
}

/// Of what comes and goes, what is granted.
struct Watched {
    under: Box<dyn Watch>,
    grants: Arc<[Grant]>,
    next: Option<Change>,
}

impl Watched {
    fn fill(&mut self) {
        while self.next.is_none() {
            let Some(change) = self.under.next() else { return };
            let (Change::Arrived(device) | Change::Left(device)) = &change;
            if self.grants.iter().any(|grant| grant.covers(device)) {
                self.next = Some(change);
            }
        }
    }
}

impl Watch for Watched {
    fn next(&mut self) -> Option<Change> {
        self.fill();
        self.next.take()
    }

    fn has_change(&mut self) -> bool {
        self.fill();
        self.next.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{Grant, granted};
    use std::sync::Arc;
    use wasi_hw_harness::suite::Suite;
    use wasi_hw_harness::suite::fixture::Fixture;
    use wasi_hw_harness::suite::problem::Source;
    use wasi_hw_mock::Board as Mock;
    use wasi_hw_seam::usb::{Change, Usb};
    use wasi_hw_seam::{Board, Refusal};

    /// The USB devices of a fixture, of which these grants show some.
    fn shown(fixture: &str, grants: &str) -> (Mock, Box<dyn Usb>) {
        #[derive(serde::Deserialize)]
        struct Grants {
            allow: Vec<Grant>,
        }
        let Grants { allow } = toml::from_str(grants).unwrap();
        let source = Source::read(&Suite::default_root(), format!("fixtures/usb/{fixture}.toml")).unwrap();
        let mock = Mock::new(&Fixture::parse(&source).unwrap().device).unwrap();
        let usb = granted(Arc::new(mock.clone()), allow).usb();
        (mock, usb)
    }

    const NONE: [u8; 0] = [];

    fn addresses(fixture: &str, grants: &str) -> Vec<u8> {
        shown(fixture, grants).1.devices().unwrap().iter().map(|device| device.address).collect()
    }

    #[test]
    fn what_is_not_granted_is_not_there() {
        assert_eq!(addresses("policy", "allow = []"), NONE);
        assert_eq!(addresses("policy", "allow = [{ vendor = 0x1209 }]"), [5, 6]);
        assert_eq!(addresses("policy", "allow = [{ vendor = 0x1209, product = 2 }]"), [6]);
        assert_eq!(addresses("policy", "allow = [{ vendor = 0x1208, product = 2 }]"), NONE);
        assert_eq!(addresses("policy", "allow = [{ class = 0xff, bus = 1, port = 1 }]"), [5, 6]);
        assert_eq!(addresses("policy", "allow = [{ bus = 2 }]"), NONE);
        // The class of an interface; the device has none of its own.
        assert_eq!(addresses("gamepad", "allow = [{ class = 3 }]"), [5]);
        assert_eq!(addresses("gamepad", "allow = [{ class = 8 }]"), NONE);
        // Descriptors that end too early, or are none.
        let _ = addresses("broken-descriptors", "allow = [{ class = 3 }, { product = 2 }]");
    }

    #[test]
    fn a_device_that_is_not_granted_cannot_be_opened_either() {
        let (mock, mut usb) = shown("policy", "allow = [{ product = 2 }]");
        let all = mock.usb().devices().unwrap();
        let (first, second) = (all[0].id, all[1].id);
        assert_eq!(usb.open(first).err(), Some(Refusal::Gone));
        assert_eq!(usb.configuration(first), Err(Refusal::Gone));
        // Nor does it help that it was not listed before.
        assert!(usb.open(second).is_ok());
        assert_eq!(usb.configuration(second), Ok(1));
    }

    #[test]
    fn only_what_is_granted_comes_and_goes() {
        let (mock, mut usb) = shown("plugging", "allow = [{ product = 3 }]");
        let mut watch = usb.watch().unwrap();
        assert!(!watch.has_change());
        for cue in ["plug-other", "plug-third", "unplug-other", "unplug-third"] {
            mock.cue(cue).unwrap();
        }
        let mut changes = Vec::new();
        while watch.has_change() {
            changes.push(match watch.next().unwrap() {
                Change::Arrived(device) => ("arrived", device.address),
                Change::Left(device) => ("left", device.address),
            });
        }
        assert_eq!(changes, [("arrived", 7), ("left", 7)]);
        assert!(watch.next().is_none());
    }
}
