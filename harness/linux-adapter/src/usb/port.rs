//! Ports of `vhci_hcd`, and what sysfs says of what is plugged into them.

use anyhow::{Context, bail, ensure};
use std::fs;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasi_hw_seam::usb::Speed;

const CONTROLLER: &str = "/sys/devices/platform/vhci_hcd.0";

/// Ports of each of its two hubs.
const PORTS: u32 = 8;

/// A port that something is plugged into.
pub(super) struct Port {
    /// Its folder in sysfs, once the kernel has made it.
    pub(super) folder: PathBuf,
}

/// As the kernel numbers them (include/uapi/linux/usb/ch9.h): what is faster than SuperSpeed it has no port for.
fn number(speed: Speed) -> u32 {
    match speed {
        Speed::Low => 1,
        Speed::Unknown | Speed::Full => 2,
        Speed::High => 3,
        Speed::Super | Speed::SuperPlus | Speed::SuperPlusX2 => 5,
    }
}

/// The two hubs: the number of each bus, and its folder in sysfs.
fn hubs() -> anyhow::Result<Vec<(String, PathBuf)>> {
    let entries = fs::read_dir(CONTROLLER).with_context(|| format!("{CONTROLLER}: no vhci_hcd"))?;
    let hub = |path: PathBuf| {
        let bus = path.file_name()?.to_str()?.strip_prefix("usb")?.parse::<u32>().ok()?;
        Some((bus.to_string(), path))
    };
    Ok(entries.filter_map(|entry| hub(entry.ok()?.path())).collect())
}

/// The bus of the hub with this speed.
fn bus(hub: &str) -> anyhow::Result<String> {
    let fast = |path: &Path| {
        read(path, "speed").and_then(|speed| speed.parse().ok()).is_some_and(|speed: u32| speed >= 5000)
    };
    let found = hubs()?.into_iter().find(|(_, path)| fast(path) == (hub == "ss"));
    found.map(|(bus, _)| bus).with_context(|| format!("{CONTROLLER}: no hub {hub}"))
}

/// Takes the two hubs from libusb's sight, which lists no device without descriptors: no board has them.
pub(super) fn hide_hubs() -> anyhow::Result<()> {
    for (_, path) in hubs()? {
        let on = path.join("descriptors");
        let mounted = Command::new("mount").arg("--bind").arg("/dev/null").arg(&on).status();
        ensure!(mounted.context("mount")?.success(), "{} cannot be hidden", on.display());
    }
    Ok(())
}

impl Port {
    /// Plugs a device in, whose other side is this socket. The kernel asks it at once.
    pub(super) fn plug(speed: Speed, socket: &UnixStream) -> anyhow::Result<Port> {
        let number = number(speed);
        let hub = if number == 5 { "ss" } else { "hs" };
        let bus = bus(hub)?;
        let status = fs::read_to_string(format!("{CONTROLLER}/status"))?;
        for line in status.lines() {
            let mut words = line.split_whitespace();
            let (Some(of), Some(port), Some("004")) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let Ok(port) = port.parse::<u32>() else { continue };
            let folder = PathBuf::from(format!("/sys/bus/usb/devices/{bus}-{}", port % PORTS + 1));
            if of != hub || folder.exists() {
                continue;
            }
            // No device that is on another machine has this number.
            let attach = format!("{port} {} {} {number}", socket.as_raw_fd(), 0x1_0001 + port);
            fs::write(format!("{CONTROLLER}/attach"), &attach)
                .with_context(|| format!("vhci_hcd: attach {attach}"))?;
            return Ok(Port { folder });
        }
        bail!("vhci_hcd: no port is free:\n{status}")
    }

    /// Whether the kernel has it.
    pub(super) fn is_there(&self) -> bool {
        self.folder.exists()
    }

    /// Its device node, once the kernel has read its descriptors and chosen what it wants to choose.
    pub(super) fn node(&self) -> Option<PathBuf> {
        let [bus, device] = ["busnum", "devnum"].map(|name| read(&self.folder, name)?.parse::<u32>().ok());
        let node = PathBuf::from(format!("/dev/bus/usb/{:03}/{:03}", bus?, device?));
        // The last thing that is made of it.
        (node.exists() && self.folder.join("ep_00").exists()).then_some(node)
    }

    /// How many URBs were submitted for it.
    pub(super) fn submitted(&self) -> Option<i64> {
        read(&self.folder, "urbnum")?.parse().ok()
    }

    /// The folder of the device itself, whose names all lead there by a link.
    pub(super) fn real_folder(&self) -> PathBuf {
        fs::canonicalize(&self.folder).unwrap_or_else(|_| self.folder.clone())
    }

    /// Chooses a configuration, 0 for none. The kernel asks the device for it before this returns, and until then tells nobody
    /// which one is in force.
    pub(super) fn configure(folder: &Path, value: u8) {
        // 0 is a value like others there.
        let value = if value == 0 { "-1".to_owned() } else { value.to_string() };
        let _ = fs::write(folder.join("bConfigurationValue"), value);
    }

    /// The interfaces that usbfs has, which somebody has claimed.
    pub(super) fn claimed(&self, configuration: u8) -> Vec<u8> {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        let claimed = |interface: &u8| {
            let driver = self.folder.join(format!("{name}:{configuration}.{interface}/driver"));
            fs::read_link(driver).is_ok_and(|driver| driver.ends_with("usbfs"))
        };
        let interfaces = fs::read_dir(&self.folder).into_iter().flatten().filter_map(|entry| {
            let file = entry.ok()?.file_name();
            file.to_str()?.split_once(':')?.1.split_once('.')?.1.parse().ok()
        });
        let mut claimed: Vec<u8> = interfaces.filter(claimed).collect();
        claimed.sort_unstable();
        claimed
    }
}

fn read(folder: &Path, name: &str) -> Option<String> {
    fs::read_to_string(folder.join(name)).ok().map(|text| text.trim().to_owned())
}
