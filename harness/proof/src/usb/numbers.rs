//! Numbers that are names, taken for something else.

use super::super::Defect;
use super::twist;
use super::twist::{Done, Memory, Seen, Twist, Wire};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Device, Kind, Submission, TransferId, Usb};

pub(super) fn defects() -> Vec<Defect> {
    vec![
        twist::<PlaceIsNumber>("usb/takes-the-number-of-an-interface-for-its-place", &["USB-24c"]),
        twist::<ReleasesAll>("usb/releases-all-that-the-handle-has-claimed", &["USB-29d"]),
        twist::<ReadsBeyond>("usb/reads-a-configuration-to-the-end-of-its-bytes", &["USB-14d"]),
        twist::<WantsClaim>("usb/wants-a-claim-for-requests-that-are-not-to-the-device", &["USB-31b"]),
        twist::<NoStream>("usb/drops-the-stream-of-a-transfer", &["USB-75c"]),
    ]
}

/// Keeps what it lists, so that an open device knows its descriptors.
fn keep(seen: &mut Seen, real: &mut dyn Usb) -> Done<Vec<Device>> {
    seen.devices = real.devices()?;
    Ok(seen.devices.clone())
}

/// The numbers of the interfaces of the first configuration, in the order of their descriptors.
fn numbers(device: &Device) -> Vec<u8> {
    let mut numbers = Vec::new();
    let mut rest = device.configurations.first().map_or(&[][..], Vec::as_slice);
    while let [length, kind, number, alternate, ..] = *rest {
        if (kind, alternate) == (4, 0) {
            numbers.push(number);
        }
        rest = rest.get(usize::from(length.max(1))..).unwrap_or_default();
    }
    numbers
}

struct PlaceIsNumber;
impl Twist for PlaceIsNumber {
    fn devices(seen: &mut Seen, real: &mut dyn Usb) -> Done<Vec<Device>> {
        keep(seen, real)
    }

    fn claim(memory: &mut Memory, real: Wire<'_>, interface: u8) -> Done<()> {
        let numbers = memory.device.as_ref().map(numbers).unwrap_or_default();
        real.claim(*numbers.get(usize::from(interface)).ok_or(Refusal::NotFound)?)
    }
}

struct ReleasesAll;
impl Twist for ReleasesAll {
    fn release(_: &mut Memory, real: Wire<'_>, interface: u8) -> Done<()> {
        let result = real.release(interface);
        (0..32).for_each(|other| _ = real.release(other));
        result
    }
}

struct ReadsBeyond;
impl Twist for ReadsBeyond {
    fn devices(_: &mut Seen, real: &mut dyn Usb) -> Done<Vec<Device>> {
        let mut devices = real.devices()?;
        for configuration in devices.iter_mut().flat_map(|device| &mut device.configurations) {
            let length = u16::try_from(configuration.len()).unwrap_or(u16::MAX).to_le_bytes();
            if let Some(total) = configuration.get_mut(2..4) {
                total.copy_from_slice(&length);
            }
        }
        Ok(devices)
    }
}

struct WantsClaim;
impl Twist for WantsClaim {
    fn claim(memory: &mut Memory, real: Wire<'_>, interface: u8) -> Done<()> {
        real.claim(interface)?;
        memory.claimed.push(interface);
        Ok(())
    }

    fn start(memory: &mut Memory, real: Wire<'_>, transfer: Submission) -> Done<TransferId> {
        let to_device = transfer.kind != Kind::Control || transfer.setup[0] & 0x1f == 0;
        if to_device || !memory.claimed.is_empty() { real.submit(transfer) } else { Err(Refusal::NotFound) }
    }
}

struct NoStream;
impl Twist for NoStream {
    fn start(_: &mut Memory, real: Wire<'_>, transfer: Submission) -> Done<TransferId> {
        real.submit(Submission { stream: 0, ..transfer })
    }
}
