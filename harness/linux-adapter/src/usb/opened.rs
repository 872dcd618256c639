//! Who has a device open, and what they have claimed, as far as the kernel shows it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use wasi_hw_seam::usb::{DeviceId, Handle, Usb};

/// All who have, in the order in which they opened it.
#[derive(Default)]
pub(super) struct Openers {
    opened: Vec<Opened>,
    /// How many there were.
    count: u32,
}

/// What inotify has told of a file.
#[derive(Clone, Copy, Default)]
pub(super) struct What {
    pub(super) opened: bool,
    pub(super) closed: bool,
}

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
        self.opened.is_empty()
    }

    pub(super) fn handle(&mut self, number: u32) -> Option<&mut dyn Handle> {
        let found = self.opened.iter_mut().find(|opened| opened.number == number)?;
        Some(&mut *found.handle)
    }

    pub(super) fn newest(&self) -> u32 {
        self.opened.last().map_or(0, |opened| opened.number)
    }

    /// Who has claimed an interface.
    pub(super) fn owner(&self, interface: u8) -> Option<u32> {
        let owner = self.opened.iter().find(|opened| opened.claims.contains(&interface));
        owner.map(|opened| opened.number)
    }

    /// The same; otherwise who opened it last, as nobody says on whose behalf.
    pub(super) fn of_interface(&self, interface: u8) -> u32 {
        self.owner(interface).unwrap_or_else(|| self.newest())
    }

    /// The device's file was opened, or closed, how often nobody says: descriptors tell. One that came and went before anybody
    /// looked has none. Of several that went, the last that was opened is taken for the first.
    pub(super) fn changed(&mut self, usb: &mut dyn Usb, device: DeviceId, node: &Path, what: What) {
        let open = files(node);
        let mut new: Vec<_> = open.iter().copied().map(Some).collect();
        new.retain(|file| !self.opened.iter().any(|opened| opened.file == *file));
        if new.is_empty() && what.opened {
            new.push(None);
        }
        for file in new {
            self.opens(usb, device, file);
        }
        let gone = |opened: &Opened| opened.file.is_none_or(|file| !open.contains(&file));
        while let Some(at) = self.opened.iter().rposition(gone).filter(|_| what.closed) {
            // With what it has claimed.
            drop(self.opened.remove(at));
        }
    }

    fn opens(&mut self, usb: &mut dyn Usb, device: DeviceId, file: Option<File>) {
        self.count += 1;
        let (claims, had) = (BTreeSet::new(), BTreeSet::new());
        match usb.open(device) {
            Ok(handle) => self.opened.push(Opened { handle, number: self.count, file, claims, had }),
            Err(why) => wasi_hw_harness::say::note(format_args!("a device that was opened: {why}")),
        }
    }

    /// These interfaces are claimed. Nobody says who did it: the first is taken for the one who did not give this one
    /// back, of those who have none if there is one. Gives what was given back.
    pub(super) fn claimed(&mut self, now: &BTreeSet<u8>) -> Vec<u8> {
        let mut released = Vec::new();
        for opened in &mut self.opened {
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
            let other = |opened: &&Opened| !opened.had.contains(&interface);
            let others = || self.opened.iter().filter(other);
            let who = others().find(|opened| opened.claims.is_empty()).or_else(|| others().next());
            let who = who.map(|opened| opened.number);
            let at = self.opened.iter().position(|opened| Some(opened.number) == who).unwrap_or(0);
            if let Some(opened) = self.opened.get_mut(at) {
                let _ = opened.handle.claim(interface);
                opened.claims.insert(interface);
            }
        }
        released
    }

    /// Leaves them open: what is open at the end the harness closes, and says so.
    pub(super) fn leave(&mut self) {
        self.opened.drain(..).for_each(std::mem::forget);
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
