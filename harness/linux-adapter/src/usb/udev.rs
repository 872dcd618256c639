//! What udevd tells programs of a device that came or went. None runs in the machine, where a device is as it is to be when the
//! kernel has made it; and libusb may listen to udevd alone.
//!
//! The message is one of libudev's own (systemd, src/libsystemd/sd-device/device-monitor.c): no other program writes it, but every
//! libudev reads it, whatever its version.

use anyhow::Context;
use rustix::net::netlink::{KOBJECT_UEVENT, SocketAddrNetlink};
use rustix::net::{AddressFamily, SendFlags, SocketFlags, SocketType, sendto, socket_with};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Who hears udevd, and not the kernel.
const GROUP: u32 = 2;

const HEADER: u32 = 40;

/// Counts what was told.
static TOLD: AtomicU64 = AtomicU64::new(1);

/// Tells that a USB device was added, or removed.
pub(super) fn tell(added: bool, folder: &Path, node: &Path) -> anyhow::Result<()> {
    let socket =
        socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, Some(KOBJECT_UEVENT));
    let socket = socket.context("a socket of netlink")?;
    let message = message(added, folder, node, TOLD.fetch_add(1, Ordering::Relaxed));
    match sendto(&socket, &message, SendFlags::empty(), &SocketAddrNetlink::new(0, GROUP)) {
        // Nobody listens.
        Ok(_) | Err(rustix::io::Errno::CONNREFUSED | rustix::io::Errno::SRCH) => Ok(()),
        Err(why) => Err(why).context("netlink"),
    }
}

fn message(added: bool, folder: &Path, node: &Path, number: u64) -> Vec<u8> {
    let action = if added { "add" } else { "remove" };
    let path = folder.strip_prefix("/sys").unwrap_or(folder).display();
    let properties = [
        format!("ACTION={action}"),
        format!("DEVPATH=/{path}"),
        "SUBSYSTEM=usb".to_owned(),
        "DEVTYPE=usb_device".to_owned(),
        format!("DEVNAME={}", node.display()),
        format!("SEQNUM={number}"),
    ];
    let properties: Vec<u8> = properties.iter().flat_map(|line| [line.as_bytes(), &[0]].concat()).collect();
    let mut message = b"libudev\0".to_vec();
    message.extend(0xfeed_cafe_u32.to_be_bytes());
    for number in [HEADER, HEADER, u32::try_from(properties.len()).unwrap_or(0)] {
        message.extend(number.to_ne_bytes());
    }
    for word in ["usb", "usb_device"] {
        message.extend(hash(word.as_bytes()).to_be_bytes());
    }
    // No tags.
    message.extend([0; 8]);
    message.extend(properties);
    message
}

/// By which the kernel sorts out what a listener does not want to hear: MurmurHash2 of Austin Appleby, from 0.
fn hash(bytes: &[u8]) -> u32 {
    const M: u32 = 0x5bd1_e995;
    let mut h = u32::try_from(bytes.len()).unwrap_or(0);
    let (words, rest) = bytes.as_chunks::<4>();
    for word in words {
        let k = u32::from_le_bytes(*word).wrapping_mul(M);
        h = h.wrapping_mul(M) ^ (k ^ k >> 24).wrapping_mul(M);
    }
    for (n, byte) in rest.iter().enumerate() {
        h ^= u32::from(*byte) << (8 * n);
    }
    if !rest.is_empty() {
        h = h.wrapping_mul(M);
    }
    h = (h ^ h >> 13).wrapping_mul(M);
    h ^ h >> 15
}

#[cfg(test)]
mod tests {
    use super::{HEADER, hash, message};
    use std::path::Path;

    #[test]
    fn a_message_says_where_its_properties_begin() {
        let message = message(true, Path::new("/sys/devices/x/1-1"), Path::new("/dev/bus/usb/001/002"), 7);
        assert!(
            message[HEADER as usize..].starts_with(b"ACTION=add\0DEVPATH=/devices/x/1-1\0SUBSYSTEM=usb\0")
        );
        assert_eq!(usize::from(message[20]) + HEADER as usize, message.len());
    }

    #[test]
    fn hashes_differ_by_every_byte() {
        // Nothing but 0 gives 0.
        assert_eq!(hash(b""), 0);
        assert_ne!(hash(b"usb"), hash(b"usc"));
        assert_ne!(hash(b"usb_device"), hash(b"usb_devica"));
    }
}
