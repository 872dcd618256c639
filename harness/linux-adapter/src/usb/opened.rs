//! Who has a device open, and what they have claimed, as far as the kernel shows it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use wasi_hw_seam::usb::{DeviceId, Handle, Usb};

/// All who have, in the order in which they opened it.
#[derive(Default)]
pub(super) struct Openers(Vec<Opened>);

/// A file that a program has opened.
struct Opened {
    handle: Box<dyn Handle>,
    number: u32,
    /// Where it was seen.
    file: Option<File>,
    claims: BTreeSet<u8>,
    /// What it has given back.
    had: BTreeSet<u8>,
}

/// A process, and a descriptor of it.
type File = (u32, u32);

impl Openers {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn handle(&mut self, number: u32) -> Option<&mut dyn Handle> {
        let found = self.0.iter_mut().find(|opened| opened.number == number)?;
        Some(&mut *found.handle)
    }

    pub(super) fn newest(&self) -> u32 {
        self.0.last().map_or(0, |opened| opened.number)
    }

    /// Who has claimed an interface.
    pub(super) fn owner(&self, interface: u8) -> Option<u32> {
        let owner = self.0.iter().find(|opened| opened.claims.contains(&interface));
        owner.map(|opened| opened.number)
    }

    /// The same; otherwise who opened it last, as nobody says on whose behalf.
    pub(super) fn of_interface(&self, interface: u8) -> u32 {
        self.owner(interface).unwrap_or_else(|| self.newest())
    }

    /// Somebody has opened the device's file.
    pub(super) fn opens(&mut self, usb: &mut dyn Usb, device: DeviceId, node: &Path, number: u32) {
        let known = |file: &File| self.0.iter().any(|opened| opened.file.as_ref() == Some(file));
        let file = files(node).into_iter().find(|file| !known(file));
        let (claims, had) = (BTreeSet::new(), BTreeSet::new());
        match usb.open(device) {
            Ok(handle) => self.0.push(Opened { handle, number, file, claims, had }),
            Err(why) => wasi_hw_harness::say::note(format_args!("a device that was opened: {why}")),
        }
    }

    /// Somebody has closed it: whose descriptor is not there any more, and otherwise who has nothing claimed, as the kernel gives
    /// back what was.
    pub(super) fn closes(&mut self, node: &Path) {
        let open = files(node);
        let gone = |opened: &Opened| opened.file.as_ref().is_some_and(|file| !open.contains(file));
        let at = self.0.iter().position(gone);
        let at = at.or_else(|| self.0.iter().position(|opened| opened.claims.is_empty())).unwrap_or(0);
        if at < self.0.len() {
            drop(self.0.remove(at));
        }
    }

    /// These interfaces are claimed. Nobody says who did it: the first is taken for the one who has none, and did not give
    /// this one back; otherwise the first who has opened it. Gives what was given back.
    pub(super) fn claimed(&mut self, now: &BTreeSet<u8>) -> Vec<u8> {
        let mut released = Vec::new();
        for opened in &mut self.0 {
            for interface in opened.claims.difference(now).copied().collect::<Vec<_>>() {
                let _ = opened.handle.release(interface);
                opened.claims.remove(&interface);
                opened.had.insert(interface);
                released.push(interface);
            }
        }
        for interface in now.iter().copied() {
            if self.owner(interface).is_some() {
                continue;
            }
            let new = |opened: &Opened| opened.claims.is_empty() && !opened.had.contains(&interface);
            let at = self.0.iter().position(new).unwrap_or(0);
            if let Some(opened) = self.0.get_mut(at) {
                let _ = opened.handle.claim(interface);
                opened.claims.insert(interface);
            }
        }
        released
    }

    /// Leaves them open: what is open at the end the harness closes, and says so.
    pub(super) fn leave(&mut self) {
        self.0.drain(..).for_each(std::mem::forget);
    }
}

/// Who has a device's file open.
fn files(node: &Path) -> Vec<File> {
    let numbers = |folder: &Path| -> Vec<u32> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
    };
    let mut files = Vec::new();
    for process in numbers(Path::new("/proc")) {
        let folder = PathBuf::from(format!("/proc/{process}/fd"));
        for descriptor in numbers(&folder) {
            let Ok(file) = fs::read_link(folder.join(descriptor.to_string())) else { continue };
            // Of one that is gone more stands behind its name.
            if file.as_os_str().as_encoded_bytes().starts_with(node.as_os_str().as_encoded_bytes()) {
                files.push((process, descriptor));
            }
        }
    }
    files
}
