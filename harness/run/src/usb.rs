//! USB devices of this machine: which of them a board file grants, and who drives them.

use serde::Deserialize;
use std::sync::Arc;
use wasi_hw_seam::usb::{Change, Device, DeviceId, Handle, Usb, Watch};
use wasi_hw_seam::{Board, Over, Refusal};

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
